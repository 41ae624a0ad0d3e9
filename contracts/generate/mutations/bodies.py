"""Whole bodies that are not the payload: envelopes, error bodies under status 200, bytes that are no JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from contracts.model import Json


def values(plain: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield (operator, outcome name, body) for bodies that are JSON."""
    for name in ("data", "result", "batch", "response"):
        if not (isinstance(plain, dict) and set(plain) == {name}):
            yield f"envelope-gained:{name}", "EITHER", {name: plain}
    yield "envelope-list", "EITHER", [plain]
    if isinstance(plain, dict):
        for name, inner in plain.items():
            if isinstance(inner, dict):
                yield f"envelope-lost:{name}", "EITHER", inner
    for operator, body in _ERRORS:
        yield f"error-body:{operator}", "REFUSED", body
    yield from ((f"not-an-object:{name}", "REFUSED", value) for name, value in _SCALARS)


_ERRORS: tuple[tuple[str, Json], ...] = (
    ("error-text", {"error": "batch not found"}),
    (
        "error-object",
        {"error": {"code": "not_found", "message": "batch not found", "type": "invalid_request_error"}},
    ),
    ("success-false", {"success": False, "message": "batch not found"}),
    ("status-error", {"status": "error", "message": "internal error"}),
    ("detail-text", {"detail": "Not authenticated"}),
    ("detail-list", {"detail": [{"loc": ["path", "batch_id"], "msg": "field required", "type": "missing"}]}),
    ("problem", {"type": "about:blank", "title": "Too Many Requests", "status": 429}),
    ("message", {"message": "Endpoint request timed out"}),
    ("errors-list", {"errors": [{"message": "boom"}], "data": None}),
    ("empty-object", {}),
)
_SCALARS: tuple[tuple[str, Json], ...] = (
    ("null", None),
    ("true", True),
    ("zero", 0),
    ("empty-text", ""),
    ("text", "OK"),
    ("empty-list", []),
    ("list", [1]),
)


def raw(plain: Json) -> Iterator[tuple[str, bytes]]:
    """Yield (operator, bytes) for bodies that strict JSON refuses."""
    text = json.dumps(plain)
    body = text.encode()
    yield "body-empty", b""
    yield "body-blank", b"\n"
    yield "body-html", b"<!doctype html><html><head><title>502 Bad Gateway</title></head><body></body></html>"
    yield "body-text", b"upstream connect error"
    yield "body-cut", body[: max(1, len(body) // 2)]
    yield "body-with-bom", b"\xef\xbb\xbf" + body
    yield "body-in-utf16", text.encode("utf-16")
    yield "body-with-tail", body + b"}"
    yield "body-twice", body + b"\n" + body
    yield "body-not-utf8", b'{"a": "\xff"}'
    yield "body-in-quotes", json.dumps(text).encode()
    if isinstance(plain, dict) and plain:
        yield from _tampered(plain, text)


def _tampered(plain: dict[str, Json], text: str) -> Iterator[tuple[str, bytes]]:
    """Yield objects with tokens that many decoders accept and JSON does not."""
    name = next(iter(plain))
    for operator, token in (
        ("nan", "NaN"),
        ("infinity", "-Infinity"),
        ("beyond-a-double", "1e999"),
        ("lone-surrogate", '"\\ud800"'),
    ):
        yield f"token-{operator}", f'{text[:-1]}, "contracts_new_field": {token}}}'.encode()
    yield "trailing-comma", f"{text[:-1]},}}".encode()
    yield "duplicate-key", f"{text[:-1]}, {json.dumps(name)}: null}}".encode()
    yield "duplicate-key-same", f"{text[:-1]}, {json.dumps(name)}: {json.dumps(plain[name])}}}".encode()
    yield "huge-integer", f'{text[:-1]}, "contracts_new_field": {"9" * 5000}}}'.encode()
    yield "deep-nesting", f'{text[:-1]}, "contracts_new_field": {"[" * 5000}{"]" * 5000}}}'.encode()
