"""The imports between the modules of `contracts`, late and type-only ones included, as a graph."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]


class Import(NamedTuple):
    """One imported name: by which module, from which one."""

    by: str
    home: str
    name: str


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {_module(path): path for path in sorted((ROOT / "contracts").rglob("*.py"))}
ROOMS = {name for name, path in MODULES.items() if path.name == "__init__.py" and name != "contracts"}


@functools.cache
def tree(module: str) -> ast.Module:
    """Parse a module when it is first asked for: every worker imports this file, few need all modules."""
    return ast.parse(MODULES[module].read_text("utf-8"))


def parent(module: str) -> str:
    return module.rpartition(".")[0]


def _imports(by: str) -> Iterator[Import]:
    for node in ast.walk(tree(by)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "contracts":
            yield from (Import(by, node.module or "", one.name) for one in node.names)
        elif isinstance(node, ast.Import):
            yield from (Import(by, one.name, "") for one in node.names if one.name.startswith("contracts"))


@functools.cache
def imports() -> tuple[Import, ...]:
    return tuple(one for name in MODULES for one in _imports(name))


def _target(one: Import) -> str:
    below = f"{one.home}.{one.name}"
    return below if below in MODULES else one.home


@functools.cache
def graph() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {name: set() for name in MODULES}
    for one in imports():
        if _target(one) != one.by:
            found[one.by].add(_target(one))
    return found


def circles(graph: Mapping[str, set[str]]) -> list[frozenset[str]]:
    """Give the groups of modules of which each can be reached from each."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {frozenset(o for o in reached[name] if name in reached[o]) for name in graph}
    return sorted((one for one in groups if one), key=sorted)


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = [start]
    while todo:
        for name in graph[todo.pop()] - found:
            found.add(name)
            todo.append(name)
    return found


def floors(room: str) -> int:
    """Give the longest chain of imports between the modules and rooms that stand directly in a room.

    A room in it counts as one; those that import each other in a circle stand on one floor.
    """
    depth = room.count(".") + 2
    inside = {name: ".".join(name.split(".")[:depth]) for name in MODULES if name.startswith(f"{room}.")}
    below: dict[str, set[str]] = {unit: set() for unit in inside.values()}
    for name, unit in inside.items():
        below[unit] |= {inside[one] for one in graph()[name] if one in inside} - {unit}
    above = {unit: _reached(below, unit) for unit in below}
    strict = {unit: {one for one in above[unit] if unit not in above[one]} for unit in below}
    height: dict[str, int] = {}
    for unit in sorted(strict, key=lambda one: len(strict[one])):
        height[unit] = 1 + max((height[one] for one in strict[unit]), default=0)
    return max(height.values(), default=0)


def past_the_face(one: Import) -> bool:
    """Whether an import goes into a room that the importing module is not in, past its face."""
    rooms = [".".join(one.home.split(".")[:depth]) for depth in range(2, one.home.count(".") + 2)]
    strange = [room for room in rooms if room in ROOMS and not f"{one.by}.".startswith(f"{room}.")]
    return bool(strange) and one.home != strange[0]


def private(one: Import) -> bool:
    """Whether an import takes a name with an underscore from another file, or from such a file elsewhere."""
    file = one.home.rpartition(".")[2].startswith("_") and parent(one.home) != parent(one.by)
    return one.name.startswith("_") or (file and one.by != parent(one.home))


def typed_and_lazy(room: str) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """Give (submodule, name) as a face imports them for types, and as its table of lazy names has them."""
    typed, lazy = set(), set()
    for node in ast.walk(tree(room)):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            named = [one for one in node.body if isinstance(one, ast.ImportFrom)]
            typed = {(str(one.module).removeprefix(f"{room}."), n.name) for one in named for n in one.names}
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "names_from":
            table = ast.literal_eval(node.args[1])
            lazy = {(home, name) for home, names in table.items() for name in names.split()}
    return typed, lazy


def names_given(room: str) -> set[str]:
    """Give the names that a face exports from elsewhere: not its own submodules."""
    nodes = [node for node in ast.walk(tree(room)) if isinstance(node, ast.ImportFrom)]
    return {one.asname or one.name for node in nodes if node.module != room for one in node.names}
