"""Traffic kept in files: a summary and a log of each vendor, without secrets and within bounds."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from contracts.atomic import alone, append_line
from contracts.auth import Carrier
from contracts.check import store
from contracts.errors import CassetteError
from contracts.interactions import Judge as BodyJudge
from contracts.interactions import allowance_of, carried, log_line
from contracts.live import scrubbed
from contracts.model import Interaction
from contracts.policy import WatchSettings
from contracts.secret import Secret
from contracts.spec import Operation, Provider
from contracts.vendoring import Collector, add_observed

MAX_LOG: Final = 64 * 1024 * 1024
EVERY: Final = 30.0
"""Seconds between two writings of a summary."""


class Files:
    """`<folder>/<vendor>.observed.json` and `<folder>/<vendor>.jsonl`, each only if the settings name it."""

    def __init__(self, root: Path, settings: WatchSettings) -> None:
        self.folder = root / settings.folder
        self.observed, self.logged = "observed" in settings.sinks, "jsonl" in settings.sinks
        self.wanted = self.observed or self.logged
        self._collectors: dict[str, Collector] = {}
        self._judges: dict[str, BodyJudge] = {}
        self._due = time.monotonic() + EVERY

    def take(
        self, provider: Provider, operation: Operation, interaction: Interaction, secrets: tuple[Secret, ...]
    ) -> str:
        """Keep one answer, or say why it cannot be written or kept without one of the secrets."""
        try:
            if self.observed:
                self._summarise(provider, operation, interaction, secrets)
            if self.logged:
                self._log(provider, operation, interaction, secrets)
        except CassetteError as problem:
            return str(problem)
        except OSError as problem:
            return problem.strerror or type(problem).__name__
        return ""

    def _summarise(
        self, provider: Provider, operation: Operation, interaction: Interaction, secrets: tuple[Secret, ...]
    ) -> None:
        assert interaction.response is not None
        keys = (*secrets, *_carried(interaction, operation.entry.auth))
        clean = Interaction(
            request=interaction.request,
            response=scrubbed(interaction.response, keys),
            source=interaction.source,
            recorded_at=interaction.recorded_at,
            operation=operation.title,
        )
        self._collectors.setdefault(provider.id, Collector(lambda one: one.operation)).take(clean)
        if time.monotonic() > self._due:
            self.close()

    def _log(
        self, provider: Provider, operation: Operation, interaction: Interaction, secrets: tuple[Secret, ...]
    ) -> None:
        assert interaction.response is not None
        status = interaction.response.status
        media = (interaction.response.header("content-type") or "").partition(";")[0].strip().lower()
        faults = self._judge(provider)(operation, status, media)
        allowed = allowance_of(provider.spec, operation, status, faults=faults)
        line = log_line(interaction, provider.id, allowed, secrets)
        path = self._path(provider.id, "jsonl")
        with alone(path.parent):
            if path.exists() and path.stat().st_size + len(line) > MAX_LOG:
                raise CassetteError(f"{path.name} is full")
            append_line(path, line)

    def _judge(self, provider: Provider) -> BodyJudge:
        if provider.id not in self._judges:
            self._judges[provider.id] = store(provider).judge
        return self._judges[provider.id]

    def _path(self, vendor: str, ending: str) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder / f"{vendor}.{ending}"

    def close(self) -> None:
        """Add what was seen to the summaries on disk."""
        self._due = time.monotonic() + EVERY
        collectors, self._collectors = self._collectors, {}
        for vendor, collector in collectors.items():
            path = self._path(vendor, "observed.json")
            add_observed(path, collector.summary(), path.name)


def _carried(interaction: Interaction, carriers: tuple[Carrier, ...]) -> tuple[Secret, ...]:
    return tuple(Secret(text, "request") for text in carried(interaction, carriers))
