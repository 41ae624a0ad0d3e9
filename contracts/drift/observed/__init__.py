"""What a service really answered: summaries of traffic that add up, and what they say against a spec."""

from contracts.drift.observed.collect import Collector
from contracts.drift.observed.merge import merge, read, write

__all__ = ["Collector", "merge", "read", "write"]
