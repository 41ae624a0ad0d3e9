"""What the modules of the libraries share: one place that takes answers and lets nothing of ours out."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from typing import Any, Protocol

from contracts.report.violation import ContractViolation
from contracts.traffic.passed import Fields, Passed, Stream

MARK = "_contracts_watched"


class Watcher(Protocol):
    """What takes answers."""

    def wants(self) -> bool:
        """Whether the next answer is in the sample."""

    def take(self, passed: Passed) -> None:
        """Take an answer."""

    def later(self, make: Callable[[], Passed], size: int) -> None:
        """Take an answer that is put into plain values when it is its turn; `size` is that of its body."""

    def stream(self, passed: Passed) -> Stream:
        """Give what takes the pieces of a body."""


class Tap:
    """Takes the answers of one client; `failed` counts what went wrong here, by type."""

    def __init__(self, watcher: Watcher, vendor: str) -> None:
        self.watcher, self.vendor = watcher, vendor
        self.failed: Counter[str] = Counter()

    def fresh(self, response: Any) -> bool:
        """Whether an answer was not seen before and is in the sample; it is marked as seen."""
        if getattr(response, MARK, False):
            return False
        setattr(response, MARK, True)
        return self.watcher.wants()

    def passed(
        self, method: str, url: Any, sent: Fields, status: int, headers: Fields, body: bytes = b"", *,
        packed: bool = False, missing: str = "",
    ) -> Passed:  # fmt: skip
        """Put an answer into plain values."""
        return Passed(
            self.vendor, method, str(url), sent, status, headers, body, time.time(),
            packed, missing,
        )  # fmt: skip

    def unanswered(self, method: Any, url: Any, problem: Exception) -> None:
        """Tell of a call to which no answer came; the caller gets what was raised."""
        if self.fresh(problem):  # one that was raised behind a redirect passes here twice
            why = f"no answer came ({type(problem).__name__})"
            self.watcher.take(self.passed(str(method), url, (), 0, (), missing=why))

    def guarded(self, function: Any, *arguments: Any) -> Any:
        """Call what looks at an answer; only ContractViolation comes out. None when it failed."""
        try:
            return function(*arguments)
        except ContractViolation:
            raise
        except Exception as problem:  # noqa: BLE001 -- a fault of ours never reaches the caller
            self.failed[type(problem).__name__] += 1
            return None
