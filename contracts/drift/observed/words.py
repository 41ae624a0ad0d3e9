"""Which words of a summary are kept: those of an enum of the spec, and few over many answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.drift.documents import Api
from contracts.drift.observed.judge import bodies_by_operation, enumerated, place_of
from contracts.drift.schemas import SchemaPlace
from contracts.model import Json
from contracts.vendoring import few


def only_words(summary: Json, document: Mapping[str, Json] | None = None) -> Json:
    """Give a summary that keeps words only where the spec has an enum, or where they are few over many."""
    api = Api(document) if document is not None else None
    bodies = dict(bodies_by_operation(api)) if api else {}
    operations = {}
    for name, seen in summary["operations"].items():
        root = place_of(bodies, *name.rsplit(" ", 1))
        fields = dict(_fields(seen["fields"], api, root))
        operations[name] = {**seen, "fields": fields}
    return {**summary, "operations": operations}


def _fields(
    fields: Mapping[str, Json], api: Api | None, root: SchemaPlace | None
) -> Iterator[tuple[str, Json]]:
    for pointer, field in fields.items():
        words = field["words"]
        listed = api is not None and root is not None and enumerated(api.schemas, root, pointer)
        yield pointer, field if few(words) or listed or not words else {**field, "words": {}}
