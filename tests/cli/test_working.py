"""A command that takes long says on a terminal that it is at work; nothing of it is left, nor in a pipe."""

from __future__ import annotations

import io
import os
import sys
import time
from collections.abc import Callable

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
def shown(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Run a function as a command on a terminal; give all that was written there."""

    def shown(
        work: Callable[[], None], command: str = "drift", *, there: bool = True, term: str = "xterm"
    ) -> str:
        screen = Terminal(there=there)
        with monkeypatch.context() as patch:
            patch.setenv("TERM", term)
            patch.setattr(os, "write", lambda _, data: screen.write(data.decode()))
            patch.setattr(sys, "stdout", screen)
            patch.setattr(sys, "stderr", screen)
            with at_work(command, after=0.12):
                work()
            assert sys.stdout is sys.stderr is screen
        return screen.getvalue()

    return shown


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
