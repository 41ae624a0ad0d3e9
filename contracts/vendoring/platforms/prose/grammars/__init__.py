"""The forms in which pages list fields: tables, lines, tags, types of TypeScript; each gives listings.

A grammar knows rows and nothing of operations: which listing belongs where is not its concern.
"""

from contracts.vendoring.platforms.prose.grammars.lines import FUSED
from contracts.vendoring.platforms.prose.grammars.order import lists_items
from contracts.vendoring.platforms.prose.grammars.outlines import outlined, told
from contracts.vendoring.platforms.prose.grammars.rows import read_lines
from contracts.vendoring.platforms.prose.grammars.tables import cells, head_of, table_of
from contracts.vendoring.platforms.prose.grammars.tags import tagged
from contracts.vendoring.platforms.prose.grammars.typescript import types_in, types_without_fence
