"""Reading JSON and YAML documents strictly, with the line of every node.

YAML is read as the JSON subset of YAML 1.2: no dates, no octal, no `NO` as False; duplicate keys, anchors'
explosions and deep nesting are errors that name the line. JSON and YAML twins load equal. A tag that JSON has
no value for, and a number that a double does not hold, cost nothing but themselves: they are noted.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import yaml

from contracts.decode import MAX_DIGITS, decode, uncollected
from contracts.errors import SpecError
from contracts.model import Json, Pointer
from contracts.text import safe_text, show

MAX_DOCUMENT: Final = 64 * 1024 * 1024
MAX_ALIASED: Final = 100_000
MAX_DEPTH: Final = 200

_MERGE, _STR = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"
_YAML: Final = "tag:yaml.org,2002:"
_TAGS: Final = {
    f"{_YAML}{name}": kind
    for name, kind in {"str": str, "null": type(None), "bool": bool, "int": int, "float": float}.items()
}
_PLAIN_TAGS: Final = frozenset({f"{_YAML}map", f"{_YAML}seq"})
_NULL = re.compile(r"(?:~|null|Null|NULL|)\Z")
_BOOL = re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z")
_INT = re.compile(r"[-+]?[0-9]+\Z")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_COMMENTED = re.compile(r"(?:\s*(?://[^\n]*\n|/\*.*?\*/))+\s*[{\[]", re.DOTALL)
_COMMENT = re.compile(r"(\"(?:[^\"\\]|\\.)*\")|//[^\n]*|/\*.*?\*/", re.DOTALL)
_LAST_COMMA = re.compile(r"(\"(?:[^\"\\]|\\.)*\")|,(?=\s*[}\]])", re.DOTALL)
_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """A decoded document; `lines` maps a pointer's text to its line (1-based) in `name`.

    `notes` are the places, as the text of a pointer, of what was not read as it is written, and why not.
    """

    name: str
    value: Json
    lines: Mapping[str, int]
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def told(self) -> tuple[str, ...]:
        """Give the notes as sentences."""
        return tuple(f"{self.name}: {safe_text(at, 200) or '/'}: {why}" for at, why in self.notes)

    def line(self, pointer: str) -> int:
        """Give the line of a place, or of the nearest place above it; 0 when nothing is known."""
        while pointer not in self.lines:
            if not pointer:
                return 0
            pointer = pointer.rpartition("/")[0]
        return self.lines[pointer]


def read_document(name: str, data: bytes, *, lines: bool = True) -> Document:
    """Read bytes as JSON or YAML; SpecError names the line of the first thing that cannot be read.

    With `lines=False` the source map stays empty, which is several times faster for JSON.
    """
    if len(data) > MAX_DOCUMENT:
        raise SpecError(f"{name}: {len(data):,} bytes, over the limit of {MAX_DOCUMENT:,}")
    try:
        text = as_utf8(data).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SpecError(f"{name}: not UTF-8 at byte {error.start}") from None
    with uncollected():
        return _read(name, text, lines=lines)


_NOTED: Final = frozenset({"not-a-json-number", "huge-integer", "huge-number", "lone-surrogate"})


_UTF16: Final = (
    (re.compile(rb"\xff\xfe|[\t\n\r -~]\x00"), "le"),
    (re.compile(rb"\xfe\xff|\x00[\t\n\r -~]"), "be"),
)


def as_utf8(data: bytes) -> bytes:
    """Give a text in UTF-16, with a byte order mark or ASCII at its start, in UTF-8; others as they are."""
    end = next((end for start, end in _UTF16 if start.match(data)), "")
    try:
        return data.decode(f"utf-16-{end}").encode() if end else data
    except UnicodeError:
        return data


def _read(name: str, text: str, *, lines: bool) -> Document:
    if text.lstrip()[:1] not in ("{", "[") and not _COMMENTED.match(text):
        return _Reader(name).read(text)
    decoded = decode(text.encode(), max_bytes=MAX_DOCUMENT)
    if decoded.faults and (plain := _plain(text)) != text:
        text, decoded = plain, decode(plain.encode(), max_bytes=MAX_DOCUMENT)
    for fault in decoded.faults:
        if fault.rule == "not-json" and (flow := _flow(name, text)):
            return flow
        if fault.rule not in _NOTED:
            raise SpecError(f"{name}: {safe_text(str(fault.pointer)) or '/'}: {fault.message}")
    found = _Reader(name).read(_one_line_per_line(text)).lines if lines else {}
    notes = tuple((str(fault.pointer), fault.message) for fault in decoded.faults)
    return Document(name, _plainly(decoded.value) if notes else decoded.value, found, notes)


def _flow(name: str, text: str) -> Document | None:
    """Read what begins as JSON does but is YAML in its flow style; None where it is neither."""
    try:
        return _Reader(name).read(text)
    except SpecError:
        return None


def _plainly(value: Json) -> Json:
    """Give a value in which every text is a plain one: a number that JSON cannot hold is kept as a text."""
    if isinstance(value, dict):
        return {_whole(key): _plainly(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plainly(item) for item in value]
    return _whole(value) if isinstance(value, str) else value


def _whole(text: str) -> str:
    """Give a text with a replacement character for each half of a surrogate pair."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _plain(text: str) -> str:
    """Give JSON without the comments and the last commas that people write into it; lines stay lines."""
    bare = _COMMENT.sub(lambda found: found[1] or re.sub(r"[^\n]", " ", found[0]), text)
    return _LAST_COMMA.sub(lambda found: found[1] or " ", bare)


