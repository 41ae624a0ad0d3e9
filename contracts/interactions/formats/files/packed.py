"""Taking the content encoding off a recorded body, within a bound."""

from __future__ import annotations

import importlib
import zlib
from typing import Any, Final

from contracts.model import Headers
from contracts.text import safe_text

MAX_UNPACKED: Final = 64 * 1024 * 1024
_MAGIC: Final = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "deflate": b"\x78", "zstd": b"\x28\xb5\x2f\xfd"}
LIBRARIES: Final = {
    "br": ("brotli", "brotlicffi"),
    "zstd": ("compression.zstd", "backports.zstd", "zstandard"),
}
"""What unpacks the encodings that every Python since 3.11 lacks, whichever is installed."""


def unpacked(body: bytes, headers: Headers) -> tuple[bytes, str]:
    """Give a body without its content encoding, and why that cannot be done ("" when it is done).

    A recorder that has unpacked a body often leaves the header as it was: such a body stays as it is.
    """
    named = ",".join(value for name, value in headers if name.lower() == "content-encoding").lower()
    for encoding in reversed([word.strip() for word in named.split(",") if word.strip()]):
        if _plain(body, encoding):
            continue
        body, problem = _one(body, encoding)
        if problem:
            return b"", problem
    return body, ""


def _plain(body: bytes, encoding: str) -> bool:
    if not body or encoding in {"identity", "aws-chunked"}:
        return True
    magic = _MAGIC.get(encoding)
    return not body.startswith(magic) if magic else body.lstrip()[:1] in (b"{", b"[")


def _one(body: bytes, encoding: str) -> tuple[bytes, str]:
    if encoding in {"gzip", "x-gzip"}:
        return _inflate(body, 31)
    if encoding == "deflate":
        return _inflate(body, 15)
    names = LIBRARIES.get(encoding)
    if names is None:
        return b"", f"packed with {safe_text(repr(encoding), 24)}, which is not read"
    library = first_of(names)
    if library is None:
        return b"", f"packed with {encoding!r}; install {names[-1] if encoding == 'zstd' else names[0]}"
    return _by(library, body, encoding)


def first_of(names: tuple[str, ...]) -> Any:
    """Give the first module of these that can be imported, else None."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _by(library: Any, body: bytes, encoding: str) -> tuple[bytes, str]:
    """Unpack with a library piece by piece, so that the bound holds."""
    try:
        machine = (
            library.Decompressor()
            if encoding == "br"
            else library.ZstdDecompressor().decompressobj()
            if library.__name__ == "zstandard"
            else library.ZstdDecompressor()
        )
        step = getattr(machine, "decompress", None) or machine.process
        plain = bytearray()
        for start in range(0, len(body), 4096):
            plain += step(body[start : start + 4096])
            if len(plain) > MAX_UNPACKED:
                return b"", f"unpacks to more than {MAX_UNPACKED:,} bytes"
    except Exception:  # noqa: BLE001 -- each library has errors of its own
        return (body, "") if _is_text(body) else (b"", "the packed body is broken")
    return bytes(plain), ""


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _inflate(body: bytes, window: int) -> tuple[bytes, str]:
    machine = zlib.decompressobj(window)
    try:
        plain = machine.decompress(body, MAX_UNPACKED)
    except zlib.error:
        return (body, "") if window == 15 and _is_text(body) else (b"", "the packed body is broken")
    if machine.unconsumed_tail:
        return b"", f"unpacks to more than {MAX_UNPACKED:,} bytes"
    return plain, "" if machine.eof else "the packed body is cut off"
