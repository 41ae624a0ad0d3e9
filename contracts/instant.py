"""Reading instants: RFC 3339 text to aware UTC datetimes, without guessing.

Python's own parser takes what RFC 3339 forbids (no zone, no seconds, week dates) and refuses what it allows
(leap seconds, lower-case t and z), and an instant near year 1 or 9999 overflows on its way to UTC.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final, NamedTuple

_RFC3339: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))\Z"
)
_USUAL: Final = re.compile(
    r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9](?:\.[0-9]{1,6})?Z\Z"
)
"""What nearly all vendors write; Python's own fast parser reads it, and what it refuses is no date."""


class Instant(NamedTuple):
    """What a text says about a moment.

    `moment` is None when no datetime can hold it (year 0, or beyond a year's extreme in UTC); `exact` is
    False when something of the text is lost: digits below a microsecond, a leap second.
    """

    moment: datetime | None
    exact: bool


_exactly: Final = partial(Instant.__new__, Instant, exact=True)  # a call of the class takes twice the time


def instant(text: str) -> Instant | None:
    """Read an RFC 3339 date-time; None when the text is not one.

    A leap second is only one at 23:59 UTC, and is read as the second after it, as POSIX clocks do.
    Digits below a microsecond are cut, never rounded, so that the order of instants stays.
    """
    if _USUAL.match(text):
        try:
            return _exactly(datetime.fromisoformat(text))
        except ValueError:
            return None
    match = _RFC3339.match(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    fraction, sign, off_hour, off_minute = match.groups()[6:]
    offset = _offset(sign, off_hour, off_minute)
    if offset is None or not (_a_day(year, month, day) and _a_time(hour, minute, second, offset)):
        return None
    if not year:
        return Instant(None, exact=False)
    digits = (fraction or "")[:6].ljust(6, "0")
    moment = datetime(year, month, day, hour, minute, min(second, 59), int(digits), UTC)
    exact = second < 60 and not (fraction or "")[6:].strip("0")
    return _shifted(moment, offset - (second == 60), exact=exact)


def _offset(sign: str | None, hour: str, minute: str) -> int | None:
    """Give the zone's offset in seconds; None when it is beyond a day's hours or an hour's minutes."""
    if sign is None:
        return 0
    if int(hour) > 23 or int(minute) > 59:
        return None
    return (int(hour) * 3600 + int(minute) * 60) * (-1 if sign == "-" else 1)


def _a_day(year: int, month: int, day: int) -> bool:
    # Of year 0, which no datetime holds, the calendar module still knows the months.
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _a_time(hour: int, minute: int, second: int, offset: int) -> bool:
    if hour > 23 or minute > 59 or second > 60:
        return False
    return second < 60 or (hour * 60 + minute - offset // 60) % 1440 == 1439


def _shifted(moment: datetime, offset: int, *, exact: bool) -> Instant:
    try:
        return Instant(moment - timedelta(seconds=offset) if offset else moment, exact)
    except OverflowError:
        return Instant(None, exact=False)
