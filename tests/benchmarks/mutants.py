"""What small faults of the code would the tests miss? `python -m tests.benchmarks.mutants --into FILE`.

Samples places of some rooms and changes one at a time, in a copy of the checkout. Tests are collected once; a mutant
is a child of that process where the function has its new code, and where the tests run that pass through the changed
line (learnt once into `--learn`, by a run under coverage). What is changed outside of functions is tried by a pytest
of its own. One line of JSON a mutant: where, what, and the test that noticed it; empty for a survivor. What is
written already is not tried again; `--again FILE` tries the survivors of that file.
"""

from __future__ import annotations

import argparse
import ast
import gc
import importlib
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from tests.benchmarks.learnt_tests import Learnt
from tests.benchmarks.mutated_code import ROOT, Mutant, mutants

ROOMS = ("contracts/validate", "contracts/interactions/redaction", "contracts/secret", "contracts/policy")
TESTS = [
    f"tests/{room}" for room in ("validate", "policy", "secret", "interactions", "live", "threats", "report")
]
QUIET = ("-x", "-q", "-s", "--tb=no", "-rfE", "-p", "no:randomly", "-p", "no:cacheprovider", "-W", "ignore")
LONGEST = 120
MEMORY = 4 << 30
"""Bytes of address space of a mutant, which may grow without end."""


class NoticedBy(BaseException):
    """A test failed."""


class Catch:
    """The plugin that ends a child at the first failure."""

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            raise NoticedBy(report.nodeid)


class Trial:
    """The plugin that tries mutants where pytest would run the tests that it collected."""

    def __init__(self, sample: list[Mutant], learnt: Learnt, into: Path, most: float) -> None:
        self.sample, self.learnt, self.into, self.most = sample, learnt, into, most
        self._right: dict[str, bool] = {}

    def pytest_runtestloop(self, session: Any) -> bool:
        self._items = {item.nodeid: item for item in session.items}
        for file in {mutant.file for mutant in self.sample}:
            importlib.import_module(_module(file))
        self._functions = [one for one in gc.get_objects() if isinstance(one, FunctionType)]
        self._caches = [one for one in gc.get_objects() if isinstance(one, type(cache(int)))]
        gc.freeze()
        for mutant in self.sample:
            by, ran = self._tried(mutant)
            row = {"at": [mutant.file, mutant.lines.start, mutant.was, mutant.made], "in": mutant.function}
            with self.into.open("a") as out:
                out.write(json.dumps({**row, "by": by, "ran": ran}) + "\n")
        return True

    def _tried(self, mutant: Mutant) -> tuple[str, int]:
        tests = [test for test in self.learnt.chosen(mutant, self.most) if self._right.get(test, True)]
        if changed := replaced(mutant, self._functions):
            by = self._forked(tests, lambda: _plant(changed))
        else:
            by = self._bound(mutant, tests) or _apart(mutant, tests)
        if by in self._items and by not in self._right:
            self._right[by] = self._forked([by]) == ""
        return (by, len(tests)) if self._right.get(by, True) else self._tried(mutant)

    def _bound(self, mutant: Mutant, tests: list[str]) -> str:
        """Try a constant of a module that is bound anew; '' where no test notices that, or what was binds no less."""
        was, made = (constant(text, mutant.lines.start) for text in (_text(mutant.file), mutant.whole))
        if not was or not made:
            return ""
        by = self._forked(tests, lambda: _bind(mutant.file, made))
        return "" if by in self._items and self._forked([by], lambda: _bind(mutant.file, was)) else by

    def _forked(self, tests: list[str], change: Callable[[], None] = lambda: None) -> str:
        """Run tests in a child that changes something first; give the first that fails, or '' when none does."""
        items = [self._items[test] for test in tests if test in self._items]
        seconds = sum(self.learnt.seconds.get(test, 0.005) for test in tests)
        reader, writer = os.pipe()
        if (child := os.fork()) == 0:
            self._run(items, change, writer, seconds)
        os.close(writer)
        code = _ended(child)
        with os.fdopen(reader) as told:
            return told.read() if code == 0 else "no end"

    def _run(self, items: list[Any], change: Callable[[], None], writer: int, seconds: float) -> None:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (int(10 + 3 * seconds),) * 2)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        by = "a change that cannot be loaded"
        try:
            change()
            for one in self._caches:
                one.cache_clear()
            by = _first_failure(items)
        finally:
            os.write(writer, by.encode()[:1000])
            os._exit(0)


