"""The gate on a pull request: it writes, tells, and ends with the code that the settings ask for."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from contracts.ci import action
from contracts.ci.actions import SUMMARY_LIMIT, append_summary, read_actions
from contracts.ci.gate import Wanted, reports_of, run_gate
from contracts.errors import ConfigError, UnknownName
from tests.ci.recordings import altered, completed

TODAY = date(2026, 11, 22)


@pytest.fixture
def project(tmp_path):
    """A user's project: one provider of the bundle, and a recording of his own that violates."""
    root = tmp_path / "project"
    own = root / "specs" / "nimble" / "cassettes" / "getBatch"
    own.mkdir(parents=True)
    (root / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["nimble"]\n', encoding="utf-8")
    broken = altered(completed(), lambda value: {**value, "completed_count": "0"}, "broken")
    (own / "200-broken.json").write_bytes(broken)
    return root


def mend(project):
    shutil.rmtree(project / "specs")


def run(project, actions=None, **facts):
    said = []
    code = run_gate(Wanted(root=project, today=TODAY, **facts), actions, said.append)
    return code, said


def test_it_fails_for_a_violation_and_passes_when_it_is_mended(project):
    code, said = run(project)
    assert code == 1
    assert [line.partition(":")[0] for line in said[-4:]] == ["violates", "accept", "correct", "report"]
    assert any("/completed_count" in line for line in said)
    mend(project)
    code, said = run(project)
    assert (code, said[-1].split(":")[0]) == (0, "conforms")


def test_the_reports_are_written_where_they_were_asked_for(project):
    given = ("html=out/c.html", "sarif=c.sarif", "json=c.json", "junit=c.xml", "md=c.md")
    wanted = reports_of(given, "--report")
    run(project, reports=wanted)
    assert (project / "out" / "c.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert '<span class="meant">' in (project / "out" / "c.html").read_text(encoding="utf-8")
    found = json.loads((project / "c.json").read_text(encoding="utf-8"))
    assert found["summary"]["verdict"] == "violates"
    assert not list(project.rglob("*.part"))


def test_the_host_is_told_once_and_the_comment_follows(project, standin, actions):
    run(project, actions, reports=(("html", Path("c.html")),))
    code, said = run(project, actions)
    assert code == 1
    assert said[-1] == "pull request comment: unchanged"
    assert sum(line.startswith("::error file=specs/nimble/cassettes/getBatch/200-") for line in said) >= 1
    assert "### Contracts: violates" in actions.summary.read_text(encoding="utf-8")
    assert "[The whole run](https://github.com/acme/app/actions/runs/1)" in standin.comments[0]["body"]
    outputs = actions.output.read_text(encoding="utf-8").splitlines()
    assert outputs[:3] == ["verdict=violates", "exit-code=1", "html-report=c.html"]
    mend(project)
    run(project, actions)
    assert len(standin.comments) == 1
    assert "### Contracts: conforms" in standin.comments[0]["body"]


def test_a_token_that_may_only_read_changes_no_code(project, standin, actions):
    standin.read_only = True
    code, said = run(project, actions)
    assert (code, said[-1]) == (
        1,
        "pull request comment: skipped, the token may only read; the summary says the same",
    )
    standin.read_only, standin.broken = False, 500
    code, said = run(project, actions)
    assert code == 1
    assert said[-1].startswith(
        "pull request comment: skipped, GET /repos/acme/app/issues/7/comments: answered 500"
    )


def test_no_comment_where_none_is_wanted(project, standin, actions):
    run(project, actions, comment=False)
    assert standin.calls == []


def test_the_severity_that_closes_the_gate_can_be_set(project):
    assert run(project, fail_on="never")[0] == 0
    assert run(project, fail_on="note")[0] == 1
    with pytest.raises(UnknownName, match="fail-on: no severity 'fatal'"):
        run(project, fail_on="fatal")


ENVIRONMENT = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "acme/app",
    "GITHUB_TOKEN": " t0ken ",
    "GITHUB_RUN_ID": "12",
    "GITHUB_API_URL": "https://api.example/",
}


def test_the_environment_is_read(tmp_path):
    event = tmp_path / "event.json"
    event.write_text(
        '{"pull_request": {"number": 7}, "repository": {"default_branch": "trunk"}}', encoding="utf-8"
    )
    found = read_actions({**ENVIRONMENT, "GITHUB_EVENT_PATH": str(event), "GITHUB_STEP_SUMMARY": "/x/s"})
    assert (found.pull_request, found.branch, found.api) == (7, "trunk", "https://api.example")
    assert found.run_url == "https://github.com/acme/app/actions/runs/12"
    assert found.token.reveal() == "t0ken"
    assert found.can_ask
    assert "t0ken" not in repr(found)
    assert read_actions({}) is None


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"pull_request": 1}', '{"pull_request": {"number": true}}', None]
)
def test_an_odd_event_is_no_pull_request(tmp_path, text):
    path = tmp_path / "event.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    found = read_actions({**ENVIRONMENT, "GITHUB_TOKEN": "", "GITHUB_EVENT_PATH": str(path)})
    assert found.pull_request is None
    assert found.branch == "main"
    assert not found.can_ask


def test_a_full_summary_is_left_as_it_is(tmp_path, project, actions):
    path = tmp_path / "summary.md"
    path.write_bytes(b"x" * (SUMMARY_LIMIT - 10))
    assert append_summary(path, "0123456789")
    assert not append_summary(path, "0")
    code, said = run(project, actions)
    assert "the step's summary is full; the reports hold everything" in said
    assert code == 1


def test_the_action_reads_its_inputs_from_the_environment(project):
    env = {
        "CONTRACTS_ROOT": str(project),
        "CONTRACTS_PROVIDERS": "nimble, almanac",
        "CONTRACTS_FAIL_ON": "never",
        "CONTRACTS_REPORTS": "json=a.json\nmarkdown=b.md",
        "CONTRACTS_COMMENT": "false",
    }
    wanted = action.read_wanted(env)
    assert wanted.providers == ("nimble", "almanac")
    assert wanted.reports == (("json", Path("a.json")), ("markdown", Path("b.md")))
    assert not wanted.comment
    said = []
    assert action.main(env, said.append) == 0
    assert (project / "a.json").is_file()


MISTAKES = {
    "CONTRACTS_PROVIDERS": ("nimbel", "contracts: no provider 'nimbel'; did you mean 'nimble'?"),
    "CONTRACTS_FAIL_ON": ("$(id)", "contracts: fail-on: no severity '$(id)'."),
    "CONTRACTS_REPORTS": (
        "sarf=x",
        "contracts: CONTRACTS_REPORTS: no report format 'sarf'; did you mean 'sarif'?",
    ),
    "CONTRACTS_COMMENT": ("yes", "contracts: CONTRACTS_COMMENT is 'yes'; write true or false"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_an_input_is_one_sentence_and_two(project, name):
    value, sentence = MISTAKES[name]
    said = []
    assert action.main({"CONTRACTS_ROOT": str(project), name: value}, said.append) == 2
    assert len(said) == 1
    assert said[0].startswith(sentence)


def test_a_report_is_a_format_and_a_path():
    with pytest.raises(ConfigError, match="--report takes FMT=PATH, found 'html'"):
        reports_of(["html"], "--report")
