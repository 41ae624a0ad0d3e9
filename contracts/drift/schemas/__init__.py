"""Two schemas compared: their facts, which parts of one are which of the other, what differs.

Here belongs what knows no operation. Where a schema stands in a document is in `documents`.
"""

from contracts.drift.schemas.alternatives import KINDS, Alt
from contracts.drift.schemas.edges import Sides
from contracts.drift.schemas.facts import TYPES, canonical, conjoin, fits, kind_of
from contracts.drift.schemas.graph import Graph, Pair, Step
from contracts.drift.schemas.notes import default_of
from contracts.drift.schemas.objects import described, slot
from contracts.drift.schemas.shape import NEVER, NormalSchema, SchemaPlace, Schemas
from contracts.drift.schemas.unchanged import OTHERWISE, Unchanged, beside, references
