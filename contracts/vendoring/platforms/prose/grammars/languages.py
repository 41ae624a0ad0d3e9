"""Types written in other languages (Go, Python, GraphQL, C#, …), put line by line into TypeScript's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_GO: Final = re.compile(
    r"\s+\w+\s+(\*?)((?:\[\])?)\*?((?:map\[[^\]]*\])?[\w.{}]+)\s+`[^`]*json:\"([^\",]+)(,[^\"]*)?\"[^`]*`\s*(?://\s*(.*))?$"
)
_PYTHON: Final = re.compile(r"(\s+)(\w+)\s*:\s*([^=#]+?)\s*(?:=\s*([^#]*?))?\s*(?:#\s*(.*))?$")
_CLASS: Final = re.compile(r"(\s*)class\s+(\w+)\s*(?:\(([^()]*)\))?\s*:\s*$")
_SHAPES: Final = re.compile(r"\b(?:BaseModel|TypedDict|NamedTuple|SQLModel|Struct)\b")
_GRAPHQL: Final = re.compile(r"\s+(\w+)\s*(?:\([^()]*\))?\s*:\s*(\[?)(\w+)(!?)\]?(!?)\s*(?:#\s*(.*))?$")
_PROTO: Final = re.compile(
    r"\s+(?:(repeated|optional)\s+)?(map<[^<>]*>|[\w.]+)\s+(\w+)\s*=\s*\d+\s*(?:\[[^\[\]]*\])?;\s*(?://\s*(.*))?$"
)
_SHARP_HEAD: Final = re.compile(
    r"\s*(?:(?:public|internal|sealed|partial)\s+)*(?:class|record)\s+(\w+)\s*(?::.*)?\{?\s*$"
)
_SHARP_NAME: Final = re.compile(r"\[(?:property:\s*)?Json(?:PropertyName|Property)\(\s*\"([^\"]+)\"[^\]]*\]")
_SHARP: Final = re.compile(
    r"public\s+(required\s+)?(?:virtual\s+)?([\w.]+(?:<[\w.<>, ]+>)?(?:\[\])?)(\?)?\s+\w+"
    r"\s*\{\s*get\s*;[^}]*\}"
)
_NAMES: Final = {
    "time.Time": "datetime", "interface{}": "unknown", "any": "unknown", "json.RawMessage": "unknown",
    "ID": "string", "Timestamp": "datetime", "Struct": "object", "sint32": "int32", "fixed32": "int32",
    "bytes": "string", "float": "number", "double": "number", "Float": "number",
}  # fmt: skip
_ALIAS: Final = re.compile(r"\b(?:serialization_)?alias\s*=\s*[\"']([^\"']+)[\"']")
_ALWAYS: Final = re.compile(r"(?:Field|field)\(\s*(?:\.\.\.|(?!.*\bdefault)(?=\w+\s*=))")


def translated(lines: Sequence[str]) -> tuple[str, ...]:
    """Give a block of code with the types of another language as types of TypeScript, each on its line."""
    text = "\n".join(lines)
    if re.search(r"^\s*type\s+\w+\s+struct\s*\{", text, re.MULTILINE):
        return tuple(map(_go, lines))
    if _SHARP_NAME.search(text):
        return tuple(_sharp(lines))
    if re.search(r"^\s*message\s+\w+\s*\{", text, re.MULTILINE):
        return tuple(map(_proto, lines))
    if re.search(r"^\s*class\s+\w+\s*(?:\([^()]*\))?\s*:\s*$", text, re.MULTILINE):
        return tuple(_python(lines))
    if re.search(r"^\s+\w+\s*(?:\([^()]*\))?\s*:\s*\[?\w+!", text, re.MULTILINE):
        return tuple(map(_graphql, lines))
    return tuple(lines)


def is_wire_form(lines: Sequence[str]) -> bool:
    """Whether a block is of Protocol Buffers, whose names JSON may spell in another way."""
    return any(re.match(r"\s*message\s+\w+\s*\{", line) for line in lines)


def _written(name: str, kind: str, *, optional: bool, null: bool, prose: str | None) -> str:
    kind = f"{kind} | null" if null else kind
    return f"{name}{'?' if optional else ''}: {kind};{f' // {prose}' if prose else ''}"


def _named(kind: str) -> str:
    last = kind.rpartition(".")[2]
    return "object" if kind.startswith("map") else _NAMES.get(kind, _NAMES.get(last, last))


def _go(line: str) -> str:
    if head := re.match(r"\s*type\s+(\w+)\s+struct\s*\{\s*$", line):
        return f"interface {head[1]} {{"
    match = _GO.match(line)
    if match is None or match[4] == "-":
        return line if line.strip() == "}" else ""
    optional = "omitempty" in (match[5] or "")
    kind = _named(match[3]) + ("[]" if match[2] else "")
    return _written(match[4], kind, optional=optional, null=bool(match[1]) and not optional, prose=match[6])


def _proto(line: str) -> str:
    if head := re.match(r"\s*message\s+(\w+)\s*\{\s*$", line):
        return f"interface {head[1]} {{"
    match = _PROTO.match(line)
    if match is None:
        return line
    many = "[]" if match[1] == "repeated" else ""
    # JSON writes the long integers of Protocol Buffers as texts, but not every server does.
    kind = (
        "unknown" if re.fullmatch(r"[su]?(?:int|fixed)64", match[2]) else _named(match[2].rpartition(".")[2])
    )
    kind = "object" if match[2].startswith("map") else kind
    return _written(match[3], kind + many, optional=True, null=False, prose=match[4])


def _sharp(lines: Sequence[str]) -> Iterator[str]:
    """Yield classes and records of C# whose members say how JSON names them."""
    name, inside = "", False
    for line in lines:
        told, member = _SHARP_NAME.search(line), _SHARP.search(line)
        name = told[1] if told else name
        if head := _SHARP_HEAD.match(line):
            inside = True
            yield f"interface {head[1]} {{"
        elif member and name:
            listed = re.fullmatch(r"(?:I?List|IEnumerable|I?Collection|IReadOnlyList)<([A-Z]\w*)>", member[2])
            kind = f"{listed[1]}[]" if listed else member[2]
            yield _written(name, kind, optional=not member[1], null=bool(member[3]), prose=None)
            name = ""
        elif inside and line.strip() == "}":
            inside = False
            yield "}"
        else:
            yield line.replace("public ", "") if "enum " in line else ""


