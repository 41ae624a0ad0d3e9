"""What a vendor's changes do to the consumers: which break, fabricate or degrade, and on which payload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import Final

from contracts import generate
from contracts.consumers.consumer import Consumer, Manner, Meeting, TookTooLong, meet
from contracts.consumers.contrasts import Pair, Sides, matching, pairs, size
from contracts.consumers.effect import Effect, Judgement, judge, judge_retold
from contracts.consumers.laws import reads_of
from contracts.consumers.places import GONE, differences, edited, value_at
from contracts.consumers.retold import Retold, described, retold
from contracts.consumers.sources import planned
from contracts.drift import RULES
from contracts.errors import ConfigError, ContractsError
from contracts.generate import Plan
from contracts.model import Finding, Json, Pointer, SourceLine
from contracts.spec import is_received, item_place, resolve
from contracts.text import plural, safe_text

PROSE: Final = "description-changed"
REDUCTIONS: Final = 300
"""How many candidates are tried to make a payload small."""


class Verdict(StrEnum):
    """What a change does to a consumer."""

    BREAKS = "breaks"
    LIES = "fabricates"
    DEGRADES = "degrades"
    UNJUDGED = "not judged"
    UNAFFECTED = "unaffected"

    @property
    def weight(self) -> int:
        """4 for breaks, 0 for unaffected."""
        return 4 - list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Impact:
    """What one finding does to one consumer.

    `words` say the exception, what is fabricated or lost; `line` where the exception came from; `payload`
    is the smallest payload found that shows it. `read` tells whether the consumer reads the field at all,
    None where that could not be told.
    """

    consumer: str
    finding: Finding
    verdict: Verdict
    words: str
    payload: Json = None
    line: SourceLine | None = None
    read: bool | None = True

    @property
    def text(self) -> str:
        """Give `consumer: verdict, words`, the form that a finding carries."""
        return f"{self.consumer}: {self.verdict}{f', {self.words}' if self.words else ''}"


@dataclass(frozen=True, slots=True, eq=False)
class Documents:
    """The document that consumers were written for, and the vendor's newer one, both as OpenAPI 3.1."""

    base: Json
    revision: Json


def impact_of(
    findings: Iterable[Finding], consumers: Sequence[tuple[Consumer, str]], documents: Documents
) -> Iterator[Impact]:
    """Yield what each finding about an answer does to each consumer of that answer.

    `consumers` come with the operation they read as `METHOD /path`. Findings about requests are left out;
    an operation that is gone breaks its consumers, since there is no answer to read. ConfigError for a
    consumer that does not come back from a promised payload.
    """
    listed = [one for one in findings if one.direction in {"response", "endpoint"}]
    known: dict[str, Sides | None] = {}
    for consumer, operation in consumers:
        if operation not in known:
            known[operation] = sides_of(documents, operation, listed)
        sides = known[operation]
        for finding in (one for one in listed if _about(one, operation) and _tells(one, sides)):
            elsewhere = finding.operation != operation and sides and not described(sides, finding.pointer)
            if elsewhere and not _gone(finding):
                words = f"its place is told for {safe_text(finding.operation)}, whose answer has another form"
                yield Impact(consumer.id, finding, Verdict.UNJUDGED, words, read=None)
                continue
            yield _impact(finding, consumer, sides)


def _about(finding: Finding, operation: str) -> bool:
    """Whether a finding is about the successful answer of an operation, or about the operation itself."""
    named = {finding.operation, *(place.rpartition(" ")[0] for place in finding.places), *finding.places}
    if operation not in named:
        return False
    if finding.direction == "endpoint":
        return _gone(finding)
    if finding.rule in RULES and not RULES[finding.rule].schema and finding.rule != PROSE:
        return False
    return finding.part in {"", "body"} and not finding.status.startswith(("4", "5", "d"))


def _tells(finding: Finding, sides: Sides | None) -> bool:
    """Whether a finding may matter to a reader: prose does where it gives another unit or order."""
    if finding.rule != PROSE:
        return True
    return sides is not None and any(one.measure or one.order for one in retold(finding, sides))


def _gone(finding: Finding) -> bool:
    return finding.rule.startswith(
        ("operation-removed", "operation-moved", "webhook-removed", "webhook-moved")
    )


