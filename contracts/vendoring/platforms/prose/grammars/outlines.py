"""Bodies told as an outline of names and types, in a block of code or in one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from contracts.vendoring.pages import Facets, Field, Listing, made, nested, read_facets, words_at
from contracts.vendoring.platforms.prose.grammars.within import members_in, own
from contracts.vendoring.platforms.prose.parting import Block
from contracts.vendoring.platforms.prose.text import Row

_LINE: Final = re.compile(r"(\s*(?:- )?)([A-Za-z_$][\w$-]*)(\?)?:\s*(.*?)\s*(?:#\s*(.*))?$")
_LISTED: Final = re.compile(r"`([\w.$-]+)`\s*\(((?:`[^`]*`|\([^()]*\)|[^()`])*)\)")
_LABEL: Final = re.compile(r"\**([A-Z][a-z]+(?: [a-z]+)?)\**\s*:\**\s+(?=`)")
_PLAIN: Final = {"", "yaml", "yml", "text", "txt", "plaintext"}


def outlined(blocks: list[Block]) -> Iterator[tuple[Block, Listing]]:
    """Yield the blocks whose every line is a name with its type, or with its members below it."""
    for block in blocks:
        fields = list(_fields(block)) if block.language in _PLAIN else []
        if len(fields) > 2 and sum(one.typed for one in fields) * 2 > len(fields):
            yield block, Listing(nested(fields), line=block.first)


def _fields(block: Block) -> Iterator[Field]:
    """Yield the fields of an outline; none where a line is anything else."""
    found: list[Field] = []
    listed: set[int] = set()
    for number, line in enumerate(block.lines, block.first):
        match = _LINE.match(line[:500])
        if match is None and line.strip():
            return
        if match is None:
            continue
        read = read_facets(match[4]) if match[4] else Facets()
        read.typed = read.typed or "enum" in read.schema
        if match[4] and (not read.typed or read.rest):
            return
        if "- " in match[1] and found:
            listed.add(len(found) - 1)
        one = made(match[2], read, match[5] or "", number, len(match[1]))
        one.required = False if match[3] else one.required
        found.append(one)
    for at, one in enumerate(found):
        if not one.typed and at + 1 < len(found) and found[at + 1].depth > one.depth:
            items = {"type": "array", "items": {"type": "object"}}
            one.schema, one.typed = (items if at in listed else {"type": "object"}), True
    yield from found


def told(row: Row) -> Listing | None:
    """Read fields that one line tells behind a label: "Returns: `id` (string), `state` (`open` | `done`)"."""
    label = _LABEL.match(row.raw)
    rest = row.raw[label.end() :] if label else ""
    matches = list(_LISTED.finditer(rest))
    if label is None or not matches or re.sub(r"[\s,.;]|and\b", "", _LISTED.sub("", rest)):
        return None
    fields: list[Field] = []
    for match in matches:
        text, inner = members_in(match[2], row.number)
        fields.append(made(match[1], _facets(text), "", row.number))
        fields += own(fields[-1], text, inner)
    typed = sum(bool(one.schema) for one in fields)
    return Listing(nested(fields), label[1], line=row.number) if typed * 2 > len(fields) else None


def _facets(text: str) -> Facets:
    words, end = words_at(text, 0) if text[:1] in "`\"'" else ([], 0)
    if len(words) > 1 and not text[end:].strip():
        return Facets({"type": "string", "enum": words}, typed=True)
    return read_facets(text)
