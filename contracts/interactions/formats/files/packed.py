"""Taking the content encoding off a recorded body, within a bound."""

from __future__ import annotations

import importlib
import io
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from contracts.model import Headers
from contracts.text import safe_text

MAX_UNPACKED: Final = 16 * 1024 * 1024
_PIECE, _STEP = 512, 256 * 1024
"""Packed bytes that are unpacked at once, and plain ones: 512 bytes of zstd can hold 16 MB."""
_WINDOWS: Final = {"gzip": 31, "x-gzip": 31, "deflate": 15}
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
    names, library = LIBRARIES.get(encoding), None
    if names is None and encoding not in _WINDOWS:
        return b"", f"packed with {safe_text(repr(encoding), 24)}, which is not read"
    if names is not None and (library := first_of(names)) is None:
        return b"", f"packed with {encoding!r}; install {names[-1] if encoding == 'zstd' else names[0]}"
    plain = bytearray()
    try:
        for piece in _pieces(body, encoding, library):
            plain += piece
            if len(plain) > MAX_UNPACKED:
                return b"", f"unpacks to more than {MAX_UNPACKED:,} bytes"
    except EOFError:
        return b"", "the packed body is cut off"
    except Exception:  # noqa: BLE001 -- each library has errors of its own
        return (body, "") if _is_text(body) else (b"", "the packed body is broken")
    return bytes(plain), ""


def first_of(names: tuple[str, ...]) -> Any:
    """Give the first module of these that can be imported, else None."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


def _pieces(body: bytes, encoding: str, library: Any) -> Iterator[bytes]:
    """Unpack piece by piece, each so small that gigabytes are met early; EOFError for a cut."""
    if encoding == "br":
        return _brotli(body, library.Decompressor())
    if encoding == "zstd":
        return zstd_pieces(io.BytesIO(body).read, library)
    return _inflated(body, _WINDOWS[encoding])


def _inflated(body: bytes, window: int) -> Iterator[bytes]:
    """Unpack zlib's format, or members of gzip one after the other."""
    while body:
        machine = zlib.decompressobj(window)
        while not machine.eof:
            piece = machine.decompress(body, _STEP)
            body = machine.unconsumed_tail
            if not piece and not body and not machine.eof:
                raise EOFError
            yield piece
        body = machine.unused_data.lstrip(b"\0")


def _brotli(body: bytes, machine: Any) -> Iterator[bytes]:
    step = getattr(machine, "process", None) or machine.decompress
    for start in range(0, len(body), _PIECE):
        yield step(body[start : start + _PIECE], output_buffer_limit=_STEP)
        while not machine.can_accept_more_data():
            yield step(b"", output_buffer_limit=_STEP)
    if not machine.is_finished():
        raise EOFError


def zstd_pieces(read: Callable[[int], bytes], library: Any) -> Iterator[bytes]:
    """Unpack frames of zstd; EOFError where one is cut off, which no library tells, ValueError for others."""
    bounded = library.__name__ != "zstandard"
    machine, packed = None, b""
    while packed := packed or read(_PIECE):
        made = machine or library.ZstdDecompressor()
        machine = made if machine or bounded else made.decompressobj()
        try:
            yield machine.decompress(packed, _STEP) if bounded else machine.decompress(packed)
            while bounded and not machine.eof and not machine.needs_input:
                yield machine.decompress(b"", _STEP)
        except Exception:  # noqa: BLE001 -- each library has errors of its own
            raise ValueError("the compressed data is broken") from None
        packed = b""
        if machine.eof:
            packed, machine = machine.unused_data, None
    if machine is not None:
        raise EOFError("the compressed file is cut off")


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
