"""Figures of reports, hooks and workers; run: `python -m tests.benchmarks.reports`.

Prints one line a figure: 10,000 findings in every format, 500 files through every hook, the same report from
one, two and four workers.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from contracts.report import FORMATS, render
from tests.ci.recordings import ROOT, cassettes_of, timed
from tests.report.reports import big

WAIVER = '[[waiver]]\nrule = "enum"\nplace = "nimble/getBatch/200/x"\nreason = "r"\nowner = "o"\nuntil = 2027-01-01\n'


def formats() -> Iterator[str]:
    report = big(10_000)
    for name in FORMATS:
        start = time.perf_counter()
        text = "\n".join(render(name, report, ROOT))
        yield f"{name:<9} 10,000 findings   {time.perf_counter() - start:5.2f} s   {len(text.encode()):>10,} bytes"


def hooks(folder: Path) -> Iterator[str]:
    homes = sorted({path.parent for path in (ROOT / "specs").glob("*/provider.toml")})
    for number in range(170):
        home = folder / f"p{number}"
        shutil.copytree(homes[number % len(homes)], home, ignore=shutil.ignore_patterns("cassettes"))
    (folder / "w").mkdir()
    waivers = [folder / "w" / f"{number}.toml" for number in range(500)]
    for path in waivers:
        path.write_text(WAIVER, encoding="utf-8")
    specs = [
        path for path in folder.glob("p*/*") if path.suffix in {".yaml", ".toml"} and path.stem != "waivers"
    ]
    groups = {
        "specs": [*specs, *folder.glob("p*/upstream/*")][:500],
        "cassettes": cassettes_of(folder, 500),
        "waivers": waivers,
    }
    for name, files in groups.items():
        seconds, code = timed(name, files)
        yield f"hook {name:<10} {len(files)} files   {seconds:5.2f} s of processor   exit {code}"


def workers(folder: Path) -> Iterator[str]:
    (folder / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["nimble"]\n', encoding="utf-8")
    texts = []
    for count in ("0", "2", "4"):
        path = folder / f"{count}.json"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--provider=nimble",
            f"-n{count}",
        ]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--contracts-report", f"json={path}"], cwd=folder, capture_output=True, check=True
        )
        texts.append(path.read_bytes())
        equal = "equal" if texts[0] == texts[-1] else "DIFFERENT"
        yield f"-n{count}   {time.perf_counter() - start:5.1f} s   {len(texts[-1]):,} bytes, {equal}"


def main() -> None:
    for line in formats():
        print(line)
    for figures in (hooks, workers):
        with tempfile.TemporaryDirectory() as folder:
            for line in figures(Path(folder)):
                print(line)


if __name__ == "__main__":
    main()
