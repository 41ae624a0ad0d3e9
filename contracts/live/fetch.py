"""A vendor's document, asked for once: from one host, without a key, within limits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from contracts.address import Address, read_address
from contracts.errors import ConfigError, ContractsError
from contracts.live.client import user_agent
from contracts.live.failure import Failure
from contracts.live.transport import PROXY, HttpTransport, Limits, Outgoing, Transport, loopback
from contracts.model import Response
from contracts.text import safe_text

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_HOPS: Final = 3
LIMITS: Final = Limits(connect=5.0, read=20.0, total=60.0, max_bytes=MAX_BYTES)
_KINDS: Final = "application/json, application/yaml, text/markdown, text/html;q=0.9, */*;q=0.5"
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_WHY: Final = {
    401: ": it wants a key, and documents are fetched without one; save it and name the file",
    403: ": it may want a key or a browser; save it there and name the file",
    429: ": it is asked too often; try again later",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A document as it came, and the address that gave it; text of another charset is UTF-8 now."""

    data: bytes
    url: str


def fetch_document(url: str, *, transport: Transport | None = None) -> Fetched:
    """Fetch a document over https, or from this machine; ContractsError says what stood in the way.

    No key is sent. Redirects are followed on the same host only.
    """
    first, shown = read_address(url), _shown(url)
    if first.user:
        raise ConfigError(f"{shown}: it holds a name or a password, and documents are fetched without")
    if first.fault:
        raise ConfigError(f"{shown}: {first.fault}")
    if not _safe(url, first):
        raise ConfigError(f"{shown}: only https addresses are fetched, and http ones of this machine")
    asked = transport or HttpTransport(proxy=os.environ.get(PROXY, "").strip())
    for _ in range(MAX_HOPS):
        response = _once(asked, url)
        if response.status not in _MOVED:
            return Fetched(_body(response, shown), url)
        url = urljoin(url, response.header("location") or "")
        parts = read_address(url)
        if parts.fault or parts.user or not _safe(url, parts) or parts.netloc != first.netloc:
            raise ContractsError(f"{shown}: leads to {_shown(url)}; if that is the vendor's, name it instead")
    raise ContractsError(f"{shown}: redirects more than {MAX_HOPS} times")


def _safe(url: str, parts: Address) -> bool:
    return parts.scheme == "https" or (parts.scheme == "http" and loopback(url))


def _shown(url: str) -> str:
    """Give an address without user, query and fragment: any of them may hold a key."""
    parts = read_address(url)
    bare = url.rpartition("@")[2].partition("?")[0]
    return safe_text(f"{parts.scheme}://{parts.netloc}{parts.path}" if parts.host else bare, 200)


def _once(transport: Transport, url: str) -> Response:
    headers = (("Accept", _KINDS), ("Accept-Encoding", "gzip"), ("User-Agent", user_agent()))
    try:
        return transport.fetch(Outgoing("GET", url.partition("#")[0], headers), LIMITS)
    except Failure as failure:
        raise ContractsError(f"{_shown(url)}: {failure}") from None


def _body(response: Response, shown: str) -> bytes:
    if response.status != 200:
        raise ContractsError(f"{shown}: answered {response.status}{_WHY.get(response.status, '')}")
    if len(response.body) > MAX_BYTES:
        raise ContractsError(f"{shown}: more than {MAX_BYTES:,} bytes")
    if not response.body.strip():
        raise ContractsError(f"{shown}: answered without a document")
    return _utf8(response)


def _utf8(response: Response) -> bytes:
    """Give text as UTF-8 where its header names another charset, and its bytes are not UTF-8."""
    _, _, charset = (response.header("content-type") or "").lower().partition("charset=")
    try:
        response.body.decode("utf-8")
    except UnicodeDecodeError:
        try:
            return response.body.decode(charset.strip(" \"';") or "utf-8").encode("utf-8")
        except (LookupError, ValueError):
            return response.body
    return response.body
