"""What summaries of traffic say against a spec, over time, and about a vendor's changes."""

from contracts.drift.observed.judge import GONE, against_spec, missed, over_time, three_way
from contracts.drift.observed.words import only_words
