"""From interactions to cassettes in the user's folder: redacted, named, written, and said.

The judgement of bodies comes in as an argument, since validation is a higher room.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote

from contracts.decode import decode
from contracts.errors import CassetteError
from contracts.interactions.formats import Cassette, load_cassette, renamed
from contracts.interactions.redaction import Faults, allowance_of, carried, redacted
from contracts.interactions.write import cassette_path, save
from contracts.model import Interaction, Json, Pointer, Response, Source
from contracts.secret import Secret, secret_name
from contracts.spec import Operation, Provider
from contracts.text import plural, safe_text

Judge: TypeAlias = Callable[[Operation, int, str], Faults | None]
"""Gives what judges the bodies of an operation, status and media type; None where there is no schema."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one interaction: `outcome` is written, unchanged, again, refused or left."""

    outcome: str
    name: str
    path: Path | None = None
    reason: str = ""
    redacted: int = 0
    dropped: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Say it in one line."""
        where = self.path.as_posix() if self.path else self.name
        hidden = f"; {plural(self.redacted, 'place')} redacted" if self.redacted else ""
        names = f"; dropped {', '.join(self.dropped)}" if self.dropped and self.outcome == "written" else ""
        why = f": {self.reason}" if self.reason else ""
        return (
            f"{self.outcome:<9} {safe_text(where, 200)}{safe_text(why, 300)}{hidden}{safe_text(names, 300)}"
        )


@dataclass(slots=True)
class Store:
    """Writes the recordings of one provider below `home`; one per run, so that duplicates are seen.

    `met` are those of the `places` that stand in a body that was kept.
    """

    provider: Provider
    home: Path
    judge: Judge
    secrets: tuple[Secret, ...] = ()
    places: tuple[str, ...] = ()
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    seen: dict[tuple[object, ...], str] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)

    def keep(self, interaction: Interaction, note: str = "") -> Kept:
        """Redact and write one interaction; never raises for what the interaction holds."""
        name = safe_text(interaction.name or "interaction")
        if interaction.response is None:
            return Kept("left", name, reason=interaction.failure or "nothing came back")
        if interaction.response.missing:
            return Kept("left", name, reason=f"its body: {interaction.response.missing}")
        if not self.provider.spec.router.serves(interaction.request.url):
            return Kept("left", name, reason=f"its host is no server of {self.provider.id}")
        found = self.provider.spec.find(interaction.request.method, interaction.request.url)
        operation = found[0] if found else None
        if operation is None:
            return Kept("left", name, reason="no operation of the spec matches its method and path")
        try:
            return self._keep(interaction, operation, note, self._secrets(interaction, operation))
        except CassetteError as problem:
            return Kept("refused", name, reason=str(problem))

    def _secrets(self, interaction: Interaction, operation: Operation) -> tuple[Secret, ...]:
        """Give the secrets to look for: the ones told, and what stands in the path under a secret's name."""
        captured = self.provider.spec.captured(operation, interaction.request.url)
        in_path = (unquote(text) for name, text in captured.items() if secret_name(name))
        return (*self.secrets, *(Secret(text, "the path") for text in in_path if text))

    def _keep(
        self, interaction: Interaction, operation: Operation, note: str, secrets: tuple[Secret, ...]
    ) -> Kept:
        assert interaction.response is not None
        media = (interaction.response.header("content-type") or "").partition(";")[0].strip().lower()
        faults = self.judge(operation, interaction.response.status, media)
        allowed = allowance_of(
            self.provider.spec, operation, interaction.response.status, faults=faults, places=self.places
        )
        self.met.update(
            one for one in self.places if one not in self.met and _stands(one, interaction.response)
        )
        dated = replace(interaction, operation=operation.alias, recorded_at=self._moment(interaction))
        cassette = self._unique(redacted(dated, self.provider.id, allowed, secrets, note=note))
        path = cassette_path(self.home, cassette)
        told = {"redacted": len(cassette.redacted), "dropped": cassette.dropped}
        identity = _identity(cassette)
        if identity in self.seen:
            return Kept("again", _name(cassette), reason=f"the same as {self.seen[identity]}")
        self.seen[identity] = _name(cassette)
        old = _old(path)
        save(
            cassette,
            self.home,
            (*secrets, *map(_carried, carried(interaction, allowed.carriers))),
            allowed.published,
        )
        same = old is not None and _identity(old) == identity
        return Kept("unchanged" if same else "written", path.name, path, **told)  # type: ignore[arg-type]

    def _unique(self, cassette: Cassette) -> Cassette:
        """Give a free name to a situation that this run has written already; nothing is replaced."""
        alias, name, count = cassette.interaction.operation, cassette.interaction.name, 1
        identity = _identity(cassette)
        while _name(cassette) in self.seen.values() and identity not in self.seen:
            count += 1
            cassette = renamed(cassette, f"{name}-{count}", alias)
        return cassette

    def _moment(self, interaction: Interaction) -> str:
        if interaction.recorded_at or interaction.source in {Source.CONSTRUCTED, Source.DOCUMENTATION}:
            return interaction.recorded_at
        return self.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def keep_all(self, interactions: Iterable[Interaction], note: str = "") -> tuple[Kept, ...]:
        """Keep several, in order."""
        return tuple(self.keep(interaction, note) for interaction in interactions)


def _name(cassette: Cassette) -> str:
    it = cassette.interaction
    return f"{it.operation}/{it.response.status if it.response else 0}-{it.name}"


def _stands(place: str, response: Response) -> bool:
    """Whether a wildcard pointer leads to something in a body."""
    if not place.startswith("/"):
        return False
    found: list[Json] = [decode(response.body, max_bytes=len(response.body) + 1).value]
    for token in map(str, Pointer.parse(place)):
        found = [below for one in found for below in _below(one, token)]
    return bool(found)


def _below(value: Json, token: str) -> list[Json]:
    if isinstance(value, list):
        return value if token == "*" else []
    return [value[token]] if isinstance(value, dict) and token in value else []


def _carried(value: str) -> Secret:
    return Secret(value, "the request")


def _old(path: Path) -> Cassette | None:
    try:
        return load_cassette(path)
    except CassetteError:
        return None


def _identity(cassette: Cassette) -> tuple[object, ...]:
    """Give what makes two recordings the same, whenever they were made and whatever they are called."""
    it = cassette.interaction
    assert it.response is not None
    body = hashlib.sha256(it.response.body).digest()  # a whole log's bodies would fill the memory
    headers = tuple(sorted((name.lower(), value) for name, value in it.response.headers))
    return (
        it.operation,
        it.request.method,
        it.request.url,
        it.response.status,
        headers,
        body,
        it.sequence,
    )
