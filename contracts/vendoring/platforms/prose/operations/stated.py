"""The lines of a page that state an operation: method and path together, or in two places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from contracts.vendoring.platforms.prose.operations.template import fills
from contracts.vendoring.platforms.prose.sections import ADDRESS, METHOD
from contracts.vendoring.platforms.prose.text import ProsePage, Row

METHODS: Final = "GET|POST|PUT|PATCH|DELETE|HEAD"
_BASE: Final = (  # what stands for the base before a path
    r"(?:\[[\w -]+\]`*|\{\{?\s?[\w.-]+\s?\}?\}|\$\{?\w+\}?|<[\w -]+>|(?-i:[A-Z][A-Z_]{2,})(?=/)"
    r"|[A-Za-z ]{3,24}`(?=/))?"
)
_PATH: Final = r"((?:https?://|/)(?:[^\s`*|({]|\{\{?\s?[^{}\s`|]*\s?\}?\}?|\((?:\w+:)? ?[\w-]+\)|\()+)"
_MARK: Final = r"(?:[-*•>]\s+|[^\w\s/`*\[({<|>$\\#\"'-]+\s+)?"  # a bullet, or an emoji
_SAID: Final = rf"(?:(?:{METHOD})|(?:{ADDRESS})|api|http|method and path|usage|request example for)"
_STATED = re.compile(
    rf"^{_MARK}(?:(?:http |api )?{_SAID}\s*[:：–-]?\s*)?[`*>$|\s\\\[(]*"
    rf"({METHODS})[`*\s:：|\\\])→–>-]*{_BASE}{_PATH}",
    re.IGNORECASE,
)
_ROOTLESS = re.compile(rf"({METHODS}) ([A-Za-z][\w-]*(?:/[\w{{}}:.-]+)+(?:\?\S+)?)")
_WITHIN = re.compile(
    rf"\b({METHODS})[\s:`*–-]+((?:https?://[^\s/]+)?/(?:\{{[^{{}}\s]*\}}|[\w{{}}:<>\[\]$./-])+)"
)
_SENTENCE = re.compile(r"`?\s[a-z]+ (?=.{50})")  # what goes on behind the path as prose does
_FUSED = re.compile(rf"^[A-Z][\w ,]*[a-z]({METHODS})((?:https?:/)?/[\w{{}}:<>$./-]+)$")
_GLUED = re.compile(
    r"(?<=[a-z}])(?:Content-Type|Authorization|Authentication|Returns)\b.*|(?<=\})(?:Query|Request|Response)\b.*"
)
_FRAGMENT = re.compile(r"#[^{}]*(?=\})")
_GLUED_HOLE = re.compile(r"((?:/[\w{}.-]+)*/?:[a-z0-9]+(?:_[a-z0-9]+)+)[A-Z].*")
_BACKWARD = re.compile(  # the path first: two cells of a table, or the method behind
    rf"^(?:\|\s*|[-*•]\s+)?(?i:{ADDRESS})?\s*[:：]?\s*`?(?P<path>(?:https?://[^\s`|]+|/[\w{{}}:<>$./-]+))`?"
    rf"\s*(?:\|\s*`?({METHODS})`?\s*(?:\||$)|[-–—:]?\s*[(\[`*]*({METHODS})[)\]`*]*\s*$)"
)
_LABELLED: Final = (
    r"(?:[-*•|]\s*)?(?!(?i:[\w ]{0,12}(?:base|basis|server|host|domain|root)))"
    r"[^\W\d_][^:：|`/{}\"]{0,30}?\s*[:：|](?!//)\s*"
)
_LABEL = re.compile(
    rf"^(?:[-*•|]\s*)?(?:{ADDRESS}|resource(?=\s*[:：|]))\s*(?:\((?P<method>{METHODS})\)\s*)?[:：|]?\s*`?{_BASE}"
    r"(?P<path>(?:https?://|/)[^\s`|]*)",
    re.IGNORECASE,
)
_ANY_LABEL = re.compile(rf"^{_LABELLED}`?{_BASE}((?:https?://|/)[^\s`|]+)`?\s*\|?$")
_LABEL_ALONE = re.compile(rf"^(?:{ADDRESS}|endpoint url|resource)\s*[:：]?$", re.IGNORECASE)
_BARE = re.compile(
    rf"^(?::\s+)?`?{_BASE}((?:https?://[^\s`]+|/[\w{{}}:<>$./=?&-]+))`?(?:\s(?:[-–—]\s|[A-Z][a-z]+ ).*)?$"
)
_METHOD_ALONE = re.compile(
    rf"^(?:[-*•|:]\s*)?(?:(?:{METHOD})\s*[:：|]?\s*)?"
    rf"(?:\{{%-?\s*\w*method\s+)?`?({METHODS})(?:\s*-?%\}}$)?"
    rf"(?:\s?/\s?(?:{METHODS}))*`?\s*(?:\|?|[-–—] \w+:)$",
    re.IGNORECASE,
)
_METHOD_OF_ANY = re.compile(rf"^{_LABELLED}`?({METHODS})`?\s*\|?$")
_METHOD_TITLED = re.compile(r"(get|post|put|patch|delete) [A-Z]\w* [a-z]")
_METHOD_HEADING = re.compile(rf"[\[(]?({METHODS})[\])]?\s[^/\s].*|\D.*\s[`\[(]*(?P<last>{METHODS})[`\])]*$")
_HEADING_PATH = re.compile(r"(?:^|[\s`(:])(/[\w{}:<>$./=-]+)(?=$|[\s`):])")
_BASE_PART = re.compile(r"/(?:api|rest|ws|services?|v\d[\w.]*)(?=/|$)", re.IGNORECASE)
_SPACED = re.compile(r"/ ?[\w{}:.-]+(?:/ [\w{}:.-]+)+")  # a path with spaces between its segments
_NEAR: Final = 4  # rows between a method and its path, where no label tells what they are


@dataclass(frozen=True, slots=True)
class Address:
    """A path or URL on the page with the method beside it, if any."""

    method: str
    url: str
    line: int


def stated(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that state an operation; those with the path first only where there are no others."""
    found = list(_stated(page))
    yield from _completed(found) if found else _backward(page)


