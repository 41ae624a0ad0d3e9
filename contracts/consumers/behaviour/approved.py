"""The approved behaviour of a reader: a small Markdown table that people read and `contracts stress` checks.

Each row says what of a payload differs from the plainest one, and what of the answer then differs from the
answer to the plainest. Values are JSON. The file is in `specs/<vendor>/behaviour/`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, TypeAlias

from contracts.atomic import write_whole
from contracts.consumers import sources
from contracts.consumers.behaviour.compare import Behaviour, Difference
from contracts.consumers.consumer import Consumer, Manner, Meeting, meet
from contracts.consumers.places import GONE, differences, put
from contracts.consumers.process import Outcome
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.sources import Answers
from contracts.errors import ConfigError
from contracts.model import Json, Pointer
from contracts.secret import keyless
from contracts.text import safe_text

FOLDER: Final = "behaviour"
PER_PLACE: Final = 5
"""How many values of one place have a row."""
LONGEST: Final = 160
"""Characters of JSON up to which a value has a row."""
SAME: Final = "the same"
_TITLE: Final = "# What {name} makes of {answer}"
_INTRO: Final = (
    "Approved with `contracts stress --approve`; where the reader answers otherwise, it is told.\n"
    "A row: what of the payload differs from the plainest one, and what of the answer then differs."
)
_ENTRY: Final = re.compile(r"(?:`([^`]*)`|the whole) (?:= `([^`]*)`|(is absent))")
_OTHER: Final = re.compile(r" or (?:`([^`]*)`|(absent))")
_FENCED: Final = re.compile(r"^(The plainest payload|Its answer): `([^`]*)`$", re.MULTILINE)
_ROW: Final = re.compile(r"^\| (.*?) \| (.*?) \|$", re.MULTILINE)

Edits: TypeAlias = tuple[tuple[str, Json], ...]
"""Places as pointers with what stands there; GONE for a place that is not there."""


@dataclass(frozen=True, slots=True)
class Row:
    """What differs in the payload, and what is approved to differ in the answer; or how it is refused."""

    payload: Edits
    answer: Edits = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """All that is approved of one reader: the plainest payload, its answer, and the rows."""

    plain: Json
    answer: Json
    rows: tuple[Row, ...]


def file_of(root: Path, consumer: Consumer) -> Path:
    """Give where the approved behaviour of a consumer is kept."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", ".", consumer.id)
    return root / "specs" / consumer.provider / FOLDER / f"{name}.md"


def rows_of(found: Answers, plain: Json) -> Iterator[Edits]:
    """Yield what may differ from the plainest payload in one place: the shortest values of each place."""
    values: dict[Pointer, dict[str, Json]] = {}
    for sample in sources.covering(found):
        for at, _, new in differences(plain, sample.value):
            text = "" if new is GONE else json.dumps(new)
            if at and len(text) <= LONGEST:
                values.setdefault(at, {})[text] = new
    for at in sorted(values, key=str):
        told = sorted(values[at].items(), key=lambda one: (len(one[0]), one[0]))
        fitting = (new for _, new in told if found.plan.oracle.valid(put(plain, at, new)))
        for new, _ in zip(fitting, range(PER_PLACE), strict=False):
            yield ((str(at), new),)


def approve(consumer: Consumer, found: Answers, also: Sequence[Edits] = ()) -> Approved:
    """Give what a consumer makes of the plainest payload and its neighbours, and of those named beside."""
    plain = sources.plainest(found)
    own = [*rows_of(found, plain), *(one for one in also if one)]
    answer = _met(consumer, plain)
    if answer.manner is not Manner.ANSWERED:
        raise ConfigError(f"{consumer.id} does not answer the plainest payload; there is nothing to approve")
    rows = {repr(edits): _row(consumer, plain, answer.view, edits) for edits in own}
    return Approved(plain, answer.view, tuple(rows.values()))


def _row(consumer: Consumer, plain: Json, answer: Json, edits: Edits) -> Row:
    met = _met(consumer, put_all(plain, edits))
    if met.manner is not Manner.ANSWERED:
        return Row(edits, (), f"{met.manner} with {met.error}")
    return Row(edits, tuple((str(at), new) for at, _, new in differences(answer, met.view)))


def _met(consumer: Consumer, payload: Json) -> Meeting:
    """Meet a consumer; keys of the environment are in no answer that is kept or compared with a kept one."""
    met = meet(consumer, payload)
    return replace(met, view=keyless(met.view))


def put_all(value: Json, edits: Edits) -> Json:
    """Give a value with places set, or taken out by GONE."""
    # From behind, so that taking out of a list moves nothing that is still to be changed.
    for text, new in reversed(edits):
        value = put(value, _pointer(value, text), new)
    return value


def _pointer(value: Json, text: str) -> Pointer:
    tokens: list[str | int] = []
    for token in Pointer.parse(text):
        at_list = isinstance(value, list) and str(token).isdigit()
        key = int(token) if at_list else token
        tokens.append(key)
        inside = isinstance(value, dict) or (at_list and int(token) < len(value))
        value = (value.get(key) if isinstance(value, dict) else value[key]) if inside else None
    return Pointer(tokens)


