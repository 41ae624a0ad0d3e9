"""JSON documents of recorders, stubs and API clients, a row each: how it is told, where entries stand.

A new one is a row in DOCUMENTS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Places, Reading, Where, interaction, places
from contracts.interactions.formats.files import Opened, Values, elements, inside
from contracts.interactions.formats.jsonl import is_entry, table_of
from contracts.interactions.formats.vcr import ENTRY as VCR
from contracts.model import Interaction, Json, Source
from contracts.text import safe_text

Entries = Iterator[tuple[str, Json]]


@dataclass(frozen=True, slots=True)
class Document:
    """A kind of JSON document.

    `path` leads to its list of entries, "" standing for the list itself; `keys` are what an entry, or the
    document where `path` is None, has. `entries` takes apart what is no flat list.
    """

    title: str
    table: Places
    path: tuple[str, ...] | None = None
    keys: tuple[str, ...] = ()
    entries: Callable[[Json], Entries] | None = None
    source: Source = Source.RECORDED
    refusal: str = ""

    def tells(self, document: Json) -> bool:
        """Whether this is such a document."""
        value = document
        for key in self.path or ():
            value = value.get(key) if isinstance(value, dict) else None
        if self.path is None:
            return isinstance(value, dict) and all(key in value for key in self.keys)
        first = value[0] if isinstance(value, list) and value else None
        empty = isinstance(value, list) and not value and bool(self.path)
        return empty or (isinstance(first, dict) and all(key in first for key in self.keys))


def _postman(document: Json) -> Entries:
    """Yield each saved response with the request it was saved for; variables of the collection are put in."""
    root = document.get("collection", document)
    variables = {
        f"{{{{{one.get('key')}}}}}": str(one.get("value", ""))
        for one in root.get("variable", ())
        if isinstance(one, dict)
    }
    folders: list[Json] = [root]
    while folders:
        item = folders.pop()
        below = item.get("item") if isinstance(item, dict) else None
        folders += reversed(below if isinstance(below, list) else [])
        for answer in _listed(item, "response"):
            request = answer.get("originalRequest") or item.get("request") or {}
            yield str(answer.get("name") or item.get("name") or ""), _asked(request, answer, variables)


def _listed(item: Json, key: str) -> list[Json]:
    found = item.get(key) if isinstance(item, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _asked(request: Json, answer: Json, variables: dict[str, str]) -> Json:
    request = {"url": request} if isinstance(request, str) else request
    url = request.get("url", "")
    text = str(url.get("raw", "") if isinstance(url, dict) else url)
    for name, value in variables.items():
        text = text.replace(name, value)
    path = {
        f":{one.get('key')}": str(one.get("value") or one.get("key"))
        for one in _listed(url if isinstance(url, dict) else {}, "variable")
    }
    for name, value in path.items():
        text = re.sub(rf"{re.escape(name)}(?=[/?#]|\Z)", lambda _, v=value: v, text)  # type: ignore[misc]
    text = re.sub(r"\A\{\{[^{}]*\}\}", "", text)
    text = text if text.startswith("/") or "://" in text or not text else f"https://{text}"
    return {"request": {**request, "url": text}, "response": answer}


def _wiremock(document: Json) -> Entries:
    """Yield the stubs of a mapping file, or of many."""
    for stub in document.get("mappings", [document]):
        request, answer = stub.get("request"), stub.get("response")
        if isinstance(request, dict) and isinstance(answer, dict):
            yield str(stub.get("name", "")), {"request": request, "response": {"status": 200, **answer}}


def _hoverfly(document: Json) -> Entries:
    """Yield the pairs of a simulation, each matcher standing for the value that it wants."""
    for pair in document["data"]["pairs"]:
        request = {
            key: wanted[0].get("value") if isinstance(wanted, list) and wanted else wanted
            for key, wanted in pair.get("request", {}).items()
            if key not in {"headers", "query"}
        }
        yield "", {"request": request, "response": pair.get("response")}


def _mountebank(document: Json) -> Entries:
    for imposter in document.get("imposters", [document]):
        for stub in _listed(imposter, "stubs"):
            wanted: dict[str, Json] = {}
            for predicate in _listed(stub, "predicates"):
                wanted |= next((one for one in predicate.values() if isinstance(one, dict)), {})
            for answer in _listed(stub, "responses"):
                yield "", {"request": wanted, "response": answer.get("is")}


_PACT: Final = places(
    method="/request/method",
    path="/request/path",
    query="/request/query",
    status="/response/status",
    response_headers="/response/headers",
    body="/response/body/content /response/body",
    json="/response/body/content /response/body",
    encoded="/response/body/encoded",
)
_STUB: Final = places(
    method="/request/method",
    url="/request/url",
    host="/request/host /request/destination",
    scheme="/request/scheme",
    path="/request/urlPath /request/path",
    query="/request/query",
    request_headers="/request/headers /request/header",
    status="/response/status /response/statusCode /response/code",
    response_headers="/response/headers /response/header",
    body="/response/body",
    json="/response/jsonBody /response/body",
    base64="/response/base64Body",
    encoded="/response/encodedBody",
    file="/response/bodyFileName /response/bodyFile",
    elapsed="/response/responseTime",
)
_NOCK: Final = places(
    method="/method",
    host="/scope",
    path="/path",
    status="/status",
    response_headers="/rawHeaders /headers",
    body="/response",
    json="/response",
    encoded="/responseIsBinary",
)
_MOCKSERVER: Final = places(
    method="/httpRequest/method",
    path="/httpRequest/path",
    request_headers="/httpRequest/headers",
    status="/httpResponse/statusCode",
    response_headers="/httpResponse/headers",
    body="/httpResponse/body/string /httpResponse/body",
    json="/httpResponse/body/json /httpResponse/body",
    base64="/httpResponse/body/base64Bytes",
)
_CHARLES: Final = places(
    method="/method",
    scheme="/scheme",
    host="/host",
    port="/actualPort",
    path="/path",
    query="/query",
    request_headers="/request/header/headers",
    status="/response/status",
    response_headers="/response/header/headers",
    body="/response/body/text",
    base64="/response/body/encoded",
    recorded_at="/times/start",
)
_EASY: Final = places(
    method="/Request/Method",
    url="/Request/Uri",
    request_headers="/Request/RequestHeaders",
    status="/Response/Status/Code",
    response_headers="/Response/ResponseHeaders",
    body="/Response/Body",
    recorded_at="/RecordedAt",
)

DOCUMENTS: Final = (
    Document("Pact", _PACT, None, ("consumer", "provider", "interactions"),
             lambda d: (("", one) for one in d["interactions"]), Source.CONSTRUCTED),
    Document("Betamax or VCR", VCR, ("http_interactions",), ("request",)),
    Document("VCR", VCR, ("interactions",), ("request",)),
    Document("Hoverfly", _STUB, ("data", "pairs"), ("request", "response"), _hoverfly),
    Document("WireMock", _STUB, ("mappings",), ("request", "response"), _wiremock),
    Document("mountebank", _STUB, ("imposters",), ("stubs",), _mountebank),
    Document("Postman", _STUB, None, ("info", "item"), _postman),
    Document("Postman", _STUB, ("collection", "item"), (), _postman),
    Document("Insomnia", _STUB, None, ("_type", "__export_format", "resources"),
             refusal="an Insomnia export holds requests but no responses; export them as HAR"),
    Document("OpenAPI", _STUB, None, ("openapi", "paths"),
             refusal="a document of an API and no recording; contracts vendor --add reads it"),
    Document("OpenAPI", _STUB, None, ("swagger", "paths"),
             refusal="a document of an API and no recording; contracts vendor --add reads it"),
    Document("nock", _NOCK, (), ("scope", "path", "status")),
    Document("MockServer", _MOCKSERVER, (), ("httpRequest", "httpResponse")),
    Document("Charles", _CHARLES, (), ("host", "path", "times", "response")),
    Document("EasyVCR", _EASY, (), ("Request", "Response")),
)  # fmt: skip
"""The JSON documents that are read, or refused with a hint; the first that tells counts."""
_PAIR: Final = Document("VCR", VCR, (), ("request", "response"))
_STUB_ALONE: Final = Document("WireMock", _STUB, None, ("request", "response"), _wiremock)


def document_of(value: Json, reading: Reading) -> Document | None:
    """Tell the kind of a JSON document; None for one that is not known."""
    first = value[0] if isinstance(value, list) and value else value
    known = next((one for one in DOCUMENTS if one.tells(value)), None)
    table = table_of(reading.fields)
    if known is None and is_entry(first, table):
        known = _PAIR if _of_vcr(value) else Document("JSON log", table, () if value is not first else None)
    if known is None and _STUB_ALONE.tells(value) and _names_a_path(value["request"]):
        known = _STUB_ALONE
    return known


def _of_vcr(value: Json) -> bool:
    """Whether a list is what VCR for PHP and Elixir write: pairs with a body that is text alone."""
    return isinstance(value, list) and _PAIR.tells(value)


def _names_a_path(request: Json) -> bool:
    wanted = {"url", "urlPath", "urlPattern", "urlPathPattern", "urlPathTemplate"}
    return isinstance(request, dict) and bool(wanted & request.keys())


def read_document(kind: Document, file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions of a document of a known kind; bad entries go to the reading's `on_problem`."""
    if kind.refusal:
        raise CassetteError(f"{safe_text(file.name)}: {kind.refusal}")
    for title, value, number, line in _of(kind, file):
        try:
            where = Where(file, number, line, title)
            yield interaction(value, kind.table, where, source=kind.source)
        except CassetteError as problem:
            reading.on_problem(problem)


def _of(kind: Document, file: Opened) -> Iterator[tuple[str, Json, int, int]]:
    if kind.entries is None and kind.path is not None:
        with file.stream() as stream:
            values = Values(stream, file.name)
            if inside(values, kind.path):
                yield from (("", value, number, line) for value, number, line in elements(values))
        return
    with file.stream() as stream:
        values = Values(stream, file.name)
        if kind.entries is None:  # values one after the other, as jq prints them
            number = 0
            while values.peek():
                number, line = number + 1, values.line
                yield "", values.value(), number, line
            return
        document = values.value()
    try:
        for number, (title, value) in enumerate(kind.entries(document), 1):
            yield title, value, number, 0
    except (AttributeError, KeyError, TypeError, IndexError):
        raise CassetteError(
            f"{safe_text(file.name)}: not a {kind.title} file as {kind.title} writes it"
        ) from None
