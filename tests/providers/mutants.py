"""Small mutations of the normalizers' sources, and what notices them: `python -m tests.providers.mutants [MODULE]...`.

Each is made in memory. First the payloads of the covering set look for a different answer, then near misses and
drift, for a different refusal too; whom none of these shows meets the tests of this folder in a process of its own.
What is left is equivalent, or lacks a test or a payload.
"""

from __future__ import annotations

import ast
import copy
import importlib.abc
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.consumers.planting import module_of

ROOT = Path(__file__).parents[2]
VENDORS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
SHARED = ("instant", "keeping", "reading", "deriving")
FLIPS = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
         ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
TWINS = {"required": "optional", "nullable": "required"}


def source(module: str) -> str:
    return ROOT.joinpath(*module_of(module).split(".")).with_suffix(".py").read_text("utf-8")


def _compare(node: ast.Compare) -> Iterator[Callable[[Any], None]]:
    for index, op in enumerate(node.ops):
        yield lambda n, i=index, o=op: n.ops.__setitem__(i, FLIPS[type(o)]())


def _constant(node: ast.Constant) -> Iterator[Callable[[Any], None]]:
    if isinstance(node.value, bool):
        yield lambda n: setattr(n, "value", not n.value)
    elif isinstance(node.value, int):
        yield lambda n: setattr(n, "value", n.value + 1)
    elif node.value in TWINS:
        yield lambda n: setattr(n, "value", TWINS[n.value])
    elif isinstance(node.value, str) and " " not in node.value:
        yield lambda n: setattr(n, "value", f"{n.value}x")


def _condition(node: Any) -> Iterator[Callable[[Any], None]]:
    yield lambda n: setattr(n, "test", ast.UnaryOp(ast.Not(), n.test))


def _words(node: ast.BoolOp) -> Iterator[Callable[[Any], None]]:
    yield lambda n: setattr(n, "op", ast.Or() if isinstance(n.op, ast.And) else ast.And())
    for index in range(len(node.values)):
        yield lambda n, i=index: n.values.pop(i)


def _body(node: Any) -> Iterator[Callable[[Any], None]]:
    """Drop one statement; a definition, a docstring and an only name would not be a mutation but a crash."""
    for index, statement in enumerate(node.body):
        plain = isinstance(statement, (ast.Expr, ast.If, ast.Raise, ast.Return, ast.AugAssign))
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if plain and not text:
            yield lambda n, i=index: n.body.__setitem__(i, ast.Pass())


MUTATIONS: dict[type, Callable[[Any], Iterator[Callable[[Any], None]]]] = {
    ast.Compare: _compare, ast.Constant: _constant, ast.If: _condition, ast.IfExp: _condition, ast.BoolOp: _words,
    ast.FunctionDef: _body,
}  # fmt: skip


def _docstrings(tree: ast.AST) -> set[int]:
    """Constants that nothing reads: sentences on their own, and annotations."""
    silent = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for node in ast.walk(tree):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            silent |= {id(inner) for inner in ast.walk(part)} if part is not None else set()
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"TypeVar", "lru_cache"}:
            silent |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__slots__":
            silent |= {id(inner) for inner in ast.walk(node)}
    return silent


def mutants(module: str) -> Iterator[tuple[str, str]]:
    """Every mutation of a module, as where and what it is, and the mutated source."""
    tree = ast.parse(source(module))
    silent = _docstrings(tree)
    for place, node in enumerate(ast.walk(tree)):
        if id(node) in silent or type(node) not in MUTATIONS:
            continue
        for change in MUTATIONS[type(node)](node):
            other = copy.deepcopy(tree)
            target = list(ast.walk(other))[place]
            before = ast.unparse(target)
            change(target)
            text = ast.unparse(ast.fix_missing_locations(other))
            yield f"{module}:{node.lineno}: {_told(before, ast.unparse(target))}", text


def _told(before: str, after: str) -> str:
    """The lines that changed."""
    pairs = zip(before.splitlines(), after.splitlines(), strict=False)
    return next(
        (f"{one.strip()}  ->  {two.strip()}" for one, two in pairs if one != two), f"{before} -> {after}"
    )[:160]


class Swap(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Import one module from mutated source."""

    def __init__(self, module: str, text: str) -> None:
        self.name, self.text = module_of(module), text

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: Any) -> None:
        exec(compile(self.text, f"mutated {self.name}", "exec"), module.__dict__)


def _payloads(vendor: str) -> tuple[list[Any], list[Any]]:
    from contracts.consumers import sources
    from contracts.spec.provider import load

    found = sources.answers(load(vendor))
    valid = [sample.value for sample in sources.covering(found)]
    others = [s.value for s in (*sources.near_misses(found), *sources.drifted(found)) if s.body is None]
    return valid, others


def told(normalize: Any, payload: Any) -> str:
    """The answer, the refusal in words, or the crash."""
    from contracts.errors import NormalizationError

    try:
        return repr(normalize(payload))
    except NormalizationError as error:
        return f"refused: {error}"
    except Exception as error:  # noqa: BLE001 -- a crash is an outcome
        return f"crashed: {type(error).__name__}"


def shown_by(module: str, text: str, payloads: dict[str, Any], good: dict[str, Any]) -> str:
    """Which payloads show a mutation: `covering`, `invalid`, or none."""
    from tests.consumers.planting import _load

    chosen = VENDORS if module in SHARED else (module,)
    try:
        loaded = {
            v: _load({part: text if part == module else source(part) for part in (*SHARED, v)})[v]
            for v in chosen
        }
    except Exception:  # noqa: BLE001 -- a module that cannot be loaded is noticed
        return "covering"
    for kind, label in enumerate(("covering", "invalid")):
        for vendor in chosen:
            normalize = loaded[vendor].normalize
            for payload, answer in zip(payloads[vendor][kind], good[vendor][kind], strict=True):
                if told(normalize, payload) != answer:
                    return label
    return ""


def shown_by_tests(module: str, text: str) -> bool:
    """Whether a test of this folder fails."""
    run = [sys.executable, "-m", "tests.providers.mutants", "--tests", module]
    done = subprocess.run(run, input=text, text=True, capture_output=True, timeout=300, check=False, cwd=ROOT,
                          env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})  # fmt: skip
    return done.returncode != 0


def tested(module: str) -> int:
    """Run the tests of this folder with a module mutated; the source comes on standard input."""
    sys.meta_path.insert(0, Swap(module, sys.stdin.read()))
    import pytest

    # Those of the command meet the normalizers too little, and those that look for losses the covering set again.
    files = [
        str(Path(__file__).with_name(f"test_{name}.py"))
        for name in ("instants", "keeping", "vendors", "recordings", "totality")
    ]
    return pytest.main(["-x", "-q", "-p", "no:contracts.plugin", "-p", "no:cacheprovider", *files])


def main(chosen: list[str]) -> None:
    from contracts.providers import NORMALIZERS

    payloads = {vendor: _payloads(vendor) for vendor in VENDORS}
    good = {v: [[told(NORMALIZERS[v], p) for p in kind] for kind in payloads[v]] for v in VENDORS}
    tally: dict[str, int] = {}
    for module in chosen or (*SHARED, *VENDORS):
        for name, text in mutants(module):
            by = shown_by(module, text, payloads, good) or (
                "tests" if shown_by_tests(module, text) else "nobody"
            )
            tally[by] = tally.get(by, 0) + 1
            if by in {"tests", "nobody"}:
                print(f"{by:<8} {name}", flush=True)
    print(tally)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--tests"]:
        sys.exit(tested(sys.argv[2]))
    main(sys.argv[1:])
