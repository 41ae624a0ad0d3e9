"""Where the answers are: production clients and a proxy, watched without a change to what they carry.

Here belongs what takes answers as they pass and says what was found in them. Judging is `check`'s work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from contracts.lazy import names_from

if TYPE_CHECKING:
    from contracts.traffic.doors import watch, webhook
    from contracts.traffic.judge import Judge, Judged
    from contracts.traffic.passed import Passed
    from contracts.traffic.proxy import ADDON, Table, frames, judge_frames, start, upstream
    from contracts.traffic.reporter import Reporter
    from contracts.traffic.sinks import LogSink, Sink, TelemetrySink
    from contracts.traffic.watching import flush, totals
else:
    __getattr__ = names_from(
        __name__,
        {
            "doors": "watch webhook",
            "judge": "Judge Judged",
            "passed": "Passed",
            "proxy": "ADDON Table frames judge_frames start upstream",
            "reporter": "Reporter",
            "sinks": "LogSink Sink TelemetrySink",
            "watching": "flush totals",
        },
    )
