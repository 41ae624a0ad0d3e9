"""Parquet: one row an answer, columns as members, read a batch at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, Final

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Places, Reading, Where, interaction
from contracts.interactions.formats.files import BROKEN, Opened, unreadable
from contracts.interactions.formats.gateways import is_record, rewritten
from contracts.interactions.formats.jsonl import note_met, table_of
from contracts.model import Interaction, Json
from contracts.text import safe_text

MAGIC: Final = b"PAR1"
_ROWS: Final = 1_000
_WANTED: Final = ("request", "response", "headers", "request_headers", "response_headers")
"""Columns that may hold JSON as text, which is then read as what it is."""


def read_parquet(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield an interaction for each row; bad rows go to the reading's `on_problem`.

    Facts are looked for by the names of columns, as in the lines of a log; a struct is an object, a binary
    body is taken as it is, and text of headers, request or response that is JSON is read. A table of records
    of a gateway is read as its lines are.
    """
    rows = ((_values(row), Where(file, number)) for number, row in enumerate(_rows(file), 1))
    first = next(rows, None)
    if first is not None and is_record(first[0]):
        yield from rewritten(chain([first], rows), reading)
        return
    table = table_of(reading.fields)
    for value, where in chain([first] if first else [], rows):
        note_met(value, reading)
        try:
            yield interaction(value, table, where)
        except CassetteError as problem:
            reading.on_problem(problem)


def row_of(row: Mapping[str, Any], table: Places, where: Where) -> Interaction:
    """Read one row, its columns by name with the values of Python; CassetteError when that fails."""
    return interaction(_values(row), table, where)


def _values(row: Mapping[str, Any]) -> dict[str, Json]:
    return {name: _plain(name, value) for name, value in row.items()}


def _rows(file: Opened) -> Iterator[dict[str, Json]]:
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise CassetteError(
            f"{safe_text(file.name)}: Parquet; pip install 'pytest-contracts[archive]'"
        ) from None
    with file.packed() as stream:
        try:
            for batch in parquet.ParquetFile(stream).iter_batches(batch_size=_ROWS):
                yield from batch.to_pylist()
        except (pa.ArrowException, *BROKEN) as error:
            raise unreadable(file.name, error) from None


def _plain(name: str, value: Any) -> Json:
    """Give a value as JSON has it: moments as text, maps as objects, JSON text of a whole side read."""
    if isinstance(value, list) and value and all(isinstance(one, tuple) and len(one) == 2 for one in value):
        return {str(key): _plain("", inner) for key, inner in value}
    if isinstance(value, dict):
        return {key: _plain(key, inner) for key, inner in value.items()}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if isinstance(value, str) and name.lower() in _WANTED and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value
