"""One unit of work: the rows of a part in, a Partial out; it is compiled once, and never raises for data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from contracts.archive.bundle import Bundle
from contracts.archive.long_way import LongWay
from contracts.archive.partial import Partial
from contracts.archive.rows import Row
from contracts.errors import CassetteError
from contracts.interactions import Places, read_line, table_of
from contracts.model import Interaction


class Judge:
    """Judges rows by the vendors of a bundle; make one a process, compiled schemas are kept."""

    def __init__(self, bundle: Bundle) -> None:
        self._checks, self._options = bundle.open()

    def part(
        self, rows: Iterable[Row], source: str, fields: Mapping[str, str] = MappingProxyType({})
    ) -> Partial:
        """Judge the rows of one part, or of a piece of it. `source` names the part, equal for all its pieces.

        `fields` are the user's places of facts in JSON lines, as `--field` takes them (ConfigError for a fact
        that there is not). A CassetteError out of `rows` means that the part is broken: then nothing of it
        counts but `failed`. A row that cannot be read counts as `unread`.
        """
        table = table_of(fields)
        way = LongWay(self._checks, self._options, source)
        try:
            for row in rows:
                self._row(row, way, table)
        except CassetteError as problem:
            return Partial.broken(source, way.safe(problem))
        return way.result()

    def _row(self, row: Row, way: LongWay, table: Places) -> None:
        way.begin(row)
        if row.reason:
            way.unread(row.reason)
            return
        try:
            if row.problem:
                raise row.problem
            way.take(_interaction(row, way.source, table))
        except CassetteError as problem:
            way.refused(problem)


def _interaction(row: Row, source: str, table: Places) -> Interaction:
    found = row.interaction or read_line(row.line, table, source, row.number)
    return replace(found, recorded_at=row.time) if row.time and not found.recorded_at else found
