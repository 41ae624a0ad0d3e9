"""`findings.parquet`: a row for each kind of fault and day, for DuckDB, pandas and whatever reads tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from contracts.archive.results.summary import Kind, Summary, as_day

COLUMNS: Final = (
    "provider", "operation", "status", "part", "pointer", "rule", "severity", "expected", "spec_line",
    "fingerprint", "waived", "day", "answers", "places", "answers_of_day", "first_part", "first_row",
    "samples",
)  # fmt: skip
"""`part` is that of the answer (body, header); `day` is empty where no time was recorded; `answers_of_day`
are all answers of the operation and status on that day; `samples` are up to three rows as `part:row`."""


_FORMULA: Final = frozenset("=+-@\t\r\n＝＋－＠")


def rows(summary: Summary) -> Iterator[dict[str, Any]]:
    """Yield the rows; no value of an answer is in them."""
    for kind in summary.kinds:
        for day, (answers, places) in sorted(kind.fault.days.items()):
            asked = (kind.fault.provider, kind.fault.operation, kind.fault.status, day)
            yield {
                **{name: _plain(value) for name, value in _told(kind).items()},
                "day": as_day(day),
                "answers": answers,
                "places": places,
                "answers_of_day": sum(summary.total.answers.get(asked, ())),
            }


def _plain(value: Any) -> Any:
    """Give text that every encoding takes: the name of a file may be bytes that are no text."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _told(kind: Kind) -> dict[str, Any]:
    one = kind.fault
    return {
        **{name: getattr(one, name) for name in COLUMNS[:6]},
        "severity": kind.severity.value,
        "expected": one.expected,
        "spec_line": one.spec_line,
        "fingerprint": kind.fingerprint,
        "waived": one.waived,
        "first_part": one.first.part,
        "first_row": one.first.number,
        "samples": [f"{sample.part}:{sample.number}" for sample in one.samples],
    }


def parquet(summary: Summary) -> bytes | None:
    """Write the table as Parquet; None where pyarrow is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import parquet as writer
    except ImportError:
        return None
    kinds = {"day": pa.date32(), "samples": pa.list_(pa.string())}
    kinds |= dict.fromkeys(("answers", "places", "answers_of_day", "first_row"), pa.int64())
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
    held = io.BytesIO()
    writer.write_table(pa.Table.from_pylist(list(rows(summary)), schema=schema), held, compression="zstd")
    return held.getvalue()


def comma_separated(summary: Summary) -> bytes:
    """Write the table as CSV; samples are parted by blanks, and no cell is a formula to a spreadsheet."""
    held = io.StringIO()
    out = csv.DictWriter(held, COLUMNS, lineterminator="\n")
    out.writeheader()
    for row in rows(summary):
        out.writerow({name: _cell(value) for name, value in row.items()})
    return held.getvalue().encode()


def _cell(value: Any) -> Any:
    text = " ".join(value) if isinstance(value, list) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in _FORMULA else text
