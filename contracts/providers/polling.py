"""`contracts.poll`: a batch asked for with your own client until it ends, and why the polling ended."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from contracts.batch import Batch
from contracts.decode import decode
from contracts.errors import NormalizationError
from contracts.interactions import interaction_of
from contracts.live import cached, final, pause
from contracts.model import Json, Response
from contracts.providers import Normalizer
from contracts.text import safe_text, show

TRIES: Final = 3  # so many fetches in a row without a batch end the polling
GROWTH: Final = 1.5  # by what the wait grows from poll to poll where the vendor asks for none


@dataclass(frozen=True, slots=True)
class End:
    """The last answer: why the polling ended, in one sentence too, and the last batch that was read."""

    reason: Literal["terminal", "deadline", "refused"]
    because: str
    batch: Batch | None


@dataclass(slots=True)
class poll:  # noqa: N801 -- called like a function, as itertools.chain is
    """Follow a batch to its end, by `for` or by `async for`; then `end` says why it ended, until then None.

    `fetch` gives a response (of httpx, requests, or `(status, headers, bytes)`) or a decoded payload, and has
    its own timeout. Times are seconds. Between two polls it waits as Retry-After, max-age or the payload's
    cache hint asks, at least `every`; without a hint `every`, and half as long again each time to `longest`.
    3xx and 4xx except 429 end it as refused, as do three fetches in a row without a batch; an error that
    `fetch` itself raised, and that ended it, is raised.
    """

    fetch: Callable[[], Any]
    normalize: Normalizer
    _: KW_ONLY
    deadline: float = 3600.0
    every: float = 5.0
    longest: float = 60.0
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Any] | None = None
    end: End | None = field(default=None, init=False)
    _last: Batch | None = field(default=None, init=False)
    _silent: int = field(default=0, init=False)
    _hint: float = field(default=0.0, init=False)
    _grown: float = field(init=False)
    _until: float = field(init=False)

    def __post_init__(self) -> None:
        self._grown, self._until = self.every, self.clock() + self.deadline

    def __iter__(self) -> Iterator[Batch]:
        """Yield each batch; the last one is terminal only where `end` says so."""
        while self.end is None:
            try:
                answer = self.fetch()
            except Exception as error:  # noqa: BLE001 -- each client has its own
                self._failed(error)
            else:
                if inspect.isawaitable(answer):
                    getattr(answer, "close", bool)()
                    raise TypeError("fetch is asynchronous: use `async for`")
                if batch := self._read(answer):
                    yield batch
            if (wait := self._wait()) is not None:
                (self.sleep or time.sleep)(wait)

    async def __aiter__(self) -> AsyncIterator[Batch]:
        """Yield each batch; `fetch` and `sleep` may be asynchronous or not."""
        while self.end is None:
            try:
                answer = self.fetch()
                answer = await answer if inspect.isawaitable(answer) else answer
            except Exception as error:  # noqa: BLE001 -- each client has its own
                self._failed(error)
            else:
                if batch := self._read(answer):
                    yield batch
            if (wait := self._wait()) is not None:
                slept = (self.sleep or asyncio.sleep)(wait)
                _ = await slept if inspect.isawaitable(slept) else slept

    def _read(self, answer: Any) -> Batch | None:
        """Read what was fetched, and note the vendor's hint, or why there is no batch in it."""
        if answer is None or isinstance(answer, dict | list | str | int | float):
            self._hint = cached(answer)
            return self._normalized(answer)
        response = interaction_of(answer).response or Response(0)
        self._hint = pause(response, self.now())
        if 200 <= response.status < 300:
            decoded = decode(response.body)
            if decoded.usable:
                return self._normalized(decoded.value)
            self._nothing(f"the body is not JSON: {decoded.faults[0].message}")
        elif response.status != 429:
            self._nothing(f"the vendor answered {response.status}", over=final(response))
        return None

    def _normalized(self, payload: Json) -> Batch | None:
        try:
            self._last = batch = self.normalize(payload)
        except NormalizationError as error:
            self._nothing(f"no batch could be read: {safe_text(str(error))}")
            return None
        self._silent = 0
        if batch.terminal:
            self.end = End("terminal", f"the batch is {show(batch.raw_state or batch.state.value)}", batch)
        return batch

    def _failed(self, error: Exception) -> None:
        answer = getattr(error, "response", None)  # what raise_for_status() of httpx and requests gives
        if isinstance(getattr(answer, "status_code", None), int):
            self._read(answer)
        else:
            self._hint = 0.0
            self._nothing(f"fetch raised {type(error).__name__}")
        if self.end:
            raise error

    def _nothing(self, why: str, *, over: bool = False) -> None:
        self._silent += 1
        if over or self._silent == TRIES:
            self.end = End("refused", why if over else f"{why}, the last of {TRIES} in a row", self._last)

    def _wait(self) -> float | None:
        """Give the seconds until the next poll; None when there is none."""
        if self.end is not None:
            return None
        left = self._until - self.clock()
        if left <= 0 or self._hint > left:
            asked = f"; the vendor asks to wait {self._hint:g} s" if self._hint > left else ""
            self.end = End("deadline", f"it has not ended within {self.deadline:g} s{asked}", self._last)
            return None
        wait = max(self.every, self._hint)
        if not self._hint:
            wait, self._grown = self._grown, max(self.every, min(self._grown * GROWTH, self.longest))
        return min(wait, left)
