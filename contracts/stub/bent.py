"""Trouble on purpose: chaos (the moment's faults) and drift (the vendor's silent changes)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from contracts.decode import decode
from contracts.errors import ConfigError, UnknownName
from contracts.model import Json, Pointer
from contracts.text import show

CHAOS: Final = ("stall", "truncate", "html")
DRIFTS: Final = {
    "enum+": "a new word",
    "set": "another value, as JSON or text",
    "null": "null",
    "drop": "the property is gone",
    "rename": "the property has another name",
    "add": "a new property (name, then JSON)",
    "type": "another JSON type",
    "status": "another HTTP status",
    "media": "another content type",
}
_TYPES: Final = {"string": "text", "number": 1.5, "integer": 7, "boolean": True, "array": [], "object": {}}
_PLACED: Final = frozenset(DRIFTS) - {"status", "media"}


@dataclass(frozen=True, slots=True)
class Chaos:
    """Shares of the answers, 0..1, that go wrong: statuses and stall, truncate, html."""

    shares: tuple[tuple[str, float], ...] = ()

    def pick(self, draw: float) -> str:
        """Give the fault that a draw from 0..1 hits, or the empty string."""
        for kind, share in self.shares:
            if draw < share:
                return kind
            draw -= share
        return ""


def read_chaos(text: str) -> Chaos:
    """Read `503:0.3,stall:0.01`; ConfigError says what is wrong with it."""
    shares = []
    for part in filter(None, (p.strip() for p in text.split(","))):
        kind, _, share = part.partition(":")
        if kind not in CHAOS and not (kind.isascii() and kind.isdigit() and 100 <= int(kind) <= 599):
            raise UnknownName("chaos", kind, (*CHAOS, "any status"))
        try:
            value = float(share)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1:
            raise ConfigError(f"chaos {show(part)} needs a share from 0 to 1, as in 503:0.3")
        shares.append((kind, value))
    if sum(value for _, value in shares) > 1:
        raise ConfigError(f"chaos {show(text)} adds up to more than 1")
    return Chaos(tuple(shares))


@dataclass(frozen=True, slots=True)
class Drift:
    """One silent change: kind, the place in the payload (`*` for every list item), and what with."""

    kind: str
    pointer: tuple[str, ...] = ()
    argument: str = ""
    value: Any = None

    @property
    def told(self) -> str:
        """The change as it is written on a command line, as far as it is needed to find it again."""
        return show(" ".join(filter(None, (self.kind, str(Pointer(self.pointer)), self.argument))))


def read_drift(text: str) -> Drift:
    """Read `enum+ /status ARCHIVED`, `null /created_at`, `status 202`; ConfigError says what is wrong."""
    words = text.split(None, 2)
    kind = words[0] if words else ""
    if kind not in DRIFTS:
        raise UnknownName("drift", kind, DRIFTS)
    if kind not in _PLACED:
        return Drift(kind, (), " ".join(words[1:]))
    place = words[1] if len(words) > 1 else ""
    argument = words[2] if len(words) > 2 else ""
    if not place.startswith("/") or (kind not in {"null", "drop"} and not argument):
        hint = "" if kind in {"null", "drop"} else " X"
        raise ConfigError(f"drift {show(text)} is not written as in: {kind} /status{hint}")
    if kind == "type" and argument not in _TYPES:
        raise UnknownName("type", argument, _TYPES)
    name, _, rest = argument.partition(" ")
    value = _value(rest or "true") if kind == "add" else _value(argument) if kind == "set" else None
    return Drift(kind, tuple(map(str, Pointer.parse(place))), name if kind == "add" else argument, value)


def _value(text: str) -> Json:
    decoded = decode(text.encode())
    return decoded.value if decoded.usable and not decoded.faults else text


def bend(payload: Json, drift: Drift) -> Json:
    """Give a copy of a payload after a drift; a place that is not there stays as it is."""
    copy = json.loads(json.dumps(payload))
    if drift.kind == "add":
        for parent in _nodes(copy, drift.pointer):
            if isinstance(parent, dict):
                parent[drift.argument] = drift.value
        return copy
    if not drift.pointer:
        return copy
    for parent in _nodes(copy, drift.pointer[:-1]):
        _change(parent, drift.pointer[-1], drift)
    return copy


def _nodes(value: Json, way: tuple[str, ...]) -> Iterator[Json]:
    if not way or way == ("",):
        yield value
    elif isinstance(value, list):
        chosen = (
            value
            if way[0] == "*"
            else [value[int(way[0])]]
            if way[0].isdigit() and int(way[0]) < len(value)
            else []
        )
        for item in chosen:
            yield from _nodes(item, way[1:])
    elif isinstance(value, dict) and way[0] in value:
        yield from _nodes(value[way[0]], way[1:])


def _change(parent: Json, key: str, drift: Drift) -> None:
    places: list[Any] = list(range(len(parent))) if isinstance(parent, list) and key == "*" else [key]
    if isinstance(parent, list) and key != "*":
        places = [int(key)] if key.isdigit() and int(key) < len(parent) else []
    for place in places:
        if isinstance(parent, dict) and place not in parent:
            continue
        if isinstance(parent, dict | list):
            _do(parent, place, drift)


def _do(parent: Any, place: Any, drift: Drift) -> None:
    if drift.kind == "drop":
        del parent[place]
    elif drift.kind == "rename":
        parent[drift.argument] = parent.pop(place)
    else:
        fresh = {"null": None, "enum+": drift.argument, "set": drift.value}
        parent[place] = fresh[drift.kind] if drift.kind in fresh else _TYPES[drift.argument]
