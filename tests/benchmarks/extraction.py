"""Measure the extractors: recall and precision per platform, and the work that hostile pages cost.

Run it from the top of a checkout: python tests/benchmarks/extraction.py [--hostile] [FOLDER]
FOLDER holds one folder per platform, in it pages (*.txt) with facts beside them (*.facts); the bundled ones by
default. `--misses` lists every fact that is missing or made up.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "vendoring"
sys.path.insert(0, str(HERE))

import page_facts  # noqa: E402
import test_vendor_hostile as hostile  # noqa: E402

from contracts.errors import ContractsError  # noqa: E402
from contracts.vendoring import extract  # noqa: E402


def measured(folder: Path, *, misses: bool) -> Iterator[str]:
    """Yield a line per platform."""
    for platform in sorted(p for p in folder.iterdir() if p.is_dir()):
        wanted = found = both = pages = 0
        for file in sorted(platform.glob("*.txt")):
            facts = page_facts.written(file.with_suffix(".facts").read_text("utf-8"))
            try:
                read = extract(file.read_bytes(), file.name)
            except ContractsError as error:
                yield f"  {error}"
                wanted, pages = wanted + len(facts), pages + 1
                continue
            if read.platform != platform.name:
                yield f"  {file.name}: taken for {read.platform}"
            got = page_facts.extracted(read.document)
            wanted, found, both, pages = (
                wanted + len(facts),
                found + len(got),
                both + len(facts & got),
                pages + 1,
            )
            if misses:
                yield from (f"  {file.stem}: missing {f}" for f in sorted(facts - got, key=str))
                yield from (f"  {file.stem}: made up {f}" for f in sorted(got - facts, key=str))
        recall, precision = both / max(wanted, 1), both / max(found, 1)
        yield f"{platform.name}: {pages} pages, {wanted} facts, recall {recall:.1%}, precision {precision:.1%}"


def worked() -> Iterator[str]:
    """Yield a line per hostile page that takes more than half a second of work, and the worst."""
    rows = [(*hostile.outcome(data, 10), name) for name, data in hostile.CASES.items()]
    yield from (
        f"  {name}: {seconds:.2f} s, {said[:80]}" for seconds, said, name in sorted(rows) if seconds > 0.5
    )
    worst = max(rows)
    over = sum(seconds > 2 for seconds, _, _ in rows)
    yield f"hostile: {len(rows)} pages, worst {worst[0]:.2f} s ({worst[2]}), {over} over 2 s"


if __name__ == "__main__":
    named = [a for a in sys.argv[1:] if not a.startswith("--")]
    for line in measured(Path(named[0]) if named else HERE / "pages", misses="--misses" in sys.argv):
        print(line)
    for line in worked() if "--hostile" in sys.argv else ():
        print(line)
