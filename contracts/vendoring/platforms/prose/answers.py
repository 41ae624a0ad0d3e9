"""Which status each JSON body of a prose page belongs to, and the statuses that have no body."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Final

from contracts.model import Json
from contracts.vendoring.pages import Sample
from contracts.vendoring.platforms.prose.codes import CODE, CODES, told_codes
from contracts.vendoring.platforms.prose.sections import ANSWERED, HEADER_NAME, kind_of
from contracts.vendoring.platforms.prose.text import ProsePage, Row

_METHOD_LINE = re.compile(r"`?(?:GET|POST|PUT|PATCH|DELETE)`?(?:$|\s*`?(?:/|https?:))")
_SENDS: Final = {"POST", "PUT", "PATCH"}
_BODY = re.compile(
    r"(?:(?:the |example |sample |json |request )*(?:body|payload|request)\b"
    r"|.{0,40}\b(?:needs?|takes?|expects?|accepts?|requires?|sends?|post)\b.{0,40}\b(?:body|payload|json)\b)"
    r"(?!.*\b(?:respon|return|answer))",
    re.IGNORECASE,
)
_ERRONEOUS = re.compile(
    r"^\W*(?:(?:possible|example|sample) errors?"
    r"|(?:possible |example |sample )?error (?:responses?|answers?))\b"
    r"|^\W*(?:on|in case of|upon) (?:an )?(?:error|failure)\b",
    re.IGNORECASE,
)
_RETURNED = re.compile(r"\b(?:returns?|returned|responds?|responses?|answers?)\b", re.IGNORECASE)
_FENCE = re.compile(r"^\s*`{3,}\s*\w+\s[^\n]{0,40}?\b([2-5]\d\d)\b")
_SENT: Final = {"request", "header", "path", "query", "body", "cookie", "key"}
_CLASS = re.compile(r"\b([45])xx\b", re.IGNORECASE)


_TAB = re.compile(r"(?:[-*•] )?(?:Status: )?`?[2-5]\d\d`?")


@dataclass(slots=True)
class Told:
    """A status as the page tells it: description, bodies, the line, and whether the page names the number."""

    status: str
    description: str = ""
    bodies: list[Sample] = field(default_factory=list)
    line: int = 0
    stated: bool = True


class Statuses:
    """Sorts the bodies of a page by status."""

    def __init__(self, page: ProsePage, method: str) -> None:
        self.page, self.method = page, method
        self.told: dict[str, Told] = {}
        self.requests: list[Sample] = []
        self.skipped: list[Sample] = []
        self.led: set[int] = set()  # the lines that lead to an error's body: to one each
        self.numbers = [r.number for r in page.rows]
        self.inside = {n for s in page.samples for n in range(s.line, s.end + 1)}

    def sort(self) -> list[Told]:
        """Give the statuses in the order of the page, the bodies with them."""
        unplaced: list[tuple[Sample, str]] = []
        tabbed = dict(self._tabbed())
        previous = 0
        for sample in self.page.samples:
            if status := tabbed.get(sample.line):
                self._told(status, sample.line).bodies.append(sample)
                previous = sample.end
                continue
            rows = self.page.rows[
                bisect_left(self.numbers, previous) : bisect_right(self.numbers, sample.line)
            ]
            before = [r for r in rows if not self._is_body(r)]
            place, kind = self._place(before, sample)
            if sample.value and all(HEADER_NAME.fullmatch(name) for name in _members(sample.value) or {""}):
                self.skipped.append(sample)  # the headers that a program sends
            elif place == "request":
                self.requests.append(sample)
            elif kind == "aside" or (kind in {"key", ""} and self._above(sample)):
                self.skipped.append(sample)
            elif place:
                self._told(place, sample.line).bodies.append(sample)
            else:
                unplaced.append((sample, kind))
            previous = sample.end
        self._in_order(list(self._without_request(unplaced)))
        for status, text, number in told_codes(self.page.rows):
            one = self._told(status, number)
            one.description = one.description or text
        if not any(status[0] in "23" for status in self.told):
            self._told("200", 0, stated=False)
        return sorted(self.told.values(), key=lambda t: (t.status[0] != "2", t.status))

    def _tabbed(self) -> Iterator[tuple[int, str]]:
        """Give the bodies that follow as many lone statuses in a row: they are the tabs, in order."""
        heads = [row.number for row in self.page.rows if row.heading]
        run: list[Row] = []
        for row in [*self.page.rows, None]:
            if row is not None and re.fullmatch(r"[2-5]\d\d", row.text) and not row.code:
                run.append(row)
                continue
            if len(run) > 1:
                last = run[-1].number
                end = next((n for n in heads if n > last), len(self.page.page.lines) + 1)
                below = [sample.line for sample in self.page.samples if last < sample.line < end]
                if len(run) == len(below):
                    yield from zip(below, (one.text for one in run), strict=True)
            run = []

    def _above(self, sample: Sample) -> bool:
        """Whether a body stands above the line that states the operation, and another below it."""
        stated = next((row.number for row in self.page.rows if _METHOD_LINE.match(row.text)), 0)
        return sample.line < stated < self.page.samples[-1].line

    def _is_body(self, row: Row) -> bool:
        return row.number in self.inside and row.text[:1] in '{[}]"'

    def _told(self, status: str, line: int, *, stated: bool = True) -> Told:
        return self.told.setdefault(status, Told(status, line=line, stated=stated))

    def _place(self, before: list[Row], sample: Sample) -> tuple[str, str]:
        """Find the status on the nearest line before the body, else in the body; "" with the kind."""
        kind = next((r.kind for r in reversed(before) if not r.code), self._kind_at(sample.line))
        if kind == "aside":
            return "", kind
        above = self.page.page.lines[sample.line - 2 : sample.line - 1]  # none above the first line
        if fence := _FENCE.match("".join(above)):
            return fence[1], kind
        for index in range(len(before) - 1, max(len(before) - 7, -1), -1):
            row = before[index]
            if row.code and not re.match(r"^HTTP/", row.text):
                continue
            if row.raw.startswith("|") or "\t" in row.raw:
                break
            found = [c for c in CODE.findall(row.text) if c in CODES or c[0] in "45"] or [
                f"{d}XX" for d in _CLASS.findall(row.text)
            ]
            if len(found) == 1 and len(row.text) < 140:
                if self._tab(before, index):
                    if row.text.startswith("Status"):  # of labelled tabs the first is shown
                        return self._first(before, index), "response"
                    break
                self._describe(found[0], row)
                return found[0], row.kind
            if row.heading:
                break
        inside = self._inside(sample) or next((r.status for r in reversed(before) if not r.code), "")
        label, led = next(((r.text, r.number) for r in reversed(before) if not r.code), ("", 0))
        if not inside and _ERRONEOUS.search(label[:120]) and led not in self.led:
            self.led.add(led)
            return "", "errors"
        if not (inside or kind in ANSWERED) and self.method in _SENDS and _BODY.match(label[:60]):
            return "request", kind
        if not inside and self.method not in _SENDS and _RETURNED.search(label):
            return "", kind
        if not inside and kind in _SENT and not self._answers_like(sample, kind):
            return "request", kind
        return inside, kind

    @staticmethod
    def _tab(before: list[Row], index: int) -> bool:
        """Whether a status line is one of several tabs in a row, which say nothing of the body below."""
        return index > 0 and all(_TAB.fullmatch(row.text) for row in before[index - 1 : index + 1])

    @staticmethod
    def _first(before: list[Row], index: int) -> str:
        """Give the status of the first of several tabs in a row, the last of which is at `index`."""
        tabs = takewhile(_TAB.fullmatch, (row.text for row in reversed(before[: index + 1])))
        return [*tabs][-1][-3:]

    def success(self) -> str:
        """The status of an answer that is not named: the first successful one on the page."""
        if not hasattr(self, "_success"):
            codes = [code for code, _, _ in told_codes(self.page.rows) if code[0] == "2"]
            self._success = next((c for c in self.told if c[0] == "2"), codes[0] if codes else "200")
        return self._success

    def _answers_like(self, sample: Sample, kind: str) -> bool:
        """Whether a body under a request heading is an answer all the same: a GET sends none."""
        if kind in {"path", "query", "header", "cookie", "key"} and self.method in {"GET", "HEAD"}:
            return sample.end - sample.line > 1
        above = bisect_left(self.numbers, sample.line) - 1
        return (
            bool(self.page.curls)
            and above >= 0
            and self.page.rows[above].code
            and self.page.curls[0].method == "GET"
        )

    def _kind_at(self, line: int) -> str:
        above = bisect_right(self.numbers, line) - 1
        return self.page.rows[above].kind if above >= 0 else ""

    def _describe(self, status: str, row: Row) -> None:
        text = re.sub(rf"\(?\b{status}\b[^)]*\)?", "", row.text, flags=re.IGNORECASE).strip(" :–—-|`")
        one = self._told(status, row.number)
        one.description = one.description or text[:160]

    def _inside(self, sample: Sample) -> str:
        """Read the status that an error body repeats."""
        value = sample.value
        if not isinstance(value, dict):
            return ""
        places = [value, *(v for v in (value.get("error"), value.get("meta")) if isinstance(v, dict))]
        for place in places:
            for name in ("status_code", "statusCode", "http_status", "httpStatus", "status", "code"):
                code = place.get(name)
                if isinstance(code, int) and str(code) in CODES:
                    return str(code)
        return ""

    def _without_request(self, unplaced: list[tuple[Sample, str]]) -> Iterator[tuple[Sample, str]]:
        """Take the first of two bodies below no heading for the one sent, if it lacks what is given."""
        later = [one for one, kind in unplaced[1:] if kind != "errors"]
        later += [one for told in self.told.values() if told.status[0] == "2" for one in told.bodies]
        for at, (sample, kind) in enumerate(unplaced):
            after = [one for one in later if one.line > sample.line]
            first = at == 0 and not kind and self.method in _SENDS and not self.requests and bool(after)
            mine = _members(sample.value)
            given = _members(min(after, key=lambda one: one.line).value) - mine if first else set()
            if mine and any(map(_GIVEN.match, given)) and not any(map(_GIVEN.match, mine)):
                self.requests.append(sample)
            else:
                yield sample, kind

    def _in_order(self, unplaced: list[tuple[Sample, str]]) -> None:
        """Give bodies without a status the codes listed once above them, in order; else the success."""
        errors = [s for s, kind in unplaced if kind == "errors"]
        for group in ([s for s, _ in unplaced], errors):
            codes = self._listed(group[0].line) if group else []
            if len(group) > 1 and len(codes) == len(group):
                for code, sample in zip(codes, group, strict=True):
                    self._told(code, sample.line).bodies.append(sample)
                placed = {s.line for s in group}
                unplaced = [(s, k) for s, k in unplaced if s.line not in placed]
                break
        for sample, kind in unplaced:
            if kind == "errors" or self._foreign(sample) or self._other(sample):
                self.skipped.append(sample)
            else:
                self._told(self.success(), sample.line, stated=False).bodies.append(sample)

    def _foreign(self, sample: Sample) -> bool:
        """Whether a body has an error's members and none of the successes'."""
        known = (
            {k for s in self.told[self.success()].bodies[:20] for k in _members(s.value)}
            if self.success() in self.told
            else set()
        )
        mine = _members(sample.value)
        shared = {k for k in mine & known if k.lower() not in _FLAGS}
        return bool(known) and not shared and bool({k.lower() for k in mine - known} & _ERROR_MEMBERS)

    def _other(self, sample: Sample) -> bool:
        """Whether a body has no member of the answer's, and what leads to it says nothing of an answer."""
        shown = self.told[self.success()].bodies if self.success() in self.told else []
        known = {name for one in shown[:20] for name in _members(one.value)}
        if not known or not _members(sample.value) or known & _members(sample.value):
            return False
        above = [row for row in self.page.rows if row.number < sample.line and not self._is_body(row)]
        said = [row for row in above[-2:] if row.number > shown[-1].end]
        heads = [row.kind for row in above if row.heading and row.number > shown[-1].end]
        if heads and heads[-1] not in {*ANSWERED, "request", "body"} and not any(row.status for row in said):
            return True
        return (
            bool(said)
            and not any(
                _RETURNED.search(row.text)
                or kind_of(row.text) in ANSWERED
                or row.status
                or CODE.search(row.text)
                for row in said
            )
            and self._leads(said[-1])
        )

    @staticmethod
    def _leads(row: Row) -> bool:
        """Whether a line leads to what is below it: a heading, or a sentence with a colon."""
        return row.heading or row.text.endswith((":", "："))

    def _listed(self, line: int) -> list[str]:
        before = [r for r in self.page.rows if r.number <= line and not r.code]
        found: list[str] = []
        for row in reversed(before):
            codes = [c for c in CODE.findall(row.text) if c in CODES]
            if codes and (len(codes) > 1 or row.text.strip("`*-• ") == codes[0] or found):
                found = [*codes, *found]
                if len(codes) > 1:
                    return list(dict.fromkeys(found))
            elif found:
                break
        taken = {s for s, t in self.told.items() if t.bodies}
        return [c for c in dict.fromkeys(found) if c not in taken]


_GIVEN: Final = re.compile(  # the names of what a service gives to what it was sent
    r"(?:\w*_)?(?:id|uuid|status|state)$|\w*[a-z]I[dD]$|created|success$|ok$|_links", re.IGNORECASE
)
_ERROR_MEMBERS: Final = {
    "error",
    "errors",
    "message",
    "detail",
    "details",
    "code",
    "errorcode",
    "error_code",
    "title",
}


_FLAGS: Final = {"success", "ok", "status", "code", "message"}


def _members(value: Json) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
