"""What stress found, as lines for a reader: met how, each law broken or kept, the example as a difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from contracts.consumers.judging import Effect
from contracts.consumers.laws import LAWS, NO_LIE
from contracts.consumers.places import differences, told
from contracts.consumers.reads import Reads
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.stress import Stress, Stumble
from contracts.model import Json
from contracts.text import plural, safe_text, show

SHOWN_POINTS = 3


def heading(state: Stress, name: str) -> str:
    """Name the consumer, the answer it reads, and how it takes and refuses it."""
    consumer = state.consumer
    refuses = ", ".join(kind.__name__ for kind in consumer.refuses) or "nothing declared"
    return f"{safe_text(consumer.id)}   {name}   takes {consumer.takes} · refuses with {refuses}"


def met_lines(state: Stress) -> Iterator[str]:
    """Yield one line for each kind of payload: how many, and what they did."""
    for kind in Kind:
        effects = state.of(kind)
        if effects:
            said = ", ".join(f"{effect} {count:,}" for effect, count in effects.items())
            yield f"  {kind:<10} {plural(sum(effects.values()), 'payload')}: {said}"


def law_lines(state: Stress, plain: Json, replays: Mapping[tuple[str, ...], str]) -> Iterator[str]:
    """Yield the broken laws, each with its examples, then one line for the kept ones."""
    broken = sorted(
        state.stumbles.values(), key=lambda one: [law.id for law in (*LAWS, NO_LIE)].index(one.law.id)
    )
    for one in broken:
        yield from stumble_lines(one, plain, replays.get(one.signature, ""))
    names = {one.law.id for one in broken}
    kept = [law.id for law in (*LAWS, NO_LIE) if law.id not in names]
    yield f"  kept       {', '.join(kept) or 'no law'}"


def stumble_lines(one: Stumble, plain: Json, replay: str = "") -> Iterator[str]:
    """Yield one broken law: the sentence, what happened, and the payload as a difference to the plainest."""
    yield f"  {one.law.id:<10} {one.law.sentence}"
    yield f"             {safe_text(one.words, 300)}   ×{one.count:,}"
    yield f"             on {one.sample.kind} {one.sample.label}{_points(one)}"
    yield f"             {_difference(one.sample, plain)}"
    if replay:
        yield f"             kept as {replay}"


def _difference(sample: Sample, plain: Json) -> str:
    if sample.body is not None:
        return f"the body is {show(sample.body.decode('utf-8', 'backslashreplace'), 80)}"
    base, beside = (plain, "the plainest payload") if sample.valid else (sample.base, "a valid payload")
    return f"differs from {beside} in: {', '.join(told(differences(base, sample.value))) or 'nothing'}"


def _points(one: Stumble) -> str:
    shown = [safe_text(point, 80) for point in one.sample.points[:SHOWN_POINTS]]
    return f" ({', '.join(shown)})" if shown else ""


def read_lines(found: Reads) -> Iterator[str]:
    """Yield which fields the consumer reads; fields below an unread one go without saying."""
    if not found.steady:
        yield "  reads      cannot be told: it does not answer the same twice"
        return
    unread = [place for place in found.unread if not any(place.startswith(f"{one}/") for one in found.unread)]
    yield f"  reads      {len(found.read)} of {plural(len(found.read) + len(found.unread), 'field')}"
    if unread:
        yield f"  not read   {safe_text(', '.join(unread), 400)}"


def closing(state: Stress) -> str:
    """Say the sum in one line."""
    laws = len({one.law.id for one in state.stumbles.values()})
    if laws:
        return f"breaks {plural(laws, 'law')} of {len(LAWS) + 1} in {plural(len(state.stumbles), 'way')}"
    return f"keeps all {len(LAWS) + 1} laws"


def data(state: Stress, found: Reads, replays: Mapping[tuple[str, ...], str], name: str) -> dict[str, Json]:
    """Give everything as one JSON document: effects, broken laws with their payloads, fields read."""
    return {
        "consumer": state.consumer.id,
        "answer": name,
        "effects": effects_of(state),
        "broken": [_datum(one, replays.get(key, "")) for key, one in state.stumbles.items()],
        "kept": [
            law.id for law in (*LAWS, NO_LIE) if law.id not in {one.law.id for one in state.stumbles.values()}
        ],
        "read": list(found.read),
        "unread": list(found.unread),
    }


def _datum(one: Stumble, replay: str) -> dict[str, Json]:
    return {
        "law": one.law.id,
        "what": one.words,
        "count": one.count,
        "kind": str(one.sample.kind),
        "points": list(one.sample.points[:8]),
        "payload": one.sample.value,
        "replay": replay,
    }


def effects_of(state: Stress) -> dict[str, dict[str, int]]:
    """Give the counts as data: kind of payload, effect, how many."""
    return {
        str(kind): {str(effect): n for effect, n in state.of(kind).items()} for kind in Kind if state.of(kind)
    }


def worst(state: Stress) -> Effect:
    """Give the worst effect that any payload had."""
    return max((effect for _, effect in state.met), key=lambda effect: effect.weight, default=Effect.SAME)