def _graphql(line: str) -> str:
    match = _GRAPHQL.match(line)
    if match is None:
        return line
    null = not (match[5] if match[2] else match[4])
    kind = _named(match[3]) + ("[]" if match[2] else "")
    return _written(match[1], kind, optional=null, null=null, prose=match[6])


def _python(lines: Sequence[str]) -> Iterator[str]:
    """Yield classes that hold data as interfaces, enums as enums, and nothing else."""
    form = ""
    depth, above = 0, ""
    for at, line in enumerate(lines):
        head, bare = _CLASS.match(line), line.strip()
        following = next((text for text in lines[at + 1 :] if text.strip()), "")
        ends = len(following) - len(following.lstrip()) <= depth
        if head:
            data = _SHAPES.search(head[3] or "") or "dataclass" in above
            form = "enum" if "Enum" in (head[3] or "") else "interface" if data else ""
            depth = len(head[1])
            yield f"{form} {head[2]} {{" if form else ""
        elif form == "enum":
            yield bare + ("," if bare else "") + (" }" if bare and ends else "")
        elif form and (match := _PYTHON.match(line)) and not bare.startswith(("def ", "return", '"', "'")):
            yield _member(match)
        else:
            yield "}" if form and not bare and ends else ""
        above = bare or above


def _member(match: re.Match[str]) -> str:
    kind, default = match[3].replace('"', "" if "Literal" not in match[3] else '"'), match[4] or ""
    optional = re.fullmatch(r"(?:typing\.)?Optional\[(.*)\]|(.*?)\s*\|\s*None", kind)
    kind = next(filter(None, optional.groups())) if optional else kind
    listed = re.fullmatch(r"(?:list|List|Sequence|tuple)\[([A-Z]\w*)\]", kind)
    kind = f"{listed[1]}[]" if listed else _named(kind) if re.fullmatch(r"[\w.]+", kind) else kind
    alias = _ALIAS.search(default)
    missing = bool(default) and not _ALWAYS.match(default)
    return _written(
        alias[1] if alias else match[2], kind, optional=missing, null=optional is not None, prose=match[5]
    )
