"""Whether a value shows what a finding says, and not only something else that changed beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from contracts.drift.change import Change
from contracts.drift.schemas import NormalSchema, canonical, fits, kind_of
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


def _bound(change: Change, value: Json, _: NormalSchema, receiver: NormalSchema) -> bool:
    """Whether the value leaves the receiver's own bound, in every way that it admits the type."""
    alts = receiver.kinds.get(kind_of(value), ())
    return bool(alts) and not any(
        fits({change.kind: alt.facts[change.kind]} if change.kind in alt.facts else {}, value) for alt in alts
    )


def _kind(kind: str) -> Claim:
    return lambda _, value, *__: kind_of(value) == kind


_CLAIMS: Final[dict[str, Claim]] = {
    "enum": _value,
    "enum-renamed": _value,
    "type": _type,
    "null": _null,
    **dict.fromkeys(("property", "property-gone"), _present),
    **dict.fromkeys(("required", "required-property", "required-property-gone", "hidden"), _absent),
    **dict.fromkeys(("low", "high", "integer", "minLength", "maxLength"), _bound),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "contains"), _kind("array")),
    **dict.fromkeys(("minProperties", "maxProperties", "additional", "propertyNames"), _kind("object")),
    **dict.fromkeys(("patternProperties", "dependentRequired", "dependentSchemas"), _kind("object")),
    "pattern": _kind("string"),
}
