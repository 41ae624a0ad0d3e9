"""Words of the vendor: one that is not recognised, or is answered like words of another kind."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from contracts.consumers.equations import WORDS, Learnt, Table, given
from contracts.consumers.places import GONE
from contracts.consumers.suspicions.suspicion import Suspicion, shown, suspect
from contracts.model import Json

ENDED: Final = frozenset(
    (
        *("completed", "complete", "success", "succeeded", "done", "finished"),
        *("failed", "failure", "error", "cancelled", "canceled", "expired"),
    )
)
"""Words that say of a batch that nothing more happens."""


def words(table: Table, learnt: Sequence[Learnt], unknown: Sequence[str]) -> Iterator[Suspicion]:
    """Yield the words of the vendor that stand out in a part of the answer that depends on them alone."""
    known = {one.where for one in learnt if one.share > 0.95}
    for where, said in table.said.items():
        for at, values in table.given.items() if where not in known else ():
            mapped = _lookup(values, said)
            if mapped is not None:
                yield from _unmapped(table, where, at, mapped, unknown)
                yield from _mixed(table, where, at, mapped)


def _lookup(given: Sequence[Json], said: Sequence[Json]) -> Mapping[str, Json] | None:
    """Give what each word of a place is answered with, where that is always the same."""
    seen: dict[str, list[Json]] = defaultdict(list)
    for word, answer in zip(given, said, strict=True):
        if isinstance(word, str):
            seen[word].append(answer)
    rows = [answer for answers in seen.values() for answer in answers]
    few = not 2 < len(seen) <= WORDS or min(map(len, seen.values())) < 2
    if few or len(rows) < len(given) * 0.6 or any(isinstance(answer, (list, dict)) for answer in rows):
        return None
    if any(repr(answer) != repr(answers[0]) for answers in seen.values() for answer in answers):
        return None
    return {word: answers[0] for word, answers in seen.items()}


def _unmapped(
    table: Table, where: str, at: str, mapped: Mapping[str, Json], unknown: Sequence[str]
) -> Iterator[Suspicion]:
    """Say which published words are not recognised, where most others are, each as something of its own."""
    lost = [
        word
        for word, answer in mapped.items()
        if answer is None or answer is GONE or str(answer).casefold() in unknown
    ]
    known = [answer for word, answer in mapped.items() if word not in lost]
    told_apart = len(set(map(repr, known))) > 1 and not all(isinstance(answer, bool) for answer in known)
    if lost and len(lost) * 2 < len(mapped) and told_apart:
        named = " and ".join(map(shown, lost))
        words_ = f"is {shown(mapped[lost[0]])} for {named} of {at}, published like the words it knows"
        yield suspect(0, table, where, words_)


def _mixed(table: Table, where: str, at: str, mapped: Mapping[str, Json]) -> Iterator[Suspicion]:
    """Say which one word that ends a batch is answered like those that do not, or the other way round."""
    ended = {word for word in mapped if word.casefold() in ENDED}
    answers = [answer for answer in mapped.values() if given(answer)]
    if len(set(map(repr, answers))) != 2 or not ended:
        return
    open_ = {*mapped} - ended
    for words_, others, what in ((ended, open_, "ends a batch"), (open_, ended, "leaves a batch open")):
        usual, many = Counter(repr(mapped[word]) for word in words_).most_common(1)[0] if words_ else ("", 0)
        odd = [word for word in words_ if repr(mapped[word]) != usual]
        if many >= 2 and len(odd) == 1 and {repr(mapped[word]) for word in others} == {repr(mapped[odd[0]])}:
            other = shown(next(mapped[word] for word in words_ if word != odd[0]))
            this = f"is {shown(mapped[odd[0]])} for {shown(odd[0])} of {at}"
            yield suspect(1, table, where, f"{this}, and {other} for each other word that {what}")
            return
