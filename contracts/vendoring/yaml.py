"""Writing a document as YAML: the same bytes on every machine, readable, and read back as the same value.

Own code, because what a YAML library writes differs by version and by whether its C half is there. Block
style, key order of the source, two spaces; a string that YAML 1.1 or 1.2 would take for something else is
quoted, long text is folded, text of several lines stands as a literal block.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import Final

from contracts.errors import SpecError
from contracts.model import Json
from contracts.spec import MAX_DEPTH

_WIDTH: Final = 88
_WORDS = {"null", "~", "...", "true", "false", "yes", "no", "on", "off", "y", "n", "<<", "="}
_NUMBER = re.compile(
    r"[-+]?(?:0[xob][0-9a-fA-F_]+|\.(?:inf|nan)|\.[0-9_]+(?:e[-+]?[0-9]+)?"
    r"|[0-9][0-9_,]*(?::[0-9]{1,2})*(?:\.[0-9_]*)?(?:e[-+]?[0-9]+)?)\Z",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}")
# Fixed ranges, never str.isprintable: what Unicode calls printable differs between Python versions.
_ODD = re.compile(
    "[^\\x20-\\x7e\\xa1-\\xac\\xae-\\u061b\\u061d-\\u180d\\u180f-\\u1fff\\u2010-\\u2027\\u2030-\\u205e"
    "\\u2070-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufff8\\ufffc\\U00010000-\\U000e0000\\U000e0100-\\U0010ffff]"
)
_PLAIN = re.compile(r"[A-Za-z0-9_./$(^+\u00a1-\U0010ffff](?:[^:#]|:(?=\S)|(?<! )#)*\Z")
_FOLDABLE = re.compile(r"[^\s](?:[^\s]| (?=[^\s]))*\Z")
_BLOCK = re.compile(r"[^\s](?s:.*)\Z")


def dump(document: Json) -> bytes:
    """Write a JSON value as YAML: UTF-8, LF, source key order; SpecError for what YAML cannot carry."""
    text = "".join(f"{line}\n" for line in _lines(document, 0))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise SpecError("half of a surrogate pair cannot be written as YAML") from None


def _lines(value: Json, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise SpecError(f"nested deeper than {MAX_DEPTH} levels; YAML is not written that deep")
    if isinstance(value, dict) and value:
        yield from _mapping(value, depth)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _entry("- ", "  ", item, depth)
    else:
        yield from _scalar(value, 0)


def _mapping(value: dict[str, Json], depth: int) -> Iterator[str]:
    for name, item in value.items():
        key = _inline(name)
        if len(key) > 120:  # YAML allows 1,024 characters before the colon; beyond, the long form
            yield f"? {key}"
            yield from _entry(": ", "  ", item, depth)
        elif isinstance(item, dict | list) and item:
            yield f"{key}:"
            yield from (f"  {line}" if line else line for line in _lines(item, depth + 1))
        else:
            yield from _entry(f"{key}: ", "", item, depth)


def _entry(lead: str, indent: str, item: Json, depth: int) -> Iterator[str]:
    """Write an item behind its lead; the lines after the first stand under it."""
    body = _lines(item, depth + 1) if isinstance(item, dict | list) else _scalar(item, len(lead))
    yield f"{lead}{next(body)}"
    yield from (f"{indent}{line}" if line else line for line in body)


def _scalar(value: Json, used: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield _literal(value)
    elif "\n" in value and _BLOCK.match(value) and not _ODD.search(value.replace("\n", "")):
        yield from _block(value)
    elif len(value) + used > _WIDTH and _FOLDABLE.match(value) and not _ODD.search(value):
        yield from _folded(value)
    else:
        yield _inline(value)


def _literal(value: Json) -> str:
    if isinstance(value, dict | list):
        return "{}" if isinstance(value, dict) else "[]"
    if isinstance(value, float) and not math.isfinite(value):
        raise SpecError(f"{value} is not a JSON number and cannot be written")
    try:
        text = json.dumps(value)
    except ValueError:
        raise SpecError("an integer of more than 4,300 digits cannot be written as YAML") from None
    return re.sub(r"^(-?\d+)e", r"\1.0e", text) if isinstance(value, float) else text


def _block(value: str) -> Iterator[str]:
    body = value.rstrip("\n")
    ends = len(value) - len(body)
    yield "|" + ("-", "", "+")[min(ends, 2)]
    yield from (f"  {line}" if line else "" for line in body.split("\n"))
    yield from [""] * (ends - 1)


def _folded(value: str) -> Iterator[str]:
    yield ">-"
    line = ""
    for word in value.split(" "):
        if line and len(line) + len(word) >= _WIDTH:
            yield f"  {line}"
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield f"  {line}"


def _inline(text: str) -> str:
    if _ODD.search(text):
        return '"' + _ODD.sub(_escape, text.replace("\\", "\\\\").replace('"', '\\"')) + '"'
    return text if _plain(text) else "'" + text.replace("'", "''") + "'"


def _plain(text: str) -> bool:
    reserved = text.lower() in _WORDS or _NUMBER.match(text) or _DATE.match(text)
    return (
        not reserved and _PLAIN.match(text) is not None and text == text.strip(" ") and not text.endswith(":")
    )


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    known = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(char)
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise SpecError("half of a surrogate pair cannot be written as YAML")
    return known or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
