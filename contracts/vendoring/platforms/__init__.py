"""One reader for each documentation platform, and the table that recognises them.

Here belongs what knows how one platform writes its pages. What every page has in common is in `pages`.
"""

from contracts.vendoring.platforms.table import PLATFORMS, PROVENANCES, extract
