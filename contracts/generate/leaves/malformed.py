"""Strings that a format forbids and that lenient readers often accept, one entry for each way to break it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from contracts.generate.leaves.strings import Named

BROKEN: Final[Mapping[str, Named]] = MappingProxyType({
    "date-time": (
        ("no-zone", "2024-01-15T10:30:00"), ("space", "2024-01-15 10:30:00Z"),
        ("29-february", "2023-02-29T00:00:00Z"), ("hour-24", "2024-01-15T24:00:00Z"),
        ("offset+24:00", "2024-01-15T10:30:00+24:00"), ("month-13", "2024-13-15T10:30:00Z"),
        ("no-seconds", "2024-01-15T10:30Z"), ("basic", "20240115T103000Z"),
        ("offset-basic", "2024-01-15T10:30:00+0000"), ("date-only", "2024-01-15"),
        ("epoch-seconds", "1705314600"), ("trailing-newline", "2024-01-15T10:30:00Z\n"),
        ("comma-fraction", "2024-01-15T10:30:00,5Z"), ("empty", ""), ("words", "not-a-date"),
        ("minute-60", "2024-01-15T10:60:00Z"), ("hour-24-offset", "2024-01-15T24:00:00+01:00"),
        ("minute-60-offset", "2024-01-15T10:60:00-05:30"), ("month-13-offset", "2024-13-15T10:30:00+02:00"),
        ("29-february-offset", "2023-02-29T00:00:00+02:00"), ("second-61", "2016-12-31T23:59:61Z"),
    ),
    "date": (
        ("29-february", "2023-02-29"), ("date-time", "2024-01-15T10:30:00Z"), ("slashes", "2024/01/15"),
        ("day-first", "15-01-2024"), ("month-13", "2024-13-01"), ("empty", ""),
    ),
    "time": (("no-zone", "10:30:00"), ("hour-24", "24:00:00Z"), ("no-seconds", "10:30Z"), ("empty", "")),
    "duration": (
        ("number", "90"), ("clock", "00:01:30"), ("no-designator", "P1"), ("empty", ""), ("bare", "P"),
    ),
    "uuid": (
        ("no-hyphens", "123e4567e89b42d3a456426614174000"),
        ("braces", "{123e4567-e89b-42d3-a456-426614174000}"),
        ("urn", "urn:uuid:123e4567-e89b-42d3-a456-426614174000"),
        ("short", "123e4567-e89b-42d3-a456-42661417400"),
        ("letter-g", "g23e4567-e89b-42d3-a456-426614174000"), ("number", "42"), ("empty", ""),
    ),
    "uri": (
        ("relative", "/a/b"), ("no-scheme", "example.com/a"), ("space", "https://a.example/a b"),
        ("unicode", "https://a.example/\u00e9"), ("backslash", "https://a.example\\b"), ("empty", ""),
    ),
    "url": (
        ("relative", "/a/b"), ("no-scheme", "example.com/a"), ("space", "https://a.example/a b"),
        ("empty", ""),
    ),
    "uri-reference": (("space", "a b"), ("backslash", "\\a"), ("unicode", "/\u00e9")),
    "iri": (("relative", "/a/b"), ("space", "https://a.example/a b"), ("empty", "")),
    "iri-reference": (("space", "a b"), ("backslash", "\\a")),
    "uri-template": (("open-brace", "/a{id"), ("space", "/a b")),
    "email": (
        ("no-at", "example.com"), ("no-domain", "a@"), ("two-at", "a@b@example.com"),
        ("space", "a b@example.com"), ("empty", ""),
    ),
    "idn-email": (("no-at", "example.com"), ("no-domain", "a@"), ("empty", "")),
    "hostname": (
        ("underscore", "a_b.example"), ("hyphen-first", "-a.example"), ("space", "a b"), ("empty", ""),
    ),
    "idn-hostname": (("space", "a b"), ("hyphen-first", "-a.example"), ("empty", "")),
    "ipv4": (
        ("256", "256.0.0.1"), ("short", "127.1"), ("leading-zero", "127.0.0.01"), ("ipv6", "::1"),
        ("empty", ""),
    ),
    "ipv6": (
        ("triple", ":::1"), ("ipv4", "127.0.0.1"), ("long", "1:2:3:4:5:6:7:8:9"), ("zone", "fe80::1%eth0"),
        ("empty", ""),
    ),
    "json-pointer": (("no-slash", "a"), ("bad-escape", "/~2")),
    "relative-json-pointer": (("absolute", "/a"), ("negative", "-1/a"), ("empty", "")),
    "byte": (("bad-sign", "a!b?"), ("cut", "YWJ"), ("url-safe", "-_-_")),
})  # fmt: skip
