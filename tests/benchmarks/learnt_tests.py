"""Which tests pass through which line of the code, and how long each takes: learnt by runs under coverage."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.benchmarks.mutated_code import ROOT, Mutant

QUICK = 0.05
"""Seconds that a row of a table may take to be run whichever row it is."""


class Learnt:
    """Which tests pass through which line, known by its file and text, and how long each takes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        known = json.loads(path.read_text()) if path.exists() else {"seconds": {}, "through": {}}
        self.seconds: dict[str, float] = known["seconds"]
        names = list(self.seconds)
        self.through = {line: {names[n] for n in tests} for line, tests in known["through"].items()}

    def learn(self, tests: list[str], rooms: list[str]) -> None:
        """Run tests under coverage, and add what they pass through in some rooms."""
        with tempfile.TemporaryDirectory() as scratch:
            data, ini = Path(scratch) / "data", Path(scratch) / "ini"
            include = ",".join(room if room.endswith(".py") else f"{room}/*" for room in rooms)
            ini.write_text(f"[run]\ndata_file={data}\ninclude={include}\n")
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--durations=0", "-vv"]
            command += ["--cov", f"--cov-config={ini}", "--cov-context=test", "--cov-report=", *tests]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
            print(done.stdout[-100:])
            for took, test in re.findall(r"([\d.]+)s (?:call|setup) +(\S.*)", done.stdout):
                self.seconds[test] = max(float(took), self.seconds.get(test, 0))
            self._add(data)
        numbers = {test: n for n, test in enumerate(self.seconds)}
        through = {line: sorted(map(numbers.__getitem__, tests)) for line, tests in self.through.items()}
        self.path.write_text(json.dumps({"seconds": self.seconds, "through": through}))

    def _add(self, data: Path) -> None:
        coverage = importlib.import_module("coverage").CoverageData(str(data))
        coverage.read()
        for name in coverage.measured_files():
            text = Path(name).read_text("utf-8").splitlines()
            for line, contexts in coverage.contexts_by_lineno(name).items():
                tests = {context.rpartition("|")[0] for context in contexts} - {""}
                self.through.setdefault(
                    _key(str(Path(name).relative_to(ROOT)), text[line - 1]), set()
                ).update(tests)
                for test in tests:
                    self.seconds.setdefault(test, 0.005)

    def chosen(self, mutant: Mutant, most: float) -> list[str]:
        """Give the tests to run, `most` seconds in all: the quickest, of slow tables three rows before the others.

        A line that no test is known for counts as its function does, and the function as the module; so does what
        stands outside of functions.
        """
        text = (ROOT / mutant.file).read_text("utf-8").splitlines()
        inside = _around(text, mutant.lines.start)
        for lines in (mutant.lines if inside else (), inside, range(1, len(text) + 1)):
            known = {test for n in lines for test in self.through.get(_key(mutant.file, text[n - 1]), ())}
            if known:
                break
        met: Counter[str] = Counter()
        ranked = []
        for seconds, test in sorted((self.seconds[test], test) for test in known):
            met[test.partition("[")[0]] += 1
            ranked.append((seconds > QUICK and met[test.partition("[")[0]] > 3, seconds, test))
        picked, total = [], 0.0
        for _, seconds, test in sorted(ranked):
            if total + seconds <= most or not picked:
                picked.append(test)
                total += seconds
        return picked


def _key(file: str, line: str) -> str:
    return f"{file}::{line.strip()}"


def _around(text: list[str], line: int) -> range:
    """Give the lines of the innermost function that a line is in."""
    spans = [
        range(node.body[0].lineno, (node.end_lineno or 0) + 1)
        for node in ast.walk(ast.parse("\n".join(text)))
        if isinstance(node, ast.FunctionDef) and node.lineno <= line <= (node.end_lineno or 0)
    ]
    return min(spans, key=len, default=range(0))
