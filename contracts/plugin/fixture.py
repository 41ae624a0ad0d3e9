"""The `contract` fixture: hold any response against a vendor's spec in one line of the user's own test."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

import pytest

from contracts.check import CheckOptions, Deliveries, ProviderCheck, find_root, read_options
from contracts.errors import ConfigError
from contracts.interactions import example_url, interaction_of
from contracts.model import Assessment, Interaction, Report, Verdict
from contracts.policy import fails
from contracts.report import remember
from contracts.report.violation import ContractViolation
from contracts.spec import load

_OPTIONS = pytest.StashKey[CheckOptions]()
_CHECKS = pytest.StashKey[dict[str, ProviderCheck]]()


def options_of(config: pytest.Config) -> CheckOptions:
    """Give the options of a run: the settings at its root, engine and body limit from the command line."""
    if _OPTIONS not in config.stash:
        config.stash[_OPTIONS] = read_options(
            config.rootpath,
            engine=config.getoption("contracts_engine"),
            max_body=config.getoption("contracts_max_body"),
        )
    return config.stash[_OPTIONS]


class Contract:
    """Callable as `contract("nimble", response)`; a spec is compiled once in a run."""

    def __init__(self, config: pytest.Config, provider: str = "", operation: str | None = None) -> None:
        self._config, self._provider, self._operation = config, provider, operation
        self._deliveries: dict[str, Deliveries] = {}

    @classmethod
    def of(cls, request: pytest.FixtureRequest) -> Contract:
        """Make the fixture of a test; the marker `contract("nimble", operation="getBatch")` sets defaults."""
        marker = request.node.get_closest_marker("contract")
        if marker is None:
            return cls(request.config)
        try:
            return cls(request.config, *marker.args, **marker.kwargs)
        except TypeError:
            raise ConfigError("the marker is contract(provider, operation=None)") from None

    def __call__(
        self,
        provider: Any,
        response: Any = None,
        *,
        operation: str | None = None,
        method: str = "",
        url: str = "",
        fail: bool = True,
    ) -> Assessment:
        """Judge a response; ContractViolation, an AssertionError with the report, when it violates.

        With a `contract` marker the provider may be left out: `contract(response)`. A response that does not
        know its request (a tuple, one built by hand) needs `operation` or `url`; without either nothing
        could be checked, which is a ConfigError. `fail=False` only reports.
        """
        __tracebackhide__ = True
        name, seen = (provider, response) if isinstance(provider, str) else (self._provider, provider)
        if not name:
            raise ConfigError(
                "contract(response) needs a provider: contract('nimble', response), or the marker"
            )
        check = self._check(name)
        interaction = self._interaction(check, seen, operation or self._operation, method, url)
        return self._decided(check, check.assess(interaction), fail=fail)

    def webhook(
        self, provider: str, headers: Any, body: bytes, *, event: str = "", fail: bool = True
    ) -> Assessment:
        """Judge a delivery to a webhook as `contracts.webhook` does; ContractViolation when it violates.

        What came before is known within one test.
        """
        __tracebackhide__ = True
        if provider not in self._deliveries:
            self._deliveries[provider] = Deliveries(self._check(provider), os.environ)
        known = self._deliveries[provider]
        return self._decided(known.check, known.judge(headers, body, event), fail=fail)

    def _decided(self, check: ProviderCheck, assessment: Assessment, *, fail: bool) -> Assessment:
        __tracebackhide__ = True
        name = check.provider.id
        report = Report(providers=(check.facts,), assessments=(assessment,))
        if fail and fails(report, check.gate.policy.fail_on):
            remember(find_root(self._config.rootpath), report)
            raise ContractViolation(report)
        if fail and assessment.verdict is Verdict.INCONCLUSIVE:
            advice = "" if check.checker.find(assessment.interaction) else f"; {_ADVICE}"
            raise ConfigError(f"{name}: nothing was checked: {'; '.join(assessment.not_checked)}{advice}")
        return assessment

    def _check(self, name: str) -> ProviderCheck:
        checks = self._config.stash.setdefault(_CHECKS, {})
        if name not in checks:
            checks[name] = ProviderCheck(load(name, self._config.rootpath), options_of(self._config))
        return checks[name]

    def _interaction(
        self, check: ProviderCheck, response: Any, operation: str | None, method: str, url: str
    ) -> Interaction:
        interaction = interaction_of(response, method=method, url=url)
        if operation is None:
            return interaction
        chosen = check.operations((operation,))[0]
        asked = replace(
            interaction.request, method=chosen.method, url=example_url(check.provider.spec, chosen)
        )
        known = check.checker.find(interaction)
        return interaction if known == chosen else replace(interaction, request=asked)


_ADVICE = "say what was asked: operation='getBatch', or method= and url="
