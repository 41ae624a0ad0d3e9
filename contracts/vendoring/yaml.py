"""Writing a document as YAML: the same bytes on every machine, readable, and read back as the same value.

Block style, key order of the source, two spaces; a string that YAML 1.1 or 1.2 would take for something else
is quoted, long text is folded, text of several lines stands as a literal block. The half of PyYAML that is
written in Python writes: its C half need not be there, and writes otherwise.
"""

from __future__ import annotations

import json
import re
from typing import Final

import yaml

from contracts.errors import SpecError
from contracts.model import Json
from contracts.spec import MAX_DEPTH

_WIDTH: Final = 88
_LONG: Final = 72
_OTHER: Final = re.compile(
    r"(?:null|~|\.\.\.|true|false|yes|no|on|off|y|n|<<|=|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*"
    r"|[-+]?(?:0[xob][0-9a-f_]+|\.(?:inf|nan)|\.[0-9_]+(?:e[-+]?[0-9]+)?"
    r"|[0-9][0-9_,]*(?::[0-9]{1,2})*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?))\Z",
    re.IGNORECASE,
)
"""What some reader of YAML 1.1 or 1.2 does not take for a string."""
# Fixed ranges, never str.isprintable: what Unicode calls printable differs between Python versions.
_ODD: Final = re.compile(
    "[^\\n\\x20-\\x7e\\xa1-\\xac\\xae-\\u061b\\u061d-\\u180d\\u180f-\\u1fff\\u2010-\\u2027\\u2030-\\u205e"
    "\\u2070-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufff8\\ufffc\\U00010000-\\U000e0000\\U000e0100-\\U0010ffff]"
)


class _Writer(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent the items of a list that stands in a map too."""
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


def _text(writer: _Writer, text: str) -> yaml.Node:
    style = "'" if _OTHER.match(text) else ">" if len(text) > _LONG and " " in text else None
    style = '"' if _ODD.search(text) else "|" if "\n" in text else style
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style)


_Writer.add_representer(str, _text)


def dump(document: Json) -> bytes:
    """Write a JSON value as YAML: UTF-8, LF, source key order; SpecError for what YAML cannot carry."""
    if _depth(document) > MAX_DEPTH:
        raise SpecError(f"nested deeper than {MAX_DEPTH} levels; YAML is not written that deep")
    try:
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    except UnicodeEncodeError:
        raise SpecError("half of a surrogate pair cannot be written as YAML") from None
    except ValueError as error:
        raise SpecError(f"a number cannot be written as YAML: {error}") from None
    text = yaml.dump(document, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_WIDTH)
    return _ODD.sub(_escaped, text).encode()


def _depth(value: Json) -> int:
    depth, level = -1, [value]
    while level and depth <= MAX_DEPTH:
        held = (
            one.values() if isinstance(one, dict) else one for one in level if isinstance(one, dict | list)
        )
        depth, level = depth + 1, [item for items in held for item in items]
    return depth


def _escaped(match: re.Match[str]) -> str:
    """Write a character of a quoted text that an editor would not show: PyYAML leaves some as they are."""
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
