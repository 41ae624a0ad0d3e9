"""The waivers of a finding, found by the parts of its place rather than tried one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from contracts.model import Finding
from contracts.policy.waivers import Waiver, place

_FIRST, _LAST, _INSIDE = range(3)


@dataclass(slots=True)
class _Node:
    """What the places of waivers go on with behind the same first parts."""

    plain: dict[str, _Node] = field(default_factory=dict)
    loose: dict[tuple[int, int], dict[str, dict[str, tuple[list[str], _Node]]]] = field(default_factory=dict)
    """Parts with a `*`: by where the longest text between them stands and its length, then by that text."""
    ending: list[int] = field(default_factory=list)
    under: list[int] = field(default_factory=list)
    """Waivers for all that is here and below."""

    def grown(self, part: str) -> _Node:
        """Give the node behind a part of a waiver's place, made where it is missing."""
        if "*" not in part:
            return self.plain.setdefault(part, _Node())
        texts = part.split("*")
        longest = max(texts, key=len)
        where = _FIRST if longest == texts[0] else _LAST if longest == texts[-1] else _INSIDE
        alike = self.loose.setdefault((where, len(longest)), {}).setdefault(longest, {})
        return alike.setdefault(part, (texts, _Node()))[1]

    def after(self, part: str) -> Iterator[_Node]:
        """Yield the nodes behind a part of a finding's place."""
        if part in self.plain:
            yield self.plain[part]
        for (where, length), alike in self.loose.items():
            for text in _windows(part, where, length):
                for texts, node in alike.get(text, {}).values():
                    if _fits(part, texts):
                        yield node


def _windows(part: str, where: int, length: int) -> Iterable[str]:
    """Give each text of a length that a part has at its beginning, at its end or anywhere."""
    if where == _INSIDE:
        return {part[at : at + length] for at in range(len(part) - length + 1)}
    return (part[:length] if where == _FIRST else part[max(0, len(part) - length) :],)


def _fits(part: str, texts: list[str]) -> bool:
    """Whether a part begins and ends with the first and last text, and has the others between, in order."""
    first, *inner, last = texts
    at, end = len(first), len(part) - len(last)
    if at > end or not (part.startswith(first) and part.endswith(last)):
        return False
    for text in inner:
        at = part.find(text, at, end)
        if at < 0:
            return False
        at += len(text)
    return True


class Index:
    """Waivers as trees of the parts of their places: one by rule, and by whether a message part is named."""

    def __init__(self, waivers: Iterable[Waiver]) -> None:
        self._waivers = tuple(waivers)
        self._trees: dict[tuple[str, bool], _Node] = {}
        for number, one in enumerate(self._waivers):
            node = self._trees.setdefault((one.rule, one.names_part), _Node())
            for part in one.place.removesuffix("/**").split("/"):
                node = node.grown(part)
            (node.under if one.place.endswith("/**") else node.ending).append(number)

    def covering(self, finding: Finding) -> list[Waiver]:
        """Give the waivers that cover a finding, in their order."""
        where = place(finding)
        trees = ((where, (finding.rule, True)), (_bare(where), (finding.rule, False)))
        found = {n for at, key in trees if key in self._trees for n in _reached(self._trees[key], at)}
        return [self._waivers[n] for n in sorted(found)]


def _reached(tree: _Node, where: str) -> Iterator[int]:
    nodes = [tree]
    for part in where.split("/"):
        nodes = [behind for node in nodes for behind in node.after(part)]
        for node in nodes:
            yield from node.under
    for node in nodes:
        yield from node.ending


def _bare(where: str) -> str:
    """Write a place without the part of the message: what a waiver that names none fits."""
    head = where.split("/")
    return "/".join([*head[:2], *(part.partition(":")[0] for part in head[2:3]), *head[3:]])
