"""From what was judged to the sinks: everything counted, each finding said once an interval."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from contracts.model import Finding
from contracts.text import safe_text
from contracts.traffic.judge import Judged
from contracts.traffic.sinks import Sink

MOST: Final = 4096
"""Findings that are remembered; of more, those said longest ago are forgotten."""


@dataclass(slots=True)
class _Heard:
    """When something was said last, and how often it was met since."""

    at: float
    say: Callable[[int], None]
    since: int = 0


class Reporter:
    """Counts answers by vendor, operation and outcome, and says findings to the sinks.

    `interval` is in seconds; `failed` counts what sinks raised, by type.
    """

    def __init__(self, sinks: Iterable[Sink], interval: float) -> None:
        self.sinks, self.interval = tuple(sinks), interval
        self.counts: Counter[tuple[str, str, str]] = Counter()
        self.failed: Counter[str] = Counter()
        self._heard: dict[str, _Heard] = {}
        self._lock = threading.Lock()

    def count(self, outcome: str, vendor: str = "", operation: str = "") -> None:
        """Count an answer that never came to be judged."""
        with self._lock:
            self.counts[vendor, operation, outcome] += 1

    def tell(self, sentence: str) -> None:
        """Say a sentence, once an interval."""
        self._say(sentence, lambda sink, _: sink.said(sentence))

    def take(self, judged: Judged, context: Any = None) -> None:
        """Count an answer, and say what is new of it; never raises for what a sink does."""
        self.count(judged.outcome, judged.vendor, judged.operation)
        self._each(lambda sink: sink.answered(judged, context))
        for finding in judged.findings:
            self._say(finding.fingerprint, _finding(finding))
        if judged.reason:
            self._say(f"{judged.vendor} {judged.operation} {judged.reason}", _sentence(judged, "not judged"))
        if judged.unwritten:
            self.count("not written", judged.vendor, judged.operation)
            self._say(f"{judged.vendor} not written {judged.unwritten}", _sentence(judged, "not written"))

    def _say(self, key: str, to: Callable[[Sink, int], None]) -> None:
        now = time.monotonic()
        with self._lock:
            heard = self._heard.get(key)
            if heard is not None and now - heard.at < self.interval:
                heard.since += 1
                return
            times = heard.since + 1 if heard else 1
            self._heard.pop(key, None)
            self._heard[key] = _Heard(now, lambda n: self._each(lambda sink: to(sink, n)))
            if len(self._heard) > MOST:
                del self._heard[next(iter(self._heard))]
        self._each(lambda sink: to(sink, times))

    def close(self) -> None:
        """Say once more what was met again since it was said."""
        with self._lock:
            left = [one for one in self._heard.values() if one.since]
            self._heard = {}
        for one in left:
            one.say(one.since)

    def _each(self, tell: Callable[[Sink], None]) -> None:
        for sink in self.sinks:
            try:
                tell(sink)
            except Exception as problem:  # noqa: BLE001 -- a sink's fault is nobody else's
                self.failed[type(problem).__name__] += 1


def _finding(finding: Finding) -> Callable[[Sink, int], None]:
    return lambda sink, times: sink.found(finding, times)


def _sentence(judged: Judged, what: str) -> Callable[[Sink, int], None]:
    head = " ".join(filter(None, (judged.vendor, judged.operation, str(judged.status or ""))))
    why = judged.unwritten if what == "not written" else judged.reason
    return lambda sink, times: sink.said(f"{head}: {what}: {safe_text(why, 300)}")
