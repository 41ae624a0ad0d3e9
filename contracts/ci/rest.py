"""A few calls to the GitHub REST API: bounded, to one host, and with a token that shows itself nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Final, Self

import httpx2

from contracts.errors import ContractsError
from contracts.secret import Secret
from contracts.text import safe_text

TIMEOUT: Final = 20.0
"""Seconds for each part of a call: connect, write, read."""

MOST_PAGES: Final = 50
_NEXT: Final = re.compile(r'<([^<>]+)>;\s*rel="next"')
_REPOSITORY: Final = re.compile(r"[\w.-]+/[\w.-]+")


class HostError(ContractsError):
    """The code host refused or failed; the sentence names the call and what it answered."""


class Forbidden(HostError):
    """The token may not do this: what a token of a fork's pull request meets."""


class GitHub:
    """One repository behind the REST API; use as a context manager."""

    def __init__(self, api: str, repository: str, token: Secret) -> None:
        if _REPOSITORY.fullmatch(repository) is None:
            raise HostError(f"GITHUB_REPOSITORY is {safe_text(repository, 60)!r}; it must be owner/name")
        self.base = httpx2.URL(f"{api}/repos/{repository}")
        self.owner = repository.partition("/")[0]
        headers = {
            "authorization": f"Bearer {token.reveal()}",
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "user-agent": "pytest-contracts",
        }
        self.client = httpx2.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> Self:
        """Keep one connection for all calls."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.client.close()

    def get(self, path: str, **query: str | int) -> Any:
        """Ask for one document."""
        return self._json(self._send("GET", self._url(path), params=query))

    def every(self, path: str, **query: str | int) -> Iterator[Any]:
        """Ask for a list, page after page, on this host only."""
        url: httpx2.URL | None = self._url(path).copy_merge_params({**query, "per_page": 100})
        for _ in range(MOST_PAGES):
            if url is None:
                return
            response = self._send("GET", url)
            rows = self._json(response)
            yield from rows if isinstance(rows, list) else ()
            url = self._next(response)

    def send(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """Create or change something."""
        return self._json(self._send(method, self._url(path), json=body))

    def _url(self, path: str) -> httpx2.URL:
        return httpx2.URL(f"{self.base}/{path}")

    def _next(self, response: httpx2.Response) -> httpx2.URL | None:
        found = _NEXT.search(response.headers.get("link", ""))
        if found is None:
            return None
        url = httpx2.URL(found[1])
        same = (url.scheme, url.host, url.port) == (self.base.scheme, self.base.host, self.base.port)
        return url if same else None

    def _send(self, method: str, url: httpx2.URL, **options: Any) -> httpx2.Response:
        call = f"{method} {safe_text(url.path, 120)}"
        try:
            response = self.client.request(method, url, **options)
        except httpx2.HTTPError as error:
            raise HostError(f"{call}: {safe_text(type(error).__name__, 60)}") from None
        if response.is_success:
            return response
        kind = Forbidden if response.status_code in {401, 403} else HostError
        raise kind(f"{call}: answered {response.status_code} {_said(response)}".rstrip())

    def _json(self, response: httpx2.Response) -> Any:
        try:
            return response.json() if response.content else None
        except ValueError:
            raise HostError(f"{safe_text(response.url.path, 120)}: the answer is not JSON") from None


def _said(response: httpx2.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return ""
    return safe_text(str(body.get("message", "")), 120) if isinstance(body, dict) else ""
