"""What the expansion of schemas needs of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from contracts.generate.canonical.constraints import Lit
from contracts.model import Json


class Book(Protocol):
    """What expansion needs of a plan: schemas by number, numbers for schemas, a place for notices."""

    def schema(self, lit: Lit) -> Json: ...  # noqa: D102
    def sub(self, parent: Lit, schema: Json) -> Lit: ...  # noqa: D102
    def target(self, parent: Lit, keyword: str) -> Lit: ...  # noqa: D102
    def narrowed(self, parent: Lit, sub: Json, name: str, words: tuple[str, ...]) -> Lit: ...  # noqa: D102
    def either(self, lits: tuple[Lit, ...]) -> Lit: ...  # noqa: D102
    def other_name(self, names: Iterable[str], patterns: Iterable[str], lit: Lit) -> Iterator[str]: ...  # noqa: D102
    def matching_name(self, pattern: str) -> Iterator[str]: ...  # noqa: D102
    def notice(self, text: str) -> None: ...  # noqa: D102
    def writable(self, schema: Json) -> bool: ...  # noqa: D102
    def spend(self) -> None: ...  # noqa: D102
    def branches(self, lit: Lit) -> tuple[Lit, ...] | None: ...  # noqa: D102
