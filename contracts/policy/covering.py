"""The waivers of a finding, found by the parts of its place rather than tried one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from contracts.model import Finding
from contracts.policy.waivers import Waiver, place


@dataclass(slots=True)
class _Node:
    """What the places of waivers go on with behind the same first parts."""

    plain: dict[str, _Node] = field(default_factory=dict)
    loose: dict[int, dict[str, dict[str, tuple[re.Pattern[str], _Node]]]] = field(default_factory=dict)
    """Parts with a `*`, each compiled once: by the length of what stands before it, then by that."""
    ending: list[int] = field(default_factory=list)
    under: list[int] = field(default_factory=list)
    """Waivers for all that is here and below."""

    def grown(self, part: str) -> _Node:
        """Give the node behind a part of a waiver's place, made where it is missing."""
        if "*" not in part:
            return self.plain.setdefault(part, _Node())
        before = part[: part.index("*")]
        alike = self.loose.setdefault(len(before), {}).setdefault(before, {})
        if part not in alike:
            alike[part] = (_glob(part), _Node())
        return alike[part][1]

    def after(self, part: str) -> Iterator[_Node]:
        """Yield the nodes behind a part of a finding's place."""
        if part in self.plain:
            yield self.plain[part]
        for length, beginnings in self.loose.items():
            for pattern, node in beginnings.get(part[:length], {}).values():
                if pattern.fullmatch(part):
                    yield node


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


def _glob(part: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, part.split("*"))), re.DOTALL)
