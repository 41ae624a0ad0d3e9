"""A reader against other versions of itself: git revision, folder, approved table; the differences in words."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from contracts import generate
from contracts.cli.stress import stress
from contracts.consumers import sources
from contracts.consumers.behaviour import approved, versions
from contracts.consumers.behaviour.approved import Approved, Row
from contracts.consumers.behaviour.compare import compare
from contracts.consumers.places import GONE
from contracts.consumers.process import Outcome
from contracts.consumers.samples import Kind, Sample
from contracts.errors import ConfigError
from contracts.spec import load

SPEC = """\
openapi: 3.1.0
info: {title: Tiny, version: "1"}
paths:
  /v1/batches/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: one
          content:
            application/json:
              schema:
                type: object
                required: [id, state]
                additionalProperties: false
                properties:
                  id: {type: string, minLength: 1, maxLength: 2}
                  state: {enum: [open, done]}
                  note: {type: [string, "null"], maxLength: 2}
"""
MANIFEST = """\
title = "Tiny"
provenance = "published"
servers = ["https://api.tiny.example"]
[auth]
header = "x-api-key"
env = "TINY_API_KEY"
[[upstream]]
file = "upstream/openapi.yaml"
retrieved = 2026-11-21
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"
[operations.getBatch]
method = "GET"
path = "/v1/batches/{id}"
"""
READER = """\
def read(payload):
    print("reading")
    return {"id": payload["id"], "over": payload["state"] == "done", "note": payload.get("note")}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "specs" / "tiny"
    folder.mkdir(parents=True)
    (folder / "provider.toml").write_text(MANIFEST)
    (folder / "openapi.yaml").write_text(SPEC)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "tinyreader.py").write_text(READER)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tinyreader", raising=False)
    return tmp_path


def git(*args):
    subprocess.run(
        ["git", "-c", "user.name=a", "-c", "user.email=a@b.example", *args], check=True, capture_output=True
    )


def run(*args):
    return CliRunner().invoke(
        stress,
        [
            "tinyreader:read",
            "-p",
            "tiny",
            "--refuses",
            "KeyError",
            "--refuses",
            "TypeError",
            "--explore",
            "0",
            *args,
        ],
    )


def changed(project, old, new):
    path = project / "tinyreader.py"
    sys.modules.pop("tinyreader", None)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_change_is_told_with_the_smallest_payload_and_both_answers(project):
    for words in (
        ("init", "-q", "-b", "main"),
        ("add", "-A"),
        ("commit", "-qm", "one"),
        ("checkout", "-qb", "work"),
    ):
        git(*words)
    changed(project, 'payload.get("note")', 'payload.get("note") or None')
    found = run("--base")
    assert found.exit_code == 1
    lines = found.output.splitlines()
    assert lines[0].startswith("behaviour of tinyreader:read: the working tree against the merge base ")
    assert lines[1].startswith("  differs       where /note = ''   ×")
    assert lines[2] == "                /note: was '', is null"
    assert lines[-1].startswith("your change alters what you make of 1 kind of payload, and of ")
    again = run("--base", "main", "--approve")
    assert again.exit_code == 0
    table = (project / "specs/tiny/behaviour/tinyreader.read.md").read_text()
    assert '| `/state` = `"open"` | `/over` = `false` |' in table
    assert '| `/note` = `""` | `/note` = `null` |' not in table, "null for absent: the answer is the same"
    accepted = run("--base", "main")
    assert (accepted.exit_code, accepted.output.splitlines()[-1]) == (0, "all that differs is approved")