def check(consumer: Consumer, approved: Approved) -> Behaviour:
    """Meet a consumer with every row and give those that it answers otherwise than approved."""
    now = _met(consumer, approved.plain)
    plain = Difference(_sample(approved.plain), Outcome(Manner.ANSWERED, approved.answer), _outcome(now), ())
    wrong = [plain] if plain.old.key != plain.new.key else []
    for row in approved.rows:
        met = _met(consumer, put_all(approved.plain, row.payload))
        is_now = tuple((str(at), new) for at, _, new in differences(now.view, met.view))
        refused = "" if met.manner is Manner.ANSWERED else f"{met.manner} with {met.error}"
        if refused != row.refused or (not refused and repr(_sorted(is_now)) != repr(_sorted(row.answer))):
            wrong.append(_wrong(approved, row, _outcome(met)))
    return Behaviour(tuple(wrong), len(approved.rows) + 1)


def _wrong(approved: Approved, row: Row, new: Outcome) -> Difference:
    old = Outcome(Manner.ANSWERED, put_all(approved.answer, row.answer))
    if row.refused:
        manner, _, error = row.refused.partition(" with ")
        old = Outcome(manner, None, error, "as approved")
    cause = tuple((Pointer.parse(at), value) for at, value in row.payload)
    return Difference(_sample(put_all(approved.plain, row.payload)), old, new, cause)


def _sample(payload: Json) -> Sample:
    return Sample(kind=Kind.COVERING, label="approved", value=payload, valid=True)


def _outcome(met: Meeting) -> Outcome:
    return Outcome(str(met.manner), met.view, met.error, met.message, str(met.line or ""))


def _sorted(edits: Edits) -> list[tuple[str, Json]]:
    return sorted(edits, key=lambda one: one[0])


def covers(approved: Approved | None, one: Difference) -> bool:
    """Whether the new answer of a difference stands in the table."""
    if approved is None or one.after or one.sample.body is not None:
        return False
    cause = tuple((str(at), new) for at, new in one.cause)
    for row in approved.rows:
        if repr(_sorted(row.payload)) == repr(_sorted(cause)):
            if row.refused:
                return row.refused == f"{one.new.manner} with {one.new.error}"
            return json.dumps(put_all(approved.answer, row.answer)) == json.dumps(keyless(one.new.view))
    return not cause and json.dumps(approved.answer) == json.dumps(keyless(one.new.view))


# --- the file


def write(path: Path, approved: Approved, name: str, answer: str) -> None:
    """Write the table; rows that change nothing of the answer are named in one line at the end."""
    write_whole(path, "\n".join((*_lines(approved, name, answer), "")).encode())


def _lines(approved: Approved, name: str, answer: str) -> Iterator[str]:
    yield _TITLE.format(name=safe_text(name), answer=safe_text(answer))
    yield from ("", _INTRO, "")
    yield from (f"The plainest payload: `{_json(approved.plain)}`", "")
    yield from (f"Its answer: `{_json(approved.answer)}`", "")
    yield from ("| the payload | the answer |", "|---|---|")
    told: dict[tuple[str, str], list[Row]] = {}
    for number, row in enumerate(approved.rows):
        place = row.payload[0][0] if len(row.payload) == 1 else str(number)
        told.setdefault((place, row.refused or _cell(row.answer) or SAME), []).append(row)
    for (_, answer_words), rows in told.items():
        others = (one.payload[0][1] for one in rows[1:])
        words = "".join(" or absent" if one is GONE else f" or `{_json(one)}`" for one in others)
        yield f"| {_cell(rows[0].payload)}{words} | {answer_words} |"


def _cell(edits: Edits) -> str:
    return "; ".join(
        f"{f'`{_text(at)}`' if at else 'the whole'} {'is absent' if new is GONE else f'= `{_json(new)}`'}"
        for at, new in edits
    )


def _json(value: Json) -> str:
    return json.dumps(value).replace("`", "\\u0060").replace("|", "\\u007c")


def _text(pointer: str) -> str:
    return _json(pointer)[1:-1]


def read(path: Path) -> Approved | None:
    """Read the table; None where there is no file. ConfigError names a row that cannot be read."""
    if not path.is_file():
        return None
    try:
        text = path.read_text("utf-8")
        named = {name: json.loads(value) for name, value in _FENCED.findall(text)}
        rows = [row for cells in _ROW.findall(text)[1:] for row in _read_rows(*cells)]
        return Approved(named["The plainest payload"], named["Its answer"], tuple(rows))
    except (ValueError, KeyError, RecursionError) as error:
        where = f"{FOLDER}/{path.name}"
        raise ConfigError(
            f"{safe_text(where)} cannot be read ({safe_text(str(error), 80)}); write it anew: --approve"
        ) from None


def _read_rows(payload: str, answer: str) -> Iterator[Row]:
    """Read a line of the table; one with several values of a place is several rows."""
    first = _read_edits(payload)
    others = [GONE if gone else json.loads(value) for value, gone in _OTHER.findall(payload)]
    refused = answer if answer.startswith((Manner.REFUSED, Manner.CRASHED)) else ""
    told = () if refused or answer == SAME else _read_edits(answer)
    for edits in (first, *(((first[0][0], other),) for other in others)):
        yield Row(edits, told, refused)


def _read_edits(cell: str) -> Edits:
    found = tuple(
        (json.loads(f'"{at}"'), GONE if gone else json.loads(value))
        for at, value, gone in _ENTRY.findall(cell)
    )
    if not found:
        raise ValueError(cell[:60])
    return found
