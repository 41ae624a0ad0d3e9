"""`contracts.watch`: a client goes on as before, and every answer it gets is held against the contract.

    client = contracts.watch(httpx.Client(), "matil")
    contracts.watch()          # every client of this process, vendors by host

Set up wrongly it raises ConfigError, at once. After that it never raises (unless `mode` is "raise"), never
changes an answer, reads nothing that the caller does not read, and waits for nothing.
"""

from __future__ import annotations

import atexit
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from contracts.address import read_address
from contracts.check import choose_providers, find_root, read_options
from contracts.errors import ConfigError, UnknownName
from contracts.model import Finding, Report
from contracts.policy import SINKS, WatchSettings, fails
from contracts.report.violation import ContractViolation
from contracts.spec import names
from contracts.traffic.clients import attach, attach_everywhere
from contracts.traffic.courier import Courier
from contracts.traffic.judge import NOT_JUDGED, OTHERS, Judge, Judged
from contracts.traffic.passed import Passed, Stream, too_large
from contracts.traffic.reporter import Reporter
from contracts.traffic.sinks import CallSink, LogSink, Sink, TelemetrySink, current_span

C = TypeVar("C")
FOREIGN_HOSTS: Final = 1000
LINGER: Final = 10.0
"""Seconds that the end of the program may wait for answers that still wait to be judged."""


class Watch:
    """What the clients of one setting share: where answers go, and what was counted."""

    def __init__(
        self, root: Path, settings: WatchSettings, vendors: tuple[str, ...], sinks: tuple[Sink, ...]
    ) -> None:
        self.settings, self.options = settings, read_options(root)
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
            elif not self._is_foreign(passed) and not self.courier.put(passed, self._span()):
                self.reporter.count("dropped", passed.vendor)
        except ContractViolation:
            raise
        except Exception as problem:  # noqa: BLE001 -- a fault of ours never reaches the caller
            self.reporter.failed[type(problem).__name__] += 1

    def stream(self, passed: Passed) -> Stream:
        """Give what takes the pieces of a body as the caller reads them."""
        return Stream(passed, self.limit, self.take)

    def _span(self) -> Any:
        return current_span() if self._spans else None

    def _is_foreign(self, passed: Passed) -> bool:
        """Whether the host is known to be no vendor's: then not even its answer is kept."""
        if self._foreign and (passed.vendor, passed.url.split("/", 3)[2]) in self._foreign:
            self.reporter.count(OTHERS, passed.vendor)
            return True
        return False

    def _deliver(self, batch: list[tuple[Passed, Any]], answers: list[Any], reason: str) -> None:
        for (passed, context), answer in zip(batch, answers or [None] * len(batch), strict=True):
            judged = answer or _unjudged(passed, reason or "the check ended or did not end in time")
            self._note_foreign(passed, judged)
            self.reporter.take(judged, context)

    def _note_foreign(self, passed: Passed, judged: Judged) -> None:
        if judged.outcome == OTHERS and len(self._foreign) < FOREIGN_HOSTS:
            self._foreign.add((passed.vendor, passed.url.split("/", 3)[2]))

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


def watch(
    client: C | None = None,
    vendor: str = "",
    *,
    mode: str = "",
    sinks: tuple[str, ...] | None = None,
    sample: float | None = None,
    interval: int | None = None,
    on_finding: Callable[[Finding, int], object] | None = None,
    root: Path | None = None,
) -> C | None:
    """Watch a client (of httpx, httpx2, requests, aiohttp or urllib3) and give the same one back.

    Without a vendor the host of each request says whose answer it is; without a client every client of these
    libraries is watched. What is not named here says `[tool.contracts.watch]`. `on_finding` is called with
    each finding and how often it was seen since the last call, from another thread. With `mode="raise"`
    answers are judged within the call, which raises ContractViolation.
    ConfigError and UnknownName for what cannot be used.
    """
    home = find_root((root or Path.cwd()).resolve())
    options = read_options(home)
    given: dict[str, Any] = {"mode": mode or None, "sinks": sinks, "sample": sample, "interval": interval}
    settings = replace(options.policy.watch, **{k: v for k, v in given.items() if v is not None})
    _check(settings, vendor, home)
    vendors = settings.vendors or choose_providers(home, (), options.policy)
    found = _shared(home, settings, vendors, on_finding)
    if client is None:
        attach_everywhere(found, vendor)
    else:
        attach(client, found, vendor)
    return client


def _check(settings: WatchSettings, vendor: str, root: Path) -> None:
    if vendor and vendor not in names(root):
        raise UnknownName("provider", vendor, names(root))
    if settings.mode not in {"log", "raise"}:
        raise UnknownName("mode", settings.mode, ("log", "raise"), "contracts.watch")
    for name in settings.sinks:
        if name not in SINKS:
            raise UnknownName("sink", name, SINKS, "contracts.watch")
    if not 0 <= settings.sample <= 1:
        raise ConfigError("contracts.watch: sample is a share between 0 and 1")


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