def _completed(found: list[Address]) -> Iterator[Address]:
    """Join a path to the next statement if that is the same below a base: `/jobs/{id}`, `/api/jobs/7`."""
    joined = -1
    for at, one in enumerate(found):
        below = found[at + 1] if at + 1 < len(found) else one
        path, _, query = below.url.partition("?")
        parts = path.split("/")
        mine = one.url.partition("?")[0]
        base, tail = parts[: -mine.count("/")], "/".join(["", *parts[-mine.count("/") :]])
        same = one.method == below.method and len(base) > 1 and all(re.fullmatch(r"[\w.-]*", x) for x in base)
        if same and _BASE_PART.search("/".join(base)) and one.url.startswith("/") and fills(tail, mine):
            joined = at + 1
            yield replace(one, url="/".join(base) + mine + (f"?{query}" if query else ""))
        elif at != joined:
            yield one


def within(page: ProsePage) -> Iterator[Address]:
    """Yield methods with a path anywhere in a line, then sentences that name one method and one path."""
    for row in page.rows:
        if match := _WITHIN.search(row.text):
            yield Address(match[1].upper(), unglued(match[2]), row.number)
    for row in page.rows:
        methods = set(re.findall(rf"\b(?:{METHODS})\b", row.text))
        paths = re.findall(
            r"(?<![\w/.<:])(https?://[^\s`'\"<>|,;)]+|(?:/[\w{}:<>$-]+(?:\.[\w{}-]+)*)+)", row.text
        )
        paths = [path for path in paths if path_like(path)]
        if not (row.code or row.kind == "aside") and len(methods) == len(set(paths)) == 1:
            yield Address(methods.pop(), unglued(paths[0]), row.number)


