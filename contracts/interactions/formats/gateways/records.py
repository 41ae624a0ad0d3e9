"""Reading files of such records: lines or values one after the other, each to none, one or many entries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Places, Reading, Where, interaction
from contracts.interactions.formats.files import Opened, Values
from contracts.interactions.formats.gateways import aws, envoy, otlp
from contracts.interactions.formats.jsonl import MAX_LINE, note_met, raw_lines, table_of
from contracts.model import Interaction, Json
from contracts.text import safe_text

_STEPS: Final = re.compile(
    rb"(\d{4}-\d\d-\d\dT[\d:.]+Z) (\([0-9a-fA-F]{8}-[0-9a-fA-F-]{27}\) .*)\Z", re.DOTALL
)


def is_record(value: Json) -> bool:
    """Whether a value is a record that is rewritten."""
    return envoy.is_tap(value) or otlp.is_spans(value) or aws.events(value) is not None


def is_steps_text(head: bytes) -> bool:
    """Whether a file is an execution log as text, as CloudWatch exports it."""
    return bool(_STEPS.match(head.lstrip().partition(b"\n")[0]))


def read_records(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions that the records of a file tell."""
    return rewritten(_values(file, reading), reading)


def rewritten(records: Iterable[tuple[Json, Where]], reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions that records tell, each with where it stands."""
    table, steps = table_of(reading.fields), aws.Steps()
    last: list[Where] = []
    for value, where in records:
        last = [where]
        for entry in _entries(value, steps):
            yield from _one(entry, table, where, reading)
    for where in last:
        for entry in steps.rest():
            yield from _one(entry, table, where, reading)


def read_steps(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions of an execution log as text; a line without a time belongs to the one before."""
    table, steps = table_of(reading.fields), aws.Steps()
    where, message, time = Where(file, 0), "", ""
    for number, _, line, _ in raw_lines(file):
        found = _STEPS.match(line)
        if found is None:
            message += "\n" + line.decode("utf-8", "replace") if message else ""
            continue
        for entry in steps.take(message, time):
            yield from _one(entry, table, where, reading)
        message, time = found[2].decode("utf-8", "replace"), found[1].decode("ascii")
        where = Where(file, number, number)
    for entry in (*steps.take(message, time), *steps.rest()):
        yield from _one(entry, table, where, reading)


def _entries(value: Json, steps: aws.Steps) -> Iterator[Json]:
    if envoy.is_tap(value):
        yield from envoy.entries(value)
    elif otlp.is_spans(value):
        yield from otlp.entries(value)
    else:
        for message, time in aws.events(value) or ():
            yield from steps.take(message, time)


def _one(entry: Json, table: Places, where: Where, reading: Reading) -> Iterator[Interaction]:
    note_met(entry, reading)
    try:
        yield interaction(entry, table, where)
    except CassetteError as problem:
        reading.on_problem(problem)


def _values(file: Opened, reading: Reading) -> Iterator[tuple[Json, Where]]:
    """Yield the values of a file: by lines where its first line is one, so that a bad line costs itself."""
    first = file.head.lstrip().partition(b"\n")[0]
    if decode(first, max_bytes=MAX_LINE).usable:
        for number, _, line, why in raw_lines(file):
            decoded = decode(line, max_bytes=MAX_LINE)
            if why or not decoded.usable:
                said = why or decoded.faults[0].message
                reading.on_problem(CassetteError(f"{safe_text(file.name)}:{number}: {said}"))
            else:
                yield decoded.value, Where(file, number, number)
        return
    with file.stream() as stream:
        values, number = Values(stream, file.name), 0
        while values.peek():
            number, start = number + 1, values.line
            yield values.value(), Where(file, number, start)
