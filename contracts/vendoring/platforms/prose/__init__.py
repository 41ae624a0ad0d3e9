"""The reader of pages that people write: headings, tables, bullets and JSON examples."""

from contracts.vendoring.platforms.prose.grammars import cells, read_lines
from contracts.vendoring.platforms.prose.text import Row, prose_page
