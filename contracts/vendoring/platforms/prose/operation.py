"""Method, path and server of a prose page: from a line that states them, from curl, or from code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from contracts.vendoring.pages import stand_in
from contracts.vendoring.platforms.prose.sections import ADDRESS, METHOD
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_METHODS: Final = "GET|POST|PUT|PATCH|DELETE|HEAD"
_STATED = re.compile(
    rf"^(?:[-*•]\s+)?(?:(?:http |api )?(?:endpoint|request|route|url|method(?: and path)?|http request"
    rf"|usage|request example for)\s*[:–-]?\s*)?[`*>$|\s\\\[]*"
    rf"({_METHODS})[`*\s:|\\\]]*(?:\[[\w -]+\]`*|\{{\{{?[\w.-]+\}}?\}}|\$\{{?\w+\}}?|<[\w -]+>|(?-i:[A-Z][A-Z_]{{2,}})(?=/))?((?:https?://|/)(?:[^\s`*|({{]|\{{[^{{}}\s`|]*\}}?"
    rf"|\((?:\w+:)? ?[\w-]+\)|\()+)",
    re.IGNORECASE,
)
_ROOTLESS = re.compile(rf"({_METHODS}) ([a-z][\w-]*(?:/[\w{{}}:.-]+)+(?:\?\S+)?)")
_GLUED = re.compile(
    r"(?<=[a-z}])(?:Content-Type|Authorization|Authentication|Returns|Query|Request|Response)\b.*"
)
_FRAGMENT = re.compile(r"#[^{}]*(?=\})")
_GLUED_HOLE = re.compile(r"((?:/[\w{}.-]+)*/?:[a-z0-9]+(?:_[a-z0-9]+)+)[A-Z].*")
_BACKWARD = re.compile(  # the path first: two cells of a table, or the method in brackets
    rf"^(?:\|\s*|[-*•]\s+)?(?i:{ADDRESS})?\s*[:：]?\s*`?(?P<path>(?:https?://[^\s`|]+|/[\w{{}}:<>$./-]+))`?"
    rf"\s*(?:\|\s*`?({_METHODS})`?\s*(?:\||$)|[(\[]`?({_METHODS})`?[)\]]\s*$)"
)
_INLINE = re.compile(rf"\b({_METHODS})\s+`?((?:https?://[^\s/]+)?/(?:\{{[^{{}}\s]*\}}|[\w{{}}:<>$./-])+)")
_LISTED_PATH = re.compile(r"[-*•]\s+`?(/[\w-]+(?:/[\w{}:<>.-]+)+)`?(?:\s+[-–—:]\s.*)?")
_TRANSCODED = re.compile(r"\{(\w+)=[^{}]*\}")  # {name=jobs/*}, as gRPC writes a parameter of several segments
_CAPITAL = re.compile(r"(?<![^/])[A-Z]\w+(?![^/])")  # a parameter in a path, as AWS writes it
_URL = re.compile(r"""https?://[^\s'"`,;|]+""")
_BASE = re.compile(
    r"(?:\b(?:base|root|api) (?:url|uri|address|path|endpoint)s?\b|^(?:host|server|domain)\b"
    r"|\b(?:calls|requests|endpoints|paths)\b.{0,20}\b(?:go|made|sent|relative|start|live|served|under)\b)"
    r"[^h]{0,40}(https?://[^\s'\"`|<>]+)",
    re.IGNORECASE,
)
_URL_ALONE = re.compile(r"(https?://[^\s`'\"<>|]+)")
_SHOWN = re.compile(
    r"(?:`|\*\*)(https?://[^\s`*{}<>]+)(?:`|\*\*)|^(?:[*_]{0,2}[A-Z][\w ]{1,24}[*_]{0,2}\s*:[*_]{0,2}\s*)?(https?://[^\s`*{}<>]+)$"
)
_SEGMENT = re.compile(r"(?<=/)[A-Za-z]\w+(?![^/])")
_TRIAL = re.compile(
    r"\b(?:sandbox|staging|tests?|homolog\w*|(?<!\.)dev(?:elopment)?|demo|uat|pre-?prod)\b", re.IGNORECASE
)
_READ = re.compile(
    r"//(?:docs?|developers?|github|www\.w3|support|help|portal|console|status)\b|swagger|[?#]|\.(?:md|html?|pdf|png|json|yaml)$"
)
_HOSTS = re.compile(
    r"^(?:(?:base|root|api) ?(?:url|uri|path|address)|servers?|hosts?|endpoints|production"
    r"|environments?)\s*:?$",
    re.IGNORECASE,
)
_LABEL = re.compile(
    rf"^(?:[-*•|]\s*)?(?:{ADDRESS}|resource(?=\s*[:：|]))\s*[:：|]?\s*`?(?:\{{\{{?[\w.-]+\}}?\}}(?=/))?((?:https?://|/)[^\s`|]*)",
    re.IGNORECASE,
)
_LABEL_ALONE = re.compile(rf"^(?:{ADDRESS}|endpoint url|resource)\s*[:：]?$", re.IGNORECASE)
_BARE = re.compile(
    r"^`?(?:\{\{[\w.-]+\}\}(?=/))?((?:https?://[^\s`]+|/[\w{}:<>$./=?&-]+))`?(?:\s[-–—]\s.*)?$"
)
_METHOD_ALONE = re.compile(
    rf"^(?:[-*•|]\s*)?(?:(?:{METHOD})\s*[:：|]?\s*)?"
    rf"(?:\{{%-?\s*\w*method\s+)?`?({_METHODS})(?:\s*-?%\}}$)?"
    rf"(?:\s?/\s?(?:{_METHODS}))*`?\s*(?:\|?|[-–—] \w+:)$",
    re.IGNORECASE,
)
_METHOD_TITLED = re.compile(r"(get|post|put|patch|delete) [A-Z]\w* [a-z]")
_HEADING_PATH = re.compile(r"`?(/[\w{}:<>$./=-]+)`?(?: (?:endpoint|route|api|resource))?:?$", re.IGNORECASE)
_METHOD_HEADING = re.compile(rf"({_METHODS})\s[^/\s]")
_ID = re.compile(
    r"^(?:string$|[0-9a-f]{8}-[0-9a-f-]{20,}|(?=[\w~.-]*\d)(?![A-Z]?[a-z]+[A-Z][A-Za-z]*\d$)(?!\d\.\d$)(?!v\d+(?:\.\d+|beta\d*|alpha\d*)?$)[\w~.-]{3,}|\d+|(?:[a-z]+[_-])?(?:abc|xyz)\w*|[A-Z][A-Z0-9_]{3,})$"
)
_HOLE = re.compile(
    r"^(?::([A-Za-z_][\w-]*)|<([\w -]+)>|\{\{?\s*([\w. -]+?)\s*(?:#[^{}]*)?\}?\}|\$\{?([A-Za-z_]\w*)\}?"
    r"|\[([\w-]+)\]|%7B([\w-]+)%7D|[(<](?:\w+:)?\s?([\w-]+)[)>])$"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """What was found: method, path template, server or "", the line, and the names in the query."""

    method: str
    path: str
    server: str
    line: int
    query: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A path or URL on the page with the method beside it, if any."""

    method: str
    url: str
    line: int


def find(page: ProsePage, names: list[str]) -> Operation | None:
    """Find the operation that the page is about; `names` are listed path parameters, in order."""
    line = next(stated(page), None)
    command = next((Address(c.method, c.url, c.line) for c in page.curls), None)
    chosen = line or command or next(_loose(page), None)
    if chosen is None:
        return None
    others = [a for a in (command, *_urls(page)) if a is not None]
    host, path = _host(chosen.url)
    path, query = _cut(path)
    lone = [r.text for r in page.rows if r.kind == "path" and _CAPITAL.fullmatch(r.text)]
    held = _CAPITAL if re.search(r"[{:<]", path) else _SEGMENT
    template = _template(
        held.sub(lambda m: f"{{{m[0]}}}" if m[0] in {*names, *lone} else m[0], path),
        names,
        [_host(a.url)[1] for a in others],
    )
    server = _server(host, template, others, page) or ("" if host else _introduced(page, chosen.line))
    queries = tuple(dict.fromkeys([*query, *(n for c in page.curls[:1] for n, _ in c.query)]))
    return Operation(chosen.method or _told_method(page), template, server, chosen.line, queries)


def stated(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that state an operation; those with the path first only where there are no others."""
    found = list(_stated(page))
    yield from found or _backward(page)


def _backward(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that name a path and then its method, as a table whose first column is the path."""
    for row in page.rows:
        match = None if row.code or row.kind == "aside" else _BACKWARD.match(row.text)
        if match and _path_like(match["path"]):
            yield Address(match[2] or match[3], _unglued(match["path"]), row.number)


def _stated(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that state method and path together, or below each other."""
    method, path, since = "", "", 0
    titled, level = "", 0  # the path that a heading holds, for the methods below it
    for index, row in enumerate(page.rows):
        if row.kind == "aside" or (row.code and not re.match(rf"^(?:{_METHODS})\b", row.raw)):
            continue
        if outright := _outright(row):
            yield outright
        alone = _METHOD_ALONE.match(row.text) or _METHOD_TITLED.match(row.text)
        alone = alone or (_METHOD_HEADING.match(row.text) if row.heading else None)
        method = alone[1].upper() if alone else method
        titled = "" if row.heading and row.level <= level else titled
        if row.heading and (heads := _HEADING_PATH.match(row.text)):
            titled, level = heads[1], row.level
        near = path if index - since < 4 else titled
        if alone and (near or titled):
            if near == path and row.heading:
                titled, level = path, page.rows[since].level
            yield Address(method, near or titled, row.number)
            method, path = "", ""
            continue
        found, told = _lone_path(page.rows, index, alone=bool(method and alone))
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        if method and found.startswith("http") and re.fullmatch(r"/[\w{}:.-]+(?:/[\w{}:.-]+)*", below):
            continue  # the base, and the path below it
        if method and _path_like(found):
            yield Address(method, _unglued(found), row.number)
            method = ""
        elif told and _path_like(found):
            path, since = found, index


def _outright(row: Row) -> Address | None:
    """Read a line that states method and path together."""
    match = _STATED.match(row.text)
    if match and _path_like(match[2]):
        return Address(match[1].upper(), _unglued(match[2]), row.number)
    rooted = _ROOTLESS.fullmatch(row.text)
    return Address(rooted[1], f"/{rooted[2]}", row.number) if rooted else None


def _lone_path(rows: list[Row], index: int, *, alone: bool) -> tuple[str, bool]:
    """Give the path on a line without a method, and whether its label or its neighbours say that it is one.

    Below a method that stands `alone`, it is put together of parts on lines of their own.
    """
    text = re.sub(r"^<(https?://.+)>$", r"\1", rows[index].text)
    if alone:
        return _pieces(rows[index + 1 : index + 60]), False
    if label := _LABEL.match(text):
        return label[1], True
    if bare := _BARE.match(text):
        return bare[1], _goes_with(rows, index)
    glued = _GLUED_HOLE.match(text) if text[0] == "/" else None
    return (glued[0].split()[0] if glued else ""), False


def _unglued(url: str) -> str:
    """Cut what is glued behind a path: the name of a header, or a sentence behind a name in snake case."""
    return _GLUED_HOLE.sub(r"\1", _GLUED.sub("", _FRAGMENT.sub("", url)))


def _goes_with(rows: list[Row], index: int) -> bool:
    """Whether a lone path stands below a label of an address, or above a lone method."""
    below = rows[index + 1].text if index + 1 < len(rows) else ""
    return (index > 0 and _LABEL_ALONE.match(rows[index - 1].text) is not None) or below in _METHODS.split(
        "|"
    )


def _pieces(rows: list[Row]) -> str:
    """Join a path whose parts stand on lines of their own, between lines that hold a slash only."""
    path = ""
    for slash, part in zip(rows[::2], rows[1::2], strict=False):
        if slash.text != "/" or part.heading or not re.fullmatch(r"[\w.{}:~%@$*-]+", part.text):
            break
        path += f"/{part.text}"
    return path


def _told_method(page: ProsePage) -> str:
    """Give the first method that the prose names; a page that names none is about a GET."""
    told = (re.search(r"\b(GET|POST|PUT|PATCH|DELETE)\b", r.text) for r in page.rows if not r.code)
    return next((one[1] for one in told if one), "GET")


def _path_like(text: str) -> bool:
    named = re.match(r"^(?:https?://[^/]+)?/[\w{:<$\[%(]", text) is not None
    return named and text[1:] not in _METHODS.split("|")  # "GET/POST" are two methods


def _loose(page: ProsePage) -> Iterator[Address]:
    for row in page.rows:
        match = _INLINE.search(row.text)
        if match:
            yield Address(match[1].upper(), _unglued(match[2]), row.number)
    for address in _urls(page):
        if len(_host(address.url)[1]) > 1:
            yield address
    for row in page.rows:
        if listed := _LISTED_PATH.fullmatch(row.text):
            yield Address("", listed[1], row.number)


def _urls(page: ProsePage) -> Iterator[Address]:
    for row in page.rows:
        alone = re.fullmatch(r"https?://\S+", row.text)
        if row.kind in {"response", "errors", "fields", "aside"} and not row.code and not alone:
            continue
        for match in _URL.finditer(row.raw):
            yield Address("", match[0].rstrip(").,'\""), row.number)


def bare_path(url: str) -> str:
    """Give the path of an address with every parameter and every concrete id as `{}`, to compare by."""
    bare = re.sub(r"^(?:https?://[^/]+|\{[\w.-]+\}(?=/))", "", url)
    path = _TRANSCODED.sub("{}", bare).partition("?")[0]
    parts = re.sub(r"[{:<(\[][^/]*", "{}", path).rstrip("/").split("/")
    return "/".join("{}" if i > 1 and _ID.match(part) else part for i, part in enumerate(parts))


def _host(url: str) -> tuple[str, str]:
    match = re.match(r"(https?://[^/]+)(/.*)?", url)
    return (match[1], match[2] or "/") if match else ("", url)


def _cut(path: str) -> tuple[str, list[str]]:
    path, _, query = _TRANSCODED.sub(r"{\1}", path).partition("?")
    path = path.rstrip(".,;:'\"`\\" + ("" if path.count("(") == path.count(")") else ")")) or "/"
    names = [pair.partition("=")[0] for pair in query.split("&") if re.match(r"^[\w.\[\]-]+(?:=|$)", pair)]
    return re.sub(r"(?<=.)/$", "", path), names


def _template(path: str, names: list[str], others: list[str]) -> str:
    """Write a path with its parameters in braces; concrete ids get the names that the page has for them."""
    segments, free = path.split("/"), list(names)
    spelled_out = re.search(r"/[{:<]", path) is not None  # then words in capitals are words
    for index, segment in enumerate(segments):
        hole = _HOLE.match(segment)
        if hole:
            name = _name(next(g for g in hole.groups() if g))
            spelled = segment[0] in "{:"  # as the vendor spells it; a stand-in such as $BATCH_ID is not
            listed = _listed(name, free)
            segments[index] = "{" + (name if spelled or not listed else listed) + "}"
        elif _ID.match(segment) and index > 1 and not (spelled_out and segment.isalpha()):
            name = (
                _from_other(segments, index, others)
                or (free.pop(0) if free else "")
                or _singular(segments[index - 1])
            )
            segments[index] = "{" + name + "}"
    return "/".join(segments)


def _listed(name: str, free: list[str]) -> str:
    """Take the listed spelling of a name (batchId for batch_id), if there is one."""
    match = next((n for n in free if bare_name(n) == bare_name(name)), "")
    if match:
        free.remove(match)
    return match


def bare_name(name: str) -> str:
    """Give a name without what spellings differ in: batchId and batch_id are one."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _name(text: str) -> str:
    text = text.strip().replace(" ", "_").replace(".", "_")
    text = re.sub(r"^(?:YOUR|your|MY|my)[_-]", "", text)
    return text.lower() if text.isupper() else text


def _from_other(segments: list[str], index: int, others: list[str]) -> str:
    """Find the name in another address of the page that is the same but for a hole here."""
    for other in others:
        theirs = other.partition("?")[0].split("/")
        for shift in range(len(theirs) - len(segments) + 1):
            part = theirs[shift : shift + len(segments)]
            hole = _HOLE.match(part[index]) if len(part) > index else None
            if hole and part[1:index] == segments[1:index]:
                return _name(next(g for g in hole.groups() if g))
    return ""


def _singular(segment: str) -> str:
    word = re.sub(r"\W", "_", segment)
    word = re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<=[xsh])es$", "", word)
    return (word[:-1] if word.endswith("s") and not word.endswith("ss") else word) + "_id"


def _introduced(page: ProsePage, line: int) -> str:
    """Take the one address above the operation that is shown as a value: alone, labelled, bold or as code."""
    found: set[str] = set()
    for row in page.rows:
        shown = _SHOWN.search(row.raw) if row.number < line and not row.code else None
        url = next((part for part in shown.groups() if part), "") if shown else ""
        if url and not stand_in(url) and not _READ.search(url):
            found.add(url.rstrip("/.,"))
    return found.pop() if len(found) == 1 else ""


def _server(host: str, template: str, others: list[Address], page: ProsePage) -> str:
    """Take the server from the address itself, from one that ends in the same path, or from a base URL."""
    if host and not stand_in(host):
        return host
    pattern = "".join(
        "[^/?#]+" if p.startswith("{") else re.escape(p) for p in re.split(r"(\{[^{}]*\})", template)
    )
    labels = {b.number: f"{_URL.sub('', a.text)} {b.text}" for a, b in pairwise(page.rows)}
    trials = {one for one in others if _TRIAL.search(labels.get(one.line, "") + one.url)}
    for other in sorted(others, key=trials.__contains__):
        match = re.match(rf"(https?://[^/?#]+(?:/[\w.-]+)*?){pattern}/?(?:[?#].*)?$", other.url)
        if match and not stand_in(match[1]):
            return match[1]
    for index, row in enumerate(page.rows):
        labelled = (
            re.fullmatch(
                r"(?:[-*•]\s+(?:\w[\w ]{1,30}:\s+)?)?`?(https?://[^\s`]+)`?(?: [-–—].{0,60})?", row.text
            )
            if index
            else None
        )
        if (
            labelled
            and "{" not in labelled[1]
            and _HOSTS.match(page.rows[index - 1].text)
            and not stand_in(labelled[1])
        ):
            return labelled[1].rstrip("/.,")
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        based = re.fullmatch(r"https?://[^\s`{]+", row.text)
        if based and _template(below, [], []) == template and not stand_in(based[0]):
            return based[0].rstrip("/")
        named = re.match(r"^Host:\s*([\w-]+(?:\.[\w-]+)+)$", row.text)
        if named and not stand_in(f"https://{named[1]}/"):
            return f"https://{named[1]}"
        base = _BASE.search(row.text) or (_URL_ALONE.search(row.text) if _HOSTS.match(row.title) else None)
        if base and not stand_in(base[1]):
            return base[1].rstrip("/.,")
    return ""
