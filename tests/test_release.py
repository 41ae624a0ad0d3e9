"""What a release says of itself: one version, and a changelog in the form of Keep a Changelog."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
CHANGES = (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_the_changelog_tells_of_this_version_and_of_what_comes():
    headings = re.findall(r"^## \[(.*?)\](.*)$", CHANGES, re.MULTILINE)
    assert [name for name, _ in headings][:2] == ["Unreleased", VERSION]
    assert all(re.fullmatch(r"( - \d{4}-\d\d-\d\d)?", day) for _, day in headings)
    parts = set(re.findall(r"^### (.*)$", CHANGES, re.MULTILINE))
    assert parts <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    once = re.split(r"^## ", CHANGES, flags=re.MULTILINE)[1:]
    assert all(
        len(found) == len(set(found))
        for found in (re.findall(r"^### (.*)$", one, re.MULTILINE) for one in once)
    )


def test_the_example_of_the_action_names_this_version():
    assert re.findall(r"pytest-contracts@v(\S+)", (ROOT / "docs/guides/ci.md").read_text("utf-8")) == [
        VERSION
    ]


def test_what_the_checklist_names_is_there():
    page = (ROOT / "docs/contributing.md").read_text("utf-8").partition("## To release")[2]
    workflow = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    assert {"release.yml", ".ci/run", ".ci/supply-chain", "SECURITY.md"} <= set(
        re.findall(r"`([^`\n]+)`", page)
    )
    for step in (
        "--require-hashes",
        "python -m build",
        "sbom",
        "attest-build-provenance",
        "gh-action-pypi-publish",
    ):
        assert step in workflow
