"""README.md and `docs/` are run: every command gives what is printed there, and every file is used.

`python -m tests.pages` writes what the commands print into them.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import tomllib

import pytest
import yaml

from contracts.cli import COMMANDS
from tests import pages, picture

ALL = (pages.README, pages.TUTORIAL, *pages.PAGES)
RUN = [page for page in pages.PAGES if "```console" in page.read_text("utf-8")]
NEEDS = {"docs/guides/archives.md": ("pyarrow", "duckdb")}
"""What a page cannot be run without: extras that not everybody has."""
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[\w-]+)?\)")


def named(page):
    return page.relative_to(pages.ROOT).as_posix()


def test_every_command_of_the_readme_prints_what_stands_there(tmp_path_factory):
    text = pages.README.read_text("utf-8")
    assert pages.played(text, tmp_path_factory.mktemp("readme")) == text


@pytest.fixture(scope="session")
def tutorial(tmp_path_factory):
    """The folder in which the tutorial ends, and the page as it was printed on the way."""
    home = tmp_path_factory.mktemp("home")
    return home, pages.played(pages.TUTORIAL.read_text("utf-8"), home)


def test_every_command_of_the_tutorial_prints_what_stands_there(tutorial):
    assert tutorial[1] == pages.TUTORIAL.read_text("utf-8")


@pytest.mark.parametrize("page", RUN, ids=named)
def test_every_command_of_a_guide_prints_what_stands_there(page, tutorial, tmp_path_factory):
    for module in NEEDS.get(named(page), ()):
        pytest.importorskip(module)
    home = shutil.copytree(tutorial[0], tmp_path_factory.mktemp("home"), dirs_exist_ok=True)
    text = page.read_text("utf-8")
    assert pages.played(text, home) == text
    queries = [body for kind, _, body in pages.BLOCK.findall(text) if kind == "sql"]
    assert all(asked(query, home) for query in queries)


def asked(query, home):
    """Give the rows of a query, in the folder of a page."""
    import duckdb

    with contextlib.chdir(home):
        return duckdb.sql(query).fetchall()


def test_the_picture_shows_what_is_printed(tutorial):
    assert pages.finding(tutorial[0]) == picture.PATH.read_text("utf-8")


@pytest.mark.parametrize("page", ALL, ids=named)
def test_what_is_shown_and_not_run_can_be_read(page):
    for kind, title, body in pages.BLOCK.findall(page.read_text("utf-8")):
        if title or kind == "console" or kind.startswith("{"):
            continue
        readers = {"yaml": yaml.safe_load, "toml": tomllib.loads, "sh": str, "sql": str}
        readers[kind](body)  # a block of another kind is neither run nor read: make it a file


@pytest.mark.parametrize("page", ALL, ids=named)
def test_no_link_to_a_page_or_picture_is_broken(page):
    links = [one for one in LINK.findall(page.read_text("utf-8")) if "://" not in one]
    assert [one for one in links if not (page.parent / one).is_file()] == []


def test_every_page_is_reached_from_the_index():
    listed = (pages.DOCS / "index.md").read_text("utf-8").splitlines()
    names = {page.relative_to(pages.DOCS).with_suffix("").as_posix() for page in pages.PAGES}
    assert names - {"index"} - set(listed) == set()


def test_the_readme_is_short():
    assert len(pages.README.read_text("utf-8").split()) <= 900


def test_ci_runs_exactly_the_two_commands():
    section = pages.README.read_text("utf-8").partition("\n## Two commands\n")[2]
    commands = pages.BLOCK.search(section)[3].splitlines()
    script = (pages.ROOT / ".ci/run").read_text().splitlines()
    assert len(commands) == 2
    assert [line for line in script if line in commands] == commands


def test_every_command_is_named_in_a_page():
    text = "".join(page.read_text("utf-8") for page in ALL)
    assert [name for name in COMMANDS if f"contracts {name}" not in text] == []
