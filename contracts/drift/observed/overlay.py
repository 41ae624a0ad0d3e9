"""A suggested overlay for what was observed and is not described: read it, then keep what you believe."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from contracts.drift.documents import Api
from contracts.drift.observed.judge import bodies_by_operation, place_of
from contracts.drift.schemas import described
from contracts.model import Finding, Json, Pointer
from contracts.spec import Shape, holding

_FORMATS: Final = {"date-time": "date-time", "date": "date", "uuid": "uuid", "uri": "uri"}


def suggest(findings: Iterable[Finding], summary: Json, document: Mapping[str, Json]) -> Json:
    """Make an OpenAPI Overlay 1.0 out of what `against_spec` found; None when there is nothing to say."""
    api = Api(document)
    bodies = dict(bodies_by_operation(api))
    actions = []
    for one in findings:
        field = (
            summary["operations"].get(f"{one.operation} {one.status}", {}).get("fields", {}).get(one.pointer)
        )
        root = place_of(bodies, one.operation, one.status)
        if field is None or root is None or one.rule != "observed-undescribed":
            continue
        above, _, key = one.pointer.rpartition("/")
        places = described(api.schemas, [root], Pointer.parse(above))
        place = next((api.schemas.aim(place) for place in places if place), None)
        if place is None or key in {"*", "{}"}:
            continue
        name = str(Pointer.parse(f"/{key}")[0])
        update = {"properties": {name: _schema(field)}}
        reason = f"{one.operation} {one.status} {one.pointer} {one.message}"
        actions.append(
            {"target": _path(place[0]), "x-reason": reason, "x-evidence": "observed.json", "update": update}
        )
    if not actions:
        return None
    info = {"title": "What was observed and is not described", "version": "1.0.0"}
    return {"overlay": "1.0.0", "info": info, "actions": actions}


def _schema(field: Json) -> Json:
    days = field["days"].values()
    kinds = sorted({kind for day in days for kind in day["types"]})
    if "number" in kinds:
        kinds = [kind for kind in kinds if kind != "integer"]
    texts = sum(day["types"].get("string", 0) for day in days)
    formats = {name for day in days for name, count in day["formats"].items() if count}
    made: dict[str, Json] = {"type": kinds[0] if len(kinds) == 1 else kinds}
    alone = next(iter(formats)) if len(formats) == 1 else ""
    if alone in _FORMATS and texts == sum(day["formats"].get(alone, 0) for day in days):
        made["format"] = _FORMATS[alone]
    return made


def _path(pointer: str) -> str:
    """Write a pointer as the JSONPath of an overlay's target."""
    path, above = "$", ""
    for token in map(str, Pointer.parse(pointer)):
        path += f"[{token}]" if above in holding(Shape.LIST) else f"['{token}']"
        above = token
    return path
