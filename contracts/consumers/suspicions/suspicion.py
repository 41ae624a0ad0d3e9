"""A suspicion: one departure of a reader from what it otherwise does, in words that say it is one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from contracts.consumers.equations import Learnt, Table
from contracts.consumers.places import GONE
from contracts.model import Json
from contracts.text import show

ENOUGH: Final = 5
"""Rows that must keep a rule before a departure from it is one."""


@dataclass(frozen=True, slots=True, order=True)
class Suspicion:
    """One departure from what a reader otherwise does; `rank` 0 is the surest, `where` is in the answer."""

    rank: int
    where: str
    words: str


def suspect(rank: int, table: Table, where: str, words: str) -> Suspicion:
    """Make a suspicion of a column of a table."""
    inside = table.where or table.at
    return Suspicion(rank, f"{table.where}/*{where}" if inside else where, words)


def rule(table: Table, one: Learnt) -> str:
    """Say what a part of the answer is; for items, of what of each item of which list."""
    return f"is {one.relation.words} of each item of {table.at}" if table.at else f"is {one.relation.words}"


def kept(one: Learnt) -> str:
    """Say in how many payloads a relation holds."""
    return f"in {sum(one.holds)} of {len(one.holds)} payloads"


def shown(value: Json) -> str:
    """Write a value of an answer for a sentence."""
    return "absent" if value is GONE else show(value)
