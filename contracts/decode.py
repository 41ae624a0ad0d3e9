"""Strict JSON: bytes in, a value and its faults out; never an exception, never a silent last-wins.

What Python's decoder lets through and JSON (RFC 8259, RFC 7493) does not is a named fault with its place:
duplicate keys, NaN and Infinity, numbers beyond a double, lone surrogates, a byte order mark, bad UTF-8,
integers of more than 4,300 digits, nesting deeper than 256, bodies over the size limit.
"""

from __future__ import annotations

import gc
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import copysign, isinf
from typing import Final, NamedTuple, NoReturn

from contracts.model import Json, Pointer
from contracts.secret import mask
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


class Decoded(NamedTuple):
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
        value = _small(text, body) if len(body) < SMALL else _big(text, body)
    except (ValueError, RecursionError):
        return _careful(text)
    return _careful(text) if _lone_surrogate(text) else Decoded(value)


def _small(text: str, body: bytes) -> Json:
    value = _strict(text)
    if body.count(b"[") + body.count(b"{") > MAX_DEPTH and _deeper(text, body, _bones(body), value):
        raise _Suspicious
    return value


def _big(text: str, body: bytes) -> Json:
    bones = _bones(body)
    inner = b"\\" in body and b'\\":' in body  # JSON in a string: the count would not come out even
    with uncollected():
        value = _strict(text) if inner else _counted(text, bones)
        if _deeper(text, body, bones, value):
            raise _Suspicious
    return value


def _strict(text: str) -> Json:
    """Decode a text object by object, refusing each that has a key twice."""
    inner = text.strip(" \t\n\r")
    value, end = _DECODER.raw_decode(inner)
    if end != len(inner):
        raise _Suspicious
    return value


def _bones(body: bytes) -> bytes:
    """Take away everything but brackets, quotes, colons and commas."""
    return body.translate(None, _FLESH)


_FLESH: Final = bytes(set(range(256)) - set(b'[]{}":,'))
_BONE: Final = re.compile(r'[\[\]{}":,]')


def _counted(text: str, bones: bytes) -> Json:
    """Decode a text whole, and prove by counting that no object has a key twice.

    Call a key plain if it holds no bone. A plain key is `""` in the bones and its colon comes next, as white
    space is gone. So if all keys in the text are plain, the bones hold at least as many `"":` as the text has
    keys; in strings there may be more. Each object's distinct keys are counted as it is closed: at most
    as many as the text has keys, and fewer if one came twice. So if both counts are equal, none did.
    (Of the keys in the text each is among those distinct ones, and a bone in its spelling is one in the key.)
    Otherwise the text is decoded again, with care; commas are bones so that a list of addresses needs none.
    """
    objects: list[dict[str, Json]] = []
    value = _keeping(objects).decode(text)
    if bones.count(b'"":') == sum(map(len, objects)) and not _BONE.search("".join(set().union(*objects))):
        return value
    return _strict(text)


def _keeping(objects: list[dict[str, Json]]) -> json.JSONDecoder:
    """Give a decoder that appends every object to a list, also one that a later key of its parent drops."""
    append = objects.append

    def keep(value: dict[str, Json]) -> dict[str, Json]:
        append(value)
        return value

    return json.JSONDecoder(object_hook=keep, parse_constant=_refuse, parse_float=_finite)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the cyclic collector while a big body is worked on.

    Decoding and judging make no cycles, and each full collection walks the whole value: it doubles the time.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


SMALL: Final = 65_536
"""Bodies of fewer bytes are not worth a pause of the collector."""


def _lone_surrogate(text: str) -> bool:
    """Whether an escape spells half of a surrogate pair; the tests go from cheap to exact."""
    if "\\" not in text or _SURROGATE.search(text) is None:
        return False
    return any(escape[1] for escape in _ESCAPE.finditer(text))


_SURROGATE: Final = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F])|.)", re.DOTALL
)


