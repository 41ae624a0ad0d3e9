"""Which operation a request met, and whether a server of the vendor answered it.

Paths are indexed segment by segment, so that a request costs its own length and not the number of operations.
Of several templates that fit, the one with the most literal characters is meant (OpenAPI, "Path Templating
Matching", leaves that to tools beyond "concrete before templated").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, Generic, Protocol, TypeVar

from contracts.address import plain_path, read_address
from contracts.model import Json
from contracts.spec.manifest import RECEIVED
from contracts.spec.servers import ANY, NOWHERE, URL, expressions, stated

_TEMPLATE: Final = re.compile(r"\{([^{}]*)\}")
_LOOPBACK: Final = re.compile(
    r"(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.\d{1,3}){3}|::1)\Z", re.IGNORECASE
)
KEPT: Final = 1024
"""How many answers a router remembers: whoever waits for a batch asks the same URL again and again."""


class Routed(Protocol):
    """What a route leads to: a method and a path template with its pattern."""

    @property
    def method(self) -> str:
        """The method in upper case."""

    @property
    def path(self) -> str:
        """The path template."""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The template as a regular expression, a group for each hole."""


T = TypeVar("T", bound=Routed)


@dataclass(slots=True)
class _Node(Generic[T]):
    """What may follow a part of a path: fixed segments, those with holes, and operations that end here."""

    fixed: dict[str, _Node[T]] = field(default_factory=dict)
    holes: dict[str, tuple[re.Pattern[str], _Node[T]]] = field(default_factory=dict)
    ends: dict[str, T] = field(default_factory=dict)

    def below(self, segment: str) -> _Node[T]:
        """Give the node of a segment of a template, made when it is new."""
        if "{" not in segment:
            return self.fixed.setdefault(segment, _Node())
        shape = _TEMPLATE.sub("{}", segment)
        if shape not in self.holes:
            self.holes[shape] = (re.compile(ANY.join(map(re.escape, shape.split("{}")))), _Node())
        return self.holes[shape][1]

    def matching(self, segments: list[str], start: int = 0) -> list[_Node[T]]:
        """Give the nodes at which a path ends; most paths have one way to go at each segment."""
        node = self
        for position in range(start, len(segments)):
            segment = segments[position]
            fixed = node.fixed.get(segment)
            if node.holes:
                found = [below for pattern, below in node.holes.values() if pattern.fullmatch(segment)]
                found += [fixed] if fixed else []
                if len(found) > 1:
                    return [end for below in found for end in below.matching(segments, position + 1)]
                fixed = found[0] if found else None
            if fixed is None:
                return []
            node = fixed
        return [node]


