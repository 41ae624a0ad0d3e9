"""The laws that a consumer is held to, each with what it reads, compares and says.

Here belongs what judges answers. What chooses payloads, runs them or keeps failures is in `stress`.
"""

from contracts.consumers.laws.baseline import Baseline, ground_of
from contracts.consumers.laws.reads import Reads, reads_of
from contracts.consumers.laws.respell import differs_beside_added, in_utc, rounded, unordered, without_added
from contracts.consumers.laws.table import ALL_LAWS, LAWS, NO_LIE, broken, broken_once
from contracts.consumers.laws.trial import Law, Trial
