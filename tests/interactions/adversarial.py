"""Texts that make careless patterns slow: one or two short pieces, repeated."""

from __future__ import annotations

import itertools

PIECES = (
    "eyJ", "eyJhb.", "a", "A", "aB3", "0", "f", " ", "\n", "=", "==", ":", "://", "://a:", "@", "a@", "a@a.", ".", "-", "_",
    "&a=", "?sig=", "?X-Amz-", "Basic ", "bearer a", "-----BEGIN A", "-----BEGIN A-----", "\\", '\\"', '"', "'a':'",
    '"a":"', '"token":"', "token: ", "token=", "sk-", "sk_live_", "SK", "AKIA", "hvs.", "ops_eyJ", "EAAC", "ABSK", "%25",
    "%41", "\\u0041", "&amp;", "&#x41;", "{", "[", '{"a":', "<", "key is ", "1.", "1:", "::", "a::", "Aaa", "iVBORw0KGgo",
    "/9j/", "YWFh", "TVRJ", "MFRGG", "dropbox:", "hubspot ", "41 ", "0x41,", "\u200b", "\u0130", "https://u:p@h/",
    "signature=[", "&quot;", "?token=", "%2525", "&key=", "credential: ", "de:ad:", "a.b@c.d api_key=",
    "token a1b2c3d4 ", "token 12345678", "115, 107, ",
)  # fmt: skip


def texts(size: int) -> list[tuple[str, str]]:
    """Give (what is repeated, text of about `size` characters) for every piece and chosen pairs."""
    pairs = [
        (one, other) for one, other in itertools.permutations(PIECES, 2) if (hash_of(one, other)) % 61 == 0
    ]
    made = [(piece, piece) for piece in PIECES] + [(f"{a}+{b}", a + b) for a, b in pairs]
    led = [(f"{a}, then {b}", a * (size // 2 // len(a)) + b) for a, b in pairs]
    return [
        (name, piece * (size // len(piece)) if len(piece) < size // 3 else piece)
        for name, piece in made + led
    ]


def hash_of(one: str, other: str) -> int:
    return sum(ord(c) * (i + 7) for i, c in enumerate(f"{one}\0{other}"))
