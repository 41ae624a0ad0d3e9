"""A consumer: a function that reads a vendor's payload, with what it takes and how it refuses."""

from __future__ import annotations

import inspect
import io
import json
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from pathlib import Path
from traceback import extract_tb
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Literal, NoReturn, TypeAlias, get_args

from contracts.consumers.plain import plain_form
from contracts.model import Json, SourceLine
from contracts.text import safe_text

if TYPE_CHECKING:
    from contracts.consumers.equations import Equation

Takes: TypeAlias = Literal["json", "bytes", "response"]
TAKES: Final[tuple[str, ...]] = get_args(Takes)
"""`json`: the decoded value; `bytes`: the body; `response`: an httpx2.Response (with json() and so on)."""

TIME_LIMIT: Final = 20.0
"""Seconds that one payload may take, by the clock on the wall: a busy machine is no hang."""
MEMORY: Final = 2**30
"""Bytes that one payload may take: a reader that writes a bar of a billion characters gets a MemoryError."""

View: TypeAlias = Callable[[Any], Any]
"""From what the consumer gives to a mapping with `id`, `state`, `items` and what else is to be compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """A function of the user's that reads a payload.

    `refuses` are the exceptions by which it says that a payload is not a batch; any other is a crash. `view`
    picks what is compared; without it, all that the result holds is. `unknown` are the words by which the
    consumer itself says that a value is unknown (None always does). `equations` say what parts of the answer
    are made of, as the user has confirmed it.
    """

    id: str
    provider: str
    function: Callable[[Any], Any] = field(repr=False)
    operation: str = ""
    refuses: tuple[type[Exception], ...] = ()
    takes: Takes = "json"
    view: View | None = field(default=None, repr=False)
    unknown: tuple[str, ...] = ("unknown",)
    equations: tuple[Equation, ...] = field(default=(), repr=False)


class Manner(StrEnum):
    """How a consumer met a payload."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CRASHED = "crashed"


class TookTooLong(BaseException):
    """A consumer did not come back in time; no `except Exception` of its own swallows it."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """What happened when a consumer met one payload.

    `view` is comparable data made of `answer`, which is what came back. `error`, `message` and `line` say
    which exception came from where: the innermost line outside this package and the standard library, or the
    innermost there is.
    """

    manner: Manner
    view: Json = None
    error: str = ""
    message: str = ""
    line: SourceLine | None = None
    changed: bool = False
    answer: Any = field(default=None, repr=False, compare=False)

    @property
    def signature(self) -> tuple[str, str, str]:
        """What makes two failures the same one: how, which exception, at which line."""
        return (str(self.manner), self.error, str(self.line or ""))


def meet(consumer: Consumer, payload: Json, body: bytes | None = None) -> Meeting:
    """Give a payload, or the exact bytes of a body, to a consumer and say what happened."""
    sent = json.dumps(payload) if body is None else ""
    given = render(consumer.takes, sent, body)
    before = sent if consumer.takes == "json" and sent else _stand(consumer, given)
    try:
        with _deadline(TIME_LIMIT), _bounded():
            answer = _answer(consumer, given)
            view = plain_form(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001 -- whatever it is, sys.exit too, it is what we came to see
        refused = isinstance(error, consumer.refuses) or _too_deep(error, body)
        manner = Manner.REFUSED if refused else Manner.CRASHED
        message = safe_text(str(error) or type(error).__name__, 160)
        return Meeting(
            manner, None, type(error).__name__, message, where(error), _stand(consumer, given) != before
        )
    return Meeting(Manner.ANSWERED, view, changed=_stand(consumer, given) != before, answer=answer)


def _too_deep(error: BaseException, body: bytes | None) -> bool:
    """Whether a decoder gave up on a body that is nested deeper than Python's own decoder reads."""
    if not isinstance(error, RecursionError) or body is None:
        return False
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError:
        return False
    return False


def render(takes: Takes, sent: str, body: bytes | None = None) -> Any:
    """Turn JSON text, or the exact bytes of a body, into what the consumer takes; always a fresh value."""
    if takes == "json":
        return json.loads(sent if body is None else body)
    content = sent.encode("ascii") if body is None else body
    if takes == "bytes":
        return content
    import httpx2

    return httpx2.Response(200, headers={"content-type": "application/json"}, content=content)


def _stand(consumer: Consumer, given: Any) -> str:
    return json.dumps(given) if consumer.takes == "json" else ""


LONGEST: Final = 100_000
"""How many values of an answer that is given one by one are taken."""


def _answer(consumer: Consumer, given: Any) -> Any:
    """Call the consumer; a generator only reads when it is asked for values."""
    found = consumer.function(given)
    if inspect.iscoroutine(found):
        found.close()
        message = "it gives a coroutine; name a function that awaits it"
        raise TypeError(message)
    if inspect.isgenerator(found):
        found = list(islice(found, LONGEST))
    return found if consumer.view is None else consumer.view(found)


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

    # It rings again, since a bare `except:` in a loop would swallow it once.
    before, left = signal.signal(signal.SIGALRM, stop), signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *left)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _bounded() -> Iterator[None]:
    """Raise MemoryError inside the block for MEMORY more bytes than before, where the platform tells that."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[5])
        import resource
    except (OSError, ImportError):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    most = [pages * resource.getpagesize() + MEMORY, *(one for one in (soft, hard) if one >= 0)]
    resource.setrlimit(resource.RLIMIT_DATA, (min(most), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


class Printed(io.TextIOBase):
    """Takes what is printed, and counts the lines."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = 0

    def write(self, text: str) -> int:
        """Count the lines of a text and let it go."""
        self.lines += text.count("\n")
        return len(text)

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True


@contextmanager
def quietly() -> Iterator[Printed]:
    """Take what is printed to standard output and error for a while."""
    printed = Printed()
    with redirect_stdout(printed), redirect_stderr(printed):
        yield printed
