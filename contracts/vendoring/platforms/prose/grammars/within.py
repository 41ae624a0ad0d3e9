"""Members that one cell of a table lists: as bullets, on lines of their own, or as a type in braces."""

from __future__ import annotations

import re
from typing import Final

from contracts.vendoring.pages import Field, kinds_of, made, read_facets
from contracts.vendoring.platforms.prose.grammars.lines import fused, one_line
from contracts.vendoring.platforms.prose.text import Row, plain

_PIECE: Final = re.compile(
    r"\s*(?:<br\s*/?>\s*)+(?:[-*•◦]\s+)?|(?:\s+|^)[•◦]\s+|</?(?:ul|ol|li|p)>", re.IGNORECASE
)
_BRACES: Final = re.compile(r"\{([^{}:]{1,80}:[^{}]{1,1000})\}")
_MEMBER: Final = re.compile(
    r"\s*[\"'`]?([A-Za-z_$][\w$-]{0,60})[\"'`]?(\?)?\s*:\s*[\"'`]?([^:\"'`]{2,80}?)[\"'`]?\s*"
)
_LIST: Final = re.compile(r"\[\s*object|object\s*\[\]|\b(?:array|list)\b", re.IGNORECASE)
MAX_CELL: Final = 3_000


def members_in(text: str, line: int) -> tuple[str, list[Field]]:
    """Give what a cell says before the members that it lists, and these; all of it for none."""
    if len(text) > MAX_CELL:
        return text, []
    if found := _written_out(text.strip(" `"), line):
        return "", found
    if text.count("{") == 1 and (braces := _BRACES.search(text)):
        found = _written_out(braces[1], line)
        if found or text.lstrip(" `[").startswith("{"):
            return f"{text[: braces.start()]}object{text[braces.end() :]}", found
    return _listed(text, line)


def _written_out(text: str, line: int) -> list[Field]:
    """Read `a: string; b?: int`: two members or more, each with a type and nothing behind it."""
    parts = [part for part in re.split(r"[;,\n]", text) if part.strip()]
    matches = [_MEMBER.fullmatch(part) for part in parts]
    found: list[Field] = []
    for match in matches:
        read = read_facets(match[3]) if match else None
        if match is None or read is None or not read.typed or read.rest:
            return []
        found.append(made(match[1], read, "", line))
        if any(m and m[2] for m in matches):
            found[-1].required = not match[2]
    return found if len(found) > 1 else []


def _listed(text: str, line: int) -> tuple[str, list[Field]]:
    """Read bullets and lines of a cell: every one is a member, and most of them have a type."""
    pieces = [piece for piece in _PIECE.split(text) if piece and piece.strip()]
    fields = [_field(piece, line) for piece in pieces]
    first = next((at for at, one in enumerate(fields) if one is not None), len(fields))
    found = [one for one in fields[first:] if one is not None]
    typed = sum(one.typed for one in found)
    marked = re.match(r"\s*(?:<br\s*/?>\s*)*[-*•◦]\s", text, re.IGNORECASE)
    if (
        (len(pieces) < 2 and not marked)
        or first > 1
        or len(found) != len(fields) - first
        or typed * 2 <= len(found)
    ):
        return text, []
    return " ".join(pieces[:first]), found


def _field(piece: str, line: int) -> Field | None:
    text = plain(piece.strip().removeprefix("- "))
    started = fused(text) or one_line(Row(line, text, f"- {piece.strip()}", "", ""), text, loose=False)
    return made(started[0], started[1], started[2], line) if started else None


def own(owner: Field, said: str, found: list[Field]) -> list[Field]:
    """Put members one level below their owner, an object or, if its row says so, a list of them."""
    if not found or kinds_of(owner.schema) - {"object", "array", "null"}:
        return []
    if not kinds_of(owner.schema) & {"object", "array"}:
        owner.schema = {"type": "object", **owner.schema}
        if _LIST.search(said):
            owner.schema = {"type": "array", "items": {"type": "object"}}
        owner.typed = True
    for one in found:
        one.depth = owner.depth + 1
    return found
