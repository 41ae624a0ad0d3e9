"""What a drift rule is: one function that puts a change into words, and its severity table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from contracts.drift.change import Change, Direction, Sense
from contracts.model import Severity

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
Words = Callable[[Change], str]


class Example(NamedTuple):
    """A rule's own example: two YAML texts, and one line a finding."""

    before: str
    after: str
    finds: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A named kind of drift.

    `kind` and `senses` say which changes it judges, `trait` narrows that where set. `severities` is by
    direction. `schema` rules stand on the subset test: above note only with a witness. `tolerance` is the
    name under which a reader may set the severity himself. `area` sorts the changelog.
    """

    id: str
    kind: str
    senses: tuple[Sense, ...]
    severities: Mapping[Direction, Severity]
    words: Words
    trait: str | None = None
    tolerance: str = ""
    schema: bool = True
    area: str = "schema"

    @property
    def docs(self) -> str:
        """The docstring: a sentence, why it matters, Before, After, Finds."""
        return inspect.getdoc(self.words) or ""

    @property
    def summary(self) -> str:
        """The first line of the docs."""
        return self.docs.partition("\n")[0]

    @property
    def example(self) -> Example:
        """The worked example of the docs: Before, After, and the lines that are found, all YAML."""
        _, _, tail = self.docs.partition("Before:\n")
        before, _, tail = tail.partition("After:\n")
        after, _, finds = tail.partition("Finds:\n")
        return Example(inspect.cleandoc(before), inspect.cleandoc(after), inspect.cleandoc(finds))

    def judges(self, change: Change) -> bool:
        """Whether this rule speaks about a change."""
        return change.kind == self.kind and change.sense in self.senses and self.trait in {None, change.trait}


_BREAKS: Final = {Direction.RESPONSE: ERROR, Direction.REQUEST: ERROR, Direction.ENDPOINT: NOTE}


def schema(
    kind: str, *senses: Sense, trait: str | None = None, tolerance: str = "", at_most: Severity = ERROR
) -> Callable[[Words], Rule]:
    """Make a rule about schemas: at most `at_most` where the receiver can be surprised, else a note."""
    table = {d: at_most if any(s.escapes(d) for s in senses) else NOTE for d in Direction}
    return lambda words: Rule(_id(words), kind, senses, table, words, trait, tolerance)


def plain(
    kind: str,
    *senses: Sense,
    response: Severity = NOTE,
    request: Severity = NOTE,
    endpoint: Severity = NOTE,
    trait: str | None = None,
    tolerance: str = "",
    area: str = "operation",
) -> Callable[[Words], Rule]:
    """Make a rule about anything else: the severity is what is written, no payload can witness it."""
    table = {Direction.RESPONSE: response, Direction.REQUEST: request, Direction.ENDPOINT: endpoint}
    return lambda words: Rule(
        _id(words), kind, senses or tuple(Sense), table, words, trait, tolerance, schema=False, area=area
    )


def _id(words: Words) -> str:
    return words.__name__.replace("_", "-")
