"""`contracts.poll` and the roll-up of errors: each way to end, each wait, with a clock of the test."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import contracts
from contracts import Batch, BatchState, Item, NormalizationError
from contracts.batch import Failure
from contracts.providers.polling import poll


def normalize(payload: Any) -> Batch:
    if not isinstance(payload, dict) or "state" not in payload:
        raise NormalizationError("/state", "a word", "nothing")
    return Batch(provider="parcel", id="j", state=BatchState(payload["state"]))


RUNNING, DONE = {"state": "running"}, {"state": "completed"}
BUSY = (503, {}, b"")


class Vendor:
    """Answers in turn, the last one for ever; keeps what was slept, and its clock goes only by sleeping."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.slept, self.fetched = list(answers), [], 0

    def fetch(self) -> Any:
        self.fetched += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def fetch_later(self) -> Any:
        return self.fetch()

    async def sleep_later(self, seconds: float) -> None:
        self.slept.append(seconds)

    def poll(self, fetch: Callable[[], Any] | None = None, **options: Any) -> poll:
        options = {"sleep": self.slept.append, **options}
        now = datetime(2026, 11, 30, tzinfo=UTC)
        clock = lambda: float(sum(self.slept))  # noqa: E731
        return contracts.poll(fetch or self.fetch, normalize, clock=clock, now=lambda: now, **options)


def followed(vendor: Vendor, **options: Any) -> tuple[list[str], str, str]:
    polling = vendor.poll(**options)
    states = [str(batch.state) for batch in polling]
    assert polling.end is not None
    return states, str(polling.end.reason), polling.end.because


def test_a_batch_is_followed_to_its_end() -> None:
    vendor = Vendor(RUNNING, RUNNING, DONE)
    assert followed(vendor) == (["running", "running", "completed"], "terminal", "the batch is 'completed'")
    assert vendor.slept == [5.0, 7.5]


def test_the_wait_grows_to_the_longest_and_the_last_poll_is_at_the_deadline() -> None:
    vendor = Vendor(RUNNING)
    states, reason, because = followed(vendor, deadline=50, longest=12)
    assert (reason, because) == ("deadline", "it has not ended within 50 s")
    assert vendor.slept == [5.0, 7.5, 11.25, 12, 12, 2.25]
    assert len(states) == 7


@pytest.mark.parametrize(
    ("first", "wait"),
    [
        ((429, {"Retry-After": "30"}, b""), 30.0),
        ((503, {"Retry-After": "Mon, 30 Nov 2026 00:00:20 GMT"}, b""), 20.0),
        ((200, {"Cache-Control": "private, max-age=9"}, b'{"state": "running"}'), 9.0),
        ((200, {"Retry-After": "1"}, b'{"state": "running"}'), 5.0),
        ({"state": "running", "metadata": {"cache_remaining": 12}}, 12.0),
        (httpx.Response(202, json=RUNNING, headers={"retry-after": "7"}), 7.0),
    ],
)
def test_the_hint_of_the_vendor_is_obeyed(first: Any, wait: float) -> None:
    vendor = Vendor(first, RUNNING, DONE)
    assert followed(vendor)[1] == "terminal"
    assert vendor.slept == [wait, 5.0]


def test_a_hint_beyond_the_deadline_is_neither_waited_for_nor_cut_short() -> None:
    vendor = Vendor((429, {"Retry-After": "90"}, b""))
    said = "it has not ended within 60 s; the vendor asks to wait 90 s"
    assert followed(vendor, deadline=60) == ([], "deadline", said)
    assert vendor.slept == []


