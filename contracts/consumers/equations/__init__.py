"""Equations: what each part of an answer is made of, as formulas that a user confirms once.

They are learnt from the answers, written in words in the settings, and held for every payload after that.
"""

from contracts.consumers.equations.equation import Departure, Equation, departures, read_equations
from contracts.consumers.equations.forms import number
from contracts.consumers.equations.propose import Proposal, proposal, proposed
