"""A name with its facets or its prose on one line, apart by marks, by spaces, or by nothing at all."""

from __future__ import annotations

import re
from typing import Final

from contracts.vendoring.pages import YES, Facets, is_badge_or_type, read_facets
from contracts.vendoring.platforms.prose.columns import NAME
from contracts.vendoring.platforms.prose.text import Row

Started = tuple[str, Facets, str, bool, int]  # name, facets, prose, whether it is weak, the lines it takes
_LEAD = re.compile(
    rf"^(?P<tick>[`'\"“]?)(?P<name>{NAME})(?:\?(?=[`:]))?[`'\"”]?(?P<star>\s?\*|\?(?=:))?(?P<sep>\s*[:–—-]+\s+|\s*·\s*|\s*:$|\s*:(?=\S)|\s*[(<\[,|]|\s+|$)"
)
FUSED = re.compile(
    r"^`?(?P<name>[A-Za-z_$@][\w.$-]*?(?<!_))`?(?P<star>\s?\*\s?|)"
    r"(?P<kind>'[^']{1,40}'(?=optional|required)|(?:list of|map from)(?=\s)|(?:string|integer"
    r"|number|boolean|object|array|uuid(?:v?[47])?|enum|double|float"
    r"|long|datetime|date-time|file|any)s?(?!(?-i:[a-z_0-9:])|\s+"
    r"(?!(?:or|of|from|required|optional|facultatif|obligatoire|opcional|obligatorio)\b)[a-z])|(?:string|integer|number|boolean|object|array|uuid|enum|double"
    r"|datetime)(?=required|optional|обязательный|необязательный|format:|defaults|yes|no))(?P<rest>.*)$",
    re.IGNORECASE,
)
_BADGE_FIRST = re.compile(r"[\[(](required|optional|mandatory)[\])]:?\s+(?=[`\w])", re.IGNORECASE)
_CODE_VALUE = re.compile(r"\s*:(?://|\s*(?:['\"][^'\"]*['\"],?|[{\[(]|\w+\(.*)\s*$)")
_NO_NAME: Final = re.compile(
    r"note|default|example|type|values?|optional|required|returns?|in", re.IGNORECASE
)
_STATEMENT: Final = re.compile(
    r"(?:import|from|return|const|let|var|def|class|func|use|using|package) \w|\w+\([\"']https?:"
)
_SAID: Final = re.compile(r"^(yes|no|true|false)(?=[A-Z`(]|$)", re.IGNORECASE)


def one_line(row: Row, text: str, *, loose: bool) -> Started | None:
    """Read a name with its facets or its prose on one line; a badge in brackets may stand before it."""
    badge = _BADGE_FIRST.match(text)
    found = _one_line(row, text[badge.end() :] if badge else text, loose=loose)
    if found and badge:
        found[1].required = badge[1].lower() != "optional"
    elif found and re.match(rf"`?{NAME}\?", text):
        found[1].required = False
    return found


def _one_line(row: Row, text: str, *, loose: bool) -> Started | None:
    lead = _LEAD.match(text)
    if lead is None or lead.end("sep") >= len(text):
        return None
    if lead["tick"] in {'"', "“"} and text[lead.end("name")] not in '"”':
        return None  # words in quotes
    if _CODE_VALUE.match(text, lead.start("sep")) or _STATEMENT.match(row.raw):
        return None  # a line of a program
    rest, mark = text[lead.start("sep") :], lead["sep"].strip()[:1]
    behind = read_facets(rest)
    if (
        is_badge_or_type(lead["name"])
        and not lead["tick"]
        and not (behind.typed and (mark or not behind.rest))
    ):
        return None
    marked = bool(lead["tick"]) or row.raw.lstrip("-*•+ ").startswith(("**", "`"))
    told = mark in {*":–—-"} if mark else False
    prose = rest.strip(" :–—-")
    again = told and prose.startswith(f"{lead['name'].rpartition('.')[2]} ")  # a sentence about its own name
    read = Facets() if again else read_facets(rest, prose=told)
    if _sentence(lead, marked=marked, read=read):
        return (_named(lead), Facets(), prose, True, 1) if told and lead["name"].islower() else None
    if not (read.typed or mark or marked) and read.rest[:1].islower():
        return None  # "are not required and ..."
    said = read.typed or read.required is not None or read.null
    spelled = marked or text != row.text or loose or spelled_like_a_name(lead["name"])
    if said and spelled and (mark or marked or _ends(read, loose=loose)):
        return _named(lead), read, _after(rest, read) if mark else read.rest, False, 1
    if told and (marked or re.search(r"[_.]", lead["name"]) or lead["name"][0].islower()):
        return _named(lead), Facets(), prose, True, 1
    if loose and (told or mark == "("):
        return _named(lead), read, read.rest or prose, True, 1
    return None


def spelled_like_a_name(name: str) -> bool:
    """Whether a word is spelled like a member's name and not like the start of a sentence."""
    return name.islower() or re.search(r"[_.A-Z]", name[1:]) is not None


def _after(rest: str, read: Facets) -> str:
    """The prose behind the facets; all of it where the facets are words of the prose itself."""
    return rest.strip(" :–—-") if rest.lstrip()[:1] in ":–—-" else read.rest


def _ends(read: Facets, *, loose: bool) -> bool:
    """Whether the facets of a spaced line end before prose that starts like prose."""
    behind = read.rest[:1]
    return loose or behind.isupper() or behind in "`\"'(“" or read.required is not None


def _sentence(lead: re.Match[str], *, marked: bool, read: Facets) -> bool:
    """Whether a line is a sentence whose second word happens to be a type."""
    name = lead["name"]
    if marked or lead["sep"].strip():
        bracketed = lead["sep"].strip() == "(" and read.typed
        return not (marked or bracketed) and _NO_NAME.fullmatch(name) is not None
    return name[0].isupper() and "_" not in name and "-" not in name and bool(read.rest)


def _named(lead: re.Match[str]) -> str:
    return lead["name"].lstrip(":") + ("*" if (lead["star"] or "").strip() == "*" else "")


def fused(text: str) -> Started | None:
    """Read a name with its type glued behind it: `idstringRequired`."""
    match = FUSED.match(text) if len(text) < 400 else None
    if match is None or not match["name"] or " " in match["name"]:
        return None
    tail = match["rest"]
    if not tail and match["kind"].lower() in {"file", "any", "long"}:
        return None  # a word that ends so: shapefile, company, headlong
    if match["kind"][0].isupper() and not (tail[:1].isupper() and " " in tail):
        return None  # one word in camel case
    said = _SAID.match(tail)
    read = read_facets(match["kind"] + tail) if not said else read_facets(match["kind"])
    if said:
        read.required, read.rest = said[1].lower() in YES, tail[said.end() :]
    return (match["name"] + match["star"].strip(), read, read.rest, False, 1) if read.typed else None
