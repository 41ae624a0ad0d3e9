"""Taking the content encoding off a recorded body, within a bound."""

from __future__ import annotations

import zlib
from typing import Final

from contracts.errors import CassetteError
from contracts.model import Headers

MAX_UNPACKED: Final = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"


def unpacked(body: bytes, headers: Headers) -> bytes:
    """Give a body without its content encoding; a body that was unpacked already stays as it is.

    CassetteError for an encoding that Python cannot read, and for what unpacks to more than 64 MiB.
    """
    named = ",".join(value for name, value in headers if name.lower() == "content-encoding").lower()
    for encoding in reversed([word.strip() for word in named.split(",") if word.strip()]):
        body = _one(body, encoding)
    return body


def _one(body: bytes, encoding: str) -> bytes:
    if encoding in {"gzip", "x-gzip"}:
        return _inflate(body, 31) if body.startswith(_GZIP) else body
    if encoding == "deflate":
        return _inflate(body, 15) if body[:1] == b"\x78" else body
    if encoding == "identity" or body.lstrip()[:1] in (b"{", b"["):
        return body
    raise CassetteError(f"the body is packed with {encoding[:20]!r}; record it decoded")


def _inflate(body: bytes, window: int) -> bytes:
    machine = zlib.decompressobj(window)
    try:
        plain = machine.decompress(body, MAX_UNPACKED)
    except zlib.error:
        raise CassetteError("the packed body is broken") from None
    if machine.unconsumed_tail:
        raise CassetteError(f"the body unpacks to more than {MAX_UNPACKED:,} bytes")
    return plain