def _deeper(text: str, body: bytes, bones: bytes, value: Json) -> bool:
    """Whether a decoded body nests deeper than allowed, by the cheapest way that is exact for it.

    Where no backslash stands before a quote, each opens or closes a string, so that quotes vanish in pairs
    unless a string holds a bracket. What is left is pure structure, and each pass takes off one or two
    innermost levels.
    """
    rest = bones.translate(None, b":,").replace(b'""', b"")
    bare = b"\\" not in body or b'\\"' not in body
    if b'"' in rest or not bare:
        return _too_deep(text) if len(rest) > _MANY else _walked_deeper(value)
    for _ in range(MAX_DEPTH // 2):
        outer = rest.replace(b"{}", b"").replace(b"[]", b"")
        if not outer:
            return False
        if len(outer) > len(rest) * _SHRINKS:
            break
        rest = outer
    return _too_deep(rest.decode())


_MANY: Final = 500_000
"""From so many brackets on, reading the text is cheaper than walking the value."""
_SHRINKS: Final = 0.9
"""Payloads are wide and shallow: a pass that takes off less than a tenth has met something else."""


def _walked_deeper(value: Json) -> bool:
    """Whether a value nests deeper than allowed; level by level, so without recursion."""
    level = [value] if type(value) in _CONTAINERS else []
    for _ in range(MAX_DEPTH):
        children = (v.values() if type(v) is dict else v for v in level)
        level = [child for values in children for child in values if type(child) in _CONTAINERS]
        if not level:
            return False
    return True


def _unusable(rule: str, message: str, pointer: Pointer = Pointer()) -> Decoded:  # noqa: B008 -- an immutable value
    return Decoded(None, (Fault(rule, pointer, message),), usable=False)


_CONTAINERS = frozenset({dict, list})
_STRINGS = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""Every string, and an unclosed one up to the end: matches wherever a quote stands, so the time is linear."""


def _too_deep(text: str) -> bool:
    """Whether a text nests deeper than allowed, as most that do show at their beginning."""
    return _deep_within(text[:SMALL]) or _deep_within(text)


def _deep_within(text: str) -> bool:
    depth = 0
    for char in _NOT_BRACKET.sub("", _STRINGS.sub("", text)):
        depth += 1 if char in "[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


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
    if isinf(value):
        raise _Suspicious
    return value


_DECODER = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)


def _careful(text: str) -> Decoded:
    if _too_deep(text):
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
    return Decoded(_held(value) if faults else value, tuple(faults), usable=usable)


_MASKED: Final = 200
"""Characters of a body that is no JSON in which a secret is looked for, before 24 of them are shown."""


def _not_json(text: str, error: json.JSONDecodeError) -> str:
    if not text.strip():
        return "an empty body is not JSON"
    start = safe_text(mask(text.lstrip()[:_MASKED])[:24], 24)
    return f"not JSON at line {error.lineno}, column {error.colno}; it starts with '{start}'"


def _note_duplicates(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = _Pairs(pairs)
    if len(value) == len(pairs):
        return dict(value)
    seen: set[str] = set()
    value.again = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return value


def _held(value: Json) -> Json:
    """Give plain JSON: the largest double of the same sign where a number is beyond it."""
    if isinstance(value, dict):
        return {key: _held(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_held(item) for item in value]
    if isinstance(value, _Odd) and _is_huge(value):
        return copysign(sys.float_info.max, -1 if value.startswith("-") else 1)
    return value


def _is_huge(token: _Odd) -> bool:
    """Whether a token is a number of JSON with a fraction or an exponent; others are words such as NaN."""
    return token[-1:].isdigit() and not token.lstrip("-").isdigit()


class _Odd(str):
    """A number token that JSON or a double cannot hold; kept as its text."""

    __slots__ = ()


def _integer(text: str) -> int | _Odd:
    return int(text) if len(text) <= MAX_DIGITS else _Odd(text)


def _float(text: str) -> float | _Odd:
    value = float(text)
    return _Odd(text) if isinf(value) else value


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
    if _is_huge(value):
        return Fault("huge-number", at, f"{safe_text(value, 24)} is beyond a double, so most readers lose it")
    return Fault("not-a-json-number", at, f"{safe_text(value, 24)} is not a JSON number")


def _surrogates(text: str, at: Pointer) -> Iterator[Fault]:
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield Fault("lone-surrogate", at, "half of a surrogate pair stands alone")
