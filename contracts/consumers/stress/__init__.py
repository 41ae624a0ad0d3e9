"""One consumer under stress: payloads run, broken laws recorded, made small, kept and reported.

Here belongs the course of a run. What makes an answer wrong is in `laws`.
"""

from contracts.consumers.stress import report, run
from contracts.consumers.stress.record import LawBroken
from contracts.consumers.stress.run import Stumbled
