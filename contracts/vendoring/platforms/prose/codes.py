"""The statuses that rows of a page tell: in tables, in lists, on lines of their own and in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Final

from contracts.vendoring.platforms.prose.text import Row

CODES: Final = {str(s.value): s.phrase for s in HTTPStatus if s.value >= 200}
CODE = re.compile(
    r"(?<![\w.:/$-])([2-5]\d\d)(?![a-z\d_%/-]|(?:[KMGT]B|USD|EUR)\b|\.\d"
    r"| (?:ms|MB|KB|GB|requests|items|seconds|characters|bytes"
    r"|files|rows|per)\b)"
)
_ROW = re.compile(
    r"^[\s>*•+-]*\|?\s*`?(?:HTTP[ /]?(?:1\.1 )?)?`?([2-5]\d\d)`?(?=\s*[|:–—\t-]|\s*$"
    r"|\s+(?:[A-Z(`]|[^\x00-\x7f]|application/)|[A-Z])[`|:\s–—-]*(.*)$"
)
_LINE = re.compile(r"^HTTP/[\d.]+ ([2-5]\d\d)\b")
_WHEN = re.compile(r"^([45]\d\d) ((?:if|when|for|unless|while|because)\b.*)$")
_TICKED = re.compile(r"^[\s>*•+-]*`([2-5]\d\d)`\s+(.*)$")
_LABELLED = re.compile(
    r"^(?:failure|success|error|status|response|code)\b\D{0,12}([2-5]\d\d)`?[:)\s–—-]*(.*)$", re.IGNORECASE
)
_CODES_LISTED = re.compile(
    r"^(?:errors?|(?:http )?status(?:es| codes?)?|responses?|codes)\b\D{0,20}[2-5]\d\d", re.IGNORECASE
)
_TOLD = re.compile(
    r"\b(?:returns?|returned|responds? with|answers? with|respond|receive|gets?|status(?: code)?|code"
    r"|http|yields?|(?:answered|rejected|refused|met) with|results? in|fails? with|contains?"
    r"|response\b[^.\d]{0,40}\b(?:is|be))\b(?: an?| the| with"
    r"| http| status| code| error| of)*"
    r"\s+`?([2-5]\d\d)`?(?![\w%])",
    re.IGNORECASE,
)
_BACK = re.compile(r"\ban? `?([45]\d\d)`?(?: [A-Z]\w+){1,3} (?:response|error|status)\b")
_COMES = re.compile(r"\b([45]\d\d) (?:comes back|is (?:returned|sent)|is the answer)\b")
_FOLLOWING = re.compile(r"(?<=, )([45]\d\d)(?= (?:for|if|when|on)\b)")
_LISTED = re.compile(r"[\s>*•+-]*`?([2-5]\d\d)`?(?=[\s:–—-]|$)")
_ALONE = re.compile(r"`?[45]\d\d`?\s*[:–—]\s+[^\W\d]")
_AMONG = re.compile(r"`([2-5]\d\d)`")


def told_codes(rows: list[Row]) -> Iterator[tuple[str, str, int]]:
    """Yield status, description and line of every status that a row tells."""
    for at, row in enumerate(rows):
        below = rows[at + 1].text if at + 1 < len(rows) else ""
        if row.kind == "aside":
            continue
        if row.text in CODES and below == CODES[row.text]:
            yield row.text, below, row.number
        elif row.code:
            line = _LINE.match(row.text)
            yield from [(line[1], "", row.number)] if line and line[1] in CODES else []
        else:
            yield from _of_prose(row, in_list=_in_list(rows, at))


def _of_prose(row: Row, *, in_list: bool) -> Iterator[tuple[str, str, int]]:
    forms = (_ROW, _LABELLED, _TICKED, _WHEN)
    match = next((found for form in forms if (found := form.match(row.text))), None)
    several = len(set(_AMONG.findall(row.text))) > 1
    known = (
        in_list or several or _ALONE.match(row.text) or row.kind in {"errors", "response", "values", "fields"}
    )
    if match and match[1] in CODES and (known or _plainly(match)):
        yield match[1], _described(match[1], match[2]), row.number
        others = CODE.findall(row.text) if _CODES_LISTED.match(row.text) else _AMONG.findall(match[2])
        yield from ((code, "", row.number) for code in others if code in CODES and code != match[1])
        return
    listed = _CODES_LISTED.match(row.text) is not None
    codes = [code for code in CODE.findall(row.text) if code in CODES]
    if row.heading or listed or (row.kind in {"errors", "response"} and len(CODE.findall(row.text)) > 1):
        yield from ((code, "", row.number) for code in codes)
    told = [*_TOLD.findall(row.text), *_BACK.findall(row.text), *_COMES.findall(row.text)]
    told += _FOLLOWING.findall(row.text) if told else []
    yield from ((code, "", row.number) for code in told if code in CODES)


def _in_list(rows: list[Row], at: int) -> bool:
    """Whether a row and one beside it start with two statuses."""
    mine = _LISTED.match(rows[at].text)
    near = [
        _LISTED.match(row.text)
        for row in (*rows[max(at - 1, 0) : at], *rows[at + 1 : at + 2])
        if not row.code
    ]
    others = {match[1] for match in near if match and match[1] in CODES}
    return mine is not None and bool(others - {mine[1]})


def _plainly(match: re.Match[str]) -> bool:
    phrase = CODES[match[1]].lower()
    return match[2].lower().startswith(phrase) or "|" in match[0] or match.re in {_LABELLED, _WHEN}


def _described(status: str, text: str) -> str:
    cells = [c.strip().strip("`") for c in re.split(r"\s*\|\s*|\t", text) if c.strip()]
    joined = " – ".join(c for c in cells if c)
    phrase = CODES[status]
    if joined.startswith(phrase) and joined[len(phrase) : len(phrase) + 1].isupper():
        joined = f"{phrase}: {joined[len(phrase) :]}"
    return joined[:200]