def _impact(finding: Finding, consumer: Consumer, sides: Sides | None) -> Impact:
    if _gone(finding):
        return Impact(consumer.id, finding, Verdict.BREAKS, "there is no answer to read any more")
    if sides is None:
        return Impact(
            consumer.id, finding, Verdict.UNJUDGED, "no payload could be made to show it", read=None
        )
    fails: list[Meeting] = []
    found = _worst(finding, consumer, sides, fails)
    if found is None and fails:
        return Impact(consumer.id, finding, Verdict.UNJUDGED, _failing(fails[0]), read=None)
    if found is None or verdict_of(found[1]) is Verdict.UNAFFECTED:
        words = found[1].words if found else "every payload it allows was promised before"
        place = finding.pointer
        read = not place or reads_of(consumer, sides.old(), place).reads(place)
        return Impact(consumer.id, finding, Verdict.UNAFFECTED, words, read=read)
    pair, seen = _smallest(consumer, sides, *found)
    return Impact(consumer.id, finding, verdict_of(seen), seen.words, pair.value, seen.met.line)


def _failing(met: Meeting) -> str:
    """Say how a consumer fails on what was promised before."""
    said = f": {safe_text(met.error, 60)}" if met.error else ""
    return f"it reads nothing of what the vendor promised before{said}"


def _worst(
    finding: Finding, consumer: Consumer, sides: Sides, fails: list[Meeting]
) -> tuple[Pair, Judgement] | None:
    """Judge the pairs until one breaks; of equally bad ones keep the smallest payload.

    `fails` takes up how the consumer failed on promised payloads; those say nothing of the change.
    """
    worst: tuple[Pair, Judgement] | None = None
    known: dict[int, Meeting] = {}
    for pair in chain(retold(finding, sides), pairs(finding, sides)):
        before = known.get(id(pair.base)) or meet(consumer, pair.base)
        known[id(pair.base)] = before
        if before.error == TookTooLong.__name__:
            raise ConfigError(
                f"{safe_text(consumer.id)}: {before.message} to what the vendor promised before; "
                "contracts stress shows on which payload"
            )
        # A consumer that cannot read the promised payload has no part in what changed.
        if before.manner is not Manner.ANSWERED:
            fails.append(before)
            continue
        seen = _judged(consumer, sides, pair, before)
        if worst is None or _rank(pair, seen) < _rank(*worst):
            worst = (pair, seen)
        if verdict_of(seen) is Verdict.BREAKS:
            break
    return worst


def _judged(consumer: Consumer, sides: Sides, pair: Pair, before: Meeting | None = None) -> Judgement:
    """Judge a pair: against the same payload in both versions, or against the promised one beside it."""
    if isinstance(pair, Retold):
        return judge_retold(consumer, pair, before or meet(consumer, pair.base))
    return judge(consumer, pair.base, pair.value, words=_words(sides, pair), before=before)


def _rank(pair: Pair, seen: Judgement) -> tuple[int, bool, int]:
    return (-verdict_of(seen).weight, not isinstance(pair, Retold), size(pair.value))


def _smallest(consumer: Consumer, sides: Sides, pair: Pair, seen: Judgement) -> tuple[Pair, Judgement]:
    """Reduce a pair: the base stays promised, the change is put in again, and the verdict stays the same."""
    verdict = verdict_of(seen)
    if seen.met.error == TookTooLong.__name__:
        return pair, seen  # each try would take as long again
    if isinstance(pair, Retold):
        return pair, seen  # its two payloads say the same, which a part of it would not
    edits = tuple((at, new) for at, _, new in differences(pair.base, pair.value))
    if verdict is Verdict.UNAFFECTED or not edits or not edits[0][0]:
        return pair, seen

    def signature(candidate: Json) -> tuple[str, ...] | None:
        value = edited(candidate, edits)
        if value is GONE or not sides.base.oracle.valid(candidate):
            return None
        again = judge(consumer, candidate, value, words=_words(sides, Pair(candidate, value)))
        return (verdict_of(again), again.where, again.met.error) if verdict_of(again) is verdict else None

    base = generate.reduce(pair.base, signature, simpler=sides.offers(), checks=REDUCTIONS).value
    small = Pair(base, edited(base, edits))
    return small, judge(consumer, small.base, small.value, words=_words(sides, small))


def verdict_of(seen: Judgement) -> Verdict:
    """Turn an effect into a verdict: what is not known any more, or known in another type only, degrades."""
    if seen.effect in {Effect.CRASHED, Effect.REFUSED}:
        return Verdict.BREAKS
    if seen.effect is Effect.MADE_UP:
        return Verdict.LIES
    if seen.effect is Effect.UNKNOWN or seen.retyped:
        return Verdict.DEGRADES
    return Verdict.UNAFFECTED


