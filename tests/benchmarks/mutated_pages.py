"""Damage reference pages in every way that pasting and editing do: no traceback, and at most two seconds of work.

Run it from the top of a checkout: python tests/benchmarks/mutated_pages.py [COUNT] [SEED]. Every page of
tests/vendoring/pages, every upstream file of the bundled vendors and every page of a test by kind is damaged in
turn, one to six times over.
"""

from __future__ import annotations

import random
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests/vendoring"))

import test_vendor_copied as copied  # noqa: E402
import test_vendor_hostile as hostile  # noqa: E402
import test_vendor_kinds as by_kind  # noqa: E402

LIMIT = 2.0
ODD = ["\u00a0", "\u200b", "“", "”", "’", "\t", "|", "`", "```", "{", "}", "[", "]", '"', "<", ">", "\\", "#", "404", "null", "…", ",", ":", "¶",
       "\r", "\x00", "\U0001f600", "required", "string", "array of objects", "GET /x", "https://a.b/{c}", "- ", "    ", "\ud800"]  # fmt: skip
Lines = list[str]


def _drop(lines: Lines, dice: random.Random) -> Lines:
    at = dice.randrange(len(lines))
    return lines[:at] + lines[at + dice.randint(1, 8) :]


def _repeat(lines: Lines, dice: random.Random) -> Lines:
    at, size = dice.randrange(len(lines)), dice.randint(1, 12)
    return lines[:at] + lines[at : at + size] * dice.randint(2, 40) + lines[at:]


def _swap(lines: Lines, dice: random.Random) -> Lines:
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return lines


def _cut(lines: Lines, dice: random.Random) -> Lines:
    return lines[: dice.randrange(len(lines)) + 1]


def _tail(lines: Lines, dice: random.Random) -> Lines:
    return lines[dice.randrange(len(lines)) :]


def _insert(lines: Lines, dice: random.Random) -> Lines:
    at = dice.randrange(len(lines))
    line, place = lines[at], dice.randrange(len(lines[at]) + 1)
    lines[at] = line[:place] + dice.choice(ODD) * dice.choice((1, 1, 1, 3, 200)) + line[place:]
    return lines


def _erase(lines: Lines, dice: random.Random) -> Lines:
    at = dice.randrange(len(lines))
    line, place = lines[at], dice.randrange(len(lines[at]) + 1)
    lines[at] = line[:place] + line[place + dice.randint(1, 6) :]
    return lines


def _join(lines: Lines, dice: random.Random) -> Lines:
    at, size = dice.randrange(len(lines)), dice.randint(2, 6)
    return [*lines[:at], "".join(lines[at : at + size]), *lines[at + size :]]


def _indent(lines: Lines, dice: random.Random) -> Lines:
    at, size = dice.randrange(len(lines)), dice.randint(1, len(lines))
    gap = dice.choice((" ", "  ", "    ", "\t", "> ", "- "))
    return [gap + line if at <= n < at + size else line for n, line in enumerate(lines)]


def _flat(lines: Lines, dice: random.Random) -> Lines:
    return [line.strip() for line in lines if line.strip() or dice.random() < 0.5]


def _case(lines: Lines, dice: random.Random) -> Lines:
    at = dice.randrange(len(lines))
    lines[at] = dice.choice((str.upper, str.lower, str.title))(lines[at])
    return lines


def _shuffle(lines: Lines, dice: random.Random) -> Lines:
    at, size = dice.randrange(len(lines)), dice.randint(2, 20)
    part = lines[at : at + size]
    dice.shuffle(part)
    return lines[:at] + part + lines[at + size :]


WAYS: tuple[Callable[[Lines, random.Random], Lines], ...] = (
    _drop, _repeat, _swap, _cut, _tail, _insert, _insert, _erase, _join, _indent, _flat, _case, _shuffle,
)  # fmt: skip


def pages() -> list[bytes]:
    """Give the pages that are damaged."""
    found = [*(TOP / "tests/vendoring/pages").glob("*/*.txt"), *(TOP / "specs").glob("*/upstream/*.[mt]*")]
    kinds = {**copied.PAGES, **by_kind.PAGES}
    return [file.read_bytes() for file in sorted(found)] + [page.encode() for page, _ in kinds.values()]


def damaged(page: bytes, others: list[bytes], dice: random.Random) -> bytes:
    """Damage a page one to six times; sometimes another page follows it."""
    lines = page.decode("utf-8", "replace").split("\n")
    for _ in range(dice.randint(1, 6)):
        lines = dice.choice(WAYS)(lines, dice) or [""]
    if dice.random() < 0.05:
        lines += dice.choice(others).decode("utf-8", "replace").split("\n")
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def main(count: int, seed: int) -> int:
    """Damage `count` pages and say what came of it; 1 when one ended in a traceback or took too long."""
    sources = pages()
    said: Counter[str] = Counter()
    worst = 0.0
    for number in range(count):
        dice = random.Random(f"{seed}-{number}")
        page = damaged(sources[number % len(sources)], sources, dice)
        try:
            seconds, outcome = hostile.outcome(page, 10)
        except Exception:  # noqa: BLE001 -- whatever it is, it is counted and shown
            said["traceback"] += 1
            print(f"page {number} of seed {seed}:\n{traceback.format_exc(limit=-3)}")
            continue
        worst = max(worst, seconds)
        kind = "late" if seconds > LIMIT else outcome if outcome in {"ok", "escape"} else "one sentence"
        said[kind] += 1
        if kind in {"late", "escape"}:
            print(f"page {number} of seed {seed}: {kind}, {seconds:.2f} s")
    print(f"{count} pages: {dict(said)}, worst {worst:.2f} s")
    return 1 if said["traceback"] or said["late"] or said["escape"] else 0


if __name__ == "__main__":
    words = [int(word) for word in sys.argv[1:]]
    raise SystemExit(main(*(words or [3000]), *([1] if len(words) < 2 else [])))
