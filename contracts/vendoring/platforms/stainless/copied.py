"""Stainless pages as a browser copies them, written line by line as the Markdown that the site serves.

A copied page has no bullets and no indentation. What nests is told by the types: `object { id, 2 more }` has
three members below it, and "One of the following:" stands before as many alternatives as its type names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from contracts.vendoring.pages import Page
from contracts.vendoring.platforms.stainless.schema import flat
from contracts.vendoring.platforms.stainless.types import Alternative, Member, member, unescape

_SECTION = re.compile(r"^\s*(?:#{1,6}\s+)?(\S.{2,60}?)(?:JSON|Form)?\s?Expand ?Collapse\s*$")
_CALL = re.compile(
    r"^\s*(get|put|post|delete|patch|head|options)\s*((?:/|https?://)[^\s`]*)\s*$", re.IGNORECASE
)
_END = re.compile(
    r"^\s*(?:#{1,6} .*|curl\b.*|HTTP|TypeScript|Python|Java|Go|Ruby|Kotlin|(?:CLI|Terraform).*"
    r"|\d{3} ?[Ee]xample|Returns Examples)\s*$"
)
_EXAMPLE = re.compile(r"^\s*(\d{3}) ?[Ee]xample\s*$")
_CHOICE = re.compile(r"^(?:Accepts one|One) of the following:$")
_LIMIT = re.compile(
    r"^(format|default|minimum|maximum|minLength|maxLength|minItems|maxItems|multipleOf)([\w.:-]+)$"
)
_LINK = re.compile(r"\[([\w.\\]+)\]\(\S*\)")
_INSIDE = re.compile(r"\{([^{}]*)\}")


def is_copied(page: Page) -> bool:
    """Whether a page is such a copy, in the words of HTTP: a call, and sections that members begin."""
    heads = [n for n, line in enumerate(page.lines) if _SECTION.match(line)]
    return bool(heads) and any(map(_CALL.match, page.lines)) and all(_begins(page.lines, n) for n in heads)


def _begins(lines: Sequence[str], head: int) -> bool:
    """Whether a member is the first that stands in a section, or nothing does."""
    first = next((line for line in lines[head + 1 : head + 20] if line.strip()), "")
    return _SECTION.match(first) is not None or _read(_LINK.sub(r"\1", first).strip()) is not None


def spelled(page: Page) -> Page:
    """Write a copied page as Markdown; every line stays on its number."""
    lines = list(page.lines)
    section = False
    titles: set[str] = set()
    members: list[int] = []
    for index, line in enumerate(page.lines):
        call, head, example = _CALL.match(line), _SECTION.match(line), _EXAMPLE.match(line)
        if call:
            above = next((n for n in range(index - 1, -1, -1) if lines[n].strip()), index)
            title = lines[above].strip().lstrip("# ")
            titles.add(title)
            lines[above] = f"## {title}" if above < index else lines[above]
            lines[index] = f"**{call[1].lower()}** `{call[2]}`"
        elif head:
            lines[index] = f"### {head[1]}"
        elif example:
            lines[index] = f"#### Response {example[1]}"
        if head or call or _END.match(line) or line.strip() in titles:
            if section and not (head or call or example):
                before = index - line.lstrip().startswith("curl")
                lines[before] = lines[before] if before < index and lines[before].strip() else "### Sample"
            _nest(lines, members)
            section, members = bool(head), []
        elif section:
            members.append(index)
    _nest(lines, members)
    return Page(page.name, tuple(lines))


def _nest(lines: list[str], indices: list[int]) -> None:
    """Write the members of a section as nested bullets, their prose below them."""
    texts = [_LINK.sub(r"\1", lines[index]).strip() for index in indices]
    read = [_read(text) for text in texts]
    open_: list[int] = []
    for at, (index, text, found) in enumerate(zip(indices, texts, read, strict=True)):
        while open_ and not open_[-1]:
            open_.pop()
        loose = found and not open_ and {a.kind for a in found.alternatives} == {"literal"}
        if found is None or (loose and found.form == "type"):  # words of no list
            prose = "" if _CHOICE.match(text) else _LIMIT.sub(r"\1: \2", text)
            lines[index] = f"{'  ' * len(open_)}  {prose}".rstrip()
            continue
        lines[index] = f"{'  ' * len(open_)}- `{unescape(text)}`"
        if open_:
            open_[-1] -= 1
        below = _below(found, texts, read, at)
        open_ += [below] if below else []


def _read(text: str) -> Member | None:
    """Take a line for a member: a name and its type, a named type, or a type alone; None for prose."""
    if not text or len(text) > 2000 or "`" in text or _CHOICE.match(text):
        return None
    found = member(text)
    if found.form == "type" and len(found.alternatives) != 1:
        return None
    name = r"[A-Z]\w*(?:\.\w+)*" if found.form != "type" else r"[A-Z]\w*[a-z]\w*[A-Z]\w*"
    types = list(flat(found.alternatives))
    fits = [re.fullmatch(name, one.name) for one in types if one.kind == "named"]
    return found if types and all(fits) else None


def _below(found: Member, texts: list[str], read: list[Member | None], at: int) -> int:
    """Count the lines of members that stand below a member: its alternatives, or what its braces count."""
    after = next((n for n in range(at + 1, len(texts)) if read[n] or _CHOICE.match(texts[n])), -1)
    if after < 0:
        return 0
    if read[after] is None:
        return sum(_count(one) for one in found.alternatives)
    inside = _INSIDE.search(unescape(texts[at]))
    names = [name.strip() for name in inside[1].split(",")] if inside else []
    below = read[after]
    if not names or below is None or below.name != names[0]:
        return 0
    more = re.fullmatch(r"(\d{1,6}) more", names[-1])
    return len(names) + (int(more[1]) - 1 if more else 0)


def _count(one: Alternative) -> int:
    if one.kind in {"array", "map"}:
        return sum(map(_count, one.items))
    return int(str(one.value)) if one.kind == "more" else one.kind != "null"
