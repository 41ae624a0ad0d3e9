"""VCR cassettes in YAML, of every language, read without executing a tag.

Only text is taken out of them: no date, number or Python object is built, so a tag has nothing to run.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Any, Final

import yaml

from contracts.errors import CassetteError
from contracts.interactions.formats.entry import Reading, Where, interaction, places
from contracts.interactions.formats.files import Opened
from contracts.model import Interaction, Json
from contracts.spec import too_deep
from contracts.text import safe_text

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_NODES: Final = 200_000
_MAX_DEPTH: Final = 60
_NULL = "tag:yaml.org,2002:null"
_RUBY_TEXTS = ("!ruby/string", "!str", "tag:ruby.yaml.org,2002:str")
ENTRY: Final = places(
    method="/request/method",
    url="/request/uri /request/url",
    scheme="/request/protocol /request/scheme",
    host="/request/host",
    port="/request/port",
    path="/request/path",
    request_headers="/request/headers",
    request_body="/request/body/string /request/body",
    status="/response/status/code /response/status_code /response/code /response/status",
    response_headers="/response/headers",
    base64="/response/body/base64_string /response/body/base64",
    body="/response/body/string /response/body /response/content",
    truncated="/response/truncated",
    recorded_at="/recorded_at",
)
"""Where the cassettes of VCR's family have it: vcrpy of every age, with httpx and without, Betamax and Ruby,
PHP, Elixir, Go."""


def read_yaml(file: Opened, reading: Reading) -> Iterator[Interaction]:
    """Yield the interactions of a VCR cassette in YAML, in its order; bodies are decoded.

    Entries that cannot be used go to the reading's `on_problem`. A file that is no VCR cassette is a
    CassetteError. Credentials are still in the headers and URLs.
    """
    root = _Composer(file.name).root(file.whole())
    listed = root if isinstance(root, yaml.SequenceNode) else None
    entries = listed or _child(root, "interactions") or _child(root, "http_interactions")
    if not isinstance(entries, yaml.SequenceNode):
        raise CassetteError(f"{safe_text(file.name)}: not a VCR cassette: it has no list of interactions")
    for number, node in enumerate(entries.value, 1):
        where = Where(file, number, node.start_mark.line + 1)
        try:
            yield interaction(_value(node, where), ENTRY, where)
        except CassetteError as problem:
            reading.on_problem(problem)


def _value(node: yaml.Node, where: Where) -> Json:
    try:
        return _Plain().value(node)
    except CassetteError as problem:
        raise CassetteError(f"{safe_text(where.label)}: {problem}") from None


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
            found = {
                str(k.value): self.value(v, depth + 1)
                for k, v in node.value
                if isinstance(k, yaml.ScalarNode)
            }
            text = node.tag.startswith(_RUBY_TEXTS)  # a String of Ruby with variables of its own
            return next((found[key] for key in ("str", "=") if key in found), None) if text else found
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return _scalar(node)


def _scalar(node: yaml.Node) -> Json:
    if node.tag in {"tag:yaml.org,2002:binary", "!binary"}:
        try:
            return base64.b64decode(node.value)
        except (binascii.Error, ValueError):
            raise CassetteError(f"line {node.start_mark.line + 1}: not base64") from None
    return None if node.tag == _NULL else node.value
