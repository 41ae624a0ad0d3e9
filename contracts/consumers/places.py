"""Places in a payload: finding them, and copies of the payload with one place changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from contracts.model import GONE, Json, Pointer, put
from contracts.text import show

ROOT: Final = Pointer()


def places_of(value: Json, at: Pointer = ROOT) -> Iterator[tuple[Pointer, Json]]:
    """Yield every place with its value, parents first."""
    stack = [(at, value)]
    while stack:
        place, item = stack.pop()
        yield place, item
        inner = item.items() if isinstance(item, dict) else enumerate(item) if isinstance(item, list) else ()
        stack.extend([(place / key, below) for key, below in inner][::-1])


def value_at(payload: Json, at: Pointer) -> Json:
    """Give the value at a place, or GONE."""
    for token in at:
        if not _has(payload, token):
            return GONE
        payload = payload[token]
    return payload


def _has(payload: Json, token: str | int) -> bool:
    if isinstance(payload, dict):
        return token in payload
    return isinstance(payload, list) and isinstance(token, int) and token < len(payload)


def edited(payload: Json, edits: Iterable[tuple[Pointer, Json]]) -> Json:
    """Give the payload with several places set; GONE when a place they belong to is not there."""
    for at, new in edits:
        if at and value_at(payload, Pointer(at[:-1])) is GONE:
            return GONE
        payload = put(payload, at, new)
    return payload


def differences(base: Json, other: Json, at: Pointer = ROOT) -> Iterator[tuple[Pointer, Json, Json]]:
    """Yield (place, base's value, other's value) where two payloads differ, as deep down as possible."""
    if isinstance(base, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*base, *other)):
            yield from differences(base.get(key, GONE), other.get(key, GONE), at / key)
    elif isinstance(base, list) and isinstance(other, list):
        for index in range(max(len(base), len(other))):
            left, right = (values[index] if index < len(values) else GONE for values in (base, other))
            yield from differences(left, right, at / index)
    elif not same(base, other):
        yield at, base, other


def same(one: Json, other: Json) -> bool:
    """Whether two values are spelled equal: 1 and 1.0 are not, 1 and true are not, -0.0 and 0.0 are not."""
    if one is GONE or other is GONE:
        return one is other
    return type(one) is type(other) and repr(one) == repr(other)


def told(differing: Iterable[tuple[Pointer, Json, Json]], limit: int = 8) -> Iterator[str]:
    """Say differences to the plainest payload in words, at most `limit` of them."""
    listed = list(differing)
    for at, _, other in listed[:limit]:
        yield f"{at or '/'} is absent" if other is GONE else f"{at or '/'} = {show(other)}"
    if len(listed) > limit:
        yield f"and {len(listed) - limit} more"
