"""No piece of a planted secret reaches a sink of a watch, a proxy or a receiver, in any spelling."""

from __future__ import annotations

import json
import logging
import random
import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "interactions"))

from plantings import planted, remains

from contracts.auth import sign
from contracts.policy import WatchSettings
from contracts.secret import Secret
from contracts.spec import load
from contracts.traffic import Judge, LogSink, Passed, Reporter, Table
from contracts.traffic.sinks import CallSink, TelemetrySink
from tests import hooks

ROOT = Path(__file__).parents[2]
AMOUNTS = [12, pytest.param(1000, marks=[pytest.mark.benchmark, pytest.mark.timeout(3600)])]


class Sinks:
    """Every sink at once; `said` gives all that they got for one answer."""

    def __init__(self, folder):
        pytest.importorskip("opentelemetry")
        self.folder, self.lines = folder, []
        handler = logging.Handler()
        handler.emit = lambda record: self.lines.append(record.getMessage())
        self.logger, self.handler = logging.getLogger("contracts.watch"), handler
        self.logger.addHandler(handler)
        self.logger.setLevel(logging.INFO)
        self.logger.propagate = False
        telemetry = TelemetrySink()
        told = lambda *args, **more: self.lines.append(repr((args, more)))  # noqa: E731
        telemetry._answers = telemetry._findings = type("Counter", (), {"add": staticmethod(told)})()
        call = CallSink(lambda finding, times: self.lines.append(repr(finding)))
        self.sinks = (LogSink(), telemetry, call)

    def said(self, judge, passed):
        self.lines.clear()
        judged = judge.judge(passed)
        table = Table()
        reporter = Reporter((*self.sinks, table), 0)
        reporter.take(judged)
        reporter.close()
        judge.files.close()
        self.lines += [repr(judged), repr(reporter.counts), *table.lines()]
        files = [path for path in self.folder.glob("*") if path.is_file()]
        self.lines += [path.read_text() for path in files]
        for path in files:
            path.unlink()
        return judged, json.dumps("\n".join(self.lines)).encode()

    def close(self):
        self.logger.removeHandler(self.handler)
        self.logger.propagate = True


@pytest.fixture
def sinks(tmp_path):
    made = Sinks(tmp_path / "traffic")
    yield made
    made.close()


def settings(folder):
    return WatchSettings(sinks=("log", "otel", "observed", "jsonl"), folder=str(folder))


@pytest.mark.parametrize("amount", AMOUNTS)
def test_answers_that_pass(amount, sinks, monkeypatch):
    rng, outcomes = random.Random(f"watch {amount}"), Counter()
    for number in range(amount):
        it, value, told, where = planted(rng)
        monkeypatch.setenv("NIMBLE_API_KEY", value if told else "another-key-1234567890")
        judge = Judge(ROOT, ("nimble",), settings(sinks.folder))
        url = it.request.url.replace("api.example.com", "sdk.nimbleway.com")
        answer = it.response
        passed = Passed(
            "nimble",
            "GET",
            url,
            it.request.headers,
            answer.status,
            answer.headers,
            answer.body,
            1.8e9 + number,
        )
        judged, data = sinks.said(judge, passed)
        outcomes[judged.outcome] += 1
        assert remains(data, value) == "", where
    assert outcomes["violates"] > amount / 3, outcomes


@pytest.mark.parametrize("amount", AMOUNTS)
def test_deliveries_that_arrive(amount, sinks, tmp_path, monkeypatch):
    hooks.add(tmp_path, '\n[webhooks]\nsignature = "sha256"\n')
    rng, outcomes = random.Random(f"webhooks {amount}"), Counter()
    known = load("hooks", tmp_path).manifest.webhooks
    for _ in range(amount):
        it, value, told, where = planted(rng)
        value, told = value.strip() or "x", told or where.startswith("userinfo")  # a delivery has no address
        monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", value if told else "another-secret-1234567890")
        judge = Judge(tmp_path, ("hooks",), settings(sinks.folder))
        body = it.response.body
        made = sign(known, Secret(value, "S"), body) if rng.random() < 0.5 else []
        fields = (*it.request.headers, *it.response.headers, *made)
        passed = Passed("hooks", "POST", "webhook:batch.done", (), 0, fields, body, 1.8e9)
        judged, data = sinks.said(judge, passed)
        outcomes[judged.outcome] += 1
        assert remains(data, value) == "", where
    assert outcomes["violates"] > amount / 3, outcomes
