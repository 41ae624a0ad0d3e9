"""Payloads on disk: the same schema gives the same ones, and making them takes seconds.

A file is named by a digest of the schema, with all that it refers to, and of the code that makes payloads.
It is in the user's cache folder; deleting it is safe, and what cannot be read is made anew.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import lru_cache, partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from contracts import generate
from contracts.atomic import cache_folder, write_whole
from contracts.consumers.samples import Kind, Sample
from contracts.generate import Plan
from contracts.model import Json

FOLDER: Final = "payloads"
MOST: Final = 60
"""How many files are kept, the newest."""
_memory: dict[tuple[int, str], tuple[Plan, Any]] = {}
_T = TypeVar("_T")


def stored(plan: Plan, name: str, make: Callable[[], Iterable[Sample]]) -> tuple[Sample, ...]:
    """Give the samples of a plan under a name: from memory, from disk, or made now and kept."""

    def read(document: Any) -> tuple[Sample, ...]:
        return tuple(map(_sample, document))

    return _kept(plan, name, lambda: tuple(make()), lambda found: list(map(_document, found)), read)


def stored_covering(plan: Plan) -> generate.Covering:
    """Give the covering set of a plan, in the same way; GenerationError as in generate.covering."""
    return _kept(plan, "covering", partial(generate.covering, plan), asdict, _covering)


def _kept(
    plan: Plan, name: str, make: Callable[[], _T], write: Callable[[_T], Json], read: Callable[[Json], _T]
) -> _T:
    known = _memory.get((id(plan), name))
    if known is not None and known[0] is plan:
        return cast("_T", known[1])
    file = _file(plan, name)
    found = _read(file, read)
    if found is None:
        found = make()
        _write(file, found, write)
    if len(_memory) >= MOST:
        _memory.clear()
    _memory[id(plan), name] = (plan, found)
    return found


def _file(plan: Plan, name: str) -> Path:
    return cache_folder() / FOLDER / f"{_digest(plan)}-{name}.json"


@lru_cache(maxsize=32)
def _digest(plan: Plan) -> str:
    subject = plan.subject
    schema = json.dumps([subject.document, subject.pointer, plan.direction], default=str)
    return hashlib.sha256(f"{_code()} {schema}".encode("utf-8", "surrogatepass")).hexdigest()[:24]


@lru_cache(maxsize=1)
def _code() -> str:
    """Tell versions of the code that makes payloads apart: its files, and those of Hypothesis."""
    root = Path(__file__).parents[1]
    files = [*sorted((root / "generate").rglob("*.py")), *sorted(Path(__file__).parent.glob("s*.py"))]
    stats = [(file.relative_to(root).as_posix(), file.stat()) for file in files]
    return f"{_hypothesis()} {[(name, one.st_size, one.st_mtime_ns) for name, one in stats]}"


def _hypothesis() -> str:
    try:
        return version("hypothesis")
    except PackageNotFoundError:
        return ""


def _read(file: Path, read: Callable[[Json], _T]) -> _T | None:
    try:
        return read(json.loads(file.read_text("ascii")))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(file: Path, found: _T, write: Callable[[_T], Json]) -> None:
    try:
        text = json.dumps(write(found))
    except (ValueError, RecursionError):
        return
    with contextlib.suppress(OSError):
        write_whole(file, text.encode("ascii"), mode=0o600)
        files = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in files[MOST:]:
            old.unlink(missing_ok=True)


def _document(one: Sample) -> dict[str, Json]:
    body = None if one.body is None else base64.b64encode(one.body).decode("ascii")
    names = ("label", "value", "valid", "base", "same", "refusable")
    plain = {name: getattr(one, name) for name in names}
    return {**plain, "kind": str(one.kind), "points": one.points, "words": one.words, "body": body}


def _sample(document: dict[str, Any]) -> Sample:
    body = document["body"]
    read = {
        "kind": Kind(document["kind"]),
        "points": tuple(document["points"]),
        "words": tuple(document["words"]),
        "body": None if body is None else base64.b64decode(body),
    }
    return Sample(**document | read)


def _covering(document: Any) -> generate.Covering:
    payloads = tuple(generate.Payload(one["value"], tuple(one["points"])) for one in document["payloads"])
    missing, infeasible = ([(at, why) for at, why in document[name]] for name in ("missing", "infeasible"))
    return generate.Covering(
        payloads, int(document["total"]), tuple(missing), tuple(document["notices"]), tuple(infeasible)
    )
