"""How a few records of an archive would be read, before a month of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Final

from contracts.archive.rows import Row
from contracts.archive.sources.parts import Part
from contracts.archive.sources.reading import rows_of
from contracts.check import Intake
from contracts.decode import decode
from contracts.errors import CassetteError, ConfigError
from contracts.interactions import opened, read_line, read_opened, table_of
from contracts.model import Interaction
from contracts.secret import mask
from contracts.spec import Provider
from contracts.text import plural, safe_text

RECORDS: Final = 4
_VALUES: Final = re.compile(r"(?<==)[^&#]*")
_ASKED: Final = 50
"""How many records are looked at for bodies."""
NO_BODIES: Final = (
    "no record of the first {count} holds a body: only undocumented statuses and operations can be judged;"
    " if bodies stand elsewhere, say where: --map body=PLACE"
)


def previewed(
    parts: Sequence[Part], providers: Sequence[Provider], fields: Mapping[str, str]
) -> Iterator[str]:
    """Yield how the first records of some parts are read: their facts, and by whom they would be judged."""
    if not parts:
        yield "no part"
        return
    size = sum(one.size for one in parts)
    yield f"{plural(len(parts), 'part')}, {size:,} bytes, from {safe_text(parts[0].name, 120)}"
    if len(parts) > 1:
        yield f"{'':>{len(plural(len(parts), 'part'))}}  to {safe_text(parts[-1].name, 120)}"
    intake = Intake(providers)
    for part, rows in _spread(parts, fields):
        for row in rows:
            yield f"{safe_text(part.name, 120)}, row {row.number:,}"
            yield from _record(row, part, intake, fields)
    yield from without_bodies(parts, fields)


def refuse_unmet(parts: Sequence[Part], fields: Mapping[str, str]) -> None:
    """Refuse a place of the user's that none of the first records of some parts has: ConfigError names it."""
    met: set[str] = set()
    problems: list[CassetteError] = []
    for index in dict.fromkeys((0, len(parts) // 2, len(parts) - 1)) if parts and fields else ():
        with suppress(CassetteError):
            for file in opened(parts[index].place, parts[index].name):
                found = read_opened(file, fields=fields, on_problem=problems.append, met=met)
                for _ in islice(found, _ASKED):
                    pass
    for fact, place in fields.items() if parts else ():
        if fact not in met:
            raise ConfigError(
                f"--map {fact}={safe_text(place, 80)}: none of the first records has this place"
            )


def without_bodies(parts: Sequence[Part], fields: Mapping[str, str]) -> Iterator[str]:
    """Say at once that an archive keeps no bodies, where its first records have none."""
    seen = 0
    for row in _first_rows(parts[0], fields) if parts else ():
        with suppress(CassetteError):
            answer = _interaction(row, parts[0], fields).response
            seen += 1
            if answer and (answer.body or "not kept" not in answer.missing):
                return
    if seen:
        yield NO_BODIES.format(count=seen)


def _first_rows(part: Part, fields: Mapping[str, str]) -> Iterator[Row]:
    with suppress(CassetteError):  # whoever judges the part will say what is wrong with it
        yield from islice(rows_of(part, fields), _ASKED)


def _spread(parts: Sequence[Part], fields: Mapping[str, str]) -> Iterator[tuple[Part, list[Row]]]:
    """Take records from the first, the middle and the last part."""
    chosen = dict.fromkeys((0, len(parts) // 2, len(parts) - 1)) if parts else {}
    for at, index in enumerate(chosen):
        many = RECORDS - len(chosen) + 1 if not at else 1
        try:
            yield parts[index], list(islice(rows_of(parts[index], fields, salvage=True), many))
        except CassetteError as problem:
            yield parts[index], [Row(0, problem=problem)]


def _interaction(row: Row, part: Part, fields: Mapping[str, str]) -> Interaction:
    if row.problem or row.reason:
        raise row.problem or CassetteError(row.reason)
    return row.interaction or read_line(row.line, table_of(fields), part.name, row.number)


def _record(row: Row, part: Part, intake: Intake, fields: Mapping[str, str]) -> Iterator[str]:
    try:
        found = _interaction(row, part, fields)
    except CassetteError as problem:
        yield f"  not read: {safe_text(str(problem), 300)}"
        yield from _keys(row)
        return
    request, answer = found.request, found.response
    yield f"  asked   {safe_text(request.method, 16)} {safe_text(mask(_VALUES.sub('', request.url)), 160)}"
    if answer is None:
        yield f"  answer  none: {safe_text(found.failure, 160)}"
    else:
        body = (
            f"{len(answer.body):,} bytes"
            if not answer.missing
            else f"not judged: {safe_text(answer.missing, 120)}"
        )
        yield f"  answer  {answer.status}, {plural(len(answer.headers), 'header')}, body {body}"
    yield f"  time    {found.recorded_at or row.time or 'not known; say where: --map recorded_at=PLACE'}"
    placed = intake.placed(found)
    if placed is None:
        yield "  judged  by none of these vendors, since no server of theirs has this address"
        return
    owner, whole = placed
    known = owner.spec.find(whole.request.method, whole.request.url)
    yield f"  judged  by {owner.id} {known[0].alias if known else '(no operation of it has this path)'}"


def _keys(row: Row) -> Iterator[str]:
    """Name the members of a line that was not read, so that the user can say where the facts stand."""
    value = decode(row.line, max_bytes=len(row.line) + 1).value if row.line else None
    if isinstance(value, dict):
        names = list(_paths(value))
        yield f"  its members: {', '.join(safe_text(name, 60) for name in names[:24])}"
        yield "  say where the facts stand: --map url=PLACE,status=PLACE,body=PLACE"


def _paths(value: Mapping[str, object], before: str = "") -> Iterator[str]:
    for key, inner in value.items():
        if isinstance(inner, dict) and inner and before.count(".") < 2:
            yield from _paths(inner, f"{before}{key}.")
        else:
            yield f"{before}{key}"
