"""Variation pages with facts written by hand before the extractor saw them: the bars of each platform."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_facts import extracted, written

from contracts.vendoring import extract

PAGES = Path(__file__).parent / "pages"
BARS = {
    "mintlify-openapi": (0.95, 0.98),
    "stainless-markdown": (0.95, 0.98),
    "mintlify-rendered": (0.95, 0.98),
    "examples-and-prose": (0.97, 0.98),
}


@pytest.mark.parametrize("platform", BARS)
def test_recall_and_precision(platform):
    wanted = found = both = 0
    files = sorted((PAGES / platform).glob("*.txt"))
    assert len(files) >= 10
    for file in files:
        facts = written(file.with_suffix(".facts").read_text("utf-8"))
        read = extract(file.read_bytes(), file.name)
        assert read.platform == platform, file.name
        got = extracted(read.document)
        wanted, found, both = wanted + len(facts), found + len(got), both + len(facts & got)
    recall, precision = BARS[platform]
    assert both / wanted >= recall
    assert both / found >= precision


@pytest.mark.untraced
@pytest.mark.parametrize("file", sorted(PAGES.glob("*/*.txt")), ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_line_ends_and_marks_do_not_matter(file):
    data = file.read_bytes()
    read = extract(data, file.name)
    for twin in (data.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + data, data.replace(b"\n", b"\r")):
        assert extract(twin, file.name) == read


@pytest.mark.parametrize("file", sorted(PAGES.glob("*/*.txt")), ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_a_platform_that_is_given_is_obeyed(file):
    read = extract(file.read_bytes(), file.name, file.parent.name)
    assert read.platform == file.parent.name
    assert read.reason == "the platform was given"
