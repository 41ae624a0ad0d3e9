"""The one door through which text from outside reaches a terminal, a file or a CI log.

Vendor text is hostile until it went through `safe_text`: escape sequences, bidirectional controls and
workflow commands become visible characters, and the length is bounded. `show` does the same for a JSON
value, and masks what looks like a secret.
"""

from __future__ import annotations

import json
import re
import textwrap
import unicodedata
from collections.abc import Iterable

from contracts.model import Json
from contracts.secret import mask, without_keys

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_PLAIN = re.compile(r"[\x20-\x7e]*\Z")
_COMMAND = re.compile(r"^(\s*)::")
_HASHES = re.compile(
    r"##(?=[A-Za-z]*\[)"
)  # ##[error], ##vso[...], ##teamcity[...]: commands anywhere in a line


def safe_text(text: str, limit: int = 160) -> str:
    """Make outside text harmless and at most `limit` characters long (an ellipsis marks the cut).

    Keys of the environment are hidden.
    """
    cut = without_keys(text if len(text) <= limit else text[: limit - 1])
    shown = cut if _PLAIN.match(cut) else "".join(map(_visible, cut))
    if len(shown) > limit or len(text) > limit:
        shown = shown[: limit - 1] + "…"
    if "::" in shown:
        shown = _COMMAND.sub(r"\1:\\:", shown)
    return _HASHES.sub(r"#\\#", shown) if "##" in shown else shown


def wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """Break a harmless text into lines, of which none begins with a workflow command; one line at least."""
    lines = textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False)
    return [_COMMAND.sub(r"\1:\\:", line) for line in lines] or [""]


def safe_pointer(text: str, limit: int = 400) -> str:
    """Make a JSON Pointer harmless, as `safe_text` does; what is hidden whole is a pointer still."""
    return as_pointer(safe_text(text, limit))


def as_pointer(text: str) -> str:
    """Give a text that stands where a JSON Pointer stood as one: empty, or after a slash."""
    return text if text[:1] in {"", "/"} else f"/{text}"


def _visible(char: str) -> str:
    if unicodedata.category(char) not in _HIDDEN:
        return char
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    code = ord(char)
    if known or code < 0x100:
        return known or f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def show(value: Json, limit: int = 60) -> str:
    """Write a JSON value for a message: strings in single quotes, secrets masked, cut at `limit`."""
    if isinstance(value, str):
        return f"'{safe_text(mask(value), limit)}'"
    if isinstance(value, list):
        return f"a list of {len(value)}" if value else "an empty list"
    if isinstance(value, dict):
        return f"an object of {len(value)}" if value else "an empty object"
    return safe_text(_scalar(value), limit)


def _scalar(value: Json) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**18:
        return f"an integer of {len(format(abs(value), 'x'))} hexadecimal digits"
    return json.dumps(value)


def either(values: Iterable[Json], limit: int = 8) -> str:
    """Join allowed values as a reader would: 'a', 'b' or 'c'; more than `limit` are counted."""
    shown = [show(value, 40) for value in values]
    if len(shown) > limit:
        shown = [*shown[: limit - 1], f"{len(shown) - limit + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}" if shown else "nothing"


def plural(count: int, noun: str) -> str:
    """Count a noun: `1 finding`, `2 findings`, `0 entries`."""
    if count == 1:
        return f"{count} {noun}"
    return f"{count:,} {noun[:-1]}ies" if noun.endswith(("ry", "rty")) else f"{count:,} {noun}s"
