"""One record of a part as a source gives it: a line of a log, an interaction, or why it was not read."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from contracts.errors import CassetteError
from contracts.interactions import Places, read_line
from contracts.model import Interaction


class Row(NamedTuple):
    """One record of a part; exactly one of `line`, `interaction`, `reason`, `problem` is given.

    `number` counts the records of a part from 1 (the line in a text, the row in a table); no two rows of a
    part share it, and it does not depend on how the part is cut. `offset` is the byte at which the record
    starts, -1 where there is none. `line` is the JSON text of one entry of a log, without its line end, which
    the judge reads itself; its places are looked up by the `fields` of the part. `reason` says in one
    sentence, without any value of the record, why it could not be read; `problem` is what a reader said of
    it, with its address where it has one. `time` is when it was recorded (ISO 8601), where that stands
    outside of the record; the record's own time wins.
    """

    number: int
    offset: int = -1
    line: bytes = b""
    interaction: Interaction | None = None
    reason: str = ""
    problem: CassetteError | None = None
    time: str = ""


def interaction_of(row: Row, source: str, table: Places) -> Interaction:
    """Read a row of a part as every reader of recordings does; CassetteError where that cannot be."""
    if row.problem:
        raise row.problem
    if row.reason:
        raise CassetteError(f"{source}: {row.reason}")
    found = row.interaction or read_line(row.line, table, source, row.number)
    return replace(found, recorded_at=row.time) if row.time and not found.recorded_at else found