def _one_line_per_line(text: str) -> str:
    """Make JSON text readable as YAML, for its lines only: tabs may not indent there, nor escapes pair."""
    half = r"\\(?:(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"  # any escape, so that an escaped backslash begins none
    return re.sub(half, lambda found: "?" if found[1] else found[0], text.replace("\t", "    "))


def too_deep(text: str, limit: int = MAX_DEPTH) -> int:
    """Give the line where YAML nests deeper than the limit, 0 when it never does.

    Looked for event by event before composing: the composer recurses in C and would take the process down.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > limit:
            return event.start_mark.line + 1 if event.start_mark else 1
    return 0


class _Reader:
    """Composes YAML nodes and turns them into values, counting lines and expanded nodes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[str, int] = {}
        self.sizes: dict[int, int] = {}
        self.open: set[int] = set()
        self.notes: dict[str, str] = {}

    def read(self, text: str) -> Document:
        try:
            if line := too_deep(text):
                self.fail(line, f"nested deeper than {MAX_DEPTH} levels")
            loader = _Loader(text)
            try:
                root = loader.get_single_node()
            finally:
                loader.dispose()
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 0
            self.fail(line, safe_text(error.problem or "cannot be read", 80))
        except (yaml.YAMLError, RecursionError) as error:
            self.fail(0, safe_text(str(error).splitlines()[0] if str(error) else "nested too deeply", 80))
        if root is None:
            self.fail(0, "the document is empty")
        self.size(root)
        value = self.node(root, "", 0)
        return Document(self.name, value, self.lines, tuple(self.notes.items()))

    def fail(self, line: int, problem: str) -> NoReturn:
        where = f"{self.name}:{line}" if line else self.name
        raise SpecError(f"{where}: {problem}")

    def size(self, node: yaml.Node) -> int:
        """Give how many nodes a node expands to, aliases followed; refuses what multiplies before any is."""
        if (known := self.sizes.get(id(node))) is not None:
            return known
        self.sizes[id(node)] = 1  # what holds itself is refused with its own sentence
        if isinstance(node, yaml.MappingNode):
            self.sizes[id(node)] += sum(self.size(item) for _, item in node.value)
        elif isinstance(node, yaml.SequenceNode):
            self.sizes[id(node)] += sum(map(self.size, node.value))
        if self.sizes[id(node)] > len(self.sizes) + MAX_ALIASED:
            self.fail(node.start_mark.line + 1, f"aliases expand to more than {MAX_ALIASED:,} nodes")
        return self.sizes[id(node)]

    def node(self, node: yaml.Node, at: str, depth: int) -> Json:
        line = node.start_mark.line + 1
        if depth > MAX_DEPTH:
            self.fail(line, f"nested deeper than {MAX_DEPTH} levels")
        if id(node) in self.open:
            self.fail(line, "an alias holds itself")
        self.lines.setdefault(at, line)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node, at)
        self.open.add(id(node))
        value = (
            self.mapping(node, at, depth)
            if isinstance(node, yaml.MappingNode)
            else self.sequence(node, at, depth)
        )
        self.open.discard(id(node))
        return value

    def mapping(self, node: yaml.MappingNode, at: str, depth: int) -> dict[str, Json]:
        self.tag(node, at, "an object")
        value: dict[str, Json] = {}
        merged: list[yaml.Node] = []
        for key_node, item in node.value:
            key, line = self.key(key_node), key_node.start_mark.line + 1
            if key_node.tag == _MERGE and not key_node.style:
                merged += item.value if isinstance(item, yaml.SequenceNode) else [item]
                continue
            if key in value:
                self.fail(line, f"the key {show(key)} is there more than once")
            place = at + str(Pointer((key,))) if "/" in key or "~" in key else f"{at}/{key}"
            value[key] = self.node(item, place, depth + 1)
            self.lines[place] = line
        for other in merged:
            self.merge(other, value, at, depth)
        return value

    def merge(self, node: yaml.Node, value: dict[str, Json], at: str, depth: int) -> None:
        """Take what a merge key names and the mapping does not say itself (YAML 1.1 type `merge`)."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(node.start_mark.line + 1, "a merge key (<<) names something that is no mapping")
        if id(node) in self.open:
            self.fail(node.start_mark.line + 1, "an alias holds itself")
        self.open.add(id(node))
        own, self.lines = self.lines, {}
        found = self.mapping(node, at, depth + 1)
        written, self.lines = self.lines, own
        new = {str(Pointer((key,))) for key in found.keys() - value.keys()}
        value |= {key: item for key, item in found.items() if key not in value}
        for place, line in written.items():  # what was merged has the lines of where it is written
            if f"/{place[len(at) + 1 :].partition('/')[0]}" in new:
                self.lines[place] = line
        self.open.discard(id(node))

    def sequence(self, node: yaml.Node, at: str, depth: int) -> list[Json]:
        self.tag(node, at, "a list")
        return [self.node(item, f"{at}/{index}", depth + 1) for index, item in enumerate(node.value)]

    def key(self, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node.start_mark.line + 1, "a key is not plain text")
        return str(node.value)

    def tag(self, node: yaml.Node, at: str, read: str) -> None:
        if node.tag not in _PLAIN_TAGS:
            shown = safe_text(node.tag.replace(_YAML, "!!", 1), 40)
            self.notes[at] = f"the tag {shown} is none of JSON; what it marks is read as {read}"

    def scalar(self, node: yaml.ScalarNode, at: str) -> Json:
        """Read a scalar as its tag says; one that JSON has no value for leaves the text."""
        text: str = node.value
        kind = _TAGS.get(node.tag)
        own = not node.style and _implicit(text) == node.tag
        value = self.core(text, at) if own or kind not in {None, str} else text
        if own or type(value) is kind:
            return value
        if kind is float and type(value) is int:
            return float(value)
        self.notes.pop(at, None)
        self.tag(node, at, "a text")
        return text

    def core(self, text: str, at: str) -> Json:
        """Resolve a plain scalar by the YAML 1.2 core schema without octal, hex and infinities."""
        if _NULL.match(text):
            return None
        if _BOOL.match(text):
            return text.lower() == "true"
        if _INT.match(text):
            if len(text) <= MAX_DIGITS:
                return int(text)
            self.notes[at] = f"an integer of {len(text):,} digits is read as a text"
            return text
        if _FLOAT.match(text):
            number = float(text)
            if math.isfinite(number):
                return number
            self.notes[at] = f"{safe_text(text, 24)} is beyond a double, so most readers lose it"
            return math.copysign(sys.float_info.max, number)
        return text


def _implicit(text: str) -> str:
    """Give the tag that PyYAML, which knows YAML 1.1 alone, gives to a plain word that has none."""
    return str(_Loader("").resolve(yaml.ScalarNode, text, (True, False)))
