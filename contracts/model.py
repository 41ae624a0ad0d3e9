"""Values that every room shares: pointers, findings, interactions, reports.

Frozen and slotted; tuples, not lists. A Finding is the one result type of everything that judges
(validation, coverage, waivers, drift); its JSON form is published in specs/report.schema.json.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias

Json: TypeAlias = Any
"""A decoded JSON value: None, bool, int, float, str, list, or dict with str keys."""

Headers: TypeAlias = tuple[tuple[str, str], ...]
"""HTTP fields in the order received; names keep their case, lookups ignore it."""


class Pointer(tuple[str | int, ...]):
    """An RFC 6901 JSON Pointer as a value: `/` descends, `str` gives the RFC text.

    List positions are ints, so that `wildcard` can tell them from keys that look like numbers.
    A pointer to something missing names the place where it should be.
    """

    __slots__ = ()

    def __truediv__(self, token: str | int) -> Pointer:
        """Descend one key or list position."""
        return Pointer((*self, token))

    def __str__(self) -> str:
        """Give RFC 6901 text; the root is the empty string."""
        return "".join(f"/{_escape(token)}" for token in self)

    @property
    def wildcard(self) -> str:
        """RFC 6901 text with every list position written `*`: the place of a group of findings."""
        return "".join("/*" if isinstance(token, int) else f"/{_escape(token)}" for token in self)

    @classmethod
    def parse(cls, text: str) -> Pointer:
        """Read RFC 6901 text; digits stay text, since only the document knows what they are."""
        if text and not text.startswith("/"):
            message = f"a JSON Pointer starts with '/': {text[:60]!r}"
            raise ValueError(message)
        return cls(token.replace("~1", "/").replace("~0", "~") for token in text.split("/")[1:])

    def resolve(self, document: Json) -> Json:
        """Give the value at this place; KeyError or IndexError where there is none."""
        for token in self:
            document = document[int(token)] if isinstance(document, list) else document[token]
        return document


GONE: Final = object()
"""Stands for a value that is not there."""


def put(payload: Json, at: Pointer, value: Json) -> Json:
    """Give the payload with one place set, or taken out by GONE; only what is on the way is copied.

    A missing property or item is added; where the way leads through something else, nothing changes.
    """
    if not at:
        return value
    key, rest = at[0], Pointer(at[1:])
    if isinstance(payload, dict):
        if not rest and value is GONE:
            return {name: item for name, item in payload.items() if name != key}
        return {**payload, str(key): put(payload.get(str(key)), rest, value)}
    if not isinstance(payload, list) or not isinstance(key, int):
        return payload
    if not rest and value is GONE:
        return [*payload[:key], *payload[key + 1 :]]
    below = put(payload[key] if key < len(payload) else None, rest, value)
    return [*payload[:key], below, *payload[key + 1 :]]


def _escape(token: str | int) -> str:
    return str(token).replace("~", "~0").replace("/", "~1")


class Severity(StrEnum):
    """How bad a finding is, in SARIF's words; compares by weight."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def weight(self) -> int:
        """0 for a note, 1 for a warning, 2 for an error."""
        return _WEIGHTS[self.value]


_WEIGHTS = {"note": 0, "warning": 1, "error": 2}


class Verdict(StrEnum):
    """What is said of an interaction after waivers."""

    CONFORMS = "conforms"
    VIOLATES = "violates"
    INCONCLUSIVE = "inconclusive"


