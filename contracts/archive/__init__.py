"""Archives of traffic judged part by part: rows in, counts out that add up in any order.

Here belongs everything between the parts of an archive and its results. `Judge.part` is the one unit of work
and `Partial.merge` the one sum; every engine, a pool or a cluster, only moves bytes from the first to the
second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.archive.bundle import ArchiveOptions, Bundle
    from contracts.archive.judge import Judge
    from contracts.archive.keeping import Choice, choose, keep
    from contracts.archive.newer import with_document
    from contracts.archive.partial import Fault, Partial, Sample
    from contracts.archive.rows import Row
else:
    __getattr__ = names_from(
        __name__,
        {
            "bundle": "ArchiveOptions Bundle",
            "judge": "Judge",
            "keeping": "Choice choose keep",
            "newer": "with_document",
            "partial": "Fault Partial Sample",
            "rows": "Row",
        },
    )
