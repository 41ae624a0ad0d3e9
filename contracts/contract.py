"""The `contract` fixture: hold any response against a vendor's spec in one line of the user's own test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.check import Gate, ProviderCheck, find_pyproject
from contracts.collection import ContractViolation
from contracts.errors import ConfigError
from contracts.interactions.adapt import adapt
from contracts.interactions.documentation import example_url
from contracts.model import Assessment, Report
from contracts.policy import read_policy
from contracts.spec.provider import load


class Contract:
    """Callable as `contract("nimble", response)`; keeps the compiled specs of one test session."""

    def __init__(self, root: Path, provider: str = "", operation: str | None = None) -> None:
        self._root, self._provider, self._operation = root, provider, operation
        self._gate = Gate(policy=read_policy(find_pyproject(root)), today=datetime.now(UTC).date())

    @classmethod
    def of(cls, request: pytest.FixtureRequest) -> Contract:
        """Make the fixture for a test; `@pytest.mark.contract("nimble", operation="getBatch")` gives defaults."""
        marker = request.node.get_closest_marker("contract")
        given = dict(zip(("provider", "operation"), marker.args, strict=False), **marker.kwargs) if marker else {}
        return cls(request.config.rootpath, **given)

    def __call__(
        self,
        provider: str | Any,
        response: Any = None,
        *,
        operation: str | None = None,
        method: str = "",
        url: str = "",
        fail: bool = True,
    ) -> Assessment:
        """Judge a response; ContractViolation, an AssertionError with the report, when it violates.

        With a `contract` marker the provider may be left out: `contract(response)`. A response that does not
        know its request (a test client's, a tuple) needs `operation` or `url`. `fail=False` only reports.
        """
        name, seen = (provider, response) if isinstance(provider, str) else (self._provider, provider)
        if not name:
            raise ConfigError("contract(response) needs a provider: contract('nimble', response), or the marker")
        check = _check(name, self._root, self._gate)
        assessment = check.assess(self._interaction(check, seen, operation or self._operation, method, url))
        report = Report(providers=(check.facts,), assessments=(assessment,))
        worst, limit = report.worst, check.gate.policy.fail_on
        if fail and worst is not None and limit is not None and worst.weight >= limit.weight:
            raise ContractViolation(report)
        return assessment

    def _interaction(self, check: ProviderCheck, response: Any, operation: str | None, method: str, url: str) -> Any:
        interaction = adapt(response, method=method, url=url)
        if operation is None:
            return interaction
        chosen = check.operations((operation,))[0]
        asked = replace(interaction.request, method=chosen.method, url=example_url(check.provider.spec, chosen))
        known = check.checker.find(interaction)
        return interaction if known == chosen else replace(interaction, request=asked)


_CHECKS: dict[tuple[str, Path], tuple[object, ProviderCheck]] = {}


def _check(name: str, root: Path, gate: Gate) -> ProviderCheck:
    """Give the check of a provider, compiled once as long as its files and the gate stay the same."""
    provider = load(name, root)
    known = _CHECKS.get((name, root))
    if known is None or known[0] != (provider, gate):
        known = ((provider, gate), ProviderCheck(provider, gate))
        _CHECKS[name, root] = known
    return known[1]
