"""The polite client: one request, its retries, and what became of them, as an Interaction.

GET only unless allowed, hosts of the manifest only, a budget, a rate, deadlines on every read, no redirects.
Nothing here raises for what a server does: a failure is an interaction without a response.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from contracts.auth import Sent, pictured, secrets_of
from contracts.live.budget import RequestBudget
from contracts.live.failure import Failure
from contracts.live.request import need_keys, refuse_elsewhere, refuse_unsafe
from contracts.live.scrub import scrubbed
from contracts.live.transport import HttpTransport, Limits, Outgoing, Transport
from contracts.model import Interaction, Request, Response, Source
from contracts.secret import Secret
from contracts.spec import Operation, Provider
from contracts.text import safe_text

AGAIN: Final = frozenset({429, 502, 503, 504})
"""Statuses that are asked again; 402 and the other 4xx and 5xx are answers."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How a vendor is treated, times in seconds: `session` bounds the whole run of a provider.

    `longest_wait` caps what a Retry-After may ask: a longer one is not waited for, and never cut short.
    """

    limits: Limits = field(default_factory=Limits)
    tries: int = 3
    longest_wait: float = 60.0
    session: float = 1200.0
    poll: float = 900.0
    allow_unsafe: bool = False


class _Again(Exception):
    """An outcome worth another try; `wait` is what the server asked for."""

    def __init__(self, wait: float | None) -> None:
        self.wait = wait
        super().__init__()


@dataclass(slots=True)
class Live:
    """A client for one provider and run; `base` is the address, `keys` are those of all its operations."""

    provider: Provider
    base: str
    keys: Sent
    manners: Manners = field(default_factory=Manners)
    ledger: RequestBudget = field(default_factory=RequestBudget)
    transport: Transport = field(default_factory=HttpTransport)
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    told: Callable[[str], object] = lambda _: None
    started: float = field(init=False)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @property
    def left(self) -> float:
        """Give the seconds that are left of the session."""
        return self.manners.session - (self.clock() - self.started)

    def ask(
        self,
        operation: Operation,
        request: Request,
        *,
        name: str,
        probe: str = "",
        key: Secret | None = None,
        plain: bool = False,
    ) -> Interaction:
        """Send one request, with its retries; `key` replaces the real keys, `plain` sends none.

        The interaction shows the vendor's published address, and the credential by name. A 401 or 403 that
        the real key meets lets nothing pass afterwards, on any worker.
        """
        real = not plain and key is None
        own = self._keys(operation, key) if not plain else ()
        shown = replace(request, url=self._published(request.url), headers=(*request.headers, *pictured(own)))
        base = Interaction(
            request=shown,
            response=None,
            source=Source.LIVE,
            name=name,
            operation=operation.alias,
            probe=probe,
            recorded_at=self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        )
        try:
            refuse_unsafe(operation, allow_unsafe=self.manners.allow_unsafe)
            refuse_elsewhere(request.url, self.base)
            if real:
                need_keys(operation, own)
            response, elapsed = self._patiently(self._outgoing(request, own))
        except Failure as failure:
            return replace(base, failure=failure.sentence)
        if real and own and response.status in {401, 403}:
            self.ledger.stop(f"{' and '.join(one.name for _, one in own)} was refused with {response.status}")
        return replace(base, response=self._safe(response), elapsed_ms=elapsed)

    def _keys(self, operation: Operation, key: Secret | None) -> Sent:
        wanted = operation.entry.auth
        if key is not None:
            return tuple((carrier, key) for carrier in wanted if not carrier.scheme.refused)
        return tuple((carrier, held) for carrier, held in self.keys if carrier in wanted)

    @property
    def note(self) -> str:
        """Say which server was asked, where that is not the vendor's own: a recording must not hide it."""
        own = self.base in self.provider.manifest.servers
        return "" if own else f"asked at {safe_text(self.base, 80)}, not at the vendor's own address"

    def _published(self, url: str) -> str:
        """Give a URL as the vendor publishes it, whichever gateway or test server was asked."""
        server = next(iter(self.provider.manifest.servers), self.base)
        return server + url.removeprefix(self.base) if url.startswith(self.base) else url

    def _safe(self, response: Response) -> Response:
        """Give an answer that may be shown: without the key, and blank where it is too large to judge."""
        size = len(response.body)
        if size > self.manners.limits.max_bytes:
            response = replace(response, body=b" " * size)
        return scrubbed(response, secrets_of(self.keys))

    def _outgoing(self, request: Request, keys: Sent) -> Outgoing:
        headers = (*request.headers, ("Accept-Encoding", "gzip"), ("User-Agent", user_agent()))
        return Outgoing(request.method, request.url, headers, keys)

    def _patiently(self, outgoing: Outgoing) -> tuple[Response, int]:
        """Try, and try again where that is polite; the last outcome counts."""
        import stamina

        outcome: tuple[Response, int] | Failure = Failure("network", "not sent")
        tries = self.manners.tries
        attempts = stamina.retry_context(on=_wait, attempts=tries, timeout=None, wait_max=10.0)
        with suppress(_Again), _untold():
            for attempt in attempts:
                if attempt.num > 1:
                    self.told(f"try {attempt.num} of {tries}: {_why(outcome)}")
                with attempt:
                    outcome = self._once(outgoing)
                    self._judge(outcome)
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    def _once(self, outgoing: Outgoing) -> tuple[Response, int] | Failure:
        left = self.left
        if left <= 0:
            return Failure("deadline", f"not sent: the session's {self.manners.session:g} s are over")
        try:
            self.ledger.take(left)
            limits = replace(self.manners.limits, total=min(self.manners.limits.total, max(0.0, self.left)))
            begun = self.clock()
            response = self.transport.fetch(outgoing, limits)
        except Failure as failure:
            return failure
        return response, round((self.clock() - begun) * 1000)

    def _judge(self, outcome: tuple[Response, int] | Failure) -> None:
        """Raise _Again for what is worth another try and whose wait fits into the time."""
        if isinstance(outcome, Failure):
            wait = (
                None if outcome.kind == "network" and outcome.sentence.startswith("no connection") else -1.0
            )
        elif outcome[0].status in AGAIN:
            wait = retry_after(outcome[0], self.now())
        else:
            return
        if wait is None or 0 <= wait <= min(self.manners.longest_wait, self.left):
            raise _Again(wait)


@contextmanager
def _untold() -> Iterator[None]:
    """Keep the lines out that stamina logs of retries: they are told in our words."""
    from stamina.instrumentation import get_on_retry_hooks, set_on_retry_hooks

    before = get_on_retry_hooks()
    set_on_retry_hooks(())
    try:
        yield
    finally:
        set_on_retry_hooks(before)


def _why(outcome: tuple[Response, int] | Failure) -> str:
    return outcome.sentence if isinstance(outcome, Failure) else f"answered {outcome[0].status}"


def _wait(error: Exception) -> bool | float:
    if not isinstance(error, _Again):
        return False
    return True if error.wait is None else error.wait + random.random() * 0.1  # noqa: S311 -- jitter


def retry_after(response: Response, now: datetime) -> float | None:
    """Read Retry-After, in seconds or as a date; None when there is none that can be read."""
    text = (response.header("retry-after") or "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, (aware - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def user_agent() -> str:
    """Say who asks and why, honestly."""
    try:
        number = version("pytest-contracts")
    except PackageNotFoundError:
        number = "0"
    return f"pytest-contracts/{number} (contract check)"
