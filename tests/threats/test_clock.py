"""What a clock may do: zones, the hour that comes twice, leap days, 2038, the year 9999, and steps."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from contracts.check import CheckOptions, ProviderCheck
from contracts.errors import ConfigError
from contracts.instant import instant
from contracts.live import RequestBudget
from contracts.live.client import retry_after
from contracts.model import Response
from contracts.policy.adopting import MAX_DAYS, check_until
from contracts.spec import load
from tests import acme

MOMENTS = {
    "an hour that is left out": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
    "an hour that comes twice": datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
    "no leap day": datetime(2100, 2, 28, 23, 59, 59, tzinfo=UTC),
    "the end of 32 bits": datetime(2038, 1, 19, 3, 14, 7, tzinfo=UTC),
    "the end of a year": datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC),
    "the last year": datetime(9999, 12, 31, 23, 59, 0, tzinfo=UTC),
    "the epoch": datetime(1970, 1, 1, tzinfo=UTC),
}
ZONES = ("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Australia/Lord_Howe")


@pytest.fixture(params=ZONES)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield str(request.param)
    time.tzset()


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_wait_until_a_moment_is_as_long_as_it_says(zone: str, moment: datetime) -> None:
    until = moment + timedelta(seconds=40)
    for text in (format_datetime(until, usegmt=True), format_datetime(until.replace(tzinfo=None))):
        assert retry_after(Response(429, (("Retry-After", text),)), moment) == 40.0
    past = format_datetime(moment - timedelta(seconds=0 if moment.year == 1970 else 40), usegmt=True)
    assert retry_after(Response(429, (("Retry-After", past),)), moment) == 0.0


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_moment_is_read_alike_wherever_the_machine_stands(zone: str, moment: datetime) -> None:
    for text in (moment.isoformat(), moment.isoformat().replace("+00:00", "Z")):
        found = instant(text)
        assert found is None or found.moment == moment, text


@pytest.mark.parametrize("today", [one.date() for one in MOMENTS.values() if one.year < 9998], ids=str)
def test_a_waiver_ends_after_its_last_day(tmp_path: Path, today: date) -> None:
    home = acme.write(tmp_path, broken=True)
    row = '[[waiver]]\nrule = "enum"\nplace = "acme/getBatch/200/tasks/*/state"\nreason = "known"\nowner = "me"\nuntil = {}\n'
    waived = []
    for day in (today, today + timedelta(days=1), today - timedelta(days=1)):
        (home / "waivers.toml").write_text(row.format(day.isoformat()))
        report = ProviderCheck(load("acme", tmp_path), CheckOptions(today=today)).report()
        found = [
            one for one in report.all_findings() if one.pointer == "/tasks/*/state" and one.rule == "enum"
        ]
        waived.append([bool(one.waived) for one in found])
    assert waived == [[True], [True], [False]]


def test_no_day_is_too_near_the_end_of_the_calendar() -> None:
    check_until(date(9999, 12, 31), date(9999, 12, 31))
    check_until(date(2028, 2, 29), date(2028, 2, 29))
    for until, today in ((date(9999, 12, 31), date(2026, 1, 1)), (date(2026, 1, 1), date(9999, 12, 31))):
        with pytest.raises(ConfigError):
            check_until(until, today)
    check_until(date(2028, 2, 29) + timedelta(days=MAX_DAYS), date(2028, 2, 29))


@pytest.mark.parametrize("step", [-10 * 365 * 86400.0, -3600.0, 3600.0, 10 * 365 * 86400.0])
def test_a_clock_that_steps_holds_no_request_back_and_lets_no_more_pass(tmp_path: Path, step: float) -> None:
    now, slept = [2_000_000_000.0], list[float]()
    budget = RequestBudget(
        budget=5, rate=1.0, path=tmp_path / "l" / "ledger", clock=lambda: now[0], sleep=slept.append
    )
    budget.take()
    now[0] += step
    for _ in range(4):
        budget.take()
    assert sum(slept) <= 5 * 5
    assert budget.used == 5
    with pytest.raises(Exception, match="the budget of 5 requests is spent"):
        budget.take()