def _plant(changed: list[tuple[FunctionType, CodeType]]) -> None:
    for function, code in changed:
        function.__code__ = code


def constant(text: str, line: int) -> tuple[str, CodeType] | None:
    """Give name and code of the assignment of a module that a line is in."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.lineno <= line <= (node.end_lineno or 0):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            code = compile(ast.Module([node], []), "constant", "exec")
            return (target.id, code) if isinstance(target, ast.Name) else None
    return None


def _bind(file: str, made: tuple[str, CodeType]) -> None:
    """Run an assignment in its module; whoever imported the name gets the new value."""
    (name, code), space = made, vars(importlib.import_module(_module(file)))
    old = space[name]
    exec(code, space)
    for module in list(sys.modules.values()):
        for known, value in list(getattr(module, "__dict__", {}).items()):
            if value is old and known == name:
                setattr(module, known, space[name])


def _module(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _text(file: str) -> str:
    return Path(file).read_text("utf-8")


def _first_failure(items: list[Any]) -> str:
    if items:
        items[0].config.pluginmanager.register(Catch())
    try:
        for item, after in zip(items, [*items[1:], None], strict=True):
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
    except NoticedBy as failed:
        return str(failed)
    return ""


def _ended(child: int) -> int:
    """Wait for a child, and give its status; -1 when it took too long."""
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(0.01)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return -1


def replaced(mutant: Mutant, functions: list[FunctionType]) -> list[tuple[FunctionType, CodeType]]:
    """Give the functions that a mutant changes, each with its new code; none when what differs is outside."""
    file = str(Path.cwd() / mutant.file)
    old, new = (_codes(compile(text, file, "exec")) for text in (Path(file).read_text("utf-8"), mutant.whole))
    name = next((name for name in new if f"{mutant.function}.".startswith(f"{name}.")), "")
    if not name or len(new[name]) != 1 or _bare(old[name][0]) == _bare(new[name][0]):
        return []
    codes = ((one, one.__code__) for one in functions)
    return [
        (one, new[name][0])
        for one, code in codes
        if code.co_filename == file
        and code.co_qualname == name
        and len(code.co_freevars) == len(new[name][0].co_freevars)
    ]


def _codes(code: CodeType) -> dict[str, list[CodeType]]:
    """Give the functions and methods of a module by name, those within others left out."""
    found: dict[str, list[CodeType]] = {}
    todo = [code]
    while todo:
        for inner in (one for one in todo.pop().co_consts if isinstance(one, CodeType)):
            if inner.co_flags & 1:
                found.setdefault(inner.co_qualname, []).append(inner)
            else:
                todo.append(inner)
    return found


def _bare(code: CodeType) -> tuple[Any, ...]:
    """Give what a code does, without its lines."""
    inner = tuple(_bare(one) if isinstance(one, CodeType) else repr(one) for one in code.co_consts)
    return code.co_code, code.co_names, code.co_varnames, code.co_freevars, inner


def _apart(mutant: Mutant, tests: list[str]) -> str:
    """Run tests by a pytest of its own, the module changed in the copy of the checkout."""
    file = Path(mutant.file)
    kept = file.read_text("utf-8")
    file.write_text(mutant.whole, "utf-8")
    command = [sys.executable, "-m", "pytest", *QUIET, *tests]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return "no end"
    finally:
        file.write_text(kept, "utf-8")
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    return found[1] if found else "" if done.returncode == 0 else f"exit {done.returncode}"


def sampled(rooms: list[str], count: int, seed: int) -> list[Mutant]:
    """Take some of the mutants of rooms."""
    files = sorted(
        {file for room in rooms for file in [*(ROOT / room).rglob("*.py"), ROOT / room] if file.is_file()}
    )
    every = [mutant for file in files for mutant in mutants(file)]
    print(f"{len(every)} mutants")
    return random.Random(seed).sample(every, min(count, len(every)))


def survivors(path: Path) -> list[Mutant]:
    """Find the survivors of a file again; those whose place is no more are left out."""
    rows = [row["at"] for row in _rows(path) if not row["by"]]
    known = {file: list(mutants(ROOT / file)) for file in {at[0] for at in rows} if (ROOT / file).exists()}
    found = []
    for file, line, was, made in rows:
        same = [one for one in known.get(file, ()) if (one.was, one.made) == (was, made)]
        found += sorted(same, key=lambda one: abs(one.lines.start - line))[:1]
    return found


def reason(row: dict[str, Any]) -> str:
    """Say why a mutant changes nothing, as far as that is known; '' where it changes something."""
    file, _, was, made = row["at"]
    if was == "return False" and made == "return None":
        return "None is as false"
    if was.startswith("frozenset(") and made.startswith("({"):
        return "a set that nothing changes need not be a frozen one"
    here = {"file": file, "in": row["in"], "was": was, "made": made}
    known = tomllib.loads((ROOT / "tests/benchmarks/equal_mutants.toml").read_text())["equal"]
    return next(
        (one["why"] for one in known if all(one.get(key, here[key]) == here[key] for key in here)), ""
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def main() -> None:
    """Try a sample of mutants, and say how many survive."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--learn", type=Path, default=Path("mutants.tests.json"))
    words.add_argument("--tests", nargs="*", help="learn what these tests pass through, beside what is known")
    words.add_argument("--rooms", nargs="*", default=ROOMS)
    words.add_argument("--count", type=int, default=600)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--seconds", type=float, default=15)
    words.add_argument("--again", type=Path)
    words.add_argument("--piece", type=int, default=10_000, help="try no more than so many now")
    words.add_argument("--into", type=Path, required=True)
    given = words.parse_args()
    learnt = Learnt(given.learn.resolve())
    if given.tests or not learnt.seconds:
        learnt.learn(given.tests or TESTS, given.rooms)
    sample = survivors(given.again) if given.again else sampled(given.rooms, given.count, given.seed)
    into = given.into.resolve()
    done = {tuple(row["at"]) for row in _rows(into)}
    left = [one for one in sample if (one.file, one.lines.start, one.was, one.made) not in done]
    if left:
        _try(Trial(left[: given.piece], learnt, into, given.seconds))
    rows = _rows(into)
    alive = [row for row in rows if not row["by"]]
    share = len(alive) / max(1, len(rows))
    print(
        f"{len(alive)} of {len(rows)} survive ({share:.1%}); {len(list(filter(reason, alive)))} change nothing"
    )
    for row in alive:
        print(
            f"{row['at'][0]}:{row['at'][1]} {row['in']}: {row['at'][2]} -> {row['at'][3]}: {reason(row) or 'open'}"
        )


def _try(trial: Trial) -> None:
    """Collect the tests in a copy of the checkout, and try the mutants there."""
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "checkout"
        away = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", "_build")
        shutil.copytree(ROOT, home, ignore=away)
        os.chdir(home)
        os.environ.update(PYTHONPATH=str(home), PYTHONDONTWRITEBYTECODE="1")
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(home))
        for name in [name for name in sys.modules if f"{name}.".startswith("tests.")]:
            del sys.modules[name]  # those of the checkout
        files = {
            test.partition("::")[0]
            for mutant in trial.sample
            for test in trial.learnt.chosen(mutant, trial.most)
        }
        here = [file for file in sorted(files) if Path(file).exists()]
        importlib.import_module("pytest").main([*QUIET, f"--basetemp={scratch}/tmp", *here], plugins=[trial])


if __name__ == "__main__":
    main()
