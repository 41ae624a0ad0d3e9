"""Bodies out of the spec itself: error answers, generated payloads, and the judge that lets them pass."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, Final

from contracts.errors import ContractsError
from contracts.generate import plan, sample
from contracts.model import Json, Pointer
from contracts.schema import Engine, compile_schema
from contracts.spec import Operation, Spec

_SAID: Final = ("message", "msg", "error", "detail")
_SAMPLES: Final = 12


class Bodies:
    """Generates and judges payloads of one spec; schemas are compiled and samples drawn once."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self._engines: dict[str, Engine] = {}
        self._samples: dict[str, tuple[Json, ...]] = {}

    def schema(self, operation: Operation, status: int) -> tuple[str, Pointer | None]:
        """Give the first media type of a status and its schema's place, as far as they are documented."""
        documented = operation.response(status)
        return next(iter(documented.content.items()), ("", None)) if documented else ("", None)

    def fits(self, at: Pointer, value: Json) -> bool:
        """Whether a value is valid at a schema's place."""
        key = str(at)
        if key not in self._engines:
            self._engines[key] = compile_schema(None, root=self.spec.document, pointer=key)
        return self._engines[key].is_valid(value)

    def samples(self, at: Pointer) -> tuple[Json, ...]:
        """Give a few valid payloads of a schema, the plainest first; none when it cannot be generated."""
        key = str(at)
        if key not in self._samples:
            try:
                found = tuple(islice(sample(plan(root=self.spec.document, pointer=key), _SAMPLES), _SAMPLES))
            except ContractsError:
                found = ()
            self._samples[key] = found
        return self._samples[key]

    def likeliest(self, at: Pointer, described: Pointer) -> Json:
        """Give an example that a body's description has and its schema takes, else the plainest payload."""
        candidates = (*self._examples(described), *self.samples(at))
        return next((value for value in candidates if self.fits(at, value)), {})

    def items(self, at: Pointer | None, way: tuple[str, ...]) -> tuple[Json, ...]:
        """Give generated items: the samples of the schema at the end of `way` below an answer's."""
        for step in way if at else ():
            node, here = self.spec.resolve(at)  # type: ignore[arg-type]
            if not isinstance(node, dict) or step not in node:
                return ()
            at = here / step
        return self.samples(at) if at and way else ()

    def error(self, operation: Operation, status: int, said: str) -> Json:
        """Give an error body as documented, with a sentence where it has room for one; None for no body."""
        documented = operation.response(status)
        at = self.schema(operation, status)[1]
        if documented is None:
            return {"error": said}
        if at is None:
            return None
        best = self.likeliest(at, documented.pointer)
        return self._worded(best, said, at) if isinstance(best, dict) else best

    def _worded(self, body: dict[str, Json], said: str, at: Pointer) -> Json:
        for name in _SAID:
            if isinstance(body.get(name), str) and self.fits(at, changed := body | {name: said}):
                return changed
        return body

    def _examples(self, response: Pointer) -> Iterator[Json]:
        node, _ = self.spec.resolve(response)
        for media in (node.get("content") or {}).values() if isinstance(node, dict) else ():
            yield from _given(media)
            schema = media.get("schema") if isinstance(media, dict) else None
            if isinstance(schema, dict) and isinstance(schema.get("$ref"), str):
                yield from _given(Pointer.parse(schema["$ref"][1:]).resolve(self.spec.document))


def _given(node: Any) -> Iterator[Json]:
    if isinstance(node, dict) and "example" in node:
        yield node["example"]
    examples = node.get("examples") if isinstance(node, dict) else None
    if isinstance(examples, dict):
        yield from (one["value"] for one in examples.values() if isinstance(one, dict) and "value" in one)
    elif isinstance(examples, list):
        yield from examples


def unread(operation: Operation) -> str:
    """Say why no successful answer of an operation can be made; "" where one can, or none is described."""
    given = [one.aside for status, one in operation.responses.items() if status.startswith(("2", "d"))]
    return operation.aside or (given[0] if given and all(given) else "")
