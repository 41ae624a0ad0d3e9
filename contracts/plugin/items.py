"""What pytest collects from a provider.toml: a collector per operation, an item per interaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.check import ProviderCheck, why_open
from contracts.consumers import Consumer
from contracts.errors import ContractsError
from contracts.model import Interaction, Report, Severity, Verdict
from contracts.plugin.wire import pack, pack_findings
from contracts.policy import fails
from contracts.report.violation import ContractViolation
from contracts.spec import Operation

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo, TerminalRepr

PROPERTY = "contracts"
PROPERTY_FINDINGS = "contracts-findings"


class ProviderFile(pytest.File):
    """A provider.toml: the operations of one vendor."""

    check: ProviderCheck
    chosen: tuple[str, ...]
    consumers: tuple[Consumer, ...]

    def collect(self) -> Iterator[pytest.Collector]:
        """Yield a collector per operation, sorted by alias."""
        try:
            for operation in self.check.operations(self.chosen):
                yield OperationCollector.of(self, operation)
        except ContractsError as error:
            raise self.CollectError(str(error)) from None


class OperationCollector(pytest.Collector):
    """One operation: its interactions, then its spec, then the project's consumers of its answer."""

    check: ProviderCheck
    operation: Operation
    consumers: tuple[Consumer, ...]

    @classmethod
    def of(cls, parent: ProviderFile, operation: Operation) -> OperationCollector:
        """Make the collector of an operation."""
        made: OperationCollector = cls.from_parent(parent, name=operation.alias)
        made.check, made.operation, made.consumers = parent.check, operation, parent.consumers
        return made

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        """Yield an item per interaction by id, then `spec`, then the project's consumers."""
        try:
            interactions = self.check.interactions(self.operation)
        except ContractsError as error:
            raise self.CollectError(str(error)) from None
        for interaction in interactions:
            yield InteractionItem.of(self, interaction)
        yield SpecItem.from_parent(self, name="spec")
        yield from self._consumers()

    def _consumers(self) -> Iterator[pytest.Collector]:
        from contracts.plugin.consumers import ConsumerCollector

        for consumer in self.consumers:
            if consumer.operation == self.operation.alias:
                yield ConsumerCollector.of(self, self.check, consumer)


class ContractItem(pytest.Item):
    """What all our items share: a place to point at and findings as finished text."""

    parent: OperationCollector

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the file that was judged."""
        return self.path, 0, self.nodeid

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """Show findings instead of a traceback; an error of the setup is one sentence."""
        if isinstance(excinfo.value, ContractViolation | ContractsError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def conclude(self, report: Report, fail_on: Severity | None) -> None:
        """Fail the item when something open is at or above the severity that closes the gate."""
        if fails(report, fail_on):
            raise ContractViolation(report)

    def carry(self, name: str, *texts: str) -> None:
        """Put a property on the report; a rerun of the item replaces what its last run said."""
        kept = [one for one in self.user_properties if one[0] != name]
        self.user_properties[:] = [*kept, *((name, text) for text in texts)]


class InteractionItem(ContractItem):
    """One interaction, judged like any other response."""

    interaction: Interaction

    @classmethod
    def of(cls, parent: OperationCollector, interaction: Interaction) -> InteractionItem:
        """Make the item of an interaction; its name is `<status>-<situation>`."""
        status = interaction.response.status if interaction.response else 0
        made: InteractionItem = cls.from_parent(parent, name=f"{status:03d}-{interaction.name}")
        made.interaction = interaction
        return made

    def runtest(self) -> None:
        """Judge the interaction; a violation fails, an inconclusive one is skipped with its reason."""
        check = self.parent.check
        assessment = check.assess(self.interaction)
        shown = check.shown(self.parent.operation, self.interaction)
        self.carry(PROPERTY, pack(assessment, shown))
        self.conclude(Report(providers=(check.facts,), assessments=(assessment,)), check.gate.policy.fail_on)
        if assessment.verdict is Verdict.INCONCLUSIVE:
            raise pytest.skip.Exception(why_open(assessment), _use_item_location=True)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the cassette, or at the example in the spec."""
        origin = self.interaction.origin
        place = self.config.rootpath / origin.file if origin else self.path
        return place, max(origin.line - 1, 0) if origin else 0, self.nodeid


class SpecItem(ContractItem):
    """The vendor's document itself: its examples must fit its schemas."""

    def runtest(self) -> None:
        """Judge the examples inside the operation's schemas."""
        check = self.parent.check
        findings = check.spec_findings(self.parent.operation)
        self.carry(PROPERTY_FINDINGS, pack_findings(findings))
        self.conclude(Report(providers=(check.facts,), findings=findings), check.gate.policy.fail_on)


def properties(report: pytest.TestReport, name: str) -> Iterable[str]:
    """Yield the values of one of our properties; only the call phase carries them once."""
    if report.when == "call":
        yield from (str(value) for key, value in report.user_properties if key == name)


def node_id(check: ProviderCheck, path: Path, root: Path) -> str | None:
    """Give the node id of a manifest outside the root, one that can be pasted back; None inside it."""
    return None if path.is_relative_to(root) else f"specs/{check.provider.id}/{path.name}"


class BrokenFile(pytest.File):
    """A provider.toml of a vendor that cannot be loaded: one item, which fails and says why."""

    fault: ContractsError

    @classmethod
    def of(cls, fault: ContractsError, path: Path, parent: pytest.Collector) -> BrokenFile:
        """Make the node of a vendor that cannot be loaded."""
        made: BrokenFile = cls.from_parent(parent, path=path)
        made.fault = fault
        return made

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the item that fails."""
        yield BrokenItem.from_parent(self, name="loads")


class BrokenItem(pytest.Item):
    """What cannot be loaded: the other vendors are checked all the same."""

    parent: BrokenFile

    def runtest(self) -> None:
        """Fail with the sentence that says why."""
        raise self.parent.fault

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """Show the sentence alone."""
        return str(excinfo.value)


def provider_file(
    check: ProviderCheck,
    chosen: tuple[str, ...],
    consumers: tuple[Consumer, ...],
    *,
    path: Path,
    parent: pytest.Collector,
) -> ProviderFile:
    """Make the provider's file node below a parent."""
    nodeid = node_id(check, path, parent.config.rootpath)
    made: ProviderFile = ProviderFile.from_parent(parent, path=path, nodeid=nodeid)
    made.check, made.chosen, made.consumers = check, chosen, consumers
    return made
