"""Following a batch to its end, and what must not happen on the way."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hostile import serving

from contracts.interactions.formats.cassette import read_cassette
from contracts.live.budget import RequestBudget
from contracts.live.client import Live, Manners
from contracts.live.polling import pause, poll, sequence_findings
from contracts.live.transport import Limits
from contracts.model import Interaction, Response
from contracts.providers import normalizer
from contracts.secret import Secret
from contracts.spec import load

ROOT = Path(__file__).parents[2]
KEY = Secret("nk-0123456789", "NIMBLE_API_KEY")
MANNERS = Manners(limits=Limits(15, 15, 15), poll=100)
NIMBLE = normalizer("nimble")


pytestmark = pytest.mark.usefixtures("no_backoff")


def batch(done: int, total: int = 3, failed: int = 0, ident: str = "b") -> dict[str, object]:
    task = {
        "id": "t",
        "status_url": "https://x.io",
        "created_at": "2026-01-31T09:00:00Z",
        "input": None,
        "_query": None,
    }
    states = ["error"] * failed + ["success"] * (done - failed) + ["pending"] * (total - done)
    return {
        "status": "success", "id": ident, "completed": done == total, "completed_count": done, "progress": done / total,
        "created_at": "2026-01-31T09:00:00Z", "tasks": [task | {"state": s, "id": f"t{n}"} for n, s in enumerate(states)],
    }  # fmt: skip


def script(*answers: object):
    left = list(answers)

    def behave(connection: socket.socket, _: bytes) -> None:
        answer = left.pop(0) if len(left) > 1 else left[0]
        status, body, *headers = answer if isinstance(answer, tuple) else (200, json.dumps(answer))
        data = body.encode()
        connection.sendall(
            "\r\n".join(
                [
                    f"HTTP/1.1 {status} x",
                    "Content-Type: application/json",
                    f"Content-Length: {len(data)}",
                    *headers,
                ]
            ).encode()
            + b"\r\n\r\n"
            + data
        )

    return behave


def follow(*answers: object, **more: object) -> tuple[list[Interaction], list[float]]:
    waits: list[float] = []
    clock = [0.0]

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    with serving(script(*answers)) as server:
        live = Live(
            load("nimble", ROOT),
            server.url,
            tuple((one, KEY) for one in load("nimble", ROOT).manifest.carriers),
            MANNERS,
            RequestBudget(int(more.pop("budget", 99)), 0),
            clock=lambda: clock[0],
        )
        operation = live.provider.spec.operation("getBatch")
        return list(poll(live, operation, {"batch_id": "b"}, NIMBLE, sleep=sleep)), waits


def test_a_batch_is_followed_to_its_end() -> None:
    got, waits = follow(batch(0), (503, "{}"), batch(1), batch(3))
    assert [(i.name, i.sequence, i.response.status) for i in got] == [
        ("poll-1", ("poll", 1), 200), ("poll-2", ("poll", 2), 200), ("poll-3", ("poll", 3), 200),
    ]  # fmt: skip
    assert waits == [5.0, 5.0]
    assert list(sequence_findings(got, NIMBLE, "nimble")) == []


@pytest.mark.parametrize(
    ("answers", "count", "waits"),
    [
        ([(404, "{}")], 1, []),
        ([(302, "{}")], 1, []),
        ([(401, "{}")], 1, []),
        ([(500, "{}")], 3, [5.0, 5.0, 5.0]),
        ([batch(0)], 21, [5.0] * 20),
        ([(200, json.dumps(batch(0)), "Cache-Control: private, max-age=40"), batch(3)], 2, [40.0]),
        ([(200, json.dumps(batch(0)), "Retry-After: 300")], 1, []),
        ([(429, "{}", "Retry-After: 90"), batch(3)], 2, [90.0]),
        ([(200, "no json")], 21, [5.0] * 20),
    ],
)
def test_polling_always_ends_and_obeys_what_it_is_told(
    answers: list[object], count: int, waits: list[float]
) -> None:
    got, slept = follow(*answers)
    assert len(got) == count
    assert slept[: len(waits)] == waits
    assert sum(slept) <= 100


def test_polling_ends_with_the_budget() -> None:
    got, _ = follow(batch(0), budget=4)
    assert len(got) == 5
    assert got[-1].failure == "not sent: the budget of 4 requests is spent; see --budget"


def test_the_cache_hint_of_a_body_is_obeyed() -> None:
    now = datetime(2026, 11, 30, tzinfo=UTC)
    for body, seconds in (
        ({"metadata": {"cache_remaining": 12}}, 12.0),
        ({"metadata": {"cache_remaining": True}}, 0.0),
        ({"metadata": []}, 0.0),
        ([], 0.0),
    ):
        assert pause(Response(200, (), json.dumps(body).encode()), now) == seconds
    assert pause(None, now) == 0.0


def sequence(*bodies: object) -> list[Interaction]:
    first = read_cassette(ROOT / "specs/nimble/cassettes/getBatch/200-running.json")
    return [
        replace(first, sequence=("run", n), origin=None, response=replace(first.response, body=json.dumps(body).encode()))
        for n, body in enumerate(bodies, 1)
    ]  # fmt: skip


def test_what_must_not_happen_between_two_polls_is_found() -> None:
    nimble = [
        *sequence_findings(sequence(batch(1), batch(3), batch(1)), NIMBLE, "nimble"),
        *sequence_findings(sequence(batch(2, failed=2), batch(2, failed=1)), NIMBLE, "nimble"),
        *sequence_findings(sequence(batch(1), batch(1, ident="c"), {"no": "batch"}), NIMBLE, "nimble"),
    ]
    assert [(f.rule, f.severity.value, f.message, f.found) for f in nimble] == [
        ("state-regression", "error", "the batch is 'running' after it was 'completed'", "poll 3"),
        ("counter-decrease", "warning", "completed items went from 3 to 1", "poll 3"),
        ("counter-decrease", "warning", "failed items went from 2 to 1", "poll 2"),
        ("identity-change", "error", "the batch is 'c', it was 'b'", "poll 2"),
    ]
    matil = {
        "batch_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
        "total_items": 1,
        "completed_items": 0,
        "failed_items": 0,
        "created_at": "2026-01-31T09:00:00Z",
    }
    unknown = sequence(
        matil | {"status": "pending"}, matil | {"status": "sleeping"}, matil | {"status": "sleeping"}
    )
    assert [(f.rule, f.message) for f in sequence_findings(unknown, normalizer("matil"), "matil")] == [
        ("unknown-state", "the state 'sleeping' is not published"),
    ]


def test_recorded_sequences_hold() -> None:
    folder = ROOT / "specs/almanac/cassettes/getBatch"
    polls = [read_cassette(p) for p in sorted(folder.glob("200-poll-*.json"))]
    assert len(polls) == 6
    assert list(sequence_findings(polls, normalizer("almanac"), "almanac")) == []
