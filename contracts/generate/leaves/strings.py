"""Tables of strings: what programs trip over, and legal edge values of each format.

Each entry is (name, value); names become part of point ids, so they do not change. The first entry of a
table is the plainest. Whether a value is legal is asked of `contracts.schema.formats`, never assumed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

Named = tuple[tuple[str, str], ...]

TEXT: Final[Named] = (
    ("plain", "a"), ("empty", ""), ("blank", " "), ("blank-lines", "\t\n\u00a0"), ("nul", "a\0b"),
    ("astral", "\U00010330"), ("emoji", "\U0001f680"),
    ("emoji-joined", "\U0001f468\u200d\U0001f469\u200d\U0001f467"), ("right-to-left", "\u05d0\u202e1"),
    ("combining", "e\u0301"), ("composed", "\u00e9"), ("case-folding", "\u0130\u00df\u0131"),
    ("upper-case", "ABC"), ("long", "y" * 256), ("very-long", "long " * 1000), ("long-255", "y" * 255),
    ("astral-25", "\U0001f680" * 25), ("astral-80", "\U0001f680" * 80),
    ("long-astral", "a" + "\U0001f680" * 300), ("outer-space", " pad "), ("inner-newline", "a\r\nb"),
    ("unicode-lines", "first\u2028second\x0cthird\x85"), ("first-line-blank", "\n\nfirst\nsecond\n"),
    ("zero-text", "0"), ("numeric-text", "42"), ("padded-number", "007"), ("decimal-text", "-1.5"),
    ("foreign-digits", "\u0661\u0662"), ("null-text", "null"), ("none-text", "None"), ("true-text", "true"),
    ("false-text", "False"), ("nan-text", "NaN"), ("quotes", "\"'\\"), ("markup", "<b>&amp;</b>"),
    ("template", "%s {0} ${x}"), ("json-text", '{"a": [1]}'), ("path-text", "../a/b.pdf"),
    ("dot-in-folder", "v1.2/README"), ("hidden-file", "in/.env"), ("upper-suffix", "scan.PDF"),
    ("two-suffixes", "a.tar.gz"), ("windows-path", "C:\\in\\a.pdf"),
    ("separators", "a, b,c;d;e: f:g|h|i=j=k"), ("controls", "\x1b[31m\x7f\u2028"),
    ("noncharacter", "\uffff\ufeff"),
)  # fmt: skip

DATE_TIME: Final[Named] = (
    ("plain", "2024-01-15T10:30:00Z"), ("offset+14:00", "2024-01-15T10:30:00+14:00"),
    ("offset-12:00", "2024-01-15T10:30:00-12:00"), ("offset-00:00", "2024-01-15T10:30:00-00:00"),
    ("offset+00:00", "2024-01-15T10:30:00+00:00"), ("offset+05:45", "2024-01-15T10:30:00+05:45"),
    ("offset-03:30", "2024-01-15T23:45:00-03:30"), ("offset+23:59", "2024-01-15T10:30:00+23:59"),
    ("lower-case", "2024-01-15t10:30:00z"), ("lower-case-z", "2024-01-15T10:30:00z"),
    ("fraction-1", "2024-01-15T10:30:00.1Z"), ("fraction-3", "2024-01-15T10:30:00.123Z"),
    ("fraction-6", "2024-01-15T10:30:00.123456+02:00"), ("fraction-9", "2024-01-15T10:30:00.123456789Z"),
    ("fraction-20", "2024-01-15T10:30:00.12345678901234567890Z"), ("first-year", "0001-01-01T00:00:00Z"),
    ("first-year-offset+14:00", "0001-01-01T00:00:00+14:00"),
    ("first-year-offset-12:00", "0001-01-01T00:00:00-12:00"), ("year-0000", "0000-01-01T00:00:00Z"),
    ("last-year", "9999-12-31T23:59:59.999999Z"),
    ("last-year-offset-12:00", "9999-12-31T23:59:59.999999-12:00"),
    ("last-year-offset+14:00", "9999-12-31T23:59:59.999999+14:00"), ("leap-day", "2024-02-29T00:00:00Z"),
    ("leap-day-2000", "2000-02-29T23:59:59+01:00"), ("epoch", "1970-01-01T00:00:00Z"),
    ("before-epoch", "1969-12-31T23:59:59.999Z"), ("after-int32", "2038-01-19T03:14:08Z"),
    ("last-microsecond", "2023-12-31T23:59:59.999999Z"),
    ("last-nanosecond", "2023-12-31T23:59:59.9999999Z"), ("midnight-next-day", "2023-12-31T23:30:00-01:00"),
    ("dst-gap", "2024-03-31T02:30:00+01:00"), ("leap-second", "2016-12-31T23:59:60Z"),
    ("leap-second-offset", "2017-01-01T05:44:60+05:45"),
)  # fmt: skip

DATE: Final[Named] = (
    ("plain", "2024-01-15"), ("leap-day", "2024-02-29"), ("first-year", "0001-01-01"),
    ("year-0000", "0000-01-01"), ("last-year", "9999-12-31"), ("epoch", "1970-01-01"),
    ("last-day", "2023-12-31"),
)  # fmt: skip

TIME: Final[Named] = (
    ("plain", "10:30:00Z"), ("lower-case", "10:30:00z"), ("offset+14:00", "10:30:00+14:00"),
    ("offset-00:00", "10:30:00-00:00"), ("fraction-9", "10:30:00.123456789Z"), ("midnight", "00:00:00Z"),
    ("last-microsecond", "23:59:59.999999Z"), ("leap-second", "23:59:60Z"),
)  # fmt: skip

UUID: Final[Named] = (
    ("plain", "123e4567-e89b-42d3-a456-426614174000"),
    ("upper-case", "123E4567-E89B-42D3-A456-426614174000"),
    ("mixed-case", "123e4567-E89B-42d3-a456-426614174ABC"), ("nil", "00000000-0000-0000-0000-000000000000"),
    ("max", "ffffffff-ffff-ffff-ffff-ffffffffffff"), ("version-1", "123e4567-e89b-12d3-a456-426614174000"),
    ("version-7", "018f3f5c-7b3a-7cc0-8000-426614174000"),
)  # fmt: skip

URI: Final[Named] = (
    ("plain", "https://example.com/a"), ("no-path", "https://a.example"), ("urn", "urn:x:y"),
    ("mailto", "mailto:a@example.com"), ("file", "file:///a/b"), ("object-store", "s3://bucket/key"),
    ("data", "data:text/plain,x"), ("upper-case", "HTTPS://A.EXAMPLE/"),
    ("everything", "https://u:p@a.example:8443/p;x=1/%20?q=%C3%A9&r=1#f"), ("port", "https://a.example:1/"),
    ("empty-query", "https://a.example/?#"), ("ipv6", "http://[::1]/"),
    ("signed", "https://a.example/f.pdf?X-Expires=3600&X-Part=1%2F2"),
    ("long", "https://a.example/" + "p" * 2000), ("dots", "https://a.example/a/../b/./c"),
)  # fmt: skip

FORMATS: Final[Mapping[str, Named]] = MappingProxyType({
    "date-time": DATE_TIME, "date": DATE, "time": TIME,
    "duration": (
        ("plain", "P1D"), ("weeks", "P3W"), ("zero", "PT0S"), ("hours", "PT36H"),
        ("full", "P1Y2M3DT4H5M6S"), ("seconds", "PT90S"), ("large", "P9999Y"),
    ),
    "uuid": UUID, "uri": URI, "url": URI,
    "uri-reference": (
        *URI, ("empty", ""), ("relative", "a/b"), ("absolute-path", "/a?b#c"),
        ("network-path", "//a.example/b"), ("fragment", "#f"),
    ),
    "iri": (*URI, ("unicode", "https://\u00e9.example/\u4e2d?q=\U0001f680")),
    "iri-reference": (*URI, ("unicode", "/\u00e9/\u4e2d"), ("empty", "")),
    "uri-template": (
        ("plain", "https://example.com/{id}"), ("query", "/a{?q,r*}"), ("none", "/a"), ("empty", ""),
        ("reserved", "{+path:3}/x"),
    ),
    "email": (
        ("plain", "a@example.com"), ("tagged", "first.last+tag@sub.example.com"),
        ("quoted", '"a b"@example.com'), ("ip-literal", "a@[127.0.0.1]"), ("ipv6-literal", "a@[IPv6:::1]"),
        ("upper-case", "A@EXAMPLE.COM"), ("apostrophe", "o'neil@example.com"),
        ("long", "a" * 64 + "@example.com"),
    ),
    "idn-email": (("plain", "a@example.com"), ("unicode", "\uc2e4\ub840@\uc2e4\ub840.\ud14c\uc2a4\ud2b8")),
    "hostname": (
        ("plain", "example.com"), ("single-label", "localhost"), ("digits", "1.2.3"),
        ("upper-case", "EXAMPLE.COM"), ("punycode", "xn--nxasmq6b.example"),
        ("long-label", "a" * 63 + ".example"), ("hyphen", "a-b.example"),
    ),
    "idn-hostname": (
        ("plain", "example.com"), ("unicode", "\uc2e4\ub840.\ud14c\uc2a4\ud2b8"), ("ascii", "a-b.example"),
    ),
    "ipv4": (
        ("plain", "192.0.2.1"), ("zero", "0.0.0.0"), ("broadcast", "255.255.255.255"),  # noqa: S104 -- values; nothing listens
        ("loopback", "127.0.0.1"),
    ),
    "ipv6": (
        ("plain", "2001:db8::1"), ("any", "::"), ("loopback", "::1"), ("mapped", "::ffff:192.0.2.1"),
        ("full", "2001:0db8:0000:0000:0000:0000:0000:0001"), ("upper-case", "2001:DB8::A"),
    ),
    "json-pointer": (
        ("plain", "/a"), ("whole", ""), ("escaped", "/a~1b/~0"), ("empty-name", "/"), ("index", "/0"),
    ),
    "relative-json-pointer": (("plain", "1/a"), ("zero", "0"), ("name", "2#"), ("whole", "0/")),
    "byte": (("plain", "YQ=="), ("empty", ""), ("no-padding", "YWJj"), ("signs", "+/+/"), ("binary", "AP8A")),
})  # fmt: skip

_HINTS: Final = (
    (
        re.compile(
            r"(_at|_time|_on|date|time|stamp|expires|completion)$|(?-i:[a-z](At|On|Date|Time)$)",
            re.IGNORECASE,
        ),
        "date-time",
    ),
    (re.compile(r"(url|uri|href|link|webhook)s?$", re.IGNORECASE), "uri"),
    (re.compile(r"(status|state|phase|stage)$", re.IGNORECASE), "status"),
    (re.compile(r"(^|_)(id|uuid|key|reference)$|(?-i:[a-z]Id$)", re.IGNORECASE), "id"),
    (re.compile(r"(percent|percentage|progress|ratio)$", re.IGNORECASE), "percent"),
    (re.compile(r"(count|total|number|num|size|code)s?$", re.IGNORECASE), "number"),
)

HINTED: Final[Mapping[str, Named]] = MappingProxyType({
    "date-time": (
        *DATE_TIME, ("no-zone", "2024-01-15T10:30:00"), ("space", "2024-01-15 10:30:00Z"),
        ("date-only", "2024-01-15"), ("words", "yesterday"),
    ),
    "uri": URI,
    "status": (
        ("word-completed", "completed"), ("word-running", "running"), ("word-pending", "pending"),
        ("word-failed", "failed"), ("word-processing", "processing"), ("word-error", "error"),
        ("word-cancelled", "cancelled"), ("word-canceled", "canceled"), ("word-upper", "COMPLETED"),
        ("word-title", "Completed"), ("word-with-errors", "completed_with_errors"),
        ("word-partial", "partially_completed"), ("word-success", "success"), ("word-new", "expired"),
        ("word-none", "unknown"), ("word-queued", "queued"), ("word-space", "completed "),
    ),
    "id": (
        ("id", "b-1"), ("id-upper", "B-1"), ("id-slash", "a/b"),
        ("id-uuid", "123e4567-e89b-42d3-a456-426614174000"),
    ),
    "percent": (("ratio-text", "0.5"), ("percent-text", "50%")), "number": (("thousands", "1,000"),),
})  # fmt: skip


_NUMBERS: Final = (
    (
        re.compile(r"(status|http|response)_?(code|status)$|(Code|Status)$", re.IGNORECASE),
        (
            *((str(code), code) for code in (200, 0, 204, 301, 399, 400, 401, 404, 408, 429)),
            *((str(code), code) for code in (499, 500, 502, 503, 504, 599)),
        ),
    ),
    (
        re.compile(r"attempt|retr(y|ies)", re.IGNORECASE),
        tuple((str(count), count) for count in (1, 0, 2, 3, 4, 5, 6, 10)),
    ),
    (
        re.compile(r"second|elapsed|duration|timeout|interval|ttl|remaining|_time$|Time$", re.IGNORECASE),
        tuple((str(span), span) for span in (1, 59, 59.7, 60, 61, 3599.6, 3600, 86399.5, 86400)),
    ),
    (
        re.compile(r"percent|progress", re.IGNORECASE),
        tuple((str(share), share) for share in (1, 33.333333333333336, 66.66666666666667, 99.5, 0.005)),
    ),
)


def numbers_for(name: str) -> tuple[tuple[str, float], ...]:
    """Give the numbers at which readers of a property of this name draw lines: statuses, minutes, thirds."""
    return next((values for pattern, values in _NUMBERS if pattern.search(name)), ())


def hint(name: str) -> str:
    """Say what kind of text a property of this name usually holds, or the empty string."""
    return next((kind for pattern, kind in _HINTS if pattern.search(name)), "")
