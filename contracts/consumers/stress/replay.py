"""Reduced failures kept as files, so that they run first next time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.atomic import write_whole
from contracts.errors import GenerationError
from contracts.model import Json
from contracts.text import safe_text

_FORMAT = "pytest-contracts/replay/1"


@dataclass(frozen=True, slots=True)
class Replay:
    """One failure to run again: for whom, under which law, with which payload, found at which points."""

    consumer: str
    provider: str
    law: str
    value: Json
    points: tuple[str, ...] = ()
    note: str = ""

    @property
    def file_name(self) -> str:
        """Name the file after the law and the payload: the same failure found twice is one file."""
        text = json.dumps([self.consumer, self.provider, self.law, self.value], sort_keys=True)
        law = (
            "".join(char if char.isalnum() and char.isascii() else "-" for char in self.law).strip("-")[:40]
            or "failure"
        )
        return f"{law}-{hashlib.sha256(text.encode()).hexdigest()[:10]}.json"


def save(folder: Path, replay: Replay) -> Path:
    """Write a replay file whole or not at all; give its path."""
    body = {
        "format": _FORMAT,
        "consumer": replay.consumer,
        "provider": replay.provider,
        "law": replay.law,
        "note": replay.note,
        "points": list(replay.points),
        "value": replay.value,
    }
    path = folder / replay.file_name
    write_whole(path, f"{json.dumps(body, indent=1, ensure_ascii=True)}\n".encode())
    return path


def load(folder: Path) -> Iterator[tuple[Path, Replay]]:
    """Yield the replay files of a folder by name; GenerationError names a file that is not one."""
    for path in sorted(folder.glob("*.json")):
        yield path, read(path)


def read(path: Path) -> Replay:
    """Read one replay file; GenerationError says what is wrong with it."""
    try:
        body = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or body.get("format") != _FORMAT or "value" not in body:
        raise GenerationError(f"{safe_text(str(path))}: not a replay file; delete it or write it anew")
    points = tuple(str(point) for point in body.get("points") or ())
    return Replay(
        consumer=str(body.get("consumer", "")),
        provider=str(body.get("provider", "")),
        law=str(body.get("law", "")),
        value=body["value"],
        points=points,
        note=str(body.get("note", "")),
    )
