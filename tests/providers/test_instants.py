from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.instant import Instant, instant


@pytest.mark.parametrize(
    ("text", "moment", "exact"),
    [
        ("2024-01-15T10:30:00Z", datetime(2024, 1, 15, 10, 30, tzinfo=UTC), True),
        ("2024-01-15t10:30:00z", datetime(2024, 1, 15, 10, 30, tzinfo=UTC), True),
        ("2024-01-15T10:30:00-00:00", datetime(2024, 1, 15, 10, 30, tzinfo=UTC), True),
        ("2024-01-15T10:30:00.5+14:00", datetime(2024, 1, 14, 20, 30, 0, 500_000, UTC), True),
        ("2024-01-15T10:30:00.123456000Z", datetime(2024, 1, 15, 10, 30, 0, 123_456, UTC), True),
        ("2024-01-15T10:30:00.1234567Z", datetime(2024, 1, 15, 10, 30, 0, 123_456, UTC), False),
        ("2024-01-15T10:30:00." + "9" * 20 + "Z", datetime(2024, 1, 15, 10, 30, 0, 999_999, UTC), False),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC), False),
        ("2017-01-01T05:29:60+05:30", datetime(2017, 1, 1, tzinfo=UTC), False),
        ("2024-02-29T23:59:59.999999Z", datetime(2024, 2, 29, 23, 59, 59, 999_999, UTC), True),
        ("0001-01-01T00:00:00Z", datetime(1, 1, 1, tzinfo=UTC), True),
        ("0001-01-01T00:00:00+14:00", None, False),
        ("9999-12-31T23:59:59-12:00", None, False),
        ("9999-12-31T23:59:60Z", None, False),
        ("0000-02-29T00:00:00Z", None, False),
    ],
)
def test_what_rfc_3339_allows_is_read(text, moment, exact):
    assert instant(text) == Instant(moment, exact)


@pytest.mark.parametrize(
    "text",
    ["", "string", "2024-01-15", "2024-01-15T10:30:00", "2024-01-15 10:30:00Z", "2024-01-15T10:30Z",
     "2024-01-15T10:30:00+0000", "20240115T103000Z", "2024-01-15T10:30:00Z\n", "2024-1-15T10:30:00Z",
     "2023-02-29T00:00:00Z", "0000-02-30T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-00T00:00:00Z",
     "2024-01-15T24:00:00Z", "2024-01-15T10:60:00Z", "2024-01-15T10:30:61Z", "2024-01-15T10:30:60Z",
     "2016-12-31T23:59:60+01:00", "2024-01-15T10:30:00+24:00", "2024-01-15T10:30:00+10:60",
     "2024-01-15T24:00:00+01:00", "2024-01-15T10:60:00+01:00", "2024-01-15T10:30:61+01:00", "2024-02-30T10:30:00+01:00",
     "2024-00-15T10:30:00+01:00", "2024-13-15T10:30:00+01:00", "2024-01-00T10:30:00+01:00", "2024-01-15t24:00:00z",
     "2023-02-29T10:30:00+01:00", "2016-12-31T23:59:61Z", "2016-12-31T23:59:99Z",
     "٢٠٢٤-01-15T10:30:00Z", "2024-W03-1T10:30:00Z", "2024-01-15T10:30:00.Z", "1705314600"],
)  # fmt: skip
def test_anything_else_is_not_an_instant(text):
    assert instant(text) is None


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(st.integers(-62_000_000_000, 253_000_000_000), st.integers(-1439, 1439))
def test_an_instant_is_the_same_in_every_zone(seconds, minutes):
    here = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    elsewhere = here.astimezone(timezone(timedelta(minutes=minutes)))
    assert instant(elsewhere.isoformat()) == Instant(here, exact=True)
