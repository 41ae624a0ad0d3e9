"""Every format of one rich report, byte for byte; CONTRACTS_GOLDEN=write writes the files anew."""

import os
from pathlib import Path

import pytest

from contracts.report import FORMATS, render
from tests.report.reports import SPEC, sample

GOLDEN = Path(__file__).parents[1] / "golden" / "report"
SUFFIXES = {
    "text": "txt", "json": "json", "jsonl": "jsonl", "markdown": "md", "html": "html",
    "sarif": "sarif", "junit": "junit.xml", "github": "github.txt", "gitlab": "gitlab.json",
}  # fmt: skip


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_what_it_was(name, tmp_path):
    path = GOLDEN / f"sample.{SUFFIXES[name]}"
    for one in (SPEC, "specs/nimble/cassettes/getBatch/200-running.json", "specs/matil/waivers.toml"):
        (tmp_path / one).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one).touch()
    text = "".join(f"{line}\n" for line in render(name, sample(), tmp_path))
    if os.environ.get("CONTRACTS_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8", newline="\n")
    found = path.read_text(encoding="utf-8")
    if name == "html":  # excerpts and looks may change; what it says may not
        found, text = _words(found), _words(text)
    assert text == found


def _words(page):
    body = page[page.index("<body>") :]
    kept = [line for line in body.split("\n") if '<pre class="excerpt"' not in line]
    return "\n".join(kept)
