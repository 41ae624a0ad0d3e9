"""The command as a user meets it: exact output, exact exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from contracts.cli.vendor import vendor
from contracts.errors import ContractsError

PAGES = Path(__file__).parent / "pages"
SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(vendor, [str(a) for a in args])


def test_page_prints_yaml_and_says_beside_it_how_the_page_was_read(run):
    done = run("--page", SPECS / "wickson/upstream/batch-status.txt")
    assert done.exit_code == 0
    assert done.stdout.encode() == (SPECS / "wickson/openapi.yaml").read_bytes()
    assert done.stderr.splitlines() == [
        "read as examples-and-prose: no other platform's form is there, and line 46 starts a JSON example",
    ]


def test_add_then_check_then_an_edit(run, tmp_path):
    done = run("--add", "acme", PAGES / "mintlify-rendered/statuses.txt")
    first, listed, last = done.stdout.splitlines()
    assert (first, last) == ("made specs/acme: 1 operation", "next: pytest --provider=acme")
    assert listed == "  GET /v2/batch/{batchId}/status"
    assert done.exit_code == 0
    done = run("--check", "acme")
    assert (done.exit_code, done.stdout) == (0, "acme: as vendored\n")
    spec = tmp_path / "specs/acme/openapi.yaml"
    spec.write_text(spec.read_text().replace("Batch status", "Batch state", 1))
    done = run("--check", "acme")
    assert (done.exit_code, done.stdout) == (
        1,
        (
            "acme: 1 error\n  error    specs/acme/openapi.yaml:3 is not what the upstream document makes: "
            "expected '  title: Batch status', found '  title: Batch state'\n"
        ),
    )


def test_check_counts_the_differences_between_two_documents(run):
    done = run("--check", "llamacloud", "nimble")
    assert done.exit_code == 0
    assert "llamacloud: as vendored, 22 notes where documents differ\n" in done.stdout
    assert done.stdout.endswith("nimble: as vendored\n")


def test_check_means_all_providers(run, tmp_path):
    shutil.copytree(SPECS / "matil", tmp_path / "specs/matil")
    done = run("--check")
    assert [line.split(":")[0] for line in done.stdout.splitlines() if not line.startswith(" ")] == [
        "almanac",
        "llamacloud",
        "matil",
        "nimble",
        "wickson",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            (),
            "one of --page FILE, --add NAME FILE, --update NAME FILE, --accept NAME, --remove NAME, --rename OLD NEW or --check is wanted",
        ),
        (
            ("--check", "--page", __file__),
            "one of --page FILE, --add NAME FILE, --update NAME FILE, --accept NAME, --remove NAME, --rename OLD NEW or --check is wanted",
        ),
        (("--page", __file__, "nimble"), "providers are named with --check only"),
        (("--page", "nowhere"), "nowhere: no such file"),
        (("--page", __file__, "--platform", "gitbook"), "is not one of"),
    ],
)
def test_usage(run, args, said):
    done = run(*args)
    assert done.exit_code == 2
    assert said in done.output


def test_mistakes_reach_the_door_as_one_sentence(run, tmp_path):
    page = tmp_path / "x.txt"
    page.write_text("hello")
    done = run("--add", "acme", page)
    assert isinstance(done.exception, ContractsError)
    assert str(done.exception) == "x.txt: nothing on this page looks like a documentation platform we read"
    assert not (tmp_path / "specs/acme").exists()


def test_notices_and_many_unread_lines_are_told(run, tmp_path):
    page = tmp_path / "x.md"
    page.write_text(
        '**get** `/x`\n\n### Query Parameters\n\nstray | integer\nwaif | string\n\n- `a: Foo`\n\n### Returns\n\n- `b: "x" or 2 more`\n'
    )
    done = run("--page", page)
    assert done.stderr.splitlines()[1:] == [
        "note: x.md:8: the type Foo is not shown on the page",
        "note: x.md:12: 2 of the allowed values are not on the page",
        "note: x.md:5: nothing was taken from this table",
        "2 lines not read:",
        "  5: stray | integer",
        "  6: waif | string",
    ]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        (("GET /jobs/{id}", "getThing"), {"/jobs/{id}", "/things/{id}"}),
        (("* /jobs/*",), {"/jobs/{id}"}),
        (("get*",), {"/jobs/{id}", "/things/{id}"}),
    ],
)
def test_operations_are_chosen_by_path_by_id_and_by_globs(run, tmp_path, words, kept):
    file = tmp_path / "api.json"
    paths = {
        path: {"get": {"operationId": name, "responses": {"200": {"description": "OK"}}}}
        for path, name in {"/jobs/{id}": "getJob", "/things/{id}": "getThing", "/other": "listOther"}.items()
    }
    file.write_text(json.dumps({"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "paths": paths}))
    options = [part for word in words for part in ("--operation", word)]
    assert run("--add", "acme", file, *options).exit_code == 0
    assert set(yaml.safe_load((tmp_path / "specs/acme/openapi.yaml").read_text())["paths"]) == kept
    done = run("--page", file, "--operation", "getJobs")
    assert str(done.exception) == "api.json: no operation 'getJobs' is in it; nearest is 'getJob'"
    assert run("--check", *options).exit_code == 2
