"""Texts that are too long for some patterns of a spec, which are then not looked for in them.

Such a text is taken to match. Where taking more means refusing more (`not`, `oneOf`, a condition,
`contains`), a fault at the text or above it is not certain, and is left out; the pattern is named as not
judged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from contracts.model import Json, Pointer
from contracts.patterns import LONGEST, quadratic
from contracts.schema import reachable
from contracts.spec import Spec
from contracts.text import safe_pointer

UNSURE: Final = frozenset({"not", "oneOf", "if", "then", "else", "contains", "maxContains", "propertyNames"})


class Overlong:
    """The patterns that can be reached from a schema and are not looked for in long texts."""

    def __init__(self, spec: Spec, schema: Pointer) -> None:
        self._spec, self._schema = spec, schema

    @cached_property
    def patterns(self) -> tuple[Pointer, ...]:
        """Where these patterns stand."""
        return tuple(
            at
            for at, node in reachable(self._spec, self._schema, set())
            for pattern in (node.get("pattern"), *(node.get("patternProperties") or ()))
            if isinstance(pattern, str) and quadratic(pattern)
        )

    def places(self, value: Json) -> list[Pointer]:
        """Give the places of texts and names of a value that are too long for these patterns."""
        return list(_long(value)) if self.patterns else []

    def said(self, value: Json) -> Iterator[str]:
        """Name each of these patterns, where a value holds such a text, with the first of them."""
        if places := self.places(value):
            first = safe_pointer(str(places[0])) or "/"
            for at in dict.fromkeys(self.patterns):
                yield (
                    f"{self._spec.line(at)}: {safe_pointer(str(at))}: its pattern is not looked for in "
                    f"a text of more than {LONGEST:,} characters: {first}"
                )


def _long(value: Json) -> Iterator[Pointer]:
    """Yield the places of long texts, then of the objects that have long names."""
    todo: deque[tuple[Pointer, Json]] = deque([(Pointer(), value)])
    named: list[Pointer] = []
    while todo:
        at, one = todo.popleft()
        if isinstance(one, str):
            yield from (at,) if len(one) > LONGEST else ()
        elif isinstance(one, dict):
            named += (at for name in one if len(name) > LONGEST)
            todo += ((at / name, item) for name, item in one.items())
        elif isinstance(one, list):
            todo += ((at / index, item) for index, item in enumerate(one))
    yield from named
