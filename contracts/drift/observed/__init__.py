"""What a service really answered: summaries of traffic that add up, and what they say against a spec."""

from contracts.drift.observed.collect import Collector
from contracts.drift.observed.merge import merged, read_observed, write

__all__ = ["Collector", "merged", "read_observed", "write"]
