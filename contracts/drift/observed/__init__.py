"""What a service really answered: summaries of traffic that add up, and what they say against a spec."""

from contracts.drift.observed.collect import Collector
from contracts.drift.observed.judge import GONE, against_spec, missed, over_time, three_way
from contracts.drift.observed.merge import merged, read_observed, write
from contracts.drift.observed.overlay import suggest
from contracts.drift.observed.words import only_words
