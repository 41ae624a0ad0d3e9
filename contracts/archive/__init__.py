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
    from contracts.archive.engines import (
        ArchiveFolder,
        Job,
        Outcome,
        Work,
        combine,
        judge_files,
        judge_part,
        judge_parts,
        judge_table,
        spark_session,
    )
    from contracts.archive.judge import Judge
    from contracts.archive.keeping import Choice, choose, keep
    from contracts.archive.newer import with_document
    from contracts.archive.partial import Fault, Partial, Sample
    from contracts.archive.results import (
        Kind,
        Summary,
        as_report,
        report_html,
        report_json,
        report_lines,
        write_results,
    )
    from contracts.archive.rows import Row
    from contracts.archive.sources import (
        Part,
        in_shard,
        part_named,
        parts_of,
        previewed,
        refuse_unmet,
        rows_of,
        without_bodies,
    )
else:
    __getattr__ = names_from(
        __name__,
        {
            "bundle": "ArchiveOptions Bundle",
            "engines": "ArchiveFolder Job Outcome Work combine judge_files judge_part judge_parts judge_table"
            " spark_session",
            "judge": "Judge",
            "keeping": "Choice choose keep",
            "newer": "with_document",
            "partial": "Fault Partial Sample",
            "results": "Kind Summary as_report report_html report_json report_lines write_results",
            "rows": "Row",
            "sources": "Part in_shard part_named parts_of previewed refuse_unmet rows_of without_bodies",
        },
    )
