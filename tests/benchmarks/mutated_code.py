"""Small faults of code: each place of a module changed, one at a time."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
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


class Mutant(NamedTuple):
    """A changed place: its lines and function, what was and what is there, and the whole changed module."""

    file: str
    lines: range
    function: str
    was: str
    made: str
    whole: str


def mutants(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of every place of a module."""
    text = path.read_text("utf-8")
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line.encode()))
    data = text.encode()
    for node, function in placed(ast.parse(text), ""):
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[node.end_lineno - 1] + node.end_col_offset
        for new in changes(node):
            if ast.dump(new) == ast.dump(node):
                continue
            made = ast.unparse(ast.fix_missing_locations(new))
            made = made if isinstance(new, ast.stmt) else f"({made})"
            whole = (data[:begin] + made.encode() + data[end:]).decode()
            with suppress(SyntaxError):
                compile(whole, str(path), "exec")
                lines = range(node.lineno, node.end_lineno + 1)
                file = str(path.relative_to(ROOT))
                yield Mutant(file, lines, function, data[begin:end].decode(), made, whole)


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
