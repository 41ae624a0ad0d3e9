"""Equations: what each part of an answer is made of, as formulas that a user confirms once.

They are learnt from the answers, written in words in the settings, and held for every payload after that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.consumers.equations.columns import Pairs, Table, tables
    from contracts.consumers.equations.equation import Departure, Equation, departures, read_equations
    from contracts.consumers.equations.forms import equal, given, number
    from contracts.consumers.equations.propose import Proposal, proposal, proposed
    from contracts.consumers.equations.relations import WORDS, Learnt, learn
else:
    __getattr__ = names_from(
        __name__,
        {
            "columns": "Pairs Table tables",
            "equation": "Departure Equation departures read_equations",
            "forms": "equal given number",
            "propose": "Proposal proposal proposed",
            "relations": "WORDS Learnt learn",
        },
    )
