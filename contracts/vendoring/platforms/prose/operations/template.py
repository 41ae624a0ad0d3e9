"""A path with its parameters: which segments are holes, and what they are called."""

from __future__ import annotations

import re

_TRANSCODED = re.compile(r"\{(\w+)=[^{}]*\}")  # {name=jobs/*}, as gRPC writes a parameter of several segments
_ASKED = re.compile(r"\{\?([\w.,-]+)\}$")
_SURE = re.compile(
    r"string|[0-9a-f]{8}-[0-9a-f-]{20,}|\d{4,}|(?i:(?:your|my|some)[_-].+)"
    r"|[A-Z0-9_]*_(?:ID|UUID|KEY|NAME|TOKEN|NUMBER|CODE)"
)
_LIKELY = re.compile(  # below a collection: a number, a digit behind a dash, letters and digits mixed
    r"\d+|[A-Za-z]+[_-](?=[\w.~-]*\d)[\w.~-]+|(?:[a-z]+[_-])?(?:abc|xyz)\w*|(?=[\w~.-]*\d)[\w~.-]{3,}"
)
_WORD = re.compile(  # h264, text2image, NewStep1, 2.0: words all the same
    r"[A-Za-z]{1,12}\d{1,4}|[a-z]{2,}2[a-z]{2,}|[A-Z]?[a-z]+(?:[A-Z][A-Za-z]*)+\d|[a-z]+\d[_-][a-z-]+|\d\.\d"
    r"|v\d+(?:\.\d+)*(?:beta\d*|alpha\d*)?"
)
_VERSION = re.compile(
    r"v\d+(?:\.\d+)*(?:beta\d*|alpha\d*)?|\d\.\d|api|rest|\d{4}-\d\d(?:-\d\d)?", re.IGNORECASE
)
_HOLE = re.compile(
    r"^(?::([A-Za-z_][\w-]*)|<([\w -]+)>|\{\{?\s*([\w. -]+?)\s*(?:#[^{}]*)?\}?\}|\$\{?([A-Za-z_]\w*)\}?"
    r"|\[([\w-]+)\]|%7B([\w-]+)%7D|[(<](?:\w+:)?\s?([\w-]+)[)>])$"
)


def hole(segment: str) -> str:
    """Give the name in a segment that is written as a hole, in any of the usual ways; "" for another."""
    match = _HOLE.match(segment)
    return next(group for group in match.groups() if group) if match else ""


def is_id(segments: list[str], index: int) -> bool:
    """Whether a segment is a concrete id and no word: by its form, and by what it stands below."""
    segment, before = segments[index], segments[index - 1] if index else ""
    if index < 2 or not segment:
        return False
    if _SURE.fullmatch(segment):
        return True
    if _VERSION.fullmatch(before) or not before:
        return False
    one = _singular(before).lower()
    if segment.isupper() and segment.isalpha() and before.islower():
        return segment.lower() in {one, f"{one}id", "id", "uuid"}
    if re.fullmatch(rf"{re.escape(one)}\d+", segment):
        return True
    return _LIKELY.fullmatch(segment) is not None and not _WORD.fullmatch(segment)


def template(path: str, names: list[str], others: list[str]) -> str:
    """Write a path with its parameters in braces; concrete ids get the names that the page has for them."""
    written, free = path.split("/"), list(names)
    segments = list(written)
    for index, segment in enumerate(written):
        if said := hole(segment):
            name = _name(said, spelled=segment[0] in "{:")
            listed = "" if segment[0] in "{:" else _listed(name, free)  # a stand-in such as $BATCH_ID
            segments[index] = "{" + (listed or name) + "}"
        elif is_id(written, index):
            name = (
                _from_other(segments, index, others)
                or (free.pop(0) if free else "")
                or f"{_singular(segments[index - 1])}_id"
            )
            segments[index] = "{" + name + "}"
    return "/".join(segments)


def bare_path(url: str) -> str:
    """Give the path of an address with every parameter and every concrete id as `{}`, to compare by."""
    bare = re.sub(r"^(?:https?://[^/]+|\{[\w.-]+\}(?=/))", "", url)
    path = transcoded(bare).partition("?")[0]
    parts = re.sub(r"[{:<(\[][^/]*", "{}", path).rstrip("/").split("/")
    return "/".join("{}" if is_id(parts, i) else part for i, part in enumerate(parts))


def fills(url: str, template: str) -> bool:
    """Whether an address is that of a template, with values in place of its parameters or not."""
    mine, theirs = bare_path(url).split("/"), bare_path(template).split("/")
    if url.startswith("http") and template.startswith("/") and len(mine) > len(theirs):
        mine = ["", *mine[1 - len(theirs) :]] if len(theirs) > 1 else [""]  # below a base
    return len(mine) == len(theirs) and all(
        a == b or (b == "{}" and i > 1) for i, (a, b) in enumerate(zip(mine, theirs, strict=True))
    )


def transcoded(path: str) -> str:
    """Write a parameter of several segments ({name=jobs/*}) as any other, and {?a,b} as a query."""
    asked = _ASKED.sub(lambda m: f"?{'&'.join(f'{name}=' for name in m[1].split(','))}", path)
    return _TRANSCODED.sub(r"{\1}", asked)


def bare_name(name: str) -> str:
    """Give a name without what spellings differ in: batchId and batch_id are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _listed(name: str, free: list[str]) -> str:
    """Take the listed spelling of a name (batchId for batch_id), if there is one."""
    match = next((n for n in free if bare_name(n) == bare_name(name)), "")
    if match:
        free.remove(match)
    return match


def _name(text: str, *, spelled: bool = False) -> str:
    text = text.strip().replace(" ", "_").replace(".", "_")
    text = re.sub(r"^(?:YOUR|your|MY|my)[_-]", "", text)
    return text.lower() if text.isupper() and not spelled else text


def _from_other(segments: list[str], index: int, others: list[str]) -> str:
    """Find the name in another address of the page that is the same but for a hole here."""
    for other in others:
        theirs = other.partition("?")[0].split("/")
        for shift in range(len(theirs) - len(segments) + 1):
            part = theirs[shift : shift + len(segments)]
            named = hole(part[index]) if len(part) > index else ""
            if named and part[1:index] == segments[1:index]:
                return _name(named)
    return ""


def _singular(segment: str) -> str:
    word = re.sub(r"\W", "_", segment)
    word = re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<=[xsh])es$", "", word)
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word
