"""Where the operations of a page are stated, what their addresses are, and which lines belong to each."""

from contracts.vendoring.platforms.prose.operations.cutting import segments
from contracts.vendoring.platforms.prose.operations.finding import Operation, find
from contracts.vendoring.platforms.prose.operations.template import bare_name
