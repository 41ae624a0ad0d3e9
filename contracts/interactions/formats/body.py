"""How a body is stored: as JSON when nothing is lost by it, else as text, else as base64.

Lossless means: strict JSON without a fault, every number equal as a Decimal after a round trip, nesting that
leaves room for the file around it. Whitespace and the spelling of escapes are not kept.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from decimal import Decimal
from typing import Final

from contracts.decode import decode
from contracts.model import Json, Pointer

MAX_STORED: Final = 64 * 1024 * 1024
_MAX_DEPTH: Final = 200
_HIDDEN = {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}
_UNUSUAL = re.compile(r"[^\n\x20-\x7e]")


class _Lossy(ValueError):
    """A number that would not come back as it was."""


def stored(body: bytes) -> dict[str, Json]:
    """Give the one member that holds a body: `json`, `text` or `base64`."""
    try:
        return {"json": _lossless(body)}
    except ValueError:
        pass
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode("ascii")}


def restored(kind: str, value: Json) -> bytes:
    """Turn a stored member back into bytes; ValueError says what is wrong with it."""
    if kind == "json":
        return compact(value)
    if not isinstance(value, str):
        raise ValueError("not text")  # noqa: TRY004 -- callers see one kind of fault
    if kind == "text":
        return value.encode("utf-8", "surrogatepass")
    return base64.b64decode(value, validate=True)


def compact(value: Json) -> bytes:
    """Serialise JSON without blanks, in UTF-8, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def pretty(value: Json) -> bytes:
    """Serialise JSON for people: two spaces, a final newline, hidden characters as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return (_UNUSUAL.sub(_escape, text) + "\n").encode("utf-8")


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if unicodedata.category(char) not in _HIDDEN:
        return char
    units = char.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i]:02x}{units[i + 1]:02x}" for i in range(0, len(units), 2))


def _lossless(body: bytes) -> Json:
    if not body or _deep(body):
        raise _Lossy
    decoded = decode(body, max_bytes=MAX_STORED)
    if decoded.faults or not decoded.usable:
        raise _Lossy
    # the strict decoder proved the text sound; this pass looks at the numbers alone
    return json.loads(body, parse_float=_exact)


def _deep(body: bytes) -> bool:
    return min(body.count(b"[") + body.count(b"{"), body.count(b"]") + body.count(b"}")) > _MAX_DEPTH and (
        _depth(body) > _MAX_DEPTH
    )


_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"')
_BRACKET = re.compile(rb"[\[\]{}]")


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _exact(text: str) -> float:
    value = float(text)
    if Decimal(repr(value)) != Decimal(text):
        raise _Lossy
    return value


_BLANK: Final = re.compile(r"[ \t\r\n]*")
_ODD: Final = json.JSONDecoder(strict=False, parse_int=str, parse_float=str)


def cut_out(text: str, at: Pointer) -> str:
    """Give the text of the value at a place; of a key that comes twice the last counts.

    `text` is JSON that was decoded before; ValueError or RecursionError when it is none.
    """
    start, end = _span(text, 0)
    for token in at:
        start, end = _member(text, start, str(token))
    return text[start:end]


def _span(text: str, start: int) -> tuple[int, int]:
    start = _skip(text, start)
    return start, _ODD.raw_decode(text, start)[1]


def _skip(text: str, start: int) -> int:
    blank = _BLANK.match(text, start)
    return blank.end() if blank else start


def _member(text: str, start: int, token: str) -> tuple[int, int]:
    """Find a member of the object, or an element of the list, that starts here."""
    found, index, listed = (start, start), 0, text[start] == "["
    at = _skip(text, start + 1)
    while text[at] not in "]}":
        key: str = str(index)
        if not listed:
            key, at = _ODD.raw_decode(text, at)
            at = _skip(text, at) + 1  # the colon
        span = _span(text, at)
        found = span if key == token else found
        at, index = _skip(text, span[1]), index + 1
        at = _skip(text, at + 1) if text[at] == "," else at
    return found


_OPEN: Final = re.compile(rb"\s*[\[{]")
_WORDS: Final = ("true", "false", "null")
_ESCAPE: Final = re.compile(r"\A(?:\\?u[0-9a-fA-F]{0,4}|\\)\Z")
_NUMBER: Final = re.compile(r"-?\d*(?:\.\d*)?(?:[eE][+-]?\d*)?\Z")


def ends_early(body: bytes) -> bool:
    """Whether a body is the beginning of an object or list of JSON, with nothing wrong but its end."""
    if not _OPEN.match(body):
        return False
    text = body.decode("utf-8", "replace")
    try:
        _ODD.decode(text)
    except json.JSONDecodeError as error:
        rest = text[error.pos :].strip()
        in_text = error.msg.startswith("Unterminated string") or bool(_ESCAPE.match(rest))
        return in_text or any(word.startswith(rest) for word in _WORDS) or bool(_NUMBER.match(rest))
    except RecursionError:
        return False
    return False


def is_usual_cap(body: bytes) -> bool:
    """Whether a body is as long as recorders keep at most: whole thousands or KiB, or a power of two.

    They count bytes or characters, and leave out a character of which they have a part only.
    """
    sizes = {len(body) + more for more in range(4)} | {len(body.decode("utf-8", "ignore"))}
    return any(
        size >= 256 and (size % 1000 == 0 or size % 1024 == 0 or not size & (size - 1)) for size in sizes
    )
