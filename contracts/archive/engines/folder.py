"""The folder of a run: a manifest of its parts, and the result of each, so that nothing is judged twice.

A result is kept under a name made of its part, the part's version and the digest of the job, and is written
whole or not at all; the manifest can be made again from what is there.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from contracts.archive.engines.work import Outcome
from contracts.archive.partial import Partial
from contracts.archive.sources import Part
from contracts.atomic import write_whole
from contracts.errors import ConfigError, ContractsError
from contracts.text import safe_text

FORM: Final = "contracts-archive/1"
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """A part as the manifest has it: `state` is open, done or failed; `key` names its result."""

    part: str
    size: int
    version: str
    key: str
    state: str = "open"
    reason: str = ""
    cpu: float = 0.0


class ArchiveFolder:
    """The manifest and results of one run, or of several with the same job, in a folder."""

    def __init__(
        self,
        path: Path,
        digest: str = "",
        vendors: tuple[str, ...] = (),
        fields: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.path, self.digest, self.vendors, self.fields = path, digest, vendors, fields
        self.entries: dict[str, Entry] = {}

    @classmethod
    def open(cls, path: Path) -> ArchiveFolder:
        """Read a folder that `scan` or `merge` wrote; ConfigError for another one."""
        try:
            value = json.loads((path / MANIFEST).read_bytes())
            if value["format"] != FORM:
                raise ConfigError(
                    f"{path / MANIFEST}: of format {safe_text(str(value['format']), 40)}, not {FORM}"
                )
            found = cls(path, value["digest"], tuple(value["vendors"]), dict(value["fields"]))
            found.entries = {row["part"]: Entry(**row) for row in value["parts"]}
        except FileNotFoundError:
            raise ConfigError(
                f"{path}: no {MANIFEST} is there; name a folder that `contracts archive scan --out` wrote"
            ) from None
        except (ValueError, KeyError, TypeError, RecursionError):
            raise ConfigError(f"{path / MANIFEST}: not a manifest of an archive") from None
        return found

    def plan(self, parts: Iterable[Part]) -> list[Part]:
        """Enter parts, and give those that are still to be judged.

        What an earlier run of the same job judged stays, also of parts that are not there any more.
        """
        if (self.path / MANIFEST).is_file():
            before = ArchiveFolder.open(self.path)
            same = before.digest == self.digest
            self.entries = {name: one for name, one in before.entries.items() if same and one.state == "done"}
        todo = []
        for part in parts:
            key = part.key(self.digest)
            known = self.entries.get(part.name)
            done = self._file(key).is_file() and self._partial(key) is not None
            cpu = known.cpu if known and known.key == key else 0.0
            self.entries[part.name] = Entry(
                part.name, part.size, part.version, key, "done" if done else "open", cpu=cpu
            )
            if not done:
                todo.append(part)
        return todo

    def keep(self, outcome: Outcome) -> None:
        """Write the result of a part; OSError where there is no room."""
        part = outcome.part
        key = part.key(self.digest)
        if not outcome.reason:
            write_whole(self._file(key), gzip.compress(outcome.data, 6, mtime=0))
        self.entries[part.name] = Entry(
            part.name, part.size, part.version, key,
            "failed" if outcome.reason else "done", outcome.reason, round(outcome.cpu, 3),
        )  # fmt: skip

    def write(self) -> None:
        """Write the manifest."""
        parts = [asdict(one) for _, one in sorted(self.entries.items())]
        value = {
            "format": FORM,
            "digest": self.digest,
            "vendors": self.vendors,
            "fields": dict(self.fields),
            "parts": parts,
        }
        write_whole(self.path / MANIFEST, json.dumps(value, indent=1).encode() + b"\n")

    def results(self) -> Iterator[Partial]:
        """Yield the result of each part; one that failed, or whose result is gone, says only why."""
        for _, one in sorted(self.entries.items()):
            found = self._partial(one.key) if one.state == "done" else None
            if found is not None:
                yield found
            elif one.state != "open":
                yield Partial.broken(one.part, one.reason or "its result is not in the folder any more")

    @property
    def open_parts(self) -> int:
        """How many parts were not judged yet."""
        return sum(one.state == "open" for one in self.entries.values())

    def _file(self, key: str) -> Path:
        return self.path / "parts" / f"{key}.json.gz"

    def _partial(self, key: str) -> Partial | None:
        try:
            return Partial.load(gzip.decompress(self._file(key).read_bytes()))
        except (OSError, EOFError, ContractsError):
            return None

    def raw(self, one: Entry) -> bytes:
        """Give the file of a result as it is."""
        return self._file(one.key).read_bytes()

    def take(self, one: Entry, data: bytes) -> None:
        """Enter a part of another folder with its result."""
        if one.state == "done":
            write_whole(self._file(one.key), data)
        self.entries[one.part] = one


def combine(folders: Iterable[Path], out: Path) -> ArchiveFolder:
    """Put the parts of several folders into one; a part that is in two of them counts once.

    ConfigError for folders that were judged by other documents or settings, and for two contents of a part.
    """
    total: ArchiveFolder | None = None
    for path in folders:
        one = ArchiveFolder.open(path)
        total = total or ArchiveFolder(out, one.digest, one.vendors, one.fields)
        if one.digest != total.digest:
            raise ConfigError(
                f"{path}: judged by other documents, settings or options than the folders before it"
            )
        for name, entry in one.entries.items():
            known = total.entries.get(name)
            if known and known.version != entry.version:
                raise ConfigError(
                    f"{path}: {safe_text(name, 120)} is another file than in a folder before it"
                )
            if known is None or known.state != "done":
                total.take(entry, one.raw(entry) if entry.state == "done" else b"")
    assert total is not None, "click asks for one folder at least"
    total.write()
    return total
