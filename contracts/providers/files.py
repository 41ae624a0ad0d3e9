"""Batches out of files: a body as it was received, or a recording whose requests say whose answer it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.batch import Batch
from contracts.decode import decode
from contracts.errors import ConfigError, NormalizationError
from contracts.interactions.read import format_of, read_recording
from contracts.model import Interaction
from contracts.providers import NORMALIZERS, normalizer
from contracts.spec.provider import Provider
from contracts.text import safe_text, show


@dataclass(frozen=True, slots=True)
class Reading:
    """What one body turned out to be: a batch, or the sentence that says why it is none."""

    name: str
    provider: str
    batch: Batch | None = None
    problem: str = ""


def read_file(path: Path, provider: str, vendors: Mapping[str, Provider]) -> Iterator[Reading]:
    """Yield the batches of a file; `provider` may be "" for a recording, whose requests tell.

    `vendors` are the providers whose operations a request is looked up in. ConfigError for a bare body
    without a provider, UnknownName for a provider that has no normalizer.
    """
    body = path.read_bytes()
    name = safe_text(path.name, 60)
    if format_of(body[:65536]) in {"own", "har", "vcr"}:
        yield from _recorded(path, name, provider, vendors)
    elif provider:
        yield read_body(name, provider, body)
    else:
        raise ConfigError(f"{name}: whose answer is it? Name the provider: --provider, or PROVIDER=FILE")


def read_body(name: str, provider: str, body: bytes) -> Reading:
    """Decode a body strictly and normalize it."""
    normalize = normalizer(provider)
    decoded = decode(body, max_bytes=max(len(body), 1))
    if not decoded.usable:
        return Reading(name, provider, problem=decoded.faults[0].message)
    try:
        return Reading(name, provider, normalize(decoded.value))
    except NormalizationError as error:
        return Reading(name, provider, problem=str(error))


def _recorded(path: Path, name: str, provider: str, vendors: Mapping[str, Provider]) -> Iterator[Reading]:
    for interaction in read_recording(path):
        owner = provider or _owner(interaction, vendors)
        if owner in NORMALIZERS and interaction.response is not None:
            yield _answer(name, owner, interaction)


def _owner(interaction: Interaction, vendors: Mapping[str, Provider]) -> str:
    request = interaction.request
    return next((key for key, one in vendors.items() if one.spec.find(request.method, request.url)), "")


def _answer(name: str, provider: str, interaction: Interaction) -> Reading:
    response = interaction.response
    if response is None or not 200 <= response.status < 300:
        status = "no answer" if response is None else f"status {response.status}"
        return Reading(name, provider, problem=f"{status}: not an answer with a batch in it")
    return read_body(name, provider, response.body)


def table(readings: list[Reading]) -> Iterator[str]:
    """Yield a table of batches of any vendors: one line each, columns as wide as they need."""
    rows = [
        ("provider", "id", "state", "outcome", "progress", "items", "created", "file"),
        *map(_row, readings),
    ]
    widths = [min(40, max(len(row[n]) for row in rows if n == 0 or len(row) > 3)) for n in range(7)]
    for row in rows:
        if len(row) == 3:
            yield f"{row[0]:<{widths[0]}}  {row[1]}  {row[2]}"
        else:
            yield "  ".join(
                f"{cell:<{width}}" for cell, width in zip(row, (*widths, 0), strict=True)
            ).rstrip()


def _row(reading: Reading) -> tuple[str, ...]:
    batch = reading.batch
    if batch is None:
        return (reading.provider, f"not a batch: {reading.problem}", reading.name)
    raw = f" ({safe_text(batch.raw_state, 20)})" if batch.raw_state and batch.raw_state != batch.state else ""
    progress = "" if batch.progress is None else f"{batch.progress * 100:.3g}%"
    created = batch.times.created
    return (
        batch.provider,
        safe_text(batch.id, 40),
        f"{batch.state}{raw}",
        str(batch.outcome),
        progress,
        _items(batch),
        "" if created is None else f"{created:%Y-%m-%d %H:%M}Z",
        reading.name,
    )


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
    yield from (f"doubt     {doubt}" for doubt in batch.doubts)
