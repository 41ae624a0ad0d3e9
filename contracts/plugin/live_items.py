"""What pytest collects with --live: an item per probe of each operation, and one that follows the batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contracts.check import POLL, LiveCheck, why_open
from contracts.errors import ContractsError
from contracts.live import Probe
from contracts.model import Assessment, Finding, Interaction, Verdict
from contracts.plugin.items import PROPERTY, PROPERTY_FINDINGS, ContractItem
from contracts.plugin.wire import pack, pack_findings
from contracts.spec import Operation

KEPT = "contracts-kept"


class LiveFile(pytest.File):
    """A provider.toml, asked live."""

    live: LiveCheck
    chosen: tuple[str, ...]
    record: bool
    required: bool

    def collect(self) -> Iterator[pytest.Collector]:
        """Yield a collector per operation that may be called."""
        try:
            for operation in self.live.operations(self.chosen):
                made: LiveOperation = LiveOperation.from_parent(self, name=operation.alias)
                made.operation = operation
                yield made
        except ContractsError as error:
            raise self.CollectError(str(error)) from None


class LiveOperation(pytest.Collector):
    """One operation: the batch followed to its end where asked for, then the probes in their order."""

    parent: LiveFile
    operation: Operation

    def collect(self) -> Iterator[pytest.Item]:
        """Yield the items; all of one provider stay on one worker under `--dist=loadgroup`."""
        for position, probe in enumerate(self.parent.live.questions(self.operation)):
            item: LiveItem = ProbeItem.of(self, probe) if probe else PollItem.from_parent(self, name=POLL)
            item.position = position
            yield self._grouped(item)

    def _grouped(self, item: pytest.Item) -> pytest.Item:
        if not any(line.startswith("xdist_group") for line in self.config.getini("markers")):
            return item  # without pytest-xdist the mark is unknown, and an error with --strict-markers
        item.add_marker(pytest.mark.xdist_group(f"live-{self.parent.live.check.provider.id}"))
        return item


class LiveItem(ContractItem):
    """What the live items share: the key must be there, answers are judged, kept and carried."""

    parent: LiveOperation  # type: ignore[assignment]
    position: int

    def _file(self) -> LiveFile:
        return self.parent.parent

    def _need_key(self) -> None:
        reason = self._file().live.missing_key
        if reason and self._file().required:
            pytest.fail(reason, pytrace=False)
        if reason:
            pytest.skip(reason)

    def _judge(self, interactions: tuple[Interaction, ...], findings: tuple[Finding, ...] = ()) -> None:
        live = self._file().live
        assessments = tuple(live.check.assess(one) for one in interactions)
        for one in assessments:
            shown = live.check.shown(self.parent.operation, one.interaction)
            self.user_properties.append((PROPERTY, pack(one, shown)))
        self.user_properties.append((PROPERTY_FINDINGS, pack_findings(findings)))
        if self._file().record:
            self.user_properties.append((KEPT, "\n".join(map(str, live.keep(interactions)))))
        self.conclude(live.report(assessments, findings), live.check.gate.policy.fail_on)
        self._conclude_open(assessments)

    def _conclude_open(self, assessments: tuple[Assessment, ...]) -> None:
        """Skip with the reason when the last answer could not be judged: it is not green then."""
        last = assessments[-1] if assessments else None
        if last is None or last.verdict is Verdict.INCONCLUSIVE:
            pytest.skip(why_open(last) if last else "nothing was sent")

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the manifest."""
        return self.path, 0, self.name


class ProbeItem(LiveItem):
    """One deliberate question."""

    probe: Probe

    @classmethod
    def of(cls, parent: LiveOperation, probe: Probe) -> ProbeItem:
        """Make the item of a probe."""
        made: ProbeItem = cls.from_parent(parent, name=f"live-{probe.name or 'batch'}")
        made.probe = probe
        return made

    def runtest(self) -> None:
        """Put the question and judge the answer."""
        self._need_key()
        self._judge((self._file().live.ask(self.parent.operation, self.probe),))


class PollItem(LiveItem):
    """The batch followed to its end."""

    def runtest(self) -> None:
        """Judge every step and the sequence."""
        self._need_key()
        live = self._file().live
        answers = tuple(live.poll(self.parent.operation))
        self._judge(answers, live.sequence(answers))


def in_order(items: list[pytest.Item]) -> None:
    """Put the live items back into their order, whoever shuffled them: a wrong key is tried last."""
    places = [index for index, item in enumerate(items) if isinstance(item, LiveItem)]
    found = [item for item in items if isinstance(item, LiveItem)]
    ordered = sorted(found, key=lambda item: (str(item.path), item.parent.name, item.position))
    for index, item in zip(places, ordered, strict=True):
        items[index] = item
