"""What small faults of the code would the tests miss? `python tests/benchmarks/mutants.py --count 600 --into FILE`.

Samples places of some modules, changes one at a time in a copy of the checkout, and runs the tests that pass
through the function (learnt once by `--learn`, from a run under coverage). One line of JSON a mutant: where,
what, and the test that noticed it; empty for a survivor. What is written already is not tried again.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import io
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("contracts/validate", "contracts/interactions/redaction", "contracts/policy")
HEAVY = (
    "jsonschema",
    "jsonschema_rs",
    "hypothesis",
    "httpx2",
    "click",
    "jinja2",
    "yaml",
    "openapi_core",
    "pytest",
)
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
LONGEST = 90


def changes(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a node may be changed into."""
    new = copy.deepcopy(node)
    match new:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            new.ops = [COMPARED[type(op)]()]
            yield new
        case ast.BoolOp(values=[_, *rest]):
            new.op = ast.Or() if isinstance(new.op, ast.And) else ast.And()
            yield new
            yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)  # type: ignore[attr-defined]
        case ast.UnaryOp(op=ast.Not()):
            yield new.operand
        case ast.BinOp() if type(new.op) in COUNTED:
            new.op = COUNTED[type(new.op)]()
            yield new
        case ast.Constant(value=bool()):
            yield ast.Constant(not new.value)
        case ast.Constant(value=int()):
            yield ast.Constant(new.value + 1)
        case ast.Constant(value=str()):
            yield ast.Constant("" if new.value else "mutant")
        case ast.IfExp():
            yield new.body
            yield new.orelse
        case ast.Call(args=[only], keywords=[]) if isinstance(new.func, ast.Name):
            yield only
        case ast.Return(value=ast.AST()):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.AugAssign() | ast.Raise() | ast.Continue() | ast.Break():
            yield ast.Pass()


def mutants(path: Path) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield (line, function, what was, what is, the changed module) for every place of a module."""
    text = path.read_text("utf-8")
    lines = [line.encode() for line in text.splitlines(keepends=True)]
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    data = text.encode()
    for node, function in placed(ast.parse(text), ""):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        was = data[begin:end].decode()
        for new in changes(node):
            made = ast.unparse(ast.fix_missing_locations(new))
            made = made if isinstance(new, ast.stmt) else f"({made})"
            whole = (data[:begin] + made.encode() + data[end:]).decode()
            with suppress(SyntaxError):
                compile(whole, str(path), "exec")
                yield node.lineno, function, was, made, whole


def placed(node: ast.AST, function: str) -> Iterator[tuple[ast.AST, str]]:
    """Yield the nodes whose change would change what is done, with the function that each is in."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        function = f"{function}.{node.name}".lstrip(".")
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "type_params"} or isinstance(
            node, ast.JoinedStr
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or _silent(child):
                continue
            if hasattr(child, "lineno"):
                yield child, function
            yield from placed(child, function)


def _silent(node: ast.AST) -> bool:
    """Whether a statement does nothing when the code runs: words, imports, names of types."""
    text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    typed = isinstance(node, ast.AnnAssign) and "TypeAlias" in ast.unparse(node.annotation)
    unseen = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    return text or typed or unseen or isinstance(node, ast.Import | ast.ImportFrom | ast.Slice)


def learn(into: Path, tests: list[str]) -> None:
    """Write which tests pass through which function, and how long each took."""
    with tempfile.TemporaryDirectory() as scratch:
        data, ini = Path(scratch) / "data", Path(scratch) / "ini"
        ini.write_text(f"[run]\ndata_file={data}\ninclude={','.join(f'{room}/*' for room in ROOMS)}\n")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "--durations=0", "--cov", "-vv"]
        command += [f"--cov-config={ini}", "--cov-context=test", "--cov-report=", *tests]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        into.write_text(json.dumps(learnt(data, done.stdout, ROOT)))


def learnt(data: Path, said: str, root: Path) -> dict[str, dict[str, float]]:
    """Give for every function, `file::name`, the tests that pass through it and their seconds."""
    coverage = importlib.import_module("coverage").CoverageData(str(data))
    coverage.read()
    took = {m[2]: float(m[1]) for m in re.finditer(r"([\d.]+)s call +(\S.*)", said)}
    through: dict[str, dict[str, float]] = {}
    for name in coverage.measured_files():
        file = Path(name).relative_to(root)
        contexts = coverage.contexts_by_lineno(name)
        spans = [
            (n.body[0].lineno, n.end_lineno, function)
            for n, function in placed(ast.parse(Path(name).read_text("utf-8")), "")
            for n, function in [(n, f"{function}.{getattr(n, 'name', '')}".strip("."))]
            if isinstance(n, ast.FunctionDef)
        ]
        for line, tests in contexts.items():
            inside = [function for first, last, function in spans if first <= line <= last]
            for key in (f"{file}::{inside[-1]}" if inside else "", f"{file}::"):
                known = through.setdefault(key, {})
                known.update(
                    {t.rpartition("|")[0]: took.get(t.rpartition("|")[0], 0.005) for t in tests if t}
                )
    return through


