"""What stress found, as lines for a reader: met how, each law broken or kept, the example as a difference."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from contracts.consumers.effect import Effect
from contracts.consumers.equations import Proposal
from contracts.consumers.laws import ALL_LAWS, Reads
from contracts.consumers.laws import table as laws
from contracts.consumers.places import differences, told
from contracts.consumers.samples import Kind, Sample
from contracts.consumers.stress.record import LawBroken, Stress
from contracts.consumers.suspicions import Suspicion
from contracts.generate import Covering
from contracts.model import Json
from contracts.text import plural, safe_text, show

SHOWN_POINTS: Final = 3
HINTS: Final = {
    "no view": " (--view gives id, state, items, counts, progress by name; builtins:dict where it has them)",
    "none is confirmed": " (--equations proposes them)",
}
WIDE: Final = 13
"""Columns of what a line is about."""
_DEEP: Final = " " * (WIDE + 5)


Paint: TypeAlias = Callable[[str, str], str]
"""Colours a text by its role."""


def bare(_: str, text: str) -> str:
    """Give a text without colour."""
    return text


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
            yield line(kind, f"{plural(sum(effects.values()), 'payload')}: {said}")


def cover_lines(covering: Covering, *, every: bool = False) -> Iterator[str]:
    """Yield how much of what the schema allows was shown, and what is not modelled; `every` lists points."""
    shown = covering.total - len(covering.missing)
    beyond = f"; {len(covering.infeasible):,} more that no value can show" if covering.infeasible else ""
    yield line("covers", f"{shown:,} of {plural(covering.total, 'point')}{beyond}")
    yield from (line("not modelled", safe_text(notice, 300)) for notice in covering.notices)
    if every:
        yield from (line("not shown", safe_text(f"{at}: {why}", 300)) for at, why in covering.missing)
        yield from (line("impossible", safe_text(f"{at}: {why}", 300)) for at, why in covering.infeasible)


def law_lines(
    state: Stress, plain: Json, replays: Mapping[tuple[str, ...], str], paint: Paint = bare
) -> Iterator[str]:
    """Yield the broken laws, each with its examples, then the kept ones, then those that were not asked."""
    for law in ALL_LAWS:
        mine = [one for one in state.stumbles.values() if one.law.id == law.id]
        if mine:
            yield line(paint("error", f"{law.id:<{WIDE}}"), law.sentence)
        for one in mine:
            yield from way_lines(one, plain, replays.get(one.signature, ""))
    yield from _hint(state)
    if state.left:
        yield line("stopped", f"it does not come back: {plural(state.left, 'payload')} not met")
    yield line("kept", ", ".join(kept_laws(state)) or "no law")
    for reason, names in unasked(state).items():
        yield line("not asked", f"{', '.join(names)}: {reason}{HINTS.get(reason, '')}")


def line(about: str, text: str) -> str:
    """Give one line of the report: what it is about, and what there is to say."""
    return f"  {about:<{WIDE}} {text}"


def _hint(state: Stress) -> Iterator[str]:
    """Say how to declare a refusal, to one who declared none and raises on what is out of contract."""
    raised = [one for one in state.stumbles.values() if one.law.id == "total" and len(one.signature) > 2]
    inside = {one.signature[2] for one in raised if one.sample.valid}
    names = sorted({one.signature[2] for one in raised} - inside)
    if names and not state.consumer.refuses:
        yield line("hint", f"if {' or '.join(names)} is how it refuses, say so: --refuses")


def kept_laws(state: Stress) -> list[str]:
    """Give the laws that were asked and not broken."""
    names = {one.law.id for one in state.stumbles.values()}
    names |= {name for listed in unasked(state).values() for name in listed}
    return [law.id for law in ALL_LAWS if law.id not in names]


def unasked(state: Stress) -> dict[str, tuple[str, ...]]:
    """Give the laws that could not be asked, by the reason."""
    return laws.unasked(state.ground) if state.ground else {}


def stumble_lines(one: LawBroken, plain: Json, replay: str = "") -> Iterator[str]:
    """Yield one broken law: the sentence, what happened, and the payload as a difference to the plainest."""
    yield line(one.law.id, one.law.sentence)
    yield from way_lines(one, plain, replay)


def again_line(one: LawBroken, item: str) -> str:
    """Give the one line for a broken law that an earlier item has reported in full."""
    return line(one.law.id, f"{safe_text(one.words, 120)}; reported in full by {safe_text(item)}")


def first_line(one: LawBroken) -> str:
    """Give the one line for the first failure, which the report has later with the smallest payload."""
    return line("first", f"{one.law.id}: {safe_text(one.words, 160)}")


def way_lines(one: LawBroken, plain: Json, replay: str) -> Iterator[str]:
    """Yield one way in which a law is broken: what happened, on which payload, and where it is kept."""
    times = "" if one.law.once else f"   ×{one.count:,}"
    yield f"{' ' * (WIDE + 3)}{safe_text(one.words, 300)}{times}"
    if one.law.once:
        return
    yield f"{_DEEP}on {one.sample.kind} {one.sample.label}{_points(one)}"
    yield f"{_DEEP}{_difference(one.sample, plain)}"
    if replay:
        yield f"{_DEEP}kept as {replay}"


def _difference(sample: Sample, plain: Json) -> str:
    if sample.body is not None:
        return f"the body is {show(sample.body.decode('utf-8', 'backslashreplace'), 80)}"
    base, beside = (plain, "the plainest payload") if sample.valid else (sample.base, "a valid payload")
    return f"differs from {beside} in: {', '.join(told(differences(base, sample.value))) or 'nothing'}"


def _points(one: LawBroken) -> str:
    shown = [safe_text(point, 80) for point in one.sample.points[:SHOWN_POINTS]]
    return f" ({', '.join(shown)})" if shown else ""


def read_lines(found: Reads) -> Iterator[str]:
    """Yield which fields the consumer reads; fields below an unread one are left out."""
    if not found.steady:
        yield line("reads", f"cannot be determined: {found.why}")
        return
    unread = [place for place in found.unread if not any(place.startswith(f"{one}/") for one in found.unread)]
    yield line("reads", f"{len(found.read)} of {plural(len(found.read) + len(found.unread), 'field')}")
    if unread:
        yield line("not read", safe_text(", ".join(unread), 400))


def suspected_lines(suspected: Sequence[Suspicion]) -> Iterator[str]:
    """Yield what the answers make suspect, one line each; nothing here is certain."""
    for one in suspected:
        yield line("suspected", f"{safe_text(one.where, 80)} {one.words}".strip())


def equation_lines(name: str, learnt: Proposal) -> Iterator[str]:
    """Yield proposed equations as a table for pyproject.toml, to be confirmed or taken out one by one."""
    if not learnt.equations:
        yield f"# {safe_text(name)}: no formula says what a part of its answer is made of"
        return
    yield f"# Each held for {plural(learnt.met, 'payload')}. Take out what is not meant."
    yield f"[tool.contracts.consumers.{_toml(name)}.equations]"
    yield from (f"{_toml(one.where)} = {_toml(one.words)}" for one in learnt.equations)
    if learnt.left:
        yield f"# no formula for {safe_text(', '.join(learnt.left), 200)}"


def _toml(text: str) -> str:
    """Write a text for TOML: in single quotes where it has double ones, so that a look-up can be read."""
    literal = '"' in text and "'" not in text and text.isprintable()
    return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def closing(state: Stress) -> str:
    """Say the sum in one line."""
    broken = {one.law.id for one in state.stumbles.values()}
    asked = len(broken) + len(kept_laws(state))
    if broken:
        return f"breaks {plural(len(broken), 'law')} of {asked} in {plural(len(state.stumbles), 'way')}"
    return f"keeps all {asked} laws"


def data(
    state: Stress, found: Reads, replays: Mapping[tuple[str, ...], str], name: str, covering: Covering
) -> dict[str, Json]:
    """Give everything as one JSON document: effects, broken laws with their payloads, fields read."""
    return {
        "consumer": state.consumer.id,
        "answer": name,
        "effects": effects_of(state),
        "points": {
            "total": covering.total,
            "not_shown": dict(covering.missing),
            "impossible": dict(covering.infeasible),
            "not_modelled": list(covering.notices),
        },
        "broken": [_datum(one, replays.get(key, "")) for key, one in state.stumbles.items()],
        "kept": kept_laws(state),
        "not_asked": {law: reason for reason, listed in unasked(state).items() for law in listed},
        "not_met": state.left,
        "read": list(found.read),
        "unread": list(found.unread),
    }


def _datum(one: LawBroken, replay: str) -> dict[str, Json]:
    return {
        "law": one.law.id,
        "what": one.words,
        "count": one.count,
        "kind": str(one.sample.kind),
        "points": list(one.sample.points[:8]),
        "payload": None if one.law.once else one.sample.value,
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
