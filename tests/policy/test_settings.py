"""`[tool.contracts]`: every key is read, and every mistake names the key and what to write."""

import re

import pytest

from contracts.errors import ConfigError, UnknownName
from contracts.model import Severity
from contracts.policy import Policy, SeverityChoice, read_policy

WHOLE = """
[tool.contracts]
providers = ["almanac", "nimble"]
fail-on = "warning"
tolerance = "strict"
coverage = 0.8
stale-warn-days = 30
stale-fail-days = 60
max-body = 1000
[tool.contracts.severity]
undescribed = "off"
[tool.contracts.provider.nimble]
coverage = 0.5
[tool.contracts.provider.nimble.severity]
enum = "note"
[tool.contracts.consumers]
anything = "myapp:parse"
"""


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "pyproject.toml"

    def read_text(text, **known):
        path.write_text(text, encoding="utf-8")
        return read_policy(path, **known)

    return read_text


def test_every_key_is_read(read):
    assert read(WHOLE, providers=["almanac", "nimble"]) == Policy(
        providers=("almanac", "nimble"),
        fail_on=Severity.WARNING,
        tolerance="strict",
        coverage=0.8,
        coverages=(("nimble", 0.5),),
        stale_warn_days=30,
        stale_fail_days=60,
        max_body=1000,
        severities=(SeverityChoice("undescribed", None), SeverityChoice("enum", Severity.NOTE, "nimble")),
        file="pyproject.toml",
    )


@pytest.mark.parametrize("text", ["", "[project]\nname = 'x'\n", "[tool.other]\nx = 1\n"])
def test_who_sets_nothing_gets_the_defaults(read, text, tmp_path):
    assert read(text) == Policy(file="pyproject.toml")
    assert read_policy(None) == read_policy(tmp_path / "missing.toml") == Policy()


def test_rules_of_our_own_books_can_be_set_too(read):
    found = read("[tool.contracts.severity]\nstale-recording = 'off'")
    assert found.severities == (SeverityChoice("stale-recording", None),)


def test_never_closes_nothing(read):
    assert read('[tool.contracts]\nfail-on = "never"').fail_on is None


MISTAKES = {
    "fail_on = 'error'": "pyproject.toml: [tool.contracts]: no setting 'fail_on'; did you mean 'fail-on'?",
    "failon = 'error'": "no setting 'failon'; did you mean 'fail-on'?",
    "fail-on = 'fatal'": "[tool.contracts] fail-on is 'fatal'; write error or warning or note or never",
    "fail-on = 1": "[tool.contracts] fail-on is 1; write error or warning or note or never",
    "tolerance = 'loose'": "[tool.contracts] tolerance is 'loose'; write tolerant or strict",
    "coverage = 80": "[tool.contracts] coverage is 80; write a share between 0 and 1",
    "coverage = true": "[tool.contracts] coverage is true; write a share between 0 and 1",
    "stale-warn-days = 0": "stale-warn-days is 0; write a number of days, 1 or more",
    "stale-fail-days = '9'": "stale-fail-days is '9'; write a number of days, 1 or more",
    "stale-fail-days = 5": "stale-fail-days is 5; write a later day than the warning's",
    "stale-warn-days = 200": "stale-warn-days is 200; write a later day than the warning's",
    "max-body = 1.5": "max-body is 1.5; write a number of bytes, 1 or more",
    "providers = 'matil'": "providers is 'matil'; write a list of names, such as [\"matil\"]",
    "providers = ['nimble', 'nimble']": "providers is a list of 2; write each name once",
    "providers = ['matl']": "[tool.contracts]: no provider 'matl'; did you mean 'matil'? Known: matil, nimble",
    "severity = 3": "[tool.contracts.severity] is not a table",
    "severity.enmu = 'error'": "[tool.contracts.severity]: no rule 'enmu'; did you mean 'enum'?",
    "severity.enum = 'bad'": "[tool.contracts.severity] enum is 'bad'; write off or note or warning or error",
    "provider.nimbel.coverage = 1": "[tool.contracts.provider]: no provider 'nimbel'; did you mean 'nimble'?",
    "provider.nimble.fail-on = 'note'": "[tool.contracts.provider.nimble]: no setting 'fail-on'.",
    "provider.nimble.coverage = 2": "[tool.contracts.provider.nimble] coverage is 2; write a share",
    "provider.nimble = 1": "[tool.contracts.provider.nimble] is not a table",
}


@pytest.mark.parametrize(("line", "sentence"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_says_where_and_what_to_write(read, line, sentence):
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        read(f"[tool.contracts]\n{line}\n", providers=["matil", "nimble"])


@pytest.mark.parametrize("text", ["[tool", "tool = 1", "tool.contracts = 1", "x = '\udcff'"])
def test_what_cannot_be_read_is_an_error(tmp_path, text):
    path = tmp_path / "pyproject.toml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=r"pyproject.toml: "):
        read_policy(path)


def test_names_are_free_where_none_are_known(read):
    assert read("[tool.contracts]\nproviders = ['acme']\nseverity.enum = 'note'").providers == ("acme",)
    with pytest.raises(UnknownName):
        read("[tool.contracts]\nproviders = ['acme']", providers=["matil"])