def chosen(through: dict[str, dict[str, float]], key: str, most: float) -> list[str]:
    """Give the tests to run: the quickest, one of every test function first, `most` seconds in all."""
    known = through.get(key) or through.get(key.partition("::")[0] + "::", {})
    seen: dict[str, int] = {}
    ranked = []
    for test, seconds in sorted(known.items(), key=lambda item: item[1]):
        name = test.partition("[")[0]
        seen[name] = seen.get(name, 0) + 1
        ranked.append((seen[name] > 3, seconds, test))
    picked, total = [], 0.0
    for _, seconds, test in sorted(ranked):
        if total + seconds > most and picked:
            break
        picked.append(test)
        total += seconds
    return picked


def _failed(tests: list[str]) -> str:
    said = io.StringIO()
    quiet = ["-x", "-q", "--tb=no", "-rfE", "-p", "no:randomly", "-p", "no:cacheprovider"]
    with redirect_stdout(said), redirect_stderr(said):
        code = importlib.import_module("pytest").main(
            [*quiet, "-W", "ignore::pytest.PytestAssertRewriteWarning", *tests]
        )
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", said.getvalue(), re.MULTILINE)
    return found[1] if found else "" if code == 0 else f"exit {int(code)}"


def noticed(tests: list[str]) -> str:
    """Run tests in a child of this process, and give the first that fails, or '' when none does."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        os.close(reader)
        by = "a fault of the runner"
        try:
            by = _failed(tests)
        finally:
            os.write(writer, by.encode()[:500])
            os._exit(0)
    os.close(writer)
    ends = time.monotonic() + LONGEST
    while time.monotonic() < ends:
        if os.waitpid(child, os.WNOHANG)[0]:
            with os.fdopen(reader) as told:
                return told.read()
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)
    return "no end"


def main() -> None:
    """Try a sample of mutants, and say how many survive."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--learn", type=Path, default=Path("mutants.tests.json"))
    words.add_argument(
        "--tests", nargs="*", default=[f"tests/{room}" for room in ("validate", "policy", "interactions")]
    )
    words.add_argument("--count", type=int, default=600)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--seconds", type=float, default=15)
    words.add_argument("--into", type=Path, required=True)
    given = words.parse_args()
    if not given.learn.exists():
        learn(given.learn, given.tests)
    through = json.loads(given.learn.read_text())
    files = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    every = [(path.relative_to(ROOT), *mutant) for path in files for mutant in mutants(path)]
    sample = random.Random(given.seed).sample(every, min(given.count, len(every)))
    print(f"{len(every)} mutants, {len(sample)} taken")
    done = (
        {tuple(json.loads(line)["at"]) for line in given.into.read_text().splitlines()}
        if given.into.exists()
        else set()
    )
    home = Path(tempfile.mkdtemp()) / "checkout"
    shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache"))
    os.chdir(home)
    os.environ.update(PYTHONPATH=str(home), PYTHONDONTWRITEBYTECODE="1")
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(home))
    for name in HEAVY:
        importlib.import_module(name)
    for file, line, function, was, made, whole in sample:
        if (str(file), line, was, made) in done:
            continue
        tests = chosen(through, f"{file}::{function}", given.seconds)
        kept = (home / file).read_text("utf-8")
        (home / file).write_text(whole, "utf-8")
        try:
            by = noticed(tests) if tests else ""
        finally:
            (home / file).write_text(kept, "utf-8")
        with given.into.open("a") as out:
            out.write(
                json.dumps({"at": [str(file), line, was, made], "in": function, "by": by, "ran": len(tests)})
                + "\n"
            )
    shutil.rmtree(home.parent)
    tried = [json.loads(line) for line in given.into.read_text().splitlines()]
    left = [one for one in tried if not one["by"]]
    print(f"{len(left)} of {len(tried)} survive ({len(left) / len(tried):.1%})")


if __name__ == "__main__":
    main()
