"""Laws about the answer itself: a Batch is one in every respect, and no answer is the same for everything."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from contracts.batch import Batch, to_json
from contracts.consumers.consumer import Manner, Meeting
from contracts.consumers.equations import departures
from contracts.consumers.laws.baseline import Baseline, Shape, document_like
from contracts.consumers.laws.origins import part
from contracts.consumers.laws.trial import Trial, Wrong
from contracts.errors import NormalizationError
from contracts.model import Json
from contracts.providers import canonical
from contracts.schema import Engine, compile_schema
from contracts.spec import bundled
from contracts.text import show

SCHEMA: Final = "batch.schema.json"
ENOUGH: Final = 10
"""Answers that must be the same before a part of them counts as always the same."""
DECLARED: Final = (
    ("id",),
    ("state",),
    ("items",),
    ("progress",),
    *(("counts", name) for name in ("total", "completed", "failed", "pending", "running")),
    *(("times", name) for name in ("created", "started", "updated", "finished", "estimated_finish")),
)
"""The fields of an answer that must tell payloads apart, where it has them."""


@lru_cache(maxsize=1)
def _engine() -> Engine:
    return compile_schema(json.loads((bundled() / SCHEMA).read_text("utf-8")))


def _document(met: Meeting) -> Json:
    return to_json(met.answer) if isinstance(met.answer, Batch) else met.answer


def well_formed(trial: Trial) -> Iterator[Wrong]:
    """A Batch fits its schema, and its counts fit into the total."""
    if trial.met.manner is not Manner.ANSWERED or not document_like(trial.met):
        return
    document = _document(trial.met)
    try:
        faults = sorted((str(one.pointer), one.keyword) for one in _engine().faults(document))
    except (TypeError, ValueError) as error:
        yield Wrong(f"it is no JSON: {error}", ())
        return
    if faults:
        place, keyword = faults[0]
        yield Wrong(f"{place or 'the answer'} does not fit {SCHEMA}: {keyword}", (place, keyword))
    elif isinstance(trial.met.answer, Batch) and not trial.met.answer.counts.coherent:
        counts = trial.met.answer.counts
        yield Wrong(f"the counts add up to {counts.parts}, more than the total of {counts.total}", ())


def round_trip(trial: Trial) -> Iterator[Wrong]:
    """A Batch is the same when it is written as JSON and read back."""
    if trial.met.manner is not Manner.ANSWERED or not document_like(trial.met):
        return
    answer = trial.met.answer
    try:
        document = json.loads(json.dumps(_document(trial.met)))
        back = canonical.normalize(document)
    except (NormalizationError, TypeError, ValueError) as error:
        yield Wrong(f"cannot be read back: {error}", ())
        return
    if (back != answer) if isinstance(answer, Batch) else (to_json(back) != document):
        yield Wrong("read back from its JSON it is another Batch", ())


def sensitive(trial: Trial) -> Iterator[Wrong]:
    """Each part of the answer that is declared is different for some payload."""
    ground = trial.ground
    if ground is None or len(ground.answered) < ENOUGH:
        return
    views = [met.view for _, met in ground.answered]
    for keys in DECLARED if ground.shape is not Shape.OWN else ((),):
        values = [part(view, *keys) for view in views]
        if all(repr(value) == repr(values[0]) for value in values) and _told(values[0], keys):
            place = "".join(f"/{key}" for key in keys)
            words = (
                f"{place or 'the answer'} is {show(values[0])} for all of {len(values)} different payloads"
            )
            yield Wrong(words, (place,))


def _told(value: Json, keys: tuple[str, ...]) -> bool:
    """Whether a value says something: of a whole answer yes, no and an object without fields do not."""
    if value is None or value == []:
        return False
    return bool(keys) or not (isinstance(value, bool) or (isinstance(value, str) and value.startswith("<")))


def equations(trial: Trial) -> Iterator[Wrong]:
    """Each part of the answer is what the equations say that were confirmed of it."""
    if trial.met.manner is Manner.ANSWERED:
        one = trial.consumer
        for found in departures(one.equations, trial.payload, trial.met.view, one.provider):
            yield Wrong(found.words, (found.equation.where,))


def no_equations(ground: Baseline) -> str:
    """Say that no equation was confirmed, where none was."""
    return "" if ground.consumer.equations else "none is confirmed"


def no_batch(ground: Baseline) -> str:
    """Say that the answer is no Batch, where it is not."""
    return "" if ground.shape is Shape.BATCH else "its answer is no Batch"


def no_answers(ground: Baseline) -> str:
    """Say why nothing can be told of all answers together."""
    if not ground.reads.steady or len(ground.answered) < ENOUGH:
        return ground.reads.why or "too few payloads have an answer"
    silent = ground.shape is Shape.OWN and not any(_told(met.view, ()) for _, met in ground.answered)
    return "it answers nothing that can be compared" if silent else ""
