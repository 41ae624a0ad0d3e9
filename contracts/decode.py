"""Strict JSON: bytes in, a value and its faults out; never an exception, never a silent last-wins.

What Python's decoder lets through and JSON (RFC 8259, RFC 7493) does not is a named fault with its place:
duplicate keys, NaN and Infinity, numbers beyond a double, lone surrogates, a byte order mark, bad UTF-8,
integers of more than 4,300 digits, nesting deeper than 256, bodies over the size limit.
"""

from __future__ import annotations

import gc
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, NoReturn

from contracts.model import Json, Pointer
from contracts.text import plural, safe_text, show

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_DEPTH: Final = 256
MAX_DIGITS: Final = 4300
_BOM = b"\xef\xbb\xbf"


class Fault(NamedTuple):
    """One departure from strict JSON: rule id, place, sentence."""

    rule: str
    pointer: Pointer
    message: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A value with the faults met on the way; `usable` is False when there is no value to judge."""

    value: Json
    faults: tuple[Fault, ...] = ()
    usable: bool = True


class _Pairs(dict[str, Json]):
    """An object that had duplicate keys; remembers which."""

    __slots__ = ("again",)
    again: tuple[str, ...]


class _Suspicious(ValueError):
    """The cheap decoder met something that needs the careful one."""


def decode(body: bytes, *, max_bytes: int = MAX_BYTES) -> Decoded:
    """Decode a JSON body strictly; the common, clean body costs one pass."""
    if len(body) > max_bytes:
        limit = f"{plural(len(body), 'byte')} of body, over the limit of {max_bytes:,}"
        return _unusable("body-too-large", limit)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unusable("bad-utf8", f"not UTF-8 at byte {error.start}")
    try:
        if "\\u" in text:
            return _careful(text)
        value = _load(text)
        return _careful(text) if _may_be_deep(text) and _deeper(value) else Decoded(value)
    except (ValueError, RecursionError):
        return _careful(text)


def _load(text: str) -> Json:
    """Decode; big bodies with the cyclic collector paused, which halves the time: it makes no cycles."""
    if len(text) < _BIG or not gc.isenabled():
        return _DECODER.decode(text)
    gc.disable()
    try:
        return _load_big(text)
    finally:
        gc.enable()


_BIG: Final = 65_536


def _load_big(text: str) -> Json:
    """Decode without looking at each object, and find duplicate keys by counting.

    Where no key has white space before its colon, `":` stands in the text at least once per key, and exactly
    as often as the value has keys only if none was lost and no string holds it. All else goes the long way.
    """
    if any(space in text for space in ('" ', '"\n', '"\t', '"\r')) and _SPACED_COLON.search(text):
        return _DECODER.decode(text)
    value = _QUICK.decode(text)
    return value if _keys(value) == text.count('":') else _DECODER.decode(text)


def _keys(value: Json) -> int:
    """Count the keys of all objects, level by level, down to one level more than is allowed."""
    level, count, depth = [value] if type(value) in _CONTAINERS else [], 0, 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        count += sum(len(v) for v in level if type(v) is dict)
        level = _inner(level)
    return count


def _inner(level: list[Json]) -> list[Json]:
    children = (v.values() if type(v) is dict else v for v in level)
    return [child for values in children for child in values if type(child) in _CONTAINERS]


_SPACED_COLON = re.compile(r'"[ \t\n\r]+:')


def _unusable(rule: str, message: str, pointer: Pointer = Pointer()) -> Decoded:  # noqa: B008 -- an immutable value
    return Decoded(None, (Fault(rule, pointer, message),), usable=False)


def _may_be_deep(text: str) -> bool:
    return len(text) > MAX_DEPTH and text.count("[") + text.count("{") > MAX_DEPTH


def _deeper(value: Json) -> bool:
    """Whether a decoded value nests deeper than allowed; level by level, so without recursion."""
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(MAX_DEPTH):
        level = _inner(level)
        if not level:
            return False
    return True


_CONTAINERS = frozenset({dict, list})
_CLOSED_STRINGS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"')


def _depth(text: str) -> int:
    depth = deepest = 0
    for char in _NOT_BRACKET.sub("", _CLOSED_STRINGS.sub("", text)):
        depth += 1 if char in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


_NOT_BRACKET = re.compile(r"[^\[\]{}]+")


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _Suspicious
    return value


def _refuse(_: str) -> NoReturn:
    raise _Suspicious


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise _Suspicious
    return value


_QUICK = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite)
_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)


def _careful(text: str) -> Decoded:
    if _depth(text) > MAX_DEPTH:
        return _unusable("json-too-deep", f"nested deeper than {MAX_DEPTH} levels")
    marked = text.startswith("\ufeff")
    try:
        value = _TOLERANT.decode(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        return _unusable("not-json", _not_json(text, error))
    except RecursionError:
        return _unusable("json-too-deep", f"nested deeper than {MAX_DEPTH} levels")
    faults = [Fault("byte-order-mark", Pointer(), "starts with a byte order mark")] if marked else []
    faults += _faults(value, Pointer())
    usable = not any(f.rule in {"not-a-json-number", "huge-integer", "lone-surrogate"} for f in faults)
    return Decoded(value, tuple(faults), usable=usable)


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "an empty body is not JSON"
    start = safe_text(text.lstrip()[:24], 24)
    return f"not JSON at line {error.lineno}, column {error.colno}; it starts with '{start}'"


def _note_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = _Pairs(pairs)
    if len(value) == len(pairs):
        return dict(value)
    seen: set[str] = set()
    value.again = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return value


class _Odd(str):
    """A number token that JSON or a double cannot hold; kept as its text."""

    __slots__ = ()


def _integer(text: str) -> int | _Odd:
    return int(text) if len(text) <= MAX_DIGITS else _Odd(text)


def _float(text: str) -> float | _Odd:
    value = float(text)
    return _Odd(text) if math.isinf(value) else value


_TOLERANT = json.JSONDecoder(
    object_pairs_hook=_note_duplicates, parse_constant=_Odd, parse_int=_integer, parse_float=_float
)


def _faults(value: Json, at: Pointer) -> Iterator[Fault]:
    if isinstance(value, _Odd):
        yield _odd(value, at)
    elif isinstance(value, str):
        yield from _surrogates(value, at)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults(item, at / index)
    elif isinstance(value, dict):
        for key in getattr(value, "again", ()):
            yield Fault("duplicate-key", at / key, f"the key {show(key)} is there more than once")
        for key, item in value.items():
            yield from _surrogates(key, at / key)
            yield from _faults(item, at / key)


def _odd(value: _Odd, at: Pointer) -> Fault:
    if value.lstrip("-").isdigit():
        return Fault(
            "huge-integer", at, f"an integer of {len(value):,} digits, over the limit of {MAX_DIGITS:,}"
        )
    return Fault("not-a-json-number", at, f"{safe_text(value, 24)} is not a JSON number")


def _surrogates(text: str, at: Pointer) -> Iterator[Fault]:
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield Fault("lone-surrogate", at, "half of a surrogate pair stands alone")
