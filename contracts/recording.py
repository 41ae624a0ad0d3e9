"""What recording needs of validation: the judge that keeps a redacted body as valid as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from contracts.interactions.allowance import Faults
from contracts.interactions.store import Judge, Store
from contracts.model import Json, Pointer
from contracts.secret import Secret
from contracts.spec import Operation, Provider, Spec
from contracts.validate.engines import Engine, compile_schema
from contracts.validate.media import choose


def judge_of(spec: Spec) -> Judge:
    """Give a judge for the bodies of a spec; schemas are compiled once."""
    engines: dict[str, Engine] = {}

    def judge(operation: Operation, status: int, media: str) -> Faults | None:
        documented = operation.response(status)
        chosen = choose(documented.content, media) if documented else None
        place = documented.content[chosen] if documented and chosen else None
        if place is None:
            return None
        engine = engines.setdefault(str(place), compile_schema(None, root=spec.document, pointer=str(place)))
        return lambda value: _faults(engine, value)

    return judge


def _faults(engine: Engine, value: Json) -> Iterator[tuple[Pointer, str]]:
    return ((fault.pointer, fault.keyword) for fault in engine.faults(value))


def store(
    provider: Provider,
    *,
    secrets: tuple[Secret, ...] = (),
    places: tuple[str, ...] = (),
    home: Path | None = None,
) -> Store:
    """Give the store of a provider's recordings: below the user's `specs/<id>`, made on the first write."""
    folder = home or provider.root / "specs" / provider.id
    return Store(provider, folder, judge_of(provider.spec), secrets, places)
