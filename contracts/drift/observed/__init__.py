"""What summaries of traffic say against a spec, over time, and about a vendor's changes."""

from contracts.drift.observed.judge import GONE, against_spec, missed, three_way
from contracts.drift.observed.pairs import beside, in_common, shifted
from contracts.drift.observed.shifts import over_time
from contracts.drift.observed.words import only_words
