"""Batches of any vendors as one table of text, and what a table has no room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.batch import Batch
from contracts.providers.files import Reading
from contracts.text import safe_text, show

COLUMNS: Final = ("provider", "id", "state", "outcome", "progress", "items", "created", "file")
SPARE: Final = ("created", "progress")
"""What a narrow table does without, the first one first."""
SHORTEST: Final = 12
"""Characters of an id that are always shown."""
LONGEST: Final = 40


def table(readings: Sequence[Reading], width: int = 0) -> Iterator[str]:
    """Yield a table: one line each, columns as wide as they need; a `width` of not 0 leaves out and cuts."""
    heads = dict(zip(COLUMNS, COLUMNS, strict=True))
    rows = [_row(one.batch, one) if one.batch else None for one in readings]
    widths = _widths([heads, *filter(None, rows)], width)
    widths["provider"] = max(widths["provider"], *(len(one.provider) for one in readings))
    yield _line(heads, widths)
    for one, row in zip(readings, rows, strict=True):
        problem = f"{one.provider:<{widths['provider']}}  not a batch: {one.problem}  {one.name}"
        yield _line(row, widths) if row else problem


def _widths(rows: list[dict[str, str]], width: int) -> dict[str, int]:
    """Give the columns to show and their widths; ids are cut last."""
    widths = {name: max(len(row[name]) for row in rows) for name in COLUMNS}
    for spare in SPARE:
        if width and _total(widths) > width:
            del widths[spare]
    over = _total(widths) - width if width else 0
    widths["id"] = max(min(SHORTEST, widths["id"]), widths["id"] - max(over, 0))
    return widths


def _total(widths: dict[str, int]) -> int:
    return sum(widths.values()) + 2 * (len(widths) - 1)


def _line(row: dict[str, str], widths: dict[str, int]) -> str:
    cells = (f"{_cut(row[name], width):<{width}}" for name, width in widths.items())
    return "  ".join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _row(batch: Batch, reading: Reading) -> dict[str, str]:
    raw = f" ({safe_text(batch.raw_state, 20)})" if batch.raw_state and batch.raw_state != batch.state else ""
    created = batch.times.created
    cells = (
        batch.provider,
        safe_text(batch.id, LONGEST),
        f"{batch.state}{raw}",
        str(batch.outcome),
        "" if batch.progress is None else f"{batch.progress * 100:.3g}%",
        _items(batch),
        "" if created is None else f"{created.replace(tzinfo=None).isoformat(' ', 'minutes')}Z",
        reading.name,
    )
    return dict(zip(COLUMNS, cells, strict=True))


def _items(batch: Batch) -> str:
    """Say `85 of 200, 3 failed`, as far as it is known."""
    counts = batch.counts
    done = "?" if counts.completed is None else f"{counts.completed:,}"
    total = "?" if counts.total is None else f"{counts.total:,}"
    failed = f", {counts.failed:,} failed" if counts.failed else ""
    return f"{done} of {total}{failed}" if (done, total) != ("?", "?") else ""


def details(batch: Batch) -> Iterator[str]:
    """Yield what the table has no room for: name, errors, failed webhooks, doubts."""
    if batch.name:
        yield f"name      {safe_text(batch.name, 80)}"
    for error in batch.errors or ():
        said = ": ".join(safe_text(part, 80) for part in (error.type, error.code, error.message) if part)
        count = "" if error.count is None else f" ×{error.count}"
        advice = f" ({safe_text(error.resolution, 80)})" if error.resolution else ""
        yield f"error     {said or 'without words'}{count}{advice}"
    for hook in batch.failed_webhooks or ():
        yield f"webhook   {show(hook.event)} was not delivered: {show(hook.message)}"
    yield from (f"doubt     {safe_text(doubt)}" for doubt in batch.doubts)


def doubts(readings: Sequence[Reading]) -> Iterator[str]:
    """Yield what contradicts itself in each of many batches."""
    for one in readings:
        if one.batch is not None:
            yield from (f"doubt     {one.name}: {safe_text(doubt)}" for doubt in one.batch.doubts)
