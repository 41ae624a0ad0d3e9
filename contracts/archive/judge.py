"""One unit of work: the rows of a part in, a Partial out; it is compiled once, and never raises for data."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contracts.archive.bundle import Bundle
from contracts.archive.long_way import LongWay, said
from contracts.archive.partial import Partial
from contracts.archive.rows import Row, interaction_of
from contracts.archive.short import ShortWay
from contracts.archive.tally import Tally
from contracts.check import crash_sentence
from contracts.decode import uncollected
from contracts.errors import CassetteError
from contracts.interactions import Places, published, table_of


class Judge:
    """Judges rows by the vendors of a bundle; make one a process, compiled schemas are kept.

    With `long` every row goes the long way: the same counts, many times slower.
    """

    def __init__(self, bundle: Bundle, *, long: bool = False) -> None:
        checks, options = bundle.open()
        self._long_way = LongWay(checks, options)
        documents = {one.provider.id: one.provider.spec.document for one in checks}
        self._words = {name: frozenset(published(one, one)) for name, one in documents.items()}
        plain = options.gate.engine == "fast" and not long
        self._short_way = ShortWay(checks, options, self._words) if plain else None

    def part(
        self, rows: Iterable[Row], source: str, fields: Mapping[str, str] = MappingProxyType({})
    ) -> Partial:
        """Judge the rows of one part, or of a piece of it.

        `source` names the part, equal for all its pieces. `fields` are the user's places of facts in JSON
        lines, as `--field` takes them (ConfigError for a fact that there is not). A CassetteError out of
        `rows` means that the part is broken: then nothing of it counts but `failed`. A row that cannot be
        read counts as `unread`.
        """
        table = table_of(fields)
        tally = Tally(source, self._words)
        short = self._short_way.reader(table, tally) if self._short_way else _nothing
        size = 0
        try:
            with uncollected():
                for row in rows:
                    tally.begin(row)
                    if row.reason or row.problem or not short(row):
                        self._long(row, table, tally)
                    size += len(row.line)
                    if size > _COLLECTED:
                        size = 0
                        gc.collect(0)
                return tally.result()
        except CassetteError as problem:
            return Partial.broken(source, said(problem))

    def _long(self, row: Row, table: Places, tally: Tally) -> None:
        if row.reason:
            tally.unread(row.reason)
            return
        try:
            kinds = self._long_way.take(interaction_of(row, tally.source, table), tally)
        except CassetteError as problem:
            self._long_way.refused(problem, tally)
            return
        except Exception as error:  # noqa: BLE001 -- one row never costs the others; it is counted and said
            tally.unread(f"not judged: {crash_sentence(error)}")
            return
        if self._short_way is not None:
            self._short_way.learn(kinds)


def _nothing(row: Row) -> bool:
    return False


_COLLECTED = 16 * 1024 * 1024
"""After so many bytes of lines what the long way left in cycles is collected."""
