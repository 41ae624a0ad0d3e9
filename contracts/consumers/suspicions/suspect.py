"""Exceptions to what was learnt of a reader, as suspicions: few, and the surest first.

Precision matters more than recall: an exception counts only where one trait of the payload sets it apart
from the rows that keep the rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from contracts.consumers.equations import Pairs, learn, tables
from contracts.consumers.suspicions.exceptions import exceptions
from contracts.consumers.suspicions.names import names
from contracts.consumers.suspicions.refusals import refusals
from contracts.consumers.suspicions.suspicion import Suspicion
from contracts.consumers.suspicions.words import words
from contracts.model import Json

MOST: Final = 10
"""How many suspicions of one reader are told."""


def suspicions(
    pairs: Pairs, refused: Sequence[Json] = (), unknown: Sequence[str] = ("unknown",)
) -> tuple[Suspicion, ...]:
    """Give what the answers to valid payloads make suspect, the surest first, at most MOST.

    `refused` are valid payloads that have no answer; `unknown` are words by which the reader itself says
    that something is unknown.
    """
    found = set(refusals([payload for payload, _ in pairs], refused))
    for table in tables(_bare(pairs)):
        learnt = tuple(learn(table))
        found.update(exceptions(table, learnt), words(table, learnt, unknown), names(table, learnt))
    return tuple(sorted(found)[:MOST])


def _bare(pairs: Pairs) -> Pairs:
    """Take the one row out of answers that are always a list of one row."""
    if pairs and all(isinstance(view, list) and len(view) == 1 for _, view in pairs):
        return [(payload, view[0]) for payload, view in pairs]
    return pairs
