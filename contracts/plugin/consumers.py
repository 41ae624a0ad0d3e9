"""What pytest collects for the consumers that a project registers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from contracts.check import ProviderCheck, consumers_of
from contracts.consumers import Consumer, make_importable
from contracts.errors import ContractsError

if TYPE_CHECKING:
    from _pytest._code.code import ExceptionInfo, TerminalRepr

    from contracts.consumers import Answers

REPLAYS = "replays"
_UNSAFE = re.compile(r"[^A-Za-z0-9_.=+-]+")


def registered(check: ProviderCheck, root: Path) -> tuple[Consumer, ...]:
    """Give the project's consumers of a provider, each with its operation; as `consumers_of` for errors."""
    make_importable(root)
    return consumers_of(root, check.provider)


class ConsumerCollector(pytest.Collector):
    """One consumer of one operation."""

    consumer: Consumer
    check: ProviderCheck

    @classmethod
    def of(cls, parent: pytest.Collector, check: ProviderCheck, consumer: Consumer) -> ConsumerCollector:
        """Make the collector of a consumer, called as in the settings with a dot before the function."""
        made: ConsumerCollector = cls.from_parent(parent, name=consumer.id.replace(":", "."))
        made.check, made.consumer = check, consumer
        return made

    def collect(self) -> Iterator[pytest.Item]:
        """Yield an item per kept failure and covering payload, then one per other kind of payload."""
        from contracts.consumers import run as running
        from contracts.consumers import sources

        provider = self.check.provider
        folder = provider.root / "specs" / provider.id / REPLAYS
        explore = self.config.getoption("contracts_explore")
        try:
            found = sources.answers(provider, self.consumer.operation)
            for label, run in running.items(self.consumer, found, explore=explore, folder=folder):
                yield self._item(label, run)
            yield from self._behaviour(found, explore)
        except ContractsError as error:
            raise self.CollectError(str(error)) from None

    def _item(self, label: str, run: Callable[[], None]) -> pytest.Item:
        made: ConsumerItem = ConsumerItem.from_parent(self, name=_UNSAFE.sub("-", label)[:80])
        made.run = run
        return made

    def _behaviour(self, found: Answers, explore: int) -> Iterator[pytest.Item]:
        """Yield an item that compares with the base, and one that holds it to what was approved."""
        from contracts.consumers import behaviour

        given = self.config.getoption("contracts_base")
        base = self.check.gate.policy.base if given is None else given
        root = self.config.rootpath
        if base is not None:
            yield self._item("behaviour", partial(behaviour.hold, self.consumer, found, root, base, explore))
        elif behaviour.is_approved(self.consumer, root):
            yield self._item("behaviour", partial(behaviour.hold_to_approved, self.consumer, root))


class ConsumerItem(pytest.Item):
    """Payloads met by a consumer."""

    run: Callable[[], None]

    def runtest(self) -> None:
        """Meet the payloads; a broken law fails with the reduced payload."""
        self.run()

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Point at the manifest."""
        return self.path, 0, self.name

    def repr_failure(self, excinfo: ExceptionInfo[BaseException], style: Any = None) -> str | TerminalRepr:
        """Show the law and the payload instead of a traceback."""
        from contracts.consumers import Stumbled

        if isinstance(excinfo.value, Stumbled | ContractsError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)
