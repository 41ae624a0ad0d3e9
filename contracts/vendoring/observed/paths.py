"""Path templates out of the paths of requests: which segments are names of the API, and which are ids.

A segment is an id by its shape (a UUID, digits, a word with digits in it), because it stands behind the name
of people (`/users/john`), or because segments differ at its place while what is answered stays alike. Only
paths that were answered with success make a template; the others are requests of one of these, or of none.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from contracts.address import read_address
from contracts.decode import decode
from contracts.model import Interaction, Json
from contracts.vendoring.observed.words import personal, plain_name

HOLE: Final = "{}"
MAX_PATHS: Final = 5000
_VERSION: Final = re.compile(r"v\d[\w.]*\Z|\d{1,2}\.\d{1,2}\Z|\d{4}-\d\d(?:-\d\d)?\Z", re.IGNORECASE)
_NUMBERED: Final = re.compile(r"([A-Za-z]{2,})\d{1,2}\Z")
_TAIL: Final = re.compile(r"(.+?)([.](?:json|xml|csv|pdf|txt|html|zip|jsonl|ndjson)|:[a-z][A-Za-z]+)\Z")
_WORDS: Final = frozenset(
    (
        *(
            "me",
            "self",
            "current",
            "default",
            "latest",
            "search",
            "count",
            "counts",
            "stats",
            "status",
            "all",
        ),
        *("summary", "export", "import", "bulk", "batch", "query", "validate", "health", "new", "recent"),
        *("active", "list", "upload", "download", "login", "logout", "token"),
    )
)
_ALIKE: Final = 0.6
_FEW_FIELDS: Final = 4
_PREFIXED: Final = re.compile(r"([A-Za-z]{1,8}[_-])[A-Za-z0-9]{12,}\Z")


@dataclass(slots=True)
class Sighting:
    """A path as it was seen: how often it was answered with success, and the members of these answers."""

    times: int = 0
    members: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Paths:
    """Collects the paths of requests, and gives the template that each of them belongs to.

    `known` are templates that are believed already, with their methods: `GET /v1/batches/{}`.
    """

    known: tuple[str, ...] = ()
    seen: dict[tuple[str, tuple[str, ...]], Sighting] = field(default_factory=dict)
    left: int = 0
    forms: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    _made: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)

    def take(self, interaction: Interaction) -> None:
        """Look at one request that was answered with success; others make no template."""
        if interaction.response is None or not 200 <= interaction.response.status < 300:
            return
        segments = segments_of(interaction)
        key = interaction.request.method.upper(), shaped(segments)
        for index, part in enumerate(key[1]):
            if part == HOLE:
                self.forms[key[1][:index]].add(_form(segments[index]))
        if key not in self.seen and len(self.seen) >= MAX_PATHS:
            self.left += 1
            return
        found = self.seen.setdefault(key, Sighting())
        found.times += 1
        if len(found.members) < 200:
            found.members.update(_members(interaction.response.body))

    def name(self, interaction: Interaction) -> str | None:
        """Give `GET /v1/batches/{}` for a request; None for one that no template takes."""
        method, segments = interaction.request.method.upper(), segments_of(interaction)
        fitting = [one for one in self.templates().get(method, ()) if _takes(one, segments)]
        best = min(fitting, key=lambda one: sum(HOLE in segment for segment in one), default=None)
        return None if best is None else f"{method} /{'/'.join(best)}"

    def templates(self) -> dict[str, list[tuple[str, ...]]]:
        """Give the templates by method."""
        if not self._made:
            by_method: dict[str, dict[tuple[str, ...], Sighting]] = defaultdict(dict)
            for (method, segments), sighting in self.seen.items():
                by_method[method][segments] = sighting
            for text in self.known:
                method, _, path = text.partition(" ")
                by_method[method].setdefault(tuple(path[1:].split("/")), Sighting())
            ids: dict[tuple[str, ...], set[str]] = defaultdict(set)
            made = {method: _joined(found, ids, self.forms) for method, found in by_method.items()}
            self._made = {
                method: sorted({_holed(one, ids) for one in found}) for method, found in made.items()
            }
        return self._made


def segments_of(interaction: Interaction) -> tuple[str, ...]:
    """Give the segments of a request's path, a slash at its end left out."""
    path = read_address(interaction.request.url).path
    return tuple(unquote(part) for part in path.rstrip("/").split("/")[1:])


def shaped(segments: tuple[str, ...]) -> tuple[str, ...]:
    """Write `{}` for every segment that has the shape of an id, or stands behind the name of people."""
    return tuple(_shaped(segment, segments[:index]) for index, segment in enumerate(segments))


def _shaped(segment: str, before: tuple[str, ...]) -> str:
    if not segment or _is_version(segment, before):
        return segment
    tail = _TAIL.match(segment)
    if tail and (_is_id(tail[1]) or _of_people(tail[1], before)):
        return HOLE + tail[2]
    return HOLE if _is_id(segment) or _of_people(segment, before) else segment


def _is_version(segment: str, before: tuple[str, ...]) -> bool:
    return bool(_VERSION.match(segment)) and (segment[0] in "vV" or not before or before[-1] == "api")


def _is_id(segment: str) -> bool:
    return not plain_name(segment) or (
        any(char.isdigit() for char in segment) and not _NUMBERED.match(segment)
    )