class Router(Generic[T]):
    """Finds operations by request; the index is made at the first question.

    Servers are those given and those that the document names, also for one path or operation only. In their
    addresses a variable stands for its default, for each word of its enum, and without an enum for any text.
    """

    def __init__(self, operations: Iterable[T], servers: Iterable[str], document: Json) -> None:
        self._operations, self._given, self._document = tuple(operations), servers, document
        self._root: _Node[T] | None = None
        self._answers: dict[tuple[str, str], tuple[T, re.Match[str]] | None] = {}
        self._hosts: tuple[re.Pattern[str], ...] = ()
        self._prefixes: tuple[re.Pattern[str], ...] = ()

    def __reduce__(self) -> tuple[type[Router[T]], tuple[tuple[T, ...], Iterable[str], Json]]:
        """Leave out what was found so far: matches cannot be copied to another process."""
        return Router, (self._operations, self._given, self._document)

    def met(self, method: str, url: str) -> tuple[T, re.Match[str]] | None:
        """Find the operation that a request met, with the match of its path."""
        asked = (method, url)
        if asked in self._answers:
            return self._answers[asked]
        if len(self._answers) >= KEPT:
            self._answers = {}
        found = self._answers[asked] = self._find(method.upper(), url)
        return found

    def _find(self, wanted: str, url: str) -> tuple[T, re.Match[str]] | None:
        if url.startswith(RECEIVED):
            said = ((one, one.pattern.fullmatch(url)) for one in self._operations if one.method == wanted)
            return next(((one, match) for one, match in said if match), None)
        for path in self.paths(url):
            found = [node.ends[wanted] for node in self._ending(path) if wanted in node.ends]
            if found:
                best = min(found, key=lambda op: specificity(op.path)) if len(found) > 1 else found[0]
                match = best.pattern.fullmatch(path)
                if match is not None:
                    return best, match
        return None

    def compiled(self, method: str, most: int = 200) -> tuple[re.Pattern[str], dict[int, T]] | None:
        """Give one pattern for the whole paths of a method, and the operation by `lastindex` of its match.

        It finds what `met` finds, for paths without query and fragment. None where more than `most` templates
        would be tried one after the other, since the index is faster then.
        """
        self._index()
        fitting = sorted(
            (one for one in self._operations if one.method == method.upper()),
            key=lambda one: specificity(one.path),
        )
        starts = [*(f"(?>{prefix.pattern})" for prefix in self._prefixes), ""]
        at_root = len(starts) > 1 and any(
            one.path == "/" for one in fitting
        )  # the end of a prefix is a slash
        if not fitting or at_root or len(fitting) * len(starts) > most:
            return None
        parts, found, groups = [], dict[int, T](), 0
        for start in starts:
            for one in fitting:
                groups += one.pattern.groups + 1
                found.setdefault(groups, one)
                parts.append(f"{start}{one.pattern.pattern}()")
        return re.compile("|".join(parts)), found

    def methods(self, url: str) -> tuple[str, ...]:
        """Give the methods that the path of a URL takes."""
        found = (node.ends for path in self.paths(url) for node in self._ending(path))
        return tuple(dict.fromkeys(method for ends in found for method in ends))

    def serves(self, url: str) -> bool:
        """Whether the host of a URL is the vendor's, or this machine, or no host of the vendor is known."""
        self._index()
        address = read_address(url)
        return not self._hosts or not address.host or bool(_LOOPBACK.match(address.host)) or self.names(url)

    def names(self, url: str) -> bool:
        """Whether the host of a URL is one that the vendor's document or manifest names."""
        self._index()
        address = read_address(url)
        found = (address.host, address.netloc)
        return any(pattern.fullmatch(name) for pattern in self._hosts for name in found)

    def paths(self, url: str) -> list[str]:
        """Give what the path of a URL may be in the document: without a server's path, then as it is."""
        self._index()
        path = plain_path((URL.match(url) or NOWHERE)[2] or "/")
        found = [match for prefix in self._prefixes if (match := prefix.match(path))]
        return [*(path[match.end() :] or "/" for match in found), path] if found else [path]

    def _ending(self, path: str) -> list[_Node[T]]:
        return self._index().matching(path.split("/"))

    def _index(self) -> _Node[T]:
        if self._root is None:
            self._root = _Node()
            for operation in self._operations:
                if operation.path.startswith(RECEIVED):
                    continue
                node = self._root
                for segment in plain_path(operation.path).split("/"):
                    node = node.below(segment)
                node.ends.setdefault(operation.method, operation)
            given = ({"url": address} for address in self._given)
            servers = [expressions(server) for server in (*given, *stated(self._document))]
            self._hosts = _patterns({host for host, _ in servers if host}, "")
            self._prefixes = _patterns({path for _, path in servers if path}, r"(?=/|\Z)")
        return self._root


def specificity(path: str) -> tuple[int, int, str]:
    """Give what orders path templates: the most literal characters first, then the fewest holes."""
    return -len(_TEMPLATE.sub("", path)), path.count("{"), path


def _patterns(expressions: Iterable[str], end: str) -> tuple[re.Pattern[str], ...]:
    listed = sorted(expressions, key=lambda text: (-len(text), text))
    return tuple(re.compile(text + end, re.IGNORECASE if not end else 0) for text in listed)


_WRITTEN: Final = re.compile(r"([A-Za-z*]+)\s+(/\S*|webhook:\S+|\*)")


def names_operation(word: str, method: str, path: str, operation_id: str) -> bool:
    """Whether a word is an operation's "GET /path" or operationId; `*` and `?` stand for anything.

    What a parameter of the path is called does not matter.
    """
    match = _WRITTEN.fullmatch(word)
    if match is None:
        return bool(operation_id) and fnmatchcase(operation_id, word)
    return fnmatchcase(method, match[1].upper()) and fnmatchcase(
        unnamed(path), unnamed(match[2]).replace("[", "[[]")
    )


def unnamed(path: str) -> str:
    """Give a path without the names of its parameters: two that differ in these alone are one."""
    return re.sub(r"\{[^{}]*\}", "{}", path)
