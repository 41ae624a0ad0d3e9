"""Where findings of passing traffic are said: the log, OpenTelemetry, a function of the user's.

Each is optional, and none can fail for another: what one raises is counted by the reporter.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, Final, Protocol

from contracts.errors import ConfigError
from contracts.model import Finding, Severity
from contracts.text import safe_text
from contracts.traffic.judge import Judged

LOGGER: Final = logging.getLogger("contracts.watch")
_LEVELS: Final = {
    Severity.ERROR: logging.ERROR,
    Severity.WARNING: logging.WARNING,
    Severity.NOTE: logging.INFO,
}


class Sink(Protocol):
    """Takes what is said; `times` counts how often a finding was seen since it was said last."""

    def answered(self, judged: Judged, context: Any) -> None:
        """Take every answer with its findings, and the span in which it came."""

    def found(self, finding: Finding, times: int) -> None:
        """Take a finding, once an interval."""

    def said(self, sentence: str) -> None:
        """Take a sentence on what was not judged, once an interval."""


class LogSink:
    """One line for each finding to the logger `contracts.watch`, at the level of its severity."""

    def answered(self, judged: Judged, context: Any) -> None:
        """Say nothing of single answers."""

    def found(self, finding: Finding, times: int) -> None:
        """Log a finding."""
        LOGGER.log(_LEVELS[finding.severity], "%s", line(finding, times))

    def said(self, sentence: str) -> None:
        """Log what was not judged, as information."""
        LOGGER.info("%s", sentence)


def line(finding: Finding, times: int) -> str:
    """Write a finding on one line: vendor, operation, status, place, words, rule, line of the spec."""
    head = " ".join(filter(None, (finding.provider, finding.operation, finding.status)))
    where = safe_text(finding.pointer or (finding.part if finding.part != "body" else "/"), 200)
    about = ", ".join(filter(None, (finding.rule, finding.severity.value, str(finding.spec_line or ""))))
    often = f", seen {times:,} times" if times > 1 else ""
    return f"{head} {where}: {safe_text(finding.message, 300)} ({about}){often}"


class CallSink:
    """Calls a function of the user's with each finding and how often it was seen."""

    def __init__(self, function: Callable[[Finding, int], object]) -> None:
        self.function = function

    def answered(self, judged: Judged, context: Any) -> None:
        """Say nothing of single answers."""

    def found(self, finding: Finding, times: int) -> None:
        """Call the function."""
        self.function(finding, times)

    def said(self, sentence: str) -> None:
        """Say nothing of what was not judged: the counts have it."""


class TelemetrySink:
    """Counters `contracts.interactions` and `contracts.findings`, and an event on the span of the call."""

    def __init__(self) -> None:
        try:
            from opentelemetry import metrics
        except ImportError:
            raise ConfigError(
                "the sink otel needs OpenTelemetry; install it with: pip install 'pytest-contracts[otel]'"
            ) from None
        meter = metrics.get_meter("contracts")
        self._answers = meter.create_counter("contracts.interactions", unit="{interaction}")
        self._findings = meter.create_counter("contracts.findings", unit="{finding}")

    def answered(self, judged: Judged, context: Any) -> None:
        """Count an answer and its findings; attributes are those of HTTP's semantic conventions."""
        base: dict[str, Any] = {"contracts.vendor": judged.vendor, "contracts.operation": judged.operation}
        http: dict[str, Any] = {"http.request.method": judged.method}
        if judged.status:  # a delivery has none, and no server of the vendor's
            http |= {"http.response.status_code": judged.status, "server.address": judged.host}
        self._answers.add(1, base | http | {"contracts.outcome": judged.outcome})
        for finding in judged.findings:
            more = {"contracts.rule": finding.rule, "contracts.severity": finding.severity.value}
            self._findings.add(1, base | more)
            _event(context, base | http | more | {"contracts.pointer": finding.pointer})

    def found(self, finding: Finding, times: int) -> None:
        """Count nothing again."""

    def said(self, sentence: str) -> None:
        """Count nothing again."""


def current_span() -> Any:
    """Give the span in which a call is made."""
    from opentelemetry import trace

    return trace.get_current_span()


def _event(span: Any, attributes: dict[str, Any]) -> None:
    """Add an event to the span of the call, or to one below it when that has ended."""
    if span is None or not span.get_span_context().is_valid:
        return
    if span.is_recording():
        span.add_event("contracts.finding", attributes)
        return
    from opentelemetry import trace

    context = trace.set_span_in_context(span)
    with trace.get_tracer("contracts").start_as_current_span("contracts.judge", context=context) as own:
        own.add_event("contracts.finding", attributes)
