"""A command that takes long says on a terminal that it is at work; nothing of it is left, nor in a pipe."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from contracts.cli.working import at_work

LINE = "\rcontracts drift: 0 s\x1b[K"
GONE = "\r\x1b[K"


class Terminal(io.StringIO):
    def __init__(self, *, there: bool) -> None:
        super().__init__()
        self.there = there

    def isatty(self) -> bool:
        return self.there


def silence() -> None:
    end = time.monotonic() + 0.2
    while time.monotonic() < end:
        time.sleep(0.01)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Run a function as a command on a terminal; give all that was written there."""

    def shown(
        work: Callable[[], None],
        command: str = "drift",
        *,
        there: bool = True,
        term: str = "xterm",
        piped: float = 60,
    ) -> str:
        screen = Terminal(there=there)
        with monkeypatch.context() as patch:
            patch.setenv("TERM", term)
            patch.setattr(os, "write", lambda _, data: screen.write(data.decode()))
            patch.setattr(sys, "stdout", screen)
            patch.setattr(sys, "stderr", screen)
            with at_work(command, after=0.12, piped=piped):
                work()
            assert sys.stdout is sys.stderr is screen
        return screen.getvalue()

    own = signal.setitimer(signal.ITIMER_REAL, 0)  # that of a limit on the time of tests
    yield shown
    signal.setitimer(signal.ITIMER_REAL, *own)


def test_the_line_is_there_until_something_is_printed(shown):
    def work() -> None:
        silence()
        print("a note", file=sys.stderr)
        silence()
        print("the result")
        silence()

    assert shown(work) == f"{LINE}{GONE}a note\n{LINE}{GONE}the result\n"


def test_a_command_that_shows_its_own_progress_is_left_to_it(shown):
    def work() -> None:
        print("\rmine", file=sys.stderr, end="")
        silence()

    assert shown(work) == "\rmine"


def test_what_ends_without_a_word_leaves_none(shown):
    assert shown(silence) == f"{LINE}{GONE}"
    assert shown(lambda: print("the result")) == "the result\n"


@pytest.mark.parametrize("where", [{"there": False}, {"term": "dumb"}, {"command": "serve"}], ids=str)
def test_the_line_is_for_a_terminal_and_a_command_that_works(shown, where):
    assert shown(silence, **where) == ""


def test_in_a_pipe_a_line_of_its_own_tells_that_a_long_command_does_not_hang(shown):
    def work() -> None:
        silence()
        print("the result")
        silence()

    assert shown(work, there=False, piped=0.12) == "contracts drift: 0 s\nthe result\n"
    assert shown(work, term="dumb", piped=0.12) == "contracts drift: 0 s\nthe result\n"


def test_a_timer_of_somebody_else_is_left_alone(shown):
    signal.setitimer(signal.ITIMER_REAL, 30)
    try:
        assert shown(silence) == ""
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 30
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
