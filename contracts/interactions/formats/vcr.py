"""VCR cassettes: YAML and JSON of vcrpy, and of Ruby's VCR, read without executing a tag.

Only text is taken out of them: no date, number or Python object is built, so a tag has nothing to run.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Final

import yaml

from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import moment
from contracts.interactions.formats.har import OnProblem, refuse, situation
from contracts.interactions.formats.packed import unpacked
from contracts.interactions.formats.place import Place
from contracts.interactions.formats.stream import MAX_ELEMENT, open_bytes
from contracts.model import Headers, Interaction, Json, Request, Response, Source, SourceLine
from contracts.spec import too_deep
from contracts.text import safe_text

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_NODES: Final = 200_000
_MAX_DEPTH: Final = 60
_TEXTS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "timestamp", "python/str", "python/unicode")
}
_LISTS = {"tag:yaml.org,2002:seq", "tag:yaml.org,2002:python/tuple"}


def read_vcr(
    source: Path | bytes, name: str = "cassette.yaml", *, on_problem: OnProblem = refuse
) -> Iterator[Interaction]:
    """Yield the interactions of a VCR cassette in its order; packed with gzip is fine, bodies are decoded.

    Entries that cannot be used go to `on_problem`; by default it raises them. A file that is no VCR cassette
    is a CassetteError. Credentials are still in the headers and URLs.
    """
    name = source.as_posix() if isinstance(source, Path) else name
    with open_bytes(source, name) as stream:
        try:
            data = stream.read(MAX_ELEMENT + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise CassetteError(f"{safe_text(name)}: cannot be read: {safe_text(str(error), 80)}") from None
    if len(data) > MAX_ELEMENT:
        raise CassetteError(f"{safe_text(name)}: over the limit of {MAX_ELEMENT:,} bytes")
    root = _Composer(name).root(data)
    entries = _child(root, "interactions") or _child(root, "http_interactions")
    if not isinstance(entries, yaml.SequenceNode):
        raise CassetteError(f"{safe_text(name)}: not a VCR cassette: it has no list of interactions")
    for number, node in enumerate(entries.value, 1):
        try:
            yield _entry(node, name, number)
        except CassetteError as problem:
            on_problem(problem)


class _Composer:
    """Parses YAML into nodes, and says so in one sentence when it cannot."""

    def __init__(self, name: str) -> None:
        self.name = name

    def root(self, data: bytes) -> yaml.Node | None:
        try:
            text = data.decode("utf-8-sig")
            if deep := too_deep(text):
                raise CassetteError(f"{safe_text(self.name)}:{deep}: nested too deeply")
            loader = _Loader(text)
            try:
                node: yaml.Node | None = loader.get_single_node()
            finally:
                loader.dispose()
        except UnicodeDecodeError as error:
            raise CassetteError(f"{safe_text(self.name)}: not UTF-8 at byte {error.start}") from None
        except yaml.MarkedYAMLError as error:
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            raise CassetteError(
                f"{safe_text(self.name)}{line}: {safe_text(error.problem or 'no YAML', 80)}"
            ) from None
        except (yaml.YAMLError, RecursionError):
            raise CassetteError(f"{safe_text(self.name)}: cannot be read as YAML") from None
        return node


def _child(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


class _Plain:
    """Turns nodes into text, lists and objects; all else becomes None, and is refused where it is needed."""

    def __init__(self) -> None:
        self.left = _MAX_NODES

    def value(self, node: yaml.Node, depth: int = 0) -> Json:
        self.left -= 1
        if self.left < 0 or depth > _MAX_DEPTH:
            raise CassetteError("aliases expand without end")
        if isinstance(node, yaml.MappingNode):
            return {
                str(k.value): self.value(v, depth + 1)
                for k, v in node.value
                if isinstance(k, yaml.ScalarNode)
            }
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value] if node.tag in _LISTS else None
        return _scalar(node)


def _scalar(node: yaml.Node) -> Json:
    if node.tag in {"tag:yaml.org,2002:binary", "!binary"}:
        try:
            return base64.b64decode(node.value)
        except (binascii.Error, ValueError):
            raise CassetteError(f"line {node.start_mark.line + 1}: not base64") from None
    return node.value if node.tag in _TEXTS else None


def _entry(node: yaml.Node, name: str, number: int) -> Interaction:
    label = f"{name}:{node.start_mark.line + 1} entry {number}"
    try:
        root = Place(label, "", _Plain().value(node))
    except CassetteError as problem:
        raise CassetteError(f"{safe_text(label)}: {problem}") from None
    root.keys(optional=None)
    request, response = root["request"], root["response"]
    request.keys(optional=None)
    response.keys(optional=None)
    status = response["status"]
    code = status["code"] if isinstance(status.value, dict) else status
    got = _headers(response["headers"])
    body = _body(response["body"])
    try:
        body = unpacked(body, got)
    except CassetteError as problem:
        raise CassetteError(f"{safe_text(label)}: {problem}") from None
    return Interaction(
        request=Request(
            request["method"].match(re.compile(r"[A-Za-z]{1,16}\Z"), "a method").upper(),
            request["uri"].match(re.compile(r"https?://\S+\Z"), "an absolute http or https URL"),
            _headers(request["headers"]),
            _body(request["body"]) if isinstance(request["body"].value, dict | str | bytes) else b"",
        ),
        response=Response(int(code.match(re.compile(r"[1-5]\d\d\Z"), "a status")), got, body),
        source=Source.RECORDED,
        name=situation(Path(name).name, number),
        origin=SourceLine(name, node.start_mark.line + 1),
        recorded_at=_moment(root["recorded_at"].value),
    )


def _headers(place: Place) -> Headers:
    if place.value is None:
        return ()
    place.keys(optional=None)
    found: list[tuple[str, str]] = []
    for name in place.names():
        values = place[name].items() if isinstance(place[name].value, list) else (place[name],)
        found += [(name, _text(value)) for value in values]
    return tuple(found)


def _text(place: Place) -> str:
    return place.value.decode("latin-1") if isinstance(place.value, bytes) else place.text()


def _body(place: Place) -> bytes:
    """Read `string` (text or bytes), Ruby's `base64_string`, or a bare text."""
    value = place.value
    if value is None:
        return b""
    if isinstance(value, dict):
        if isinstance(value.get("base64_string"), str):
            try:
                return base64.b64decode(value["base64_string"])
            except (binascii.Error, ValueError):
                place["base64_string"].fail("not base64")
        value = value.get("string") or ""
    if isinstance(value, bytes):
        return value
    return value.encode("utf-8", "surrogatepass") if isinstance(value, str) else place.fail("expected text")


def _moment(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    try:
        return moment(value) or moment(parsedate_to_datetime(value).isoformat())
    except (ValueError, OverflowError):
        return ""
