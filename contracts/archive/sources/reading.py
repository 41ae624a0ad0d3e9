"""A part to its rows: lines of a log as they stand there, everything else through the one tolerant reader."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from contracts.archive.rows import Row
from contracts.archive.sources.parts import Part
from contracts.errors import CassetteError, NoRecording
from contracts.interactions import Opened, Piece, is_log, opened, raw_lines, read_opened

CUT = "the part breaks off here; what is before it was counted"


def rows_of(
    part: Part, fields: Mapping[str, str] = MappingProxyType({}), *, salvage: bool = False
) -> Iterator[Row]:
    """Yield the rows of a part; CassetteError where it is cut off or damaged, so that nothing of it counts.

    With `salvage` what stands before the damage is kept, and a last row says so. `fields` are the user's
    places of facts in the lines of a log. A file of a folder that is no recording is one unread row.
    """
    number, shift = 0, part.place.first if isinstance(part.place, Piece) else 0
    try:
        for file in opened(part.place, part.name, named=part.named):
            start = number
            for row in _rows(file, fields):
                number = start + row.number
                yield row._replace(number=number, offset=row.offset + shift) if start or shift else row
    except CassetteError:
        if not (salvage and number):
            raise
        yield Row(number + 1, reason=CUT)


def _rows(file: Opened, fields: Mapping[str, str]) -> Iterator[Row]:
    try:
        if is_log(file, fields):
            yield from (Row(one.number, one.offset, one.data, reason=one.problem) for one in raw_lines(file))
        else:
            yield from _interactions(file, fields)
    except NoRecording as problem:
        if file.named:
            raise
        if file.head:  # an hour without traffic leaves an empty file
            yield Row(1, problem=problem)


def _interactions(file: Opened, fields: Mapping[str, str]) -> Iterator[Row]:
    """Yield what the reader gives, and between it what it could not read."""
    problems: list[CassetteError] = []
    found, number, ended = read_opened(file, fields=fields, on_problem=problems.append), 0, False
    while not ended:
        interaction = next(found, None)
        while problems:
            number += 1
            yield Row(number, problem=problems.pop(0))
        ended = interaction is None
        if interaction is not None:
            number += 1
            yield Row(number, interaction=interaction)
