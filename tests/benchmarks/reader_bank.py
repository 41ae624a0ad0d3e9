"""How many planted mistakes in readers are told, by what, and how many right readers are accused.

    python -m tests.benchmarks.reader_bank FOLDER [--by diff,suspect,laws,views] [--aside] [--kept FILE]

FOLDER has `correct/<vendor>/<reader>.py` and `faults/<vendor>/<reader>__<fault>.py`, each with a function
`read`, and where needed REFUSES, TAKES, OPERATION and `view`. A third of the faults, by the hash of their
names, is measured with --aside only: nothing is to be tuned to it. A fault is told by a suspicion or a broken
law that the right reader does not show; by views, where its answers depart from the equations that are proposed
for the right reader and confirmed as they are: the mistake comes after the confirmation, as with the diff.
With --kept, what is known of a reader is a line of that file, and a run that was stopped goes on from there.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import sys
from collections import Counter
from collections.abc import Callable
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from contracts.consumers import Consumer, answers, quietly
from contracts.consumers import run as running
from contracts.consumers.behaviour.compare import compare
from contracts.consumers.equations import Equation, departures, proposed
from contracts.consumers.process import reader_of
from contracts.consumers.sources import met_by
from contracts.model import Json
from contracts.spec import load

EXPLORED = 200
"""Random payloads beyond the covering set."""


def loaded(file: Path) -> Consumer:
    name = file.stem
    sys.modules.pop(name, None)
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return Consumer(
        id=f"{name}:read",
        provider=file.parent.name,
        function=module.read,
        refuses=tuple(getattr(module, "REFUSES", ())),
        takes=getattr(module, "TAKES", "json"),
        operation=getattr(module, "OPERATION", ""),
        view=getattr(module, "view", None),
    )


@lru_cache(maxsize=16)
def payloads(vendor: str, operation: str):
    found = answers(load(vendor), operation)
    return found, tuple(running.samples(found, EXPLORED))


def by_diff(good: Path, bad: Path) -> bool:
    one, other = loaded(good), loaded(bad)
    found, samples = payloads(one.provider, one.operation)
    with (
        reader_of(one, [str(good.parent)], good.parent) as base,
        reader_of(other, [str(bad.parent)], bad.parent) as head,
    ):
        return bool(compare(base, head, found, met_by(one, samples)).differences)


@cache
def suspected(file: Path) -> frozenset[str]:
    one = loaded(file)
    with quietly():
        found = running.suspected_of(one, payloads(one.provider, one.operation)[0], EXPLORED)
    return frozenset(f"{each.where} {each.words}" for each in found)


@cache
def broken(file: Path) -> frozenset[str]:
    one = loaded(file)
    with quietly():
        done = running.run_consumer(
            one, payloads(one.provider, one.operation)[0], explore=EXPLORED, write=False
        )
    return frozenset(" ".join(key) for key in done.state.stumbles)


@cache
def answered(file: Path) -> tuple[tuple[Json, Json], ...]:
    one = loaded(file)
    with quietly():
        return running.answered_of(one, payloads(one.provider, one.operation)[1])[0]


@cache
def confirmed(file: Path) -> tuple[Equation, ...]:
    return proposed(answered(file), file.parent.name)


def by_views(good: Path, bad: Path) -> bool:
    equations = confirmed(good)
    return any(any(departures(equations, payload, view, good.parent.name)) for payload, view in answered(bad))


JUDGES: dict[str, Callable[[Path, Path], Any]] = {
    "diff": by_diff,
    "views": by_views,
    "suspect": lambda good, bad: bool(suspected(bad) - suspected(good)),
    "laws": lambda good, bad: bool(
        {key.split()[0] for key in broken(bad)} - {key.split()[0] for key in broken(good)}
    ),
}
OF_RIGHT: dict[str, Callable[[Path], Any]] = {
    "views": lambda file: len(confirmed(file)),
    "suspect": lambda file: sorted(suspected(file)),
    "laws": lambda file: sorted(broken(file)),
}
"""What is counted of a reader that is right."""


class Kept:
    """What was measured, each figure a line of a file, so that a run that was stopped goes on."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        lines = file.read_text().splitlines() if file and file.exists() else []
        self.known: dict[tuple[str, str], Any] = {
            (name, by): value for name, by, value in map(json.loads, lines)
        }

    def get(self, file: Path, by: str, measure: Callable[[], Any]) -> Any:
        """Give what is known by one judge of one file; measure it where nothing is."""
        name = f"{file.parent.name}/{file.stem}"
        if (name, by) not in self.known:
            self.known[name, by] = measure()
            if self.file:
                with self.file.open("a") as out:
                    out.write(json.dumps([name, by, self.known[name, by]]) + "\n")
        return self.known[name, by]


def is_aside(file: Path) -> bool:
    return int(hashlib.sha256(f"{file.parent.name}/{file.stem}".encode()).hexdigest(), 16) % 3 == 0


def of_faults(files: list[Path], judges: list[str], kept: Kept) -> None:
    told = Counter[str]()
    for file in files:
        good = file.parents[2] / "correct" / file.parent.name / f"{file.stem.partition('__')[0]}.py"
        by = [name for name in judges if kept.get(file, name, partial(JUDGES[name], good, file))]
        told.update([*by, *(["together"] if by else [])])
        print(file.parent.name, file.stem, *by or ["not told"], flush=True)
    for name in (*judges, "together"):
        print(f"{name}: told {told[name]} of {len(files)}, {100 * told[name] / len(files):.0f} %")


def of_right(files: list[Path], judges: list[str], kept: Kept) -> None:
    found: dict[str, list[Any]] = {name: [] for name in OF_RIGHT if name in judges}
    for file in files:
        for name, values in found.items():
            value = kept.get(file, name, partial(OF_RIGHT[name], file))
            values.append(value if isinstance(value, int) else len(value))
            if value and not isinstance(value, int):
                print(file.parent.name, file.stem, name, *value, sep="\n  ", flush=True)
    for name, counts in found.items():
        some = sum(map(bool, counts))
        mean = sum(counts) / len(counts)
        print(
            f"right readers, {name}: {mean:.2f} on average, {max(counts)} at most, {some} of {len(counts)} have any"
        )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--by", default=",".join(JUDGES))
    parser.add_argument("--aside", action="store_true")
    parser.add_argument("--kept", type=Path)
    given = parser.parse_args()
    judges, kept = given.by.split(","), Kept(given.kept)
    of_right(sorted((given.folder / "correct").rglob("*.py")), judges, kept)
    faults = sorted((given.folder / "faults").rglob("*.py"))
    of_faults([file for file in faults if is_aside(file) is given.aside], judges, kept)


if __name__ == "__main__":
    main()
