"""Fetching a vendor's newest document: over https, from the host that the manifest names, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from contracts.address import read_address
from contracts.errors import ConfigError, ContractsError
from contracts.text import safe_text

MAX_BYTES: Final = 16 * 1024 * 1024
SECONDS: Final = 20.0
MAX_HOPS: Final = 3


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came; `data` is None when the vendor says it is unchanged (304)."""

    data: bytes | None
    etag: str = ""


def fetch_document(url: str, *, etag: str = "", client: Any = None) -> Fetched:
    """Fetch a document; ContractsError says what stood in the way. `client` is an httpx2 client."""
    if read_address(url).scheme != "https" or read_address(url).fault:
        raise ConfigError(f"{safe_text(url)}: only https addresses are fetched")
    if client is not None:
        return _follow(client, url, etag)
    import httpx2

    with httpx2.Client(timeout=SECONDS, follow_redirects=False, trust_env=True) as opened:
        return _follow(opened, url, etag)


def _follow(client: Any, url: str, etag: str) -> Fetched:
    host = read_address(url).host
    for _ in range(MAX_HOPS):
        found = _once(client, url, etag)
        if isinstance(found, Fetched):
            return found
        parts = read_address(found)
        if parts.scheme != "https" or parts.fault or parts.host != host:
            raise ContractsError(
                f"{safe_text(url)}: leads to {safe_text(parts.host or found)},"
                " another host than the manifest names"
            )
        url = found
    raise ContractsError(f"{safe_text(url)}: redirects more than {MAX_HOPS} times")


def _once(client: Any, url: str, etag: str) -> Fetched | str:
    """Give the document, or the address that it moved to."""
    import httpx2

    headers = {"If-None-Match": etag} if etag else {}
    try:
        with client.stream("GET", url, headers=headers) as response:
            if response.status_code == 304:
                return Fetched(None, etag)
            if response.status_code in {301, 302, 303, 307, 308}:
                return str(response.url.join(response.headers.get("location", "")))
            if response.status_code != 200:
                raise ContractsError(f"{safe_text(url)}: answered {response.status_code}")
            return Fetched(_bounded(response, url), response.headers.get("etag", ""))
    except httpx2.HTTPError as error:
        raise ContractsError(f"{safe_text(url)}: {safe_text(str(error) or type(error).__name__)}") from None


def _bounded(response: Any, url: str) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise ContractsError(f"{safe_text(url)}: more than {MAX_BYTES:,} bytes")
    return bytes(data)
