"""Coverage traces what tests and their fixtures run, not what pytest does around them; and no laws, no banks.

A traced line costs two to three times an untraced one, in libraries as in our code. Collecting, rewriting assertions,
finding fixtures and xdist's controller need no trace. Nor do laws, whose random payloads would let the figure of
coverage waver, nor tests that are marked `untraced`: they judge by what they find in thousands of payloads, or by the
time that something takes.
"""

from __future__ import annotations

import gc
import importlib
import os
import pkgutil
import sys
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import stamina

import contracts

_tracer = None


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Take the tracer of coverage away, after it has seen what the modules of the package do on import."""
    global _tracer  # noqa: PLW0603
    # xdist's controller collects nothing
    runs_none = session.config.pluginmanager.has_plugin("dsession")
    if not runs_none:
        gc.disable()
    tracer = sys.gettrace()
    if type(tracer).__module__.partition(".")[0] != "coverage":
        return  # a debugger's is left alone
    if not runs_none:
        for module in pkgutil.walk_packages(contracts.__path__, "contracts."):
            if module.name.rpartition(".")[2] != "__main__":
                with suppress(ImportError):  # of an extra that is not installed
                    importlib.import_module(module.name)
    sys.settrace(None)
    _tracer = tracer


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what lives until the end: modules and eight thousand tests."""
    gc.enable()
    gc.freeze()


def _traced() -> Generator[None, object, object]:
    if _tracer is None:
        return (yield)
    before = sys.gettrace()
    sys.settrace(_tracer)
    try:
        return (yield)
    finally:
        sys.settrace(before)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_fixture_setup() -> Generator[None, object, object]:
    return (yield from _traced())


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    if any(pyfuncitem.get_closest_marker(name) for name in ("untraced", "hypothesis")):
        return (yield)
    return (yield from _traced())


@pytest.fixture
def no_backoff() -> Iterator[None]:
    """Let three tries follow each other at once."""
    stamina.set_testing(True, attempts=3, cap=True)
    yield
    stamina.set_testing(False)


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run `contracts` in this process, in an empty folder; give (exit code, standard output, standard error)."""
    from contracts.cli import run

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    for name in os.environ:
        if name.endswith("_API_KEY"):
            monkeypatch.delenv(name)

    def inside(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["contracts", *args])
        code = run()
        return code, *capsys.readouterr()

    return inside
