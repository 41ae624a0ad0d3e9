"""Whether a value shows what a finding says, and not only something else that changed beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.drift.change import Change
from contracts.drift.schemas import NormalSchema, canonical, fits, kind_of
from contracts.drift.witness.smallest import matches
from contracts.model import Json

Claim = Callable[[Change, Json, NormalSchema, NormalSchema], bool]


def shows(change: Change, value: Json, sender: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value at the place of a change has what the words of its rule name."""
    claim = _CLAIMS.get(change.kind)
    return claim is None or claim(change, value, sender, receiver)


def _value(change: Change, value: Json, *_: Any) -> bool:
    named = [one for one in (change.base, change.revision) if one is not None] or [None]
    return canonical(value) in map(canonical, named)


def _type(_: Change, value: Json, sender: NormalSchema, receiver: NormalSchema) -> bool:
    kind = kind_of(value)
    return kind in sender.kinds and kind not in receiver.kinds


def _null(_: Change, value: Json, *__: Any) -> bool:
    return value is None


def _present(change: Change, value: Json, *_: Any) -> bool:
    return isinstance(value, dict) and change.name in value


def _absent(change: Change, value: Json, *_: Any) -> bool:
    return isinstance(value, dict) and (change.name not in value or change.trait == "closed")


def _renamed(change: Change, value: Json, sender: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value has the key by the sender's name for it only."""
    known = {name for alt in receiver.kinds.get("object", ()) for name in alt.facts.get("properties", ())}
    missed = change.base if change.base in known else change.revision
    return isinstance(value, dict) and missed not in value


def _moved(change: Change, value: Json, _: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value has the key where the sender has it, and lacks it where the receiver expects it."""
    expected = any(change.name in alt.facts.get("properties", {}) for alt in receiver.kinds.get("object", ()))
    return isinstance(value, dict) and (change.name in value) != expected


def _broken(change: Change, value: Json, _: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value breaks the receiver's own fact, in every way that it admits the type."""
    fact = change.kind.removesuffix("-set")
    alts = receiver.kinds.get(kind_of(value), ())
    return bool(alts) and not any(
        fact not in alt.facts or _KEEPS.get(fact, _fits(fact))(alt.facts[fact], value) for alt in alts
    )


def _unlisted(change: Change, value: Json, sender: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value is none of those that the receiver lists, if it lists any."""
    listed = any("enum" in alt.facts for alt in receiver.kinds.get(kind_of(value), ()))
    return not listed or _broken(change, value, sender, receiver)


def _fits(fact: str) -> Callable[[Any, Json], bool]:
    return lambda limit, value: fits({fact: limit}, value)


def _has_formats(names: frozenset[str], value: Json) -> bool:
    from contracts.schema import NUMBER_FORMATS, number_fits

    if not isinstance(value, str):
        return all(name not in NUMBER_FORMATS or number_fits(name, value) for name in names)
    return matches(value, (), names)


_KEEPS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "pattern": lambda patterns, value: matches(value, patterns, ()),
    "format": _has_formats,
    "multipleOf": lambda steps, value: all((value / step).is_integer() for step in steps),
    "enum": lambda values, value: canonical(value) in values,
    **dict.fromkeys(("minItems", "minProperties"), lambda least, value: len(value) >= least),
    **dict.fromkeys(("maxItems", "maxProperties"), lambda most, value: len(value) <= most),
    "uniqueItems": lambda _, value: len({*map(canonical, value)}) == len(value),
}


def _kind(kind: str) -> Claim:
    return lambda _, value, *__: kind_of(value) == kind


_CLAIMS: Final[dict[str, Claim]] = {
    "enum": _value,
    "enum-renamed": _value,
    "enum-set": _unlisted,
    "type": _type,
    "null": _null,
    **dict.fromkeys(("property", "property-gone"), _present),
    **dict.fromkeys(("required", "required-property", "required-property-gone", "hidden"), _absent),
    "property-renamed": _renamed,
    "property-moved": _moved,
    **dict.fromkeys(("low", "high", "integer", "multipleOf", "format"), _broken),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), _broken),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"), _broken),
    "contains": _kind("array"),
    **dict.fromkeys(("additional", "propertyNames"), _kind("object")),
    **dict.fromkeys(("patternProperties", "dependentRequired", "dependentSchemas"), _kind("object")),
}
