"""What a service really answered: summaries of traffic that add up, and the document that they bear out."""

from contracts.vendoring.observed.collect import Collector, hosted_name
from contracts.vendoring.observed.document import OBSERVED, is_summary, read_summary
from contracts.vendoring.observed.merge import (
    UNDATED,
    add_observed,
    merged,
    presence,
    read_observed,
    smallest,
    totals,
    write,
)
from contracts.vendoring.observed.paths import named, same_holes
from contracts.vendoring.observed.reading import Traffic, observe
from contracts.vendoring.observed.words import few, token
