"""What watched clients and apps of one setting share: where answers and deliveries go, what was counted.

Set up wrongly it raises ConfigError, at once. After that it never raises (unless `mode` is "raise"), never
changes an answer, reads nothing that the caller does not read, and waits for nothing.
"""

from __future__ import annotations

import atexit
import random
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from contracts.address import read_address
from contracts.check import choose_providers, find_root, read_options
from contracts.errors import ConfigError, UnknownName
from contracts.model import Report
from contracts.policy import SINKS, WatchSettings, fails
from contracts.report.violation import ContractViolation
from contracts.spec import names, no_provider
from contracts.text import safe_text
from contracts.traffic.courier import Courier
from contracts.traffic.judge import NOT_JUDGED, OTHERS, Judge, Judged
from contracts.traffic.passed import Passed, Stream, too_large
from contracts.traffic.reporter import Reporter
from contracts.traffic.sinks import CallSink, LogSink, Sink, TelemetrySink, current_span

FOREIGN_HOSTS: Final = 1000
LINGER: Final = 10.0
"""Seconds that the end of the program may wait for answers that still wait to be judged."""


class Watch:
    """What the clients of one setting share: where answers go, and what was counted."""

    def __init__(
        self, root: Path, settings: WatchSettings, vendors: tuple[str, ...], sinks: tuple[Sink, ...]
    ) -> None:
        self.root, self.settings, self.options = root, settings, read_options(root)
        self.limit = self.options.max_bytes
        self.reporter = Reporter(sinks, settings.interval)
        self.courier = Courier(root, vendors, settings, self._deliver)
        self._judge = Judge(root, vendors, settings) if settings.mode == "raise" else None
        self._spans = any(isinstance(one, TelemetrySink) for one in sinks)
        self._foreign: set[tuple[str, str]] = set()

    def wants(self) -> bool:
        """Whether the next answer is in the sample; one that is not is counted."""
        if self.settings.sample >= 1 or random.random() < self.settings.sample:  # noqa: S311
            return True
        self.reporter.count("not sampled")
        return False

    def take(self, passed: Passed) -> None:
        """Take an answer; raises nothing, but ContractViolation in the mode "raise"."""
        try:
            if len(passed.body) > self.limit:
                passed = passed._replace(body=b"", missing=too_large(len(passed.body), self.limit))
            if self._judge is not None:
                self._decide(self._judge.judge(passed))
            elif not self._is_foreign(passed) and not self.courier.put(passed, self._span(), passed.size):
                self.reporter.count("dropped", passed.vendor)
        except ContractViolation:
            raise
        except Exception as problem:  # noqa: BLE001 -- a fault of ours never reaches the caller
            self.reporter.failed[type(problem).__name__] += 1

    def later(self, make: Callable[[], Passed], size: int) -> None:
        """Take an answer as `take` does; it is put into plain values by the thread that carries it away."""
        if self._judge is not None or self._foreign or size > self.limit:
            self.take(make())
        elif not self.courier.put(make, self._span(), size):
            self.reporter.count("dropped", make().vendor)

    def stream(self, passed: Passed) -> Stream:
        """Give what takes the pieces of a body as the caller reads them."""
        return Stream(passed, self.limit, self.take)

    def _span(self) -> Any:
        return current_span() if self._spans else None

    def _is_foreign(self, passed: Passed) -> bool:
        """Whether the host is known to be no vendor's: then not even its answer is kept."""
        if self._foreign and (passed.vendor, _authority(passed)) in self._foreign:
            self.reporter.count(OTHERS, passed.vendor)
            return True
        return False

    def _deliver(self, batch: list[tuple[Passed, Any]], answers: list[Any], reason: str) -> None:
        for (passed, context), answer in zip(batch, answers or [None] * len(batch), strict=True):
            judged = answer or _unjudged(passed, reason or "the check ended or did not end in time")
            self._note_foreign(passed, judged)
            self.reporter.take(judged, context)

    def _note_foreign(self, passed: Passed, judged: Judged) -> None:
        known = (passed.vendor, _authority(passed))
        if judged.outcome == OTHERS and known not in self._foreign and len(self._foreign) < FOREIGN_HOSTS:
            self._foreign.add(known)
            whose = f"not a host of {passed.vendor}" if passed.vendor else "no vendor for this host"
            there = (
                f"name it in hosts of [tool.contracts.watch], if it is {'its' if passed.vendor else 'one'}"
            )
            self.reporter.tell(f"{safe_text(known[1], 100)}: not judged: {whose}; {there}")

    def _decide(self, judged: Judged) -> None:
        """Report, then raise what closes the gate."""
        self.reporter.take(judged, self._span())
        report = Report(findings=judged.findings)
        if fails(report, self.options.policy.fail_on):
            raise ContractViolation(report)

    def close(self, seconds: float = LINGER) -> None:
        """Finish what waits, and say what was met again."""
        self.courier.close(seconds)
        self.reporter.close()


