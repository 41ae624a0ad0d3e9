"""What the commands about checking and about the tool itself print, and how they end."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

from contracts.cli import COMMANDS
from contracts.policy import all_rules
from tests import acme

SCHEMA = json.loads((Path(__file__).parents[2] / "specs/report.schema.json").read_text())

BROKEN = """\
acme getBatch 200   specs/acme/cassettes/getBatch/200-broken.json
  error    /id             7 is not a string                              type  openapi.yaml:33
  error    /state          'paused' is not 'running' or 'done'            enum  openapi.yaml:34
  error    /tasks/*/state  'gone' is not 'pending', 'success' or 'error'  enum  openapi.yaml:42   ×2, first at 0, 1
not checked: the items of /tasks: the list is empty
violates: 3 findings in 4 interactions · spec published, retrieved 2026-11-21 · contracts explain type
accept:  contracts waive f38b40b985a8c684 --reason "WHY"
correct: contracts correct f38b40b985a8c684
report:  contracts report f38b40b985a8c684
"""


NOTHING = (
    "inconclusive: 0 interactions · spec published, retrieved 2026-11-21"
    " · contracts import RECORDING --provider acme\n"
)


def test_check_says_what_violates_where(broken, inside, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert inside("check") == (1, BROKEN, "")


def test_check_conforms(project, inside):
    code, out, err = inside("check", "acme")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "conforms: 3 interactions · spec published, retrieved 2026-11-21"


def test_check_is_inconclusive_where_nothing_was_checked(project, inside):
    for path in (project / "specs/acme/cassettes/getBatch").iterdir():
        path.unlink()
    code, out, _ = inside("check")
    assert (code, out) == (3, NOTHING)


@pytest.mark.parametrize(("level", "code"), [("never", 0), ("error", 1), ("warning", 1), ("note", 1)])
def test_fail_on(broken, inside, level, code):
    assert inside("check", "--fail-on", level)[0] == code


def test_json_follows_its_schema(broken, inside):
    code, out, _ = inside("check", "--format", "json")
    document = json.loads(out)
    jsonschema.validate(document, SCHEMA)
    assert code == 1
    jsonschema.validate(json.loads(inside("coverage", "--format", "json")[1]), SCHEMA)


@pytest.mark.parametrize("form", ["html", "jsonl", "sarif", "markdown", "junit", "github", "gitlab"])
def test_other_formats_tell_the_same_finding(broken, inside, form):
    code, out, _ = inside("check", "--format", form)
    assert code == 1
    assert "paused" in out


def test_check_one_file(project, inside, tmp_path):
    path = tmp_path / "seen.json"
    acme.add(project / "specs" / "acme", acme.answer(acme.BROKEN, situation="moved")).rename(path)
    code, out, _ = inside("check", "acme", "--file", "seen.json")
    assert code == 1
    assert out.startswith("acme getBatch 200")
    assert "violates: 3 findings in 1 interaction" in out


def test_a_file_goes_to_the_vendor_whose_request_it_holds(project, inside, tmp_path):
    acme.add(project / "specs" / "acme", acme.answer(acme.DONE, situation="moved")).rename(
        tmp_path / "seen.json"
    )
    code, out, _ = inside("check", "nimble,acme", "--file", "seen.json", "-v")
    assert code == 0
    assert out.startswith("acme getBatch 200")


def test_operations_narrow(broken, inside):
    assert inside("check", "--operation", "listBatches")[0] == 3
    assert inside("check", "acme,matil", "--operation", "listBatches")[0] == 3


def test_the_reference_engine_says_the_same(broken, inside, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert inside("check", "--engine", "reference") == (1, BROKEN, "")


def test_max_body(project, inside):
    code, out, _ = inside("check", "--max-body", "20")
    assert code == 1
    assert "body-too-large" in out


def test_verbose(project, inside):
    assert "  conforms\n" in inside("check", "-v")[1]


def test_coverage_draws_and_names(project, inside):
    code, out, _ = inside("coverage", "acme")
    assert code == 0
    assert re.search(r"^acme getBatch   █+░*  \d+%   \d+ of \d+ facts seen$", out, re.MULTILINE)
    assert "never seen; list them with: contracts coverage acme --unseen" in out
    assert "  never seen: " in inside("coverage", "acme", "--unseen")[1]


def test_providers_lists_the_known(project, inside, monkeypatch):
    monkeypatch.setenv("ACME_API_KEY", "never-shown")
    code, out, _ = inside("providers", "acme")
    assert code == 0
    assert out.splitlines() == [
        "acme         Acme · spec published, retrieved 2026-11-21 · 3 cassettes",
        "             key ACME_API_KEY (set) · https://api.acme.example",
        "             listBatches        GET /v1/batches",
        "             getBatch           GET /v1/batches/{id}",
    ]
    assert {"acme", "nimble"} <= {
        line.split()[0] for line in inside("providers")[1].splitlines() if line[0] != " "
    }


def test_providers_as_json(project, inside):
    (one,) = json.loads(inside("providers", "acme", "--format", "json")[1])
    assert one["operations"] == {"listBatches": "GET /v1/batches", "getBatch": "GET /v1/batches/{id}"}
    assert (one["id"], one["key"], one["cassettes"]) == ("acme", "ACME_API_KEY", 3)


def test_explain_knows_every_rule(project, inside):
    listed = inside("explain")[1]
    for name, rule in all_rules().items():
        assert f"{name} " in listed
        code, out, _ = inside("explain", name)
        assert code == 0
        assert rule.summary in out
        assert rule.advice in out
        assert rule.example in out


def test_explain_a_drift_rule(project, inside):
    code, out, _ = inside("explain", "enum-value-added")
    assert code == 0
    assert "Before:" in out


def test_explain_of_an_unknown_word_names_the_five_nearest(project, inside):
    code, _, err = inside("explain", "observed-words")
    assert code == 2
    assert err.startswith(
        "contracts: no rule 'observed-words'; did you mean 'observed-word'? The nearest of "
    )
    assert len(err.partition(": observed-word,")[2].split(",")) == 4


def test_init_makes_a_folder_that_is_then_used(project, inside):
    code, out, _ = inside("init", "nimble")
    assert code == 0
    assert out == (
        "made specs/nimble: cassettes/ for your recordings, waivers.toml for what you accept on purpose\n"
        "next: contracts check nimble\n"
    )
    assert inside("check", "nimble")[0] == 0
    assert inside("init", "nimble")[::2] == (
        2,
        "contracts: specs/nimble exists already; nothing was written\n",
    )


def test_doctor_shows_no_key_and_no_absolute_path(project, inside, monkeypatch):
    monkeypatch.setenv("ACME_API_KEY", "never-shown-9d2f")
    code, out, _ = inside("doctor")
    assert code == 0
    assert "key                acme: ACME_API_KEY is set" in out
    assert "key                nimble: NIMBLE_API_KEY is not set" in out
    assert "engines            fast and reference agree" in out
    assert "never-shown" not in out
    assert str(project) not in out


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["chekc"], "no command 'chekc'; did you mean 'check'?"),
        (["zzz"], "no command 'zzz'; see contracts --help"),
        (
            ["check", "acne"],
            "no provider 'acne'; did you mean 'acme'? Known: acme, almanac, llamacloud, matil, nimble, wickson",
        ),
        (
            ["check", "--operation", "getBach"],
            "no operation 'getBach'; did you mean 'getBatch'? Known: getBatch, listBatches",
        ),
        (["check", "--fail-on", "x"], "invalid value for '--fail-on': 'x' is not one of"),
        (["check", "--frmat", "x"], "no such option"),
        (
            ["check", "--file", "nowhere.json"],
            "nowhere.json: no such file",
        ),
        (["check", "--max-body", "0"], "invalid value for '--max-body': 0 is not in the range x>=1"),
        (["coverage", "nimbel"], "no provider 'nimbel'; did you mean 'nimble'?"),
        (["explain", "enmu"], "no rule 'enmu'; did you mean 'enum'?"),
        (["init", "acne"], "no provider 'acne'; did you mean 'acme'?"),
    ],
)
def test_mistakes_are_one_sentence(project, inside, args, sentence):
    code, out, err = inside(*args)
    assert (code, out) == (2, "")
    assert err.startswith(f"contracts: {sentence}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '[tool.contracts]\nproviders = ["acne"]',
            "pyproject.toml: [tool.contracts]: no provider 'acne'; did you mean 'acme'?",
        ),
        (
            "[tool.contracts]\nfail-on = 3",
            "pyproject.toml: [tool.contracts] fail-on is 3; write error or warning or note or never",
        ),
        ("[tool", "pyproject.toml: cannot be read: "),
    ],
)
def test_settings_that_cannot_be_used_are_one_sentence(project, inside, text, sentence):
    (project / "pyproject.toml").write_text(text)
    code, _, err = inside("check")
    assert code == 2
    assert err.startswith(f"contracts: {sentence}")
    assert err.count("\n") == 1


def test_specs_that_cannot_be_read_are_one_sentence(project, inside):
    (project / "specs/acme/openapi.yaml").write_text("openapi: [")
    code, _, err = inside("check")
    assert code == 2
    assert err == "contracts: specs/acme/openapi.yaml:2: did not find expected node content\n"
    assert err.count("\n") == 1


def test_a_file_that_may_not_be_read_is_one_sentence(project, inside, monkeypatch):
    def refuse(*args):
        raise PermissionError(13, "Permission denied", "specs/acme/secret")

    monkeypatch.setattr("contracts.cli.check.load", refuse)
    assert inside("check")[::2] == (2, "contracts: specs/acme/secret: Permission denied\n")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_teaches(project, inside, name):
    code, out, _ = inside(name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: contracts {name} ")
    assert len(out.splitlines()) > 5
    assert "  -h, --help" in out


def test_help_lists_every_command_and_the_exit_codes(inside):
    code, out, _ = inside("--help")
    assert code == 0
    for name in COMMANDS:
        assert f"  {name} " in out
    assert "Exit codes: 0 conforms · 1 findings at or above --fail-on · 2 usage or configuration" in out


def test_without_a_command_the_help_comes(inside):
    code, _, err = inside()
    assert code == 2
    assert err.startswith("Usage: contracts [OPTIONS] COMMAND")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("record", "acme", "--param", "idd=j1"), "--param: no parameter 'idd'; did you mean 'id'?"),
        (("impact", "acme", "--against", "pyproject.toml", "--takes", "jsn", "m:f"), "'jsn' is not one of"),
        (
            ("impact", "acme", "--against", "pyproject.toml", "--takes", "bytes"),
            "of no use without FUNCTIONS",
        ),
        (
            ("impact", "acme", "--against", "pyproject.toml", "--refuses", "a:B"),
            "of no use without FUNCTIONS",
        ),
    ],
)
def test_what_was_asked_for_and_matches_nothing_is_refused(project, inside, args, said):
    code, _, err = inside(*args)
    assert code == 2
    assert said in err


def test_coverage_says_that_facts_are_left_out(project, inside, monkeypatch):
    monkeypatch.setattr("contracts.validate.coverage.MAX_FACTS", 3)
    code, out, _ = inside("coverage", "acme")
    assert code == 0
    assert (
        " of the first 3 facts seen\n  not counted: the facts deeper in its schemas, since 3 is the limit"
        in out
    )