def test_a_folder_is_a_base_and_what_leaks_is_told_as_such(project, tmp_path_factory):
    before = tmp_path_factory.mktemp("before")
    (before / "tinyreader.py").write_text(READER)
    (project / "tinyreader.py").write_text(
        READER.replace(
            "def read(payload):", "seen = []\n\ndef read(payload):\n    seen.append(payload.get('note'))"
        ).replace('payload.get("note")}', "max(seen, key=lambda one: one or '')}")
    )
    found = run("--base", str(before), "--format", "json")
    [told] = json.loads(found.output)
    assert (found.exit_code, told["not_compared"]) == (1, "")
    [one] = told["differences"]
    assert one["after"] >= 1
    assert told["not_met"] > 0


def test_a_reader_that_was_not_there_is_said_and_never_passed_over(project, tmp_path_factory):
    found = run("--base", str(tmp_path_factory.mktemp("empty")))
    assert found.exit_code == 1
    assert "not compared" in found.output
    assert "tinyreader" in found.output


def test_without_a_revision_the_approved_table_is_the_base(project):
    assert run("--approve").exit_code == 0
    changed(project, '== "done"', '!= "open"')
    assert "both answer the same" in run("--no-replay").output
    changed(project, '!= "open"', '== "open"')
    found = run("--no-replay")
    assert found.exit_code == 1
    assert "against its approved behaviour" in found.output
    assert "/over: was false, is true" in found.output or "/over: was true, is false" in found.output


def test_no_such_base_is_one_sentence(project):
    found = run("--base", "nowhere")
    assert isinstance(found.exception, ConfigError)
    assert "no git repository holds the project" in str(found.exception)
    git("init", "-q")
    with (
        pytest.raises(ConfigError, match="neither a git revision, nor a folder"),
        versions.version("nowhere", project),
    ):
        pass


def test_the_table_is_read_back_as_it_was_written(tmp_path):
    rows = (
        Row((("/a|`b", "x|`y or `z`; = \n"),), (("", {"k": [1, None]}),)),
        Row((("/a", GONE),), (("/b", GONE), ("/c", "")), ""),
        Row((("/a", 1.0),), (), "crashed with KeyError"),
        Row((("/a", 1),)),
        Row((("/a", 2),)),
    )
    known = Approved({"a": 1}, {"b": [True]}, rows)
    path = tmp_path / "x.md"
    approved.write(path, known, "m:f", "tiny getBatch 200")
    assert approved.read(path) == known
    path.write_text("nothing")
    with pytest.raises(ConfigError, match="--approve"):
        approved.read(path)


def test_plain_pytest_compares_with_the_base_of_the_settings(project):
    (project / "before").mkdir()
    (project / "before" / "tinyreader.py").write_text(READER)
    changed(project, 'payload["id"]', 'payload["id"].strip()')
    (project / "pyproject.toml").write_text(
        '[tool.contracts]\nproviders = ["tiny"]\nbase = "before"\n'
        '[tool.contracts.consumers."tinyreader:read"]\nprovider = "tiny"\nrefuses = ["KeyError", "TypeError"]\n'
    )
    found = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-k", "behaviour", "--provider", "tiny"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 1, found.stdout
    assert "behaviour of tinyreader:read: the working tree against before" in found.stdout
    assert "/id: was " in found.stdout


class InProcess:
    """A version of a reader without a process of its own."""

    def __init__(self, read):
        self.ask = lambda sample: Outcome("answered", read(sample.value))

    def again(self):
        """Keep nothing anyway."""


def test_which_number_it_is_makes_no_kind_of_its_own():
    payloads = [{"n": 0, "list": []}, {"n": -0.0, "list": [1]}, {"n": 0.0, "list": [2, 3]}]
    vendor = load("almanac")
    found = sources.Answers(vendor, vendor.spec.operations[0], "200", generate.plan({"enum": payloads}))
    samples = [Sample(kind=Kind.COVERING, label="x", value=one, valid=True) for one in payloads]
    old, new = InProcess(lambda _: {"some": False}), InProcess(lambda p: {"some": p["list"] != []})
    [told] = compare(old, new, found, samples).differences
    assert (told.cause, told.count) == (((("list", 0), 1),), 2)