def _backward(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that name a path and then its method, as a table whose first column is the path."""
    for row in page.rows:
        match = None if row.code or row.kind == "aside" else _BACKWARD.match(row.text)
        if match and path_like(match["path"]):
            yield Address(match[2] or match[3], unglued(match["path"]), row.number)


def _stated(page: ProsePage) -> Iterator[Address]:
    """Yield the lines that state method and path together, or below each other."""
    method, path, since = "", "", 0
    titled, level = "", 0  # the path that a heading holds, for the methods below it
    for index, row in enumerate(page.rows):
        if row.kind == "aside" or (row.code and not _states_in_code(page.rows, index)):
            continue
        if outright := _outright(row):
            yield outright
        alone = _method(page.rows, index)
        method = alone or method
        titled = "" if row.heading and row.level <= level else titled
        if row.heading and not row.kind and (heads := _HEADING_PATH.search(row.text)):
            titled, level = heads[1], row.level
        labelled = alone and row.text != alone and not row.heading
        near = path if index - since < _NEAR or labelled else titled
        if alone and (near or titled):
            if near == path and row.heading:
                titled, level = path, page.rows[since].level
            yield Address(method, near or titled, row.number)
            method, path = "", ""
            continue
        found, told = _lone_path(page.rows, index, alone=bool(alone))
        below = page.rows[index + 1].text if index + 1 < len(page.rows) else ""
        if method and found.startswith("http") and re.fullmatch(r"/[\w{}:.-]+(?:/[\w{}:.-]+)*", below):
            continue  # the base, and the path below it
        if method and path_like(found):
            yield Address(method, unglued(found), row.number)
            method = ""
        elif told and path_like(found):
            path, since = found, index


def _states_in_code(rows: list[Row], index: int) -> bool:
    """Whether a line of code starts with a method, or is an address below the label of one."""
    text = rows[index].text
    return re.match(rf"(?:{METHODS})\b", text) is not None or (
        _BARE.match(text) is not None and _goes_with(rows, index)
    )


def _method(rows: list[Row], index: int) -> str:
    """Give the method that a line holds and nothing else, but for a label; "" for any other line."""
    row = rows[index]
    alone = _METHOD_ALONE.match(row.text) or _METHOD_TITLED.match(row.text)
    if alone is None and row.heading:
        alone = _METHOD_HEADING.fullmatch(row.text)
    if alone is None and _near(rows, index, (_ANY_LABEL, _BARE)):
        alone = _METHOD_OF_ANY.match(row.text)
    return next(group for group in alone.groups() if group).upper() if alone else ""


def _near(rows: list[Row], index: int, forms: tuple[re.Pattern[str], ...]) -> bool:
    """Whether a line of some form is near."""
    around = rows[max(index - _NEAR, 0) : index] + rows[index + 1 : index + 1 + _NEAR]
    return any(form.match(row.text) for row in around for form in forms)


def _outright(row: Row) -> Address | None:
    """Read a line that states method and path together."""
    match = _STATED.match(row.text)
    if match and _SENTENCE.match(row.text, match.end()):
        return None
    if match is None and not row.code:
        match = (_WITHIN if row.heading else _FUSED).search(row.text)
    if match and path_like(match[2]):
        return Address(match[1].upper(), unglued(match[2]), row.number)
    if (label := _LABEL.match(row.text)) and label["method"] and path_like(label["path"]):
        return Address(label["method"].upper(), unglued(label["path"]), row.number)
    rooted = _ROOTLESS.fullmatch(row.text)
    return Address(rooted[1], f"/{rooted[2]}", row.number) if rooted else None


def _lone_path(rows: list[Row], index: int, *, alone: bool) -> tuple[str, bool]:
    """Give the path on a line without a method, and whether its label or its neighbours say that it is one.

    Below a method that stands `alone`, it is put together of parts on lines of their own.
    """
    text = re.sub(r"^<(https?://.+)>$", r"\1", rows[index].text)
    text = text.replace(" ", "") if _SPACED.fullmatch(text) else text
    if alone:
        return _pieces(rows[index + 1 : index + 60]), False
    if label := _LABEL.match(text):
        return label["path"], True
    if (label := _ANY_LABEL.match(text)) and _near(rows, index, (_METHOD_OF_ANY, _METHOD_ALONE)):
        return label[1], True
    if bare := _BARE.match(text):
        return bare[1] + _tail(rows[index + 1 : index + 8], bare[1]), _goes_with(rows, index)
    glued = _GLUED_HOLE.match(text) if text[0] == "/" else None
    return (glued[0].split()[0] if glued else ""), False


def unglued(url: str) -> str:
    """Cut what is glued behind a path: the name of a header, or a sentence behind a name in snake case."""
    return _GLUED_HOLE.sub(r"\1", _GLUED.sub("", _FRAGMENT.sub("", url)))


def _goes_with(rows: list[Row], index: int) -> bool:
    """Whether a lone path stands below a label of an address, above a lone method, or both have headings."""
    above, below = rows[max(index - 1, 0)], rows[index + 1 : index + 1 + _NEAR]
    base = rows[index].text.startswith("http")
    own = base and len(below) > 1 and re.match(r"/[\w{:]", below[1].text)  # the method's path is below it
    if _LABEL_ALONE.match(above.text) or (below and below[0].text in METHODS.split("|") and not own):
        return True
    return (
        above.heading
        and any(row.heading for row in below)
        and any(_METHOD_ALONE.match(r.text) for r in below)
    )


def _tail(rows: list[Row], path: str) -> str:
    """Give what of a path stands on the lines below it: it is cut before and behind its holes."""
    tail = ""
    for row in rows:
        follows = row.text[:1] in "{:" if (path + tail).endswith("/") else tail and row.text[:1] == "/"
        if not (follows and re.fullmatch(r"[\w{}:/.-]+", row.text)):
            break
        tail += row.text
    return tail


def _pieces(rows: list[Row]) -> str:
    """Join a path whose parts stand on lines of their own, between lines that hold a slash only."""
    path = ""
    for slash, part in zip(rows[::2], rows[1::2], strict=False):
        if slash.text != "/" or part.heading or not re.fullmatch(r"[\w.{}:~%@$*-]+", part.text):
            break
        path += f"/{part.text}"
    return path


def path_like(text: str) -> bool:
    """Whether a text is an address: a path from the root, or a URL; "GET/POST" are two methods."""
    named = re.match(r"^(?:https?://[^/]+)?/[\w:{<$\[%(]", text) is not None
    return named and text[1:] not in METHODS.split("|")
