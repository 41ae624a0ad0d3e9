"""The live part of a pytest run: keys, the budgets that all workers share, and never green without a look."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from contracts.check import (
    CheckOptions,
    LiveCheck,
    LiveSettings,
    ProviderCheck,
    base_urls,
    pairs,
    refuse_unused,
)
from contracts.errors import ConfigError
from contracts.model import Assessment, Report, Source, Verdict
from contracts.plugin.items import node_id, properties
from contracts.plugin.live_items import KEPT, LiveFile, in_order
from contracts.policy import verdict
from contracts.spec import Provider
from contracts.text import plural

SHARED = "contracts_ledgers"
"""The key of a worker's input under which the controller hands over the folder of the budgets."""


class LiveRun:
    """What --live adds to a session: `wanted` are its providers, `named` those asked for by name."""

    def __init__(
        self, config: pytest.Config, gate: CheckOptions, wanted: Sequence[str], named: Sequence[str]
    ) -> None:
        self.config, self.gate, self.wanted, self.named = config, gate, tuple(wanted), tuple(named)
        shared = getattr(config, "workerinput", {}).get(SHARED)
        self.own = None if shared else Path(tempfile.mkdtemp(prefix="contracts-budget-"))
        self.settings = self._settings(Path(shared) if shared else self.own)
        self.required = bool(config.getoption("contracts_live_required") or os.environ.get("CI"))
        self.checks: dict[str, LiveCheck] = {}
        self.kept: list[str] = []

    def _settings(self, ledgers: Path | None) -> LiveSettings:
        option = self.config.getoption
        return LiveSettings(
            params=pairs(option("contracts_param") or (), "--contracts-param"),
            base_urls=base_urls(option("contracts_base_url") or (), self.wanted, "--contracts-base-url"),
            budget=option("contracts_budget"),
            timeout=option("contracts_timeout"),
            wait=option("contracts_wait"),
            follow=option("contracts_poll"),
            credentials=not option("contracts_no_auth_probes"),
            allow_unsafe=option("contracts_allow_unsafe"),
            ledgers=ledgers,
            prefix="--contracts-",
        )

    def add(self, provider: Provider) -> ProviderCheck:
        """Make the live check of a provider and give its judge; ConfigError when a named one has no key."""
        check = LiveCheck(provider, self.gate, self.settings, os.environ)
        if check.missing_key and provider.id in self.named:
            raise ConfigError(check.missing_key)
        self.checks[provider.id] = check
        return check.check

    def refuse_unused(self, wanted: Mapping[str, tuple[str, ...]]) -> None:
        """Refuse parameters that no operation of the run takes; `wanted` are the operations by provider."""
        refuse_unused([(self.checks[name], mine) for name, mine in wanted.items()])

    def share(self, workerinput: dict[str, object]) -> None:
        """Hand the folder of the budgets to a worker."""
        workerinput[SHARED] = str(self.settings.ledgers)

    def collect(
        self, check: ProviderCheck, chosen: tuple[str, ...], path: Path, parent: pytest.Collector
    ) -> LiveFile:
        """Collect a provider's manifest as live items."""
        nodeid = node_id(check, path, self.config.rootpath)
        made: LiveFile = LiveFile.from_parent(parent, path=path, nodeid=nodeid)
        made.live, made.required, made.chosen = self.checks[check.provider.id], self.required, chosen
        made.record = self.config.getoption("contracts_record")
        return made

    def order(self, items: list[pytest.Item]) -> None:
        """Undo what a plugin that shuffles did to the live items."""
        in_order(items)

    def header(self) -> str:
        """Say how the vendor is treated; never a part of a key."""
        return f"live · budget {plural(self.settings.budget, 'request')} per provider"

    def gather(self, report: pytest.TestReport) -> None:
        """Remember what was written as a cassette."""
        self.kept.extend(properties(report, KEPT))

    def exit_status(self, assessments: Sequence[Assessment]) -> pytest.ExitCode:
        """Give the exit code of a run that is green so far; not OK where what was asked for was not seen."""
        live = tuple(one for one in assessments if one.interaction.source is Source.LIVE)
        looked = verdict(Report(assessments=live)) is not Verdict.INCONCLUSIVE
        return pytest.ExitCode.OK if looked else pytest.ExitCode.NO_TESTS_COLLECTED

    def closing(self) -> Iterator[str]:
        """Yield what became of recordings, and how many requests each provider took of its budget."""
        yield from self.kept
        parts = [f"{name} {check.live.ledger.used}" for name, check in self.checks.items()]
        yield f"requests sent: {', '.join(parts)} (budget {self.settings.budget} each)"

    def close(self) -> None:
        """Remove the folder of the budgets, where this process made it."""
        if self.own is not None:
            shutil.rmtree(self.own, ignore_errors=True)
