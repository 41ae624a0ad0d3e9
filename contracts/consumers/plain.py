"""Turning whatever a consumer gives into plain data that compares: models of any library, and plain objects.

Only what a model declares takes part: fields that a lenient model keeps for the unknown do not, since the
laws ask what a reader makes of a payload, not what it repeats.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from contracts.batch import Batch, to_json
from contracts.model import Json

MAX_DEPTH: Final = 64
LONGEST: Final = 10_000_000
"""Characters of a text: hundreds of answers are held at a time, and a bar of a billion is a mistake."""
CARRIED: Final = frozenset({"extra", "raw_state", "terminal", "doubts", "provider"})
"""What a Batch repeats, or derives from what it already says: nothing a reader made of the payload."""


def plain_form(value: Any, depth: int = 0) -> Json:
    """Give data of None, bool, int, float, str, list and dict that is equal for equal results.

    MemoryError for a text that is too long to be kept.
    """
    if value is None or isinstance(value, (bool, str)):
        return _text(value) if isinstance(value, str) else value
    if isinstance(value, Enum):
        return plain_form(value.value, depth)
    if isinstance(value, (int, float)):
        return value
    if depth > MAX_DEPTH:
        return f"<deeper than {MAX_DEPTH} levels>"
    if isinstance(value, Batch):
        return batch_view(value)
    return _compound(value, depth + 1)


def _text(value: str) -> str:
    if len(value) > LONGEST:
        raise MemoryError(f"a text of {len(value):,} characters")
    return str(value)


def _compound(value: Any, depth: int) -> Json:
    for kinds, form in _FORMS:
        if isinstance(value, kinds):
            return form(value)
    if isinstance(value, Mapping):
        return {str(key): plain_form(item, depth) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain_form(item, depth) for item in value), key=repr)
    if hasattr(value, "_fields") or not isinstance(value, (list, tuple)):
        fields = dict(_fields(value))
        return {name: plain_form(item, depth) for name, item in fields.items()} if fields else _opaque(value)
    return [plain_form(item, depth) for item in value]


def _opaque(value: Any) -> str:
    return f"<{type(value).__qualname__}>"


def _fields(value: Any) -> Iterator[tuple[str, Any]]:
    """Yield the declared fields of a model, else the public attributes of an object."""
    kind = type(value)
    names = (
        getattr(kind, "model_fields", None)
        or getattr(kind, "__struct_fields__", None)
        or [one.name for one in getattr(kind, "__attrs_attrs__", ())]
        or getattr(kind, "_fields", None)
        or ([one.name for one in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else None)
        or [name for name in getattr(value, "__dict__", ()) if not name.startswith("_")]
    )
    for name in names:
        # A model built without validation may lack a declared field.
        if hasattr(value, name):
            yield name, getattr(value, name)


def _moment(value: datetime) -> str:
    if value.tzinfo is None:
        return f"{value.isoformat()} without a zone"
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:
        return value.isoformat()


_FORMS: Final[tuple[tuple[Any, Callable[[Any], str]], ...]] = (
    (datetime, _moment),
    ((date, time), lambda value: str(value.isoformat())),
    (timedelta, lambda value: f"{value.total_seconds()} s"),
    ((Decimal, UUID, complex), str),
    ((bytes, bytearray), repr),
)


def batch_view(batch: Batch) -> dict[str, Json]:
    """Give what a Batch says of itself, without what it only repeats."""
    return _bare(to_json(batch))


def _bare(document: dict[str, Json]) -> dict[str, Json]:
    left = {key: value for key, value in document.items() if key not in CARRIED}
    for name in ("items", "failed_webhooks"):
        if left.get(name):
            left[name] = [_bare(one) for one in left[name]]
    return left