def _words(sides: Sides, pair: Pair) -> tuple[str, ...]:
    """Give the words that the base has at the one place where a pair differs, when both are words."""
    found = list(differences(pair.base, pair.value))
    if len(found) != 1 or not isinstance(found[0][2], str):
        return ()
    at = found[0][0]
    if "enum" not in {keyword for place, keyword in sides.base.oracle.faults(pair.value) if place == at}:
        return ()
    seen = {value_at(old, Pointer(place)): None for old in sides.old() for place in _alike(old, at)}
    return tuple(word for word in seen if isinstance(word, str))


def _alike(payload: Json, at: Pointer) -> Iterator[Pointer]:
    yield from (place for place in matching(payload, tuple("*" if isinstance(t, int) else t for t in at)))


# --- the two documents


_MOVED = ("operation-moved", "webhook-moved")


def sides_of(documents: Documents, operation: str, findings: Sequence[Finding] = ()) -> Sides | None:
    """Plan an operation's successful answer in both documents; None when one of them has none."""
    moved = next(
        (one for one in findings if one.rule in _MOVED and one.operation == operation),
        None,
    )
    now = moved.message.removeprefix("is now ").partition(",")[0] if moved else operation
    base, revision = _answer(documents.base, operation), _answer(documents.revision, now)
    changed = frozenset(one.pointer for one in findings if _about(one, operation))
    return Sides(base, revision, changed) if base and revision else None


def _answer(document: Json, operation: str) -> Plan | None:
    method, _, path = operation.partition(" ")
    item, at = resolve(document, item_place(document, path), "the document")
    at, said = at / method.lower(), (item or {}).get(method.lower()) or {}
    answers = sorted(status for status in said.get("responses") or {} if status.startswith("2"))
    asked = [at / "responses" / status for status in answers]
    sent = [at / "requestBody"] if "requestBody" in said else []
    for where in sent if is_received(path) else asked:
        answer, place = resolve(document, where, "the document")
        for media, content in (answer.get("content") or {}).items():
            if ("json" in media or media == "*/*") and "schema" in content:
                return _planned(document, place / "content" / media / "schema")
    return None


def _planned(document: Json, pointer: Pointer) -> Plan | None:
    try:
        return planned(document, str(pointer))
    except ContractsError:
        return None


# --- telling


def with_impact(findings: Iterable[Finding], impacts: Iterable[Impact]) -> tuple[Finding, ...]:
    """Give the findings with what they do to each consumer, worst first."""
    told: dict[int, list[Impact]] = {}
    for one in impacts:
        told.setdefault(id(one.finding), []).append(one)
    return tuple(
        replace(finding, impact=tuple(one.text for one in sorted(told[id(finding)], key=_order)))
        if id(finding) in told
        else finding
        for finding in findings
    )


def _order(one: Impact) -> tuple[int, str, str]:
    return (-one.verdict.weight, one.consumer, one.finding.pointer)


_ADVICE: Final = {Verdict.BREAKS: "breaks", Verdict.LIES: "fabricates", Verdict.DEGRADES: "degrades"}


def lines(impacts: Iterable[Impact]) -> Iterator[str]:
    """Yield the report: by consumer, worst first; what does not matter is one line, never left out."""
    listed = sorted(impacts, key=_order)
    for consumer in dict.fromkeys(sorted(one.consumer for one in listed)):
        yield safe_text(consumer)
        mine = [one for one in listed if one.consumer == consumer]
        for one in mine:
            if one.verdict is not Verdict.UNAFFECTED:
                yield from _told(one)
        calm = [one for one in mine if one.verdict is Verdict.UNAFFECTED]
        if calm:
            yield f"  unaffected  by {plural(len(calm), 'change')}{_where(calm)}"


def _told(one: Impact) -> Iterator[str]:
    yield f"  {one.verdict:<10}  {one.finding.pointer or one.finding.operation}  {one.finding.message}"
    yield f"              {safe_text(one.words, 240)}"
    if one.payload is not None:
        yield f"              shown by {safe_text(_text(one.payload), 400)}"


def _text(payload: Json) -> str:
    import json

    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _where(calm: list[Impact]) -> str:
    unread = sorted({one.finding.pointer for one in calm if one.read is False and one.finding.pointer})
    return f"; it does not read {safe_text(', '.join(unread), 300)}" if unread else ""