@pytest.mark.parametrize(
    ("answer", "fetched", "because"),
    [
        ((404, {}, b"{}"), 1, "the vendor answered 404"),
        (BUSY, 3, "the vendor answered 503, the last of 3 in a row"),
        ({}, 3, "no batch could be read: /state: expected a word, found nothing, the last of 3 in a row"),
        ((200, {}, b"<html>"), 3, "the body is not JSON"),
    ],
)
def test_a_refusal_ends_it_with_its_reason_and_the_last_batch(
    answer: Any, fetched: int, because: str
) -> None:
    vendor = Vendor(RUNNING, answer)
    polling = vendor.poll()
    (batch,) = polling
    assert polling.end is not None
    assert (polling.end.reason, polling.end.batch) == ("refused", batch)
    assert polling.end.because.startswith(because)
    assert vendor.fetched == 1 + fetched


def test_too_many_requests_are_waited_out_until_the_deadline() -> None:
    assert followed(Vendor((429, {}, b"")), deadline=300)[1] == "deadline"


def test_a_passing_failure_of_fetch_is_survived_and_the_third_in_a_row_is_raised() -> None:
    down = ConnectionError("reset")
    assert followed(Vendor(down, down, RUNNING, down, BUSY, DONE))[:2] == (
        ["running", "completed"],
        "terminal",
    )
    polling = Vendor(down).poll()
    with pytest.raises(ConnectionError, match="reset"):
        list(polling)
    assert polling.end is not None
    assert polling.end.because == "fetch raised ConnectionError, the last of 3 in a row"
    assert list(polling) == []


def raised(status: int, **headers: str) -> httpx.HTTPStatusError:
    request = httpx.Request("GET", "https://parcel.example")
    answer = httpx.Response(status, headers=headers, request=request)
    return httpx.HTTPStatusError("raised for status", request=request, response=answer)


def test_an_error_that_has_a_response_counts_as_that_response() -> None:
    vendor = Vendor(raised(429, **{"retry-after": "30"}), raised(503), RUNNING, raised(410))
    polling = vendor.poll()
    with pytest.raises(httpx.HTTPStatusError):
        list(polling)
    assert polling.end is not None
    assert polling.end.because == "the vendor answered 410"
    assert vendor.slept == [30.0, 5.0, 7.5]


def test_asynchronous_clients_are_followed_likewise() -> None:
    async def walk(vendor: Vendor, **options: Any) -> tuple[list[str], str]:
        polling = vendor.poll(vendor.fetch_later, **options)
        states = [str(batch.state) async for batch in polling]
        assert polling.end is not None
        return states, str(polling.end.reason)

    vendor = Vendor(ConnectionError("reset"), RUNNING, DONE)
    assert asyncio.run(walk(vendor, sleep=vendor.sleep_later)) == (["running", "completed"], "terminal")
    assert vendor.slept == [5.0, 7.5]
    assert asyncio.run(walk(Vendor(RUNNING), deadline=9)) == (["running"] * 3, "deadline")
    with pytest.raises(ConnectionError):
        asyncio.run(walk(Vendor(ConnectionError("reset"))))


def test_an_asynchronous_fetch_in_a_plain_loop_is_an_error() -> None:
    vendor = Vendor(DONE)
    with pytest.raises(TypeError, match="fetch is asynchronous: use `async for`"):
        list(vendor.poll(vendor.fetch_later))


def test_errors_of_items_are_grouped_with_their_counts() -> None:
    bad, gone = Failure("bad page", "E1"), Failure("gone", "E2", resolution="send it again")
    items = [
        Item("a", BatchState.FAILED, error=gone),
        Item("b", BatchState.FAILED, error=bad),
        Item(None, BatchState.FAILED, error=bad),
        Item("c", BatchState.COMPLETED),
        Item("d", BatchState.FAILED),
    ]
    batch = Batch(provider="p", id="j", state=BatchState.COMPLETED, items=tuple(items))
    assert batch.roll_up() == (
        bad._replace(count=2, affected=("b",)),
        gone._replace(count=1, affected=("a",)),
        Failure(count=1, affected=("d",)),
    )
    assert Batch(provider="p", id="j", state=BatchState.COMPLETED).roll_up() is None
