"""Interfaces and types of TypeScript, and of languages put into its words, in place of a field list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import Facets, Field, Listing, made, read_facets
from contracts.vendoring.platforms.prose.grammars.languages import is_wire_form, translated
from contracts.vendoring.platforms.prose.grammars.within import members_in, own
from contracts.vendoring.platforms.prose.parting import Block
from contracts.vendoring.platforms.prose.text import Row

_HEAD = re.compile(r"^\s*(?:export\s+)?(?:declare\s+)?(?:interface|type)\s+(\w+)\b[^={]*=?\s*\{?\s*$")
_MEMBER = re.compile(
    r"^\s*(?:readonly\s+)?[\"']?([A-Za-z_$][\w$-]*)[\"']?(\??)\s*:\s*(.*?)\s*[;,]?\s*(?://\s*(.*)|/\*\*?\s*(.*?)\s*\*/)?$"
)
_CLOSE = re.compile(r"^\s*\}\s*(\[\])?\s*(\|\s*null)?\s*[;,]?\s*$")
_LITERAL: Final = r"[\"'][^\"'\n]{1,60}[\"']"
_WORDS = re.compile(
    rf"\btype\s+(\w+)\s*=\s*\|?\s*({_LITERAL}(?:\s*\|\s*{_LITERAL})*)\s*(?:;|\n|$)"
    rf"|\benum\s+(\w+)\s*\{{((?:\s*\w+\s*=\s*{_LITERAL}\s*,?)+)\s*\}}"
    r"|\benum\s+(\w+)\s*\{((?:\s*\w+(?:\s*=\s*\d+)?\s*[,;]?(?=\s))+)\s*\}"
)
_MAX: Final = 2_000
_BARE: Final = "TypeWithoutName"


def types_in(blocks: list[Block]) -> Iterator[tuple[Block, str, Listing]]:
    """Yield (block, name, members) of every type that other types of the page do not use."""
    found: dict[str, tuple[Block, list[Field]]] = {}
    wire = {block.first for block in blocks if is_wire_form(block.lines)}
    blocks = [replace(block, lines=translated(_headed(block))) for block in blocks]
    for block in blocks:
        found |= {name: (block, fields) for name, fields in _types(block) if fields}
    words = {name: one for block in blocks for name, one in _aliases(block)}
    for _, fields in found.values():
        for one in fields:
            if one.of in words:
                one.schema, one.of = _listed(words[one.of], one.schema), ""
    used = {f.of for _, fields in found.values() for f in fields if f.of}
    for name, (block, fields) in found.items():
        if name not in used:
            members = list(_expanded(fields, {n: f for n, (_, f) in found.items()}, 0))[:_MAX]
            if block.first in wire:
                members = [replace(one, required=None) for one in members]
            title = "" if name == _BARE else name
            yield block, title, Listing(members, title, weak=block.first in wire, line=block.first)


def _headed(block: Block) -> tuple[str, ...]:
    """Give a block with a name before a type that has none."""
    if not block.typed:
        return block.lines
    start = next(at for at, line in enumerate(block.lines) if line.strip())
    return (*block.lines[:start], f"interface {_BARE} {{", *block.lines[start + 1 :])


def types_without_fence(lines: Sequence[str], rows: Sequence[Row]) -> list[Block]:
    """Find types that stand between the lines of a copied page: a head, members, and the closing bracket."""
    code = {row.number for row in rows if row.code}
    found: list[Block] = []
    end = 0
    for at, line in enumerate(lines):
        if at < end or at + 1 in code or not _HEAD.match(line[:200]) or "{" not in line:
            continue
        end = next((i for i in range(at + 1, len(lines)) if _CLOSE.match(lines[i][:20])), at) + 1
        inside = [" ".join(text[:1000].split()) for text in lines[at + 1 : end - 1] if text.strip()]
        if inside and all(_MEMBER.match(text) or text.startswith(("//", "/*", "*")) for text in inside):
            found.append(Block("typescript", at + 1, tuple(lines[at:end])))
    return found


def _aliases(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield the types and enums of a block that are a list of words and nothing else."""
    for match in _WORDS.finditer("\n".join(block.lines)[:100_000]):
        quoted = re.findall(r"[\"']([^\"'\n]+)[\"']", match[2] or match[4] or "")
        yield match[1] or match[3] or match[5], quoted or re.findall(r"[A-Za-z_]\w*", match[6] or "")


def _listed(words: list[str], schema: dict[str, Json]) -> dict[str, Json]:
    """Give a schema whose named type is one of these words; it may be a list of it, or null."""
    null = isinstance(schema.get("type"), list)
    if schema.get("type") == "array":
        return {"type": "array", "items": {"type": "string", "enum": words}}
    return {"type": ["string", "null"] if null else "string", "enum": [*words, *([None] if null else [])]}


def _types(block: Block) -> Iterator[tuple[str, list[Field]]]:
    name = ""
    fields: list[Field] = []
    open_: list[str] = []
    said = ""
    for number, line in enumerate(block.lines, block.first):
        text = " ".join(line[:1000].split())  # no run of spaces for a pattern to try over and over
        if not open_ and (head := _HEAD.match(text)):
            if name:
                yield name, fields
            name, fields = head[1], []
            continue
        if not name:
            continue
        if above := re.fullmatch(r"/\*\*?\s*(.*?)\s*\*/|//\s*(.*)", text):
            said = above[1] or above[2] or ""
            continue
        if close := _CLOSE.match(text):
            if not open_:
                yield name, fields
                name = ""
                continue
            path = ".".join(open_)
            open_.pop()
            for one in fields:
                if one.name == path:
                    one.schema = {"type": "array", "items": {"type": "object"}} if close[1] else one.schema
            continue
        member = _MEMBER.match(text)
        if member is None or len(open_) > 10:
            continue
        fields += _member(member, open_, number, said)
        said = ""
        if member[3].rstrip().endswith("{"):
            open_.append(member[1])
    if name:
        yield name, fields


def _member(match: re.Match[str], open_: list[str], line: int, above: str) -> list[Field]:
    """Read a member, and behind it those of the type that it writes out."""
    text, inner = members_in(match[3].strip(), line)
    opens = text.endswith("{")
    read = read_facets("object" if opens else text.replace("'", '"'))
    known = read.typed and not read.rest
    name = re.match(r"(?:Array<)?([A-Z]\w*)>?(\[\])?(\s*\|\s*null)?$", text)
    listed = bool(name) and ("[]" in text or text.startswith("Array<"))
    if not known and name:
        read = read_facets("object[]" if listed else "object")
    one = made(match[1], read if known or name else Facets(), match[4] or match[5] or above, line)
    said = match[4] or match[5] or above
    one.required = not match[2] and (one.required is None or one.required or not said)
    one.name = ".".join([*open_, match[1]])
    one.of = name[1] if name and not known else read.of
    if name and not known and name[3]:
        one = replace(one, schema={**one.schema, "type": [one.schema["type"], "null"]})
    inside = own(one, text, inner)
    for child in inside if ";" in match[3] else ():
        child.required = child.required is not False
    return [one, *(replace(child, name=f"{one.name}.{child.name}") for child in inside)]


def _expanded(fields: list[Field], types: dict[str, list[Field]], depth: int) -> Iterator[Field]:
    """Give the members with those of the types that they are of, by dotted names."""
    for one in fields:
        yield one
        if one.of in types and depth < 5:
            for child in _expanded(types[one.of], types, depth + 1):
                yield replace(child, name=f"{one.name}.{child.name}")