def _form(segment: str) -> str:
    """Give prefix and length of a long id with a prefix, which may be letters alone; "" of any other."""
    found = _PREFIXED.match(segment)
    return f"{found[1]}{len(segment)}" if found else ""


def _of_people(segment: str, before: tuple[str, ...]) -> bool:
    """Whether a segment follows a plural that names people or what is theirs: `users`, `accounts`."""
    above = before[-1] if before else ""
    return above.endswith("s") and segment not in _WORDS and personal(f"/{_singular(above)}/id")


def _members(body: bytes) -> Iterator[str]:
    """Yield the members of an answer and of what it holds, two levels deep."""
    decoded = decode(body) if body else None
    value = decoded.value if decoded is not None and decoded.usable else None
    for key, item in _items(value):
        yield key
        yield from (f"{key}/{below}" for below, _ in _items(item))


def _items(value: Json) -> list[tuple[str, Json]]:
    if isinstance(value, list):
        return [pair for item in value[:5] for pair in _items(item)]
    return list(value.items())[:100] if isinstance(value, dict) else []


def _joined(
    found: dict[tuple[str, ...], Sighting],
    ids: dict[tuple[str, ...], set[str]],
    forms: dict[tuple[str, ...], set[str]],
) -> list[tuple[str, ...]]:
    """Write `{}` where segments differ and the answers are alike, from the left to the right.

    `ids` takes what these segments were, by the path before them; `forms` are those of the ids seen there.
    """
    for index in range(max(map(len, found), default=0)):
        beside: dict[tuple[tuple[str, ...], ...], list[tuple[str, ...]]] = defaultdict(list)
        for segments in found:
            if index < len(segments):
                beside[segments[:index], segments[index + 1 :]].append(segments)
        for group in beside.values():
            for one in _ids(group, index, found, forms):
                ids[one[:index]].add(one[index])
                target = (*one[:index], HOLE, *one[index + 1 :])
                sighting = found.setdefault(target, Sighting())
                sighting.members |= found[one].members
                sighting.times += found.pop(one).times
    return sorted(found)


def _holed(segments: tuple[str, ...], ids: dict[tuple[str, ...], set[str]]) -> tuple[str, ...]:
    """Write `{}` for what turned out to be an id in another path with the same beginning."""
    for index, segment in enumerate(segments):
        if segment in ids.get(segments[:index], ()):
            segments = (*segments[:index], HOLE, *segments[index + 1 :])
    return segments


def _ids(
    group: list[tuple[str, ...]],
    index: int,
    found: dict[tuple[str, ...], Sighting],
    forms: dict[tuple[str, ...], set[str]],
) -> list[tuple[str, ...]]:
    """Give the paths of a group whose segment at a place is an id after all."""
    literal = [one for one in group if HOLE not in one[index] and one[index].lower() not in _WORDS]
    hole = next((one for one in group if one[index] == HOLE), None)
    if hole is not None:
        same = (one for one in literal if _alike(found[hole].members, found[one].members))
        usual = forms.get(hole[:index], set())
        formed = (one for one in literal if usual == {_form(one[index])} != {""})
        return list(dict.fromkeys((*same, *formed)))
    stems = {match[1] for one in literal if (match := _NUMBERED.match(one[index]))}
    numbered = [one for one in literal if _NUMBERED.match(one[index])]
    if len(numbered) > 1 and len(stems) == 1:
        return numbered
    first = literal[0] if literal else ()
    alike = [one for one in literal if _alike(found[first].members, found[one].members)]
    return alike if index and len(alike) > 2 and len(alike) == len(literal) else []


def _alike(one: set[str], other: set[str]) -> bool:
    """Whether two answers have nearly the same members, and enough of them to tell."""
    return min(len(one), len(other)) >= _FEW_FIELDS and len(one & other) >= _ALIKE * len(one | other)


def _takes(template: tuple[str, ...], segments: tuple[str, ...]) -> bool:
    return len(template) == len(segments) and all(
        part == segment or (HOLE in part and segment.endswith(part[2:]) and len(segment) > len(part) - 2)
        for part, segment in zip(template, segments, strict=True)
    )


# -- names of holes


def named(path: str) -> tuple[str, list[str]]:
    """Give a path with a name in each hole, `/wikis/{wiki_id}`, and these names."""
    made: list[str] = []
    parts = path[1:].split("/")
    for index, (above, part) in enumerate(zip(["", *parts], [*parts], strict=False)):
        if HOLE in part:
            name = _name(above)
            name = name if name not in made else f"{name}_{len(made) + 1}"
            made.append(name)
            parts[index] = part.replace(HOLE, f"{{{name}}}")
    return "/" + "/".join(parts), made


def _name(above: str) -> str:
    word = re.sub(r"[^A-Za-z0-9]+", "_", above).strip("_")
    if not word or HOLE in above or _VERSION.match(above):
        return "id"
    return f"{_singular(word)}_id"


def _singular(word: str) -> str:
    if re.search(r"(?:ss|us|sis)\Z", word):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return re.sub(r"(?<=ss|us|ch|sh)es\Z|(?<=[xz])es\Z|s\Z", "", word, count=1)


def same_holes(path: str) -> list[str]:
    """Give the parts of a path without the names of its holes, to compare two templates."""
    return re.sub(r"\{[^{}]*\}", HOLE, path).split("/")
