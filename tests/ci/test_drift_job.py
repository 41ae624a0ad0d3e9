"""The drift job: newest documents, one issue and one draft a vendor; never green without having looked."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.ci import drift
from contracts.ci.drift import Answer, Job, changed, command_line, fetched, run_drift, snapshot
from contracts.errors import ConfigError, ContractsError
from contracts.model import Report, Severity
from contracts.report import render
from contracts.report.reading import read_report
from tests.report.reports import NIMBLE, finding, sample

ROOT = Path(__file__).parents[2]
FOUND = Report(
    (NIMBLE,),
    (),
    (finding("response-enum-widened", Severity.WARNING, direction="response", pointer="/status"),),
)
PAGE = ".contracts/newest/nimble/get-batch-details.md"
COMPARE = f"drift nimble --against {PAGE} --format json"


def as_json(report):
    return "\n".join(render("json", report))


class Desk:
    """Plays `contracts`: answers by command, and writes what `vendor --update` would."""

    def __init__(self, root, report=FOUND, code=1, err=""):
        self.root, self.answer, self.commands = root, Answer(code, as_json(report), err), []

    def __call__(self, arguments):
        self.commands.append(" ".join(arguments))
        if arguments[0] == "drift":
            assert (
                self.root / arguments[3]
            ).read_bytes() == b"<https://docs.nimbleway.com/api-reference/tasks/get-batch-details.md>"
            return self.answer
        home = self.root / "specs" / "nimble"
        home.mkdir(parents=True, exist_ok=True)
        (home / "HISTORY.md").write_text(f"{arguments[0]}\n", encoding="utf-8")
        return Answer(0, "", "")


@pytest.fixture
def job(tmp_path):
    (tmp_path / "specs" / "nimble").mkdir(parents=True)
    return Job(
        root=tmp_path,
        providers=("nimble",),
        run=Desk(tmp_path),
        fetch=lambda url: f"<{url}>".encode(),
        env={},
    )


def told(job, actions=None):
    said = []
    return run_drift(job, actions, said.append), said


def test_drift_is_told_and_proposed_once(job, standin, actions):
    assert told(job, actions) == (0, ["nimble: 1 finding; issue opened; draft opened"])
    assert standin.files("contracts/nimble-documents") == {"specs/nimble/HISTORY.md": b"vendor\n"}
    assert job.run.commands == [COMPARE, f"vendor --update nimble {PAGE}"]
    assert "What nimble changed: drifted" in actions.summary.read_text(encoding="utf-8")
    (job.root / "specs" / "nimble" / "HISTORY.md").unlink()
    assert told(job, actions) == (0, ["nimble: 1 finding; issue unchanged; draft unchanged"])
    clean = replace(job, run=Desk(job.root, Report((NIMBLE,)), 0))
    assert told(clean, actions) == (0, ["nimble: 0 findings; issue closed; draft nothing to propose"])
    assert clean.run.commands == [COMPARE]
    assert (len(standin.issues), len(standin.pulls)) == (1, 1)


def test_recordings_are_made_again_where_a_key_is_set(job, actions):
    told(replace(job, env={"NIMBLE_API_KEY": "k"}), actions)
    assert job.run.commands[1:] == [f"vendor --update nimble {PAGE}", "record nimble"]
    assert "k" not in " ".join(job.run.commands).split()


def test_a_document_that_could_not_be_read_is_not_no_drift(job, standin, actions):
    standin.issue("<!-- pytest-contracts drift nimble digest=abc -->\nold")
    broken = replace(
        job, run=Desk(job.root, code=2, err="x\ncontracts: specs/nimble: the page's layout is not known")
    )
    code, said = told(broken, actions)
    assert (code, said) == (
        3,
        ["nimble: not looked at; contracts: specs/nimble: the page's layout is not known"],
    )
    assert standin.issues[0]["state"] == "open"
    silent = replace(job, run=Desk(job.root, code=2))
    assert told(silent)[1] == ["nimble: not looked at; contracts drift failed"]
    nonsense = replace(job, run=lambda _: Answer(0, "nothing", ""))
    assert told(nonsense)[0] == 3


def test_a_page_that_is_not_understood_leaves_the_issue_alone(job, standin, actions):
    standin.issue("<!-- pytest-contracts drift nimble digest=abc -->\nold")
    unread = Report((NIMBLE,), notices=("the page is laid out otherwise",))
    code, said = told(replace(job, run=Desk(job.root, unread, 3)), actions)
    assert (code, said) == (
        3,
        ["nimble: 0 findings; the page is laid out otherwise; the issue is left as it is"],
    )
    assert standin.issues[0]["state"] == "open"
    half = replace(unread, findings=FOUND.findings)
    code, said = told(replace(job, run=Desk(job.root, half, 1)), actions)
    assert code == 3
    assert said == [
        "nimble: 1 finding; the page is laid out otherwise; issue updated; draft nothing to propose"
    ]


def test_a_vendor_without_an_address_is_said(job):
    assert told(replace(job, providers=("almanac",))) == (
        0,
        ["almanac: the manifest names no address to look at"],
    )


def test_a_document_that_cannot_be_fetched_is_not_no_drift(job):
    def fetch(url):
        raise ContractsError(f"{url}: answered 404")

    code, said = told(replace(job, fetch=fetch))
    assert code == 3
    assert said[0].endswith("get-batch-details.md: answered 404")


def test_the_other_files_of_a_document_are_fetched_too(job):
    folder = job.root / "specs" / "acme"
    folder.mkdir()
    (folder / "provider.toml").write_text(
        'title = "Acme"\nprovenance = "published"\nservers = []\n[[upstream]]\nfile = "upstream/api.yaml"\nsha256 = "00"\n'
        'url = "https://acme.example/v1/openapi.yaml"\n'
    )
    (folder / "openapi.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {}}}}\n"
    )
    given = {
        "https://acme.example/v1/openapi.yaml": b"openapi: 3.1.0\npaths: {/a: {$ref: paths/a.yaml}}\n",
        "https://acme.example/v1/paths/a.yaml": b"get: {}\n",
    }
    assert fetched(replace(job, fetch=given.__getitem__), "acme") == (".contracts/newest/acme/api.yaml",)
    assert (job.root / ".contracts/newest/acme/paths/a.yaml").read_bytes() == b"get: {}\n"


def test_an_update_that_fails_is_told(job, actions):
    def run(arguments):
        return (
            Answer(1, as_json(FOUND), "")
            if arguments[0] == "drift"
            else Answer(2, "", "the overlay no longer applies\n")
        )

    code, said = told(replace(job, run=run), actions)
    assert code == 3
    assert said == [
        "nimble: 1 finding; issue opened; draft not opened, contracts vendor --update nimble: the overlay no longer applies"
    ]


def test_without_a_host_the_findings_are_said(job):
    assert told(job) == (0, ["nimble: 1 finding; no repository to tell"])


def test_a_repository_that_forbids_drafts_still_gets_its_issue(job, standin, actions, monkeypatch):
    monkeypatch.setitem(standin.refs, "main", "gone")
    code, said = told(job, actions)
    assert code == 0
    assert said[0].startswith(
        "nimble: 1 finding; issue opened; draft not opened, GET /repos/acme/app/git/commits/gone"
    )


def test_what_changed_is_found_by_bytes(tmp_path):
    home = tmp_path / "specs" / "x"
    home.mkdir(parents=True)
    for name in ("same", "old", "gone"):
        (home / name).write_text(name, encoding="utf-8")
    before = snapshot(home)
    (home / "old").write_text("newer", encoding="utf-8")
    (home / "gone").unlink()
    (home / "sub").mkdir()
    (home / "sub" / "new").write_bytes(b"\xff")
    (home / "link").symlink_to("/etc/hostname")
    assert changed(tmp_path, home, before) == {
        "specs/x/gone": None,
        "specs/x/old": b"newer",
        "specs/x/sub/new": b"\xff",
    }
    assert snapshot(tmp_path / "nowhere") == {}


def test_a_report_reads_back_from_its_json():
    back = read_report(as_json(sample()))
    assert back.findings == tuple(sample().all_findings())
    assert back.notices == sample().notices


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"version": 2}', '{"version": 1}', '{"version": 1, "assessments": 3}']
)
def test_another_document_is_refused(text):
    with pytest.raises(ConfigError, match="report: not a report"):
        read_report(text)
    broken = json.loads(as_json(sample()))
    del broken["findings"][0]["rule"]
    with pytest.raises(ConfigError):
        read_report(json.dumps(broken))


def test_commands_run_in_this_very_installation(tmp_path, monkeypatch):
    run = command_line(tmp_path)
    answer = run(("providers", "--format", "json"))
    assert answer.code == 0
    assert {one["id"] for one in json.loads(answer.out)} >= {"almanac", "nimble"}
    monkeypatch.setattr(drift, "TIMEOUT", 0.01)
    assert run(("doctor",)) == Answer(2, "", "contracts doctor: no end within 0.01 s")


def test_the_entry_point_names_what_it_does_not_know(tmp_path):
    said = []
    assert drift.main({"CONTRACTS_ROOT": str(tmp_path), "CONTRACTS_PROVIDERS": "nimbel"}, said.append) == 2
    assert said[0].startswith("contracts: no provider 'nimbel'; did you mean 'nimble'?")


def test_the_entry_point_looks_at_all_by_default(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(drift, "run_drift", lambda job, actions, say: seen.append(job.providers) or 0)
    assert drift.main({"CONTRACTS_ROOT": str(tmp_path)}, print) == 0
    assert set(seen[0]) >= {"almanac", "llamacloud", "matil", "nimble", "wickson"}