_WATCHES: Final[dict[tuple[Any, ...], Watch]] = {}


def watch_of(
    root: Path | None, vendors: Iterable[str], on_finding: Callable[..., object] | None, **given: Any
) -> Watch:
    """Give the watch of the settings at a root, with what is `given` besides, for vendors that are there."""
    home = find_root((root or Path.cwd()).resolve())
    options = read_options(home)
    settings = replace(options.policy.watch, **{k: v for k, v in given.items() if v is not None})
    _check(settings, vendors, home)
    chosen = settings.vendors or choose_providers(home, (), options.policy)
    return _shared(home, settings, chosen, on_finding)


def _check(settings: WatchSettings, vendors: Iterable[str], root: Path) -> None:
    for vendor in vendors:
        if vendor not in names(root):
            raise no_provider(vendor, root)
    if settings.mode not in {"log", "raise"}:
        raise UnknownName("mode", settings.mode, ("log", "raise"), "contracts.watch")
    for name in settings.sinks:
        if name not in SINKS:
            raise UnknownName("sink", name, SINKS, "contracts.watch")
    if not 0 <= settings.sample <= 1:
        raise ConfigError("contracts.watch: sample is a share between 0 and 1")


def _authority(passed: Passed) -> str:
    """Give host and port of an address; those of a delivery are nobody's."""
    return "".join(passed.url.split("/", 3)[2:3])


def _unjudged(passed: Passed, reason: str) -> Judged:
    """Say of an answer that nothing was said of it, and why."""
    host = read_address(passed.url).host
    return Judged(NOT_JUDGED, passed.vendor, "", passed.method, passed.status, host, reason)


def _shared(
    root: Path, settings: WatchSettings, vendors: tuple[str, ...], function: Callable[..., object] | None
) -> Watch:
    """Give the watch of these settings, so that several clients share one queue and one process."""
    key = (root, settings, vendors, function)
    if key not in _WATCHES:
        if not _WATCHES:
            atexit.register(_close)
        made: list[Sink] = [LogSink()] if "log" in settings.sinks else []
        made += [TelemetrySink()] if "otel" in settings.sinks else []
        made += [CallSink(function)] if function else []
        _WATCHES[key] = Watch(root, settings, vendors, tuple(made))
    return _WATCHES[key]


def _close() -> None:
    while _WATCHES:
        _WATCHES.popitem()[1].close()


def flush(seconds: float = 30.0) -> bool:
    """Wait until everything that passed was judged and said, for at most so long; False when it was not."""
    until = time.monotonic() + seconds
    while not all(one.courier.idle() for one in _WATCHES.values()):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def totals() -> Counter[tuple[str, str, str]]:
    """Count the answers so far by vendor, operation and outcome.

    Outcomes are conforms, violates, not judged, of other hosts, dropped (the queue was full), not sampled;
    one that could not be written to a file that was asked for counts as not written besides.
    """
    return sum((one.reporter.counts for one in _WATCHES.values()), Counter())
