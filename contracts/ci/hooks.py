"""Checks before a commit: `python -m contracts.ci.hooks specs|cassettes|waivers FILE...`.

Each looks at the given files only and imports no more than it needs, so that 500 files take less than a
second. Exit code 1 when something must be mended, one line each.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from contracts.check import guarded
from contracts.errors import ContractsError
from contracts.text import safe_text


def specs(files: Iterable[Path], _: date) -> Iterator[str]:
    """Check manifests, documents and overlays for syntax, and upstream documents against their digests."""
    from contracts.spec import read_document

    given = sorted(files)

    def readable(path: Path) -> Iterator[str]:
        read_document(str(path), path.read_bytes())
        yield from ()

    for home in sorted({home for path in given if (home := _home(path))}):
        yield from _complaints(_upstream, home)
    for path in given:
        if path.suffix in {".yaml", ".yml"} and path.parent.name != "upstream":
            yield from _complaints(readable, path)


def _home(path: Path) -> Path | None:
    """Find the provider's folder: the nearest that holds a manifest."""
    return next((folder for folder in path.parents[:4] if (folder / "provider.toml").is_file()), None)


def _upstream(home: Path) -> Iterator[str]:
    import hashlib

    from contracts.spec import read_manifest

    for one in read_manifest(home / "provider.toml", str(home / "provider.toml")).upstream:
        path = home / one.file
        if not path.is_file():
            yield f"{path}: missing, though provider.toml names it"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != one.sha256:
            yield f"{path}: not the bytes that provider.toml names; it is kept as the vendor sent it"


def cassettes(files: Iterable[Path], _: date) -> Iterator[str]:
    """Check recordings: readable, in canonical form, and free of what looks like a secret."""
    from contracts.interactions import dump, leaks, load_cassette

    def one(path: Path) -> Iterator[str]:
        data = path.read_bytes()
        if dump(load_cassette(path)) != data:
            yield f"{path}: not in canonical form; write it again with: contracts import FILE --provider NAME"
        yield from (f"{path}: {leak}" for leak in leaks(data))

    for path in sorted(files):
        yield from _complaints(one, path)


def waivers(files: Iterable[Path], today: date) -> Iterator[str]:
    """Check waivers: readable, none ended, none too far ahead."""
    from contracts.policy import check_dates, read_waivers

    def one(path: Path) -> Iterator[str]:
        found = read_waivers(path)
        check_dates(found, today)
        yield from (
            f"{each.origin}: the waiver for {safe_text(each.rule, 60)} ended on {each.until}"
            for each in found
            if each.until < today
        )

    for path in sorted(files):
        yield from _complaints(one, path)


def _complaints(check: Callable[[Path], Iterable[str]], path: Path) -> Iterator[str]:
    """Turn what a reader refuses into one line, and go on with the next file."""
    try:
        yield from check(path)
    except (ContractsError, OSError) as error:
        yield str(error)


CHECKS: Final = {"specs": specs, "cassettes": cassettes, "waivers": waivers}


def main(arguments: Sequence[str], today: date) -> int:
    """Run one check over files and print what must be mended."""
    if not arguments or arguments[0] not in CHECKS:
        sys.stderr.write(f"contracts.ci.hooks: name one of {', '.join(CHECKS)}\n")
        return 2
    found = False
    for line in CHECKS[arguments[0]](map(Path, arguments[1:]), today):
        found = True
        sys.stdout.write(f"{safe_text(line, 400)}\n")
    return int(found)


if __name__ == "__main__":
    sys.exit(guarded(lambda: main(sys.argv[1:], datetime.now(UTC).date()), print))
