"""A consumer: a function that reads a vendor's payload, with what it takes and how it refuses."""

from __future__ import annotations

import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from traceback import extract_tb
from types import FrameType
from typing import Any, Final, Literal, NoReturn, TypeAlias, get_args

from contracts.consumers.plainform import plain_form
from contracts.model import Json, SourceLine
from contracts.text import safe_text

Takes: TypeAlias = Literal["json", "bytes", "response"]
TAKES: Final[tuple[str, ...]] = get_args(Takes)
"""`json`: the decoded value; `bytes`: the body; `response`: an httpx2.Response (status_code, json(), ...)."""

TIME_LIMIT: Final = 20.0
"""Seconds that one payload may take, by the clock on the wall: a busy machine is no hang."""

View: TypeAlias = Callable[[Any], Any]
"""From what the consumer gives to a mapping with `id`, `state`, `items` and what else is to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A function of the user's that reads a payload.

    `refuses` are the exceptions by which it says that a payload is not a batch; any other is a crash. `view`
    picks what is compared; without it, all that the result holds is. `unknown` are the words by which the
    consumer itself says that it does not know (None always does).
    """

    id: str
    provider: str
    function: Callable[[Any], Any] = field(repr=False)
    operation: str = ""
    refuses: tuple[type[Exception], ...] = ()
    takes: Takes = "json"
    view: View | None = field(default=None, repr=False)
    unknown: tuple[str, ...] = ("unknown",)


class Manner(StrEnum):
    """How a consumer met a payload."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CRASHED = "crashed"


class TookTooLong(Exception):
    """A consumer did not come back in time."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happened when a consumer met one payload.

    `view` is comparable data made of the answer. `error`, `message` and `line` say which exception came from
    where: the innermost line outside this package and the standard library, or the innermost there is.
    """

    manner: Manner
    view: Json = None
    error: str = ""
    message: str = ""
    line: SourceLine | None = None
    changed: bool = False

    @property
    def signature(self) -> tuple[str, str, str]:
        """What makes two failures the same one: how, which exception, at which line."""
        return (str(self.manner), self.error, str(self.line or ""))


def meet(consumer: Consumer, payload: Json, body: bytes | None = None) -> Meeting:
    """Give a payload, or the very bytes of a body, to a consumer and say what happened."""
    given = render(consumer.takes, payload, body)
    before = _stand(consumer, given)
    try:
        with _deadline(TIME_LIMIT):
            view = _viewed(consumer, consumer.function(given))
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is what we came to see
        manner = Manner.REFUSED if isinstance(error, consumer.refuses) else Manner.CRASHED
        message = safe_text(str(error) or type(error).__name__, 160)
        return Meeting(
            manner, None, type(error).__name__, message, where(error), _stand(consumer, given) != before
        )
    return Meeting(Manner.ANSWERED, view, changed=_stand(consumer, given) != before)


def render(takes: Takes, payload: Json, body: bytes | None = None) -> Any:
    """Turn a payload into what the consumer takes; always a fresh value."""
    sent = json.dumps(payload).encode("ascii") if body is None else body
    if takes == "json":
        return json.loads(sent)
    if takes == "bytes":
        return sent
    import httpx2

    return httpx2.Response(200, headers={"content-type": "application/json"}, content=sent)


def _stand(consumer: Consumer, given: Any) -> str:
    return json.dumps(given) if consumer.takes == "json" else ""


def _viewed(consumer: Consumer, result: Any) -> Json:
    return plain_form(result if consumer.view is None else consumer.view(result))


def where(error: BaseException) -> SourceLine | None:
    """Give the line that raised: the innermost of the consumer's own code, else the innermost of all."""
    frames = [(frame.filename.replace("\\", "/"), frame.lineno) for frame in extract_tb(error.__traceback__)]
    frames = [one for one in frames if "/contracts/consumers/" not in one[0] or "/tests/" in one[0]]
    own = [one for one in frames if not _foreign(one[0])] or frames
    if not own:
        return None
    file, line = own[-1]
    return SourceLine("/".join(file.split("/")[-2:]), line or 0)


def _foreign(file: str) -> bool:
    return "site-packages" in file or "/lib/python" in file or "/Lib/" in file or file.startswith("<")


@contextmanager
def _deadline(seconds: float) -> Iterator[None]:
    """Raise TookTooLong inside the block after some time, where the platform has timers."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> NoReturn:
        message = f"no answer within {seconds:g} s"
        raise TookTooLong(message)

    before, left = signal.signal(signal.SIGALRM, stop), signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, before)
