"""What recording needs beside reading: the judge that keeps a redacted body as valid, summaries, scans."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from contracts.errors import ConfigError, ContractsError
from contracts.interactions import (
    Faults,
    Judge,
    Kept,
    Known,
    Leak,
    Opened,
    Store,
    allowance_of,
    is_log,
    is_traffic,
    leaks,
    leaks_of_log,
    load_cassette,
)
from contracts.model import Json, Pointer
from contracts.schema import Engine, compile_schema
from contracts.secret import Secret
from contracts.spec import Operation, Provider, Spec, load
from contracts.text import safe_text
from contracts.validate import choose


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
    """Give the store of a provider's recordings: below the user's `specs/<id>`, made on the first write.

    The keys of the provider that the environment holds are among its secrets, whichever door writes.
    """
    folder = home or provider.root / "specs" / provider.id
    own = provider.manifest.secrets(os.environ)
    return Store(provider, folder, judge_of(provider.spec), (*secrets, *own), places)


def refuse_unmet(stores: Iterable[Store], places: Iterable[str]) -> None:
    """Refuse a place that was to be replaced and stands in no body that was kept; ConfigError."""
    met = {place for one in stores for place in one.met}
    for place in places:
        if place not in met:
            raise ConfigError(
                f"--place {safe_text(place, 80)}: nothing stands there in any answer, so nothing was"
                " replaced; it is written as in /tasks/*/account_name"
            )


def summary(kept: Iterable[Kept], here: Path) -> Iterator[str]:
    """Say what became of each interaction, a line each, and count the outcomes."""
    counts: Counter[str] = Counter()
    for one in kept:
        counts[one.outcome] += 1
        near = one.path and one.path.is_relative_to(here)
        yield str(replace(one, path=one.path.relative_to(here)) if one.path and near else one)
    yield ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items())) or "nothing to keep"


def scan_files(
    files: Iterable[Opened], root: Path, secrets: Iterable[Secret]
) -> Iterator[tuple[str, tuple[Leak, ...]]]:
    """Yield the name of every file with what may be a secret in it; CassetteError for one that is no file."""
    known = Known.of(secrets)
    for file in files:
        if is_log(file) and b"\n" in file.head.strip():
            yield file.name, tuple(leaks_of_log(file, known))
            continue
        data = file.whole()
        yield (
            file.name,
            tuple(
                leaks(
                    data,
                    known,
                    _published(data, file.name, root),
                    accusing=not (is_traffic(file.head) or is_log(file)),
                )
            ),
        )


def _published(data: bytes, name: str, root: Path) -> frozenset[str]:
    """Give the words that the spec of a cassette prints; none for other files."""
    try:
        cassette = load_cassette(data, name)
        provider = load(cassette.provider, root)
    except ContractsError:
        return frozenset()
    it = cassette.interaction
    operation = provider.spec.operation(it.operation)
    status = it.response.status if it.response else 0
    return allowance_of(provider.spec, operation, status).published if operation else frozenset()
