"""The folder of results: report.json, report.html, observed.json, and the findings as a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from contracts.archive.results.document import report_json
from contracts.archive.results.page import report_html
from contracts.archive.results.summary import Summary
from contracts.archive.results.table import comma_separated, parquet
from contracts.atomic import write_whole
from contracts.vendoring import write

TABLE: Final = "findings.parquet"


def write_results(summary: Summary, folder: Path) -> Iterator[str]:
    """Write all results into a folder, each whole or not at all, and yield what the user must be told."""
    write_whole(folder / "report.json", _json(report_json(summary)))
    write_whole(folder / "report.html", report_html(summary).encode("utf-8", "replace"))
    profiles = summary.total.profiles
    for provider, profile in sorted(profiles.items()):
        name = "observed.json" if len(profiles) == 1 else f"observed-{provider}.json"
        write_whole(folder / name, write(profile))
    table = parquet(summary)
    if table is not None:
        write_whole(folder / TABLE, table)
    else:
        write_whole(folder / "findings.csv", comma_separated(summary))
        yield "findings.csv instead of findings.parquet, since pyarrow is not installed"
    yield f"written to {folder}: report.json, report.html, {TABLE if table else 'findings.csv'}"


def _json(value: object) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")