class Source(StrEnum):
    """Where an interaction comes from; only live and recorded ones are observed behaviour."""

    LIVE = "live"
    RECORDED = "recorded"
    DOCUMENTATION = "documentation"
    CONSTRUCTED = "constructed"


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A line in a file, relative to the root it is shown under; line 0 means the whole file."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        """Give `file:line`, the form that editors and CI annotations understand."""
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One statement about a vendor, a document or a recording.

    `pointer` is RFC 6901 text into the `part` ("body", "header", "status", "request", "spec" or ""),
    list positions of grouped findings written `*`; `places` are the first exact pointers and `count`
    how many there are. `spec_pointer` and `spec_line` say which words of the spec were broken.
    `expected`, `found` and `message` have been through safe_text and hold no secret.
    For drift: `direction` ("response", "request", "endpoint"), `base`, `revision` (places in the two
    documents), `witness` (a minimal payload, canonical JSON), `impact` (consumer: effect), `since`.
    `waived` says why it is accepted; `waiver_ended` is the last day, ISO, of a waiver that covered it.
    """

    rule: str
    severity: Severity
    message: str
    provider: str = ""
    operation: str = ""
    status: str = ""
    part: str = ""
    pointer: str = ""
    spec_pointer: str = ""
    spec_line: SourceLine | None = None
    provenance: str = ""
    expected: str = ""
    found: str = ""
    places: tuple[str, ...] = ()
    count: int = 1
    source: str = ""
    direction: str = ""
    base: SourceLine | None = None
    revision: SourceLine | None = None
    witness: str | None = None
    impact: tuple[str, ...] = ()
    since: str = ""
    waived: str = ""
    waiver_ended: str = ""

    @property
    def sentence(self) -> str:
        """Give the message and, where a waiver covered it until a day now past, that day."""
        return self.message + (f"; its waiver ended on {self.waiver_ended}" if self.waiver_ended else "")

    @property
    def fingerprint(self) -> str:
        """A stable id of what is said where: no value, wording, index or line takes part in it."""
        place = (self.provider, self.operation, self.status, self.part, self.pointer)
        return _fingerprint(*place, self.rule, self.direction)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Order by place, worst first within a place; equal on every run."""
        weight = str(2 - self.severity.weight)
        where = (self.provider, self.operation, self.status, self.part, self.pointer)
        return (*where, weight, self.rule, self.message)


@lru_cache(maxsize=4096)
def _fingerprint(provider: str, operation: str, status: str, part: str, pointer: str, *more: str) -> str:
    place = re.sub(r"/\d+(?=/|$)", "/*", pointer)
    parts = (provider, operation, status, part, place, *more, "1")
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent; `url` is absolute and holds no credentials."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, after content decoding; `body` is exactly the bytes to be judged.

    `missing` says why the body is not here, or not whole, so that it cannot be judged; "" when it is.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    missing: str = ""

    def header(self, name: str) -> str | None:
        """Give the first value of a field by case-insensitive name."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """One request with its response.

    `response` is None when nothing came back; `failure` then says why, in one safe sentence.
    `name` is the situation ("completed", "unknown-batch"); `origin` the file it was read from;
    `probe` names the deliberate probe that caused it ("unknown-id", "no-credentials"), else "".
    `sequence` ties the polls of one batch together: (name, position from 1).
    """

    request: Request
    response: Response | None
    source: Source
    name: str = ""
    operation: str = ""
    origin: SourceLine | None = None
    recorded_at: str = ""
    probe: str = ""
    failure: str = ""
    sequence: tuple[str, int] | None = None
    elapsed_ms: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the line that asks again may hold, by operation and manifest, never by a recording.

    `servers` are the vendor's own addresses, the only ones that get a key; `asked` is where a live request
    went instead of to the first of them, or "". `query` and `headers` are the names (in lower case) whose
    values may be shown. `keys` are (option of curl, argument, argument with a wrong key), with `$VARIABLE`
    for the key.
    """

    servers: tuple[str, ...] = ()
    asked: str = ""
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    keys: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What is said of one interaction: findings (grouped, sorted), verdict, and what was not checked.

    `not_judged` is what could not be judged at all, each as `place: reason`; `not_checked` holds that too,
    and what was judged without showing anything, such as the items of an empty list.
    """

    provider: str
    operation: str
    interaction: Interaction
    findings: tuple[Finding, ...]
    verdict: Verdict
    not_checked: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    asking: Asking = Asking()

    @property
    def id(self) -> str:
        """`<status>-<situation>`, unique within an operation: the last part of the pytest node id."""
        status = self.interaction.response.status if self.interaction.response else 0
        return f"{status:03d}-{self.interaction.name}"

    @property
    def told(self) -> Iterator[Finding]:
        """Yield the findings, each with where its answer was read."""
        return map(self.sourced, self.findings)

    def sourced(self, one: Finding) -> Finding:
        """Give one of the findings with where its answer was read.

        Equal findings of many entries of a file are one value, which names none of the entries.
        """
        origin, source = self.interaction.origin, self.interaction.source
        return replace(one, source=str(origin)) if origin and one.source == source.value else one


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Which facts of a spec the interactions exercised; ids are `<status> <pointer> <fact>`.

    `cut` says that the operation has more facts than are counted: the deepest are in neither list.
    """

    provider: str
    operation: str
    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    cut: bool = False

    @property
    def share(self) -> float:
        """Seen facts as a share of all, 0..1; 1 when the spec states none."""
        total = len(self.seen) + len(self.unseen)
        return len(self.seen) / total if total else 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderFacts:
    """What a report says of a provider: title, provenance of its spec, retrieval date (ISO).

    `auth` is what authenticates a request, with the environment variable in place of the key
    (`x-api-key: $MATIL_API_KEY`).
    """

    id: str
    title: str
    provenance: str
    retrieved: str
    spec_file: str
    auth: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run has to say; reports add up, in any order, to the report of the whole run."""

    providers: tuple[ProviderFacts, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    findings: tuple[Finding, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    notices: tuple[str, ...] = field(default=())

    def __add__(self, other: Report) -> Report:
        """Merge two reports; the order of the parts does not matter."""
        return Report.merge((self, other))

    @classmethod
    def merge(cls, reports: Iterable[Report]) -> Report:
        """Add up any number of reports; each part is sorted once, however many there are."""
        parts = tuple(reports)
        return cls(
            tuple(sorted({one for part in parts for one in part.providers}, key=lambda p: p.id)),
            _in_order(one for part in parts for one in part.assessments),
            tuple(sorted((one for part in parts for one in part.findings), key=lambda f: f.sort_key)),
            tuple(
                sorted((c for part in parts for c in part.coverage), key=lambda c: (c.provider, c.operation))
            ),
            tuple(sorted({one for part in parts for one in part.notices})),
        )

    def all_findings(self) -> Iterator[Finding]:
        """Yield the findings of the interactions, then those about documents, waivers and drift."""
        for assessment in self.assessments:
            yield from assessment.told
        yield from self.findings

    def weighed(self) -> Iterator[Finding]:
        """Yield as `all_findings` does, for what does not ask where an answer was read: it costs less."""
        for assessment in self.assessments:
            yield from assessment.findings
        yield from self.findings

    @property
    def worst(self) -> Severity | None:
        """The highest severity that is not waived, or None."""
        open_ = {f.severity for f in self.weighed() if not f.waived}
        return max(open_, key=lambda s: s.weight, default=None)


def _in_order(assessments: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """Sort by provider, operation, id, source and origin: one after the other, since keys take memory."""
    listed = list(assessments)
    for key in reversed(_ORDER):
        listed.sort(key=key)
    return tuple(listed)


_ORDER: Final[tuple[Callable[[Assessment], str], ...]] = (
    lambda one: one.provider,
    lambda one: one.operation,
    lambda one: one.id,
    lambda one: one.interaction.source,
    lambda one: str(one.interaction.origin or ""),
)
