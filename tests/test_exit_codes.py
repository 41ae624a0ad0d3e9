"""The exit code of every door over everything that can come of it, in one table."""

from __future__ import annotations

import importlib
import json
import re
import shutil

import pytest

import contracts.check.provider
from contracts.ci import hooks
from contracts.cli import COMMANDS
from tests import acme
from tests.check.conftest import NEWER, doors, project, recorded, settings

__all__ = ["doors", "project"]


LOG = "log.jsonl"


def conforming(root):
    recorded(root)


def violating(root):
    recorded(root, acme.BROKEN)
    (root / NEWER).write_text(acme.SPEC.replace("required: [id, state]", "required: [id]"))
    page = root / "specs" / "acme" / "waivers.toml"
    page.write_text(
        '[[waiver]]\nrule = "enum"\nplace = "acme/getBatch/200/state"\nreason = "r"\nowner = "o"\nuntil = 2026-01-01\n'
    )


def misspelt(root):
    settings(root, "fail_on = 'error'")


def unjudged(root):
    for path in (root / "specs" / "acme" / "cassettes").rglob("*.json"):
        path.unlink()
    (root / "specs" / "acme" / "openapi.yaml").write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /v1/batches/{id}: {get: {responses: {}}}\n"
        "  /v1/batches: {get: {responses: {}}}\n"
    )
    (root / NEWER).write_text("no: document\n")


def broken_folder(root):
    (root / "specs" / "acme" / "provider.toml").write_text("[[[")


OFFLINE = {
    #                  success  findings  usage  not judged  broken vendor folder
    "check":           (0,       1,        2,     3,          2),
    "gate":            (0,       1,        2,     3,          2),
    "action":          (0,       1,        2,     3,          2),
    "drift":           (0,       1,        2,     3,          2),
    "pytest":          (0,       1,        4,     5,          4),
    "coverage":        (0,       0,        2,     0,          2),
    "providers acme":  (0,       0,        2,     0,          2),
    "waivers":         (0,       1,        2,     0,          2),
    "observe -p":      (0,       0,        2,     3,          2),
}  # fmt: skip
STATES = (conforming, violating, misspelt, unjudged, broken_folder)
WORDS = {"providers acme": ("providers", "acme"), "observe -p": ("observe", "--provider", "acme")}


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_what_a_project_is_gives_each_door_its_code(project, doors, state):
    state(project)
    wanted = {door: row[STATES.index(state)] for door, row in OFFLINE.items()}
    command = doors["command"]
    answers = {
        door: doors[door]() if door in doors else command(*WORDS.get(door, (door,))) for door in wanted
    }
    assert {door: code for door, (code, _) in answers.items()} == wanted, answers
    for door, (_, said) in answers.items():
        assert "Traceback" not in said, (door, said)


@pytest.mark.parametrize("name", ["provider.toml", "openapi.yaml", "waivers.toml", "overlay.yaml"])
def test_a_vendor_that_cannot_be_loaded_is_set_aside_and_the_others_are_checked(project, doors, name):
    shutil.copytree(project / "specs" / "acme", project / "specs" / "beta")
    (project / "specs" / "beta" / name).write_text("[[[")
    settings(project, providers='["acme", "beta"]')
    for door, code in (("check", 2), ("gate", 2), ("coverage", 2), ("pytest", 1)):
        found, said = doors[door]() if door in doors else doors["command"](door)
        assert (door, found) == (door, code), said
        assert f"beta/{name}" in said, door
        assert "acme getBatch" in said or "conforms: 3 interactions" in said, (door, said)
    recorded(project, acme.BROKEN)
    assert doors["check"]()[0] == 1
    if name != "waivers.toml":
        found, said = doors["command"]("providers")
        assert (
            found,
            "acme" in said,
            f"set aside, so nothing of it was checked: specs/beta/{name}" in said,
        ) == (2, True, True)


def doors_that_check(doors):
    return {
        "check": doors["check"],
        "gate": doors["gate"],
        "action": doors["action"],
        "coverage": lambda: doors["command"]("coverage"),
    }


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (LookupError("s3cret"), 70)])
def test_an_interrupt_and_a_fault_of_ours_have_codes_of_their_own(project, doors, monkeypatch, error, code):
    def fails(*_):
        raise error

    monkeypatch.setattr(contracts.check.provider.ProviderCheck, "report", fails)
    for name, door in doors_that_check(doors).items():
        found, said = door()
        assert (name, found) == (name, code)
        assert "s3cret" not in said
        assert said.count("\n") <= 2  # click ends the line of the ^C first
        if code == 70:
            assert re.search(
                r"^contracts: LookupError at contracts/\S+\.py:\d+: this is a fault of contracts", said
            )
        else:
            assert said.strip() == "contracts: stopped"
    monkeypatch.setenv("CONTRACTS_DEBUG", "1")
    if code == 70:
        assert "Traceback" in doors["check"]()[1]


AT_WORK = {
    ("stress", "json:dumps", "-p", "acme"): ("contracts.consumers.stress.run", "run_consumer"),
    ("serve", "acme", "--port", "0"): ("uvicorn", "Server.run"),
    ("record", "acme", "--param", "id=b1"): ("contracts.check.live", "LiveCheck.answers"),
    ("drift", NEWER, NEWER): ("contracts.drift.judge", "drift"),
    ("drift", "acme", "--against", NEWER): ("contracts.cli.upstream", "against"),
    ("impact", "acme", "json:dumps", "--against", NEWER): ("contracts.cli.impact", "against"),
    ("observe", "--provider", "acme"): ("contracts.cli.observe", "read_recordings"),
    ("import", LOG): ("contracts.interactions.store", "Store.keep"),
    ("scan", LOG): ("contracts.cli.scan", "scan_files"),
    ("normalize", "matil=" + LOG): ("contracts.cli.normalize", "read_path"),
    ("waive", "--all-current", "--reason", "r"): ("contracts.check.provider", "ProviderCheck.report"),
    ("waivers",): ("contracts.cli.waivers", "waivers_of"),
    ("vendor", "--check", "acme"): ("contracts.cli.vendor", "vendor_check"),
    ("vendor", "--add", "beta", NEWER): ("contracts.cli.vendor", "vendor_add"),
    ("providers",): ("contracts.cli.about", "load"),
    ("history", "acme"): ("contracts.cli.history", "load"),
}


@pytest.mark.parametrize("words", AT_WORK, ids=" ".join)
@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (LookupError("s3cret"), 70)])
def test_every_door_is_stopped_or_fails_in_one_sentence(project, doors, monkeypatch, words, error, code):
    def fails(*_, **__):
        raise error

    (project / LOG).write_text(json.dumps({"url": acme.URL, "status": 200, "body": acme.DONE}) + "\n")
    monkeypatch.setenv("ACME_API_KEY", "k-0123456789abcdef")
    module, name = AT_WORK[words]
    holder, _, attribute = name.rpartition(".")
    found = importlib.import_module(module)
    monkeypatch.setattr(getattr(found, holder) if holder else found, attribute, fails)
    found, said = doors["command"](*words)
    assert (found, "s3cret" in said) == (code, False), said
    assert said.splitlines()[-1].startswith(
        "contracts: stopped" if code == 130 else "contracts: LookupError at"
    )


def test_ctrl_c_in_a_consumer_is_no_crash_of_it(project, doors):
    (project / "interrupted.py").write_text("def read(body): raise KeyboardInterrupt\n")
    assert doors["command"]("stress", "interrupted:read", "-p", "acme")[0] == 130


def test_a_fault_of_ours_at_the_start_of_pytest_is_said_alike(project, doors, monkeypatch):
    monkeypatch.setattr("contracts.plugin.session.options_of", lambda config: 1 / 0)
    code, said = doors["pytest"]()
    assert code == 70
    assert re.search(
        r"contracts: ZeroDivisionError at contracts/plugin/session.py:\d+: this is a fault of", said
    )


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_refuses_an_option_that_it_does_not_have(project, doors, name):
    code, said = doors["command"](name, "--provder")
    assert code == 2
    assert said.startswith("contracts: no such option")


USELESS = {
    ("check", "--param", "a=b"): "--param is of no use without --live",
    ("check", "--poll"): "--poll is of no use without --live",
    ("check", "--budget", "25"): "--budget is of no use without --live",
    ("check", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("check", ""): "no provider ''",
    ("check", "acme,acne"): "no provider 'acne'; did you mean 'acme'?",
    ("check", "all,acne"): "no provider 'acne'; did you mean 'acme'?",
    ("check", "--operation", "getBach"): "no operation 'getBach'; did you mean 'getBatch'?",
    ("check", "--fail-on", "eror"): "'eror' is not one of",
    ("gate", "--report", "sarf=x"): "no report format 'sarf'; did you mean 'sarif'?",
    ("gate", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("coverage", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("waivers", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("stress", "--provider", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("explain", "enmu"): "no rule 'enmu'; did you mean 'enum'?",
    ("drift", NEWER, NEWER, "--live"): "--live is of no use without a PROVIDER",
    ("observe", LOG, "--save"): "--save is of no use without --provider",
    ("observe", LOG, "--overlay"): "--overlay is of no use without --provider",
    ("observe", "--provider", "acme", "--strict"): "--strict is of no use without FILES",
    (
        "observe",
        LOG,
        "--provider",
        "acme",
        "--overlay",
        "--format",
        "json",
    ): "--format is of no use with --overlay",
    ("record", "acme", "--every", "3"): "--every is of no use without --poll",
    ("proxy", "acme", "--addon"): "[VENDOR] is of no use with --addon",
    ("proxy", "--addon", "--record"): "--record is of no use with --addon",
    (
        "waive",
        "0123456789abcdef",
        "--reason",
        "r",
        "--severity",
        "note",
    ): "--severity is of no use without --all-current",
    ("serve", "acme", "--seed", "3"): "--seed is of no use without --chaos",
    ("serve", "acme", "--seconds", "3", "--steps", "2"): "--steps is of no use with --seconds",
    (
        "stress",
        "json:dumps",
        "-p",
        "acme",
        "--base",
        "x",
        "--points",
    ): "--points is of no use with a comparison",
    (
        "vendor",
        "--add",
        "beta",
        NEWER,
        "--server",
        "https://x.example",
    ): "--server chooses among the servers of recordings",
    ("vendor", "--add", "beta", LOG, "--platform", "mintlify-openapi"): "--platform tells how a page is read",
    ("vendor", "--remove", "acne"): "no provider 'acne'; did you mean 'acme'?",
    ("vendor", "--rename", "acne", "beta"): "no provider 'acne'; did you mean 'acme'?",
    ("vendor", "--accept", "acne"): "no provider 'acne'; did you mean 'acme'?",
    (
        "scan",
        "--secret-env",
        "NO_SUCH_NAME",
    ): "--secret-env: no environment variable with a value 'NO_SUCH_NAME'",
    (
        "import",
        LOG,
        "--secret-env",
        "NO_SUCH_NAME",
    ): "--secret-env: no environment variable with a value 'NO_SUCH_NAME'",
    ("import", LOG, "--place", "/nmae"): "--place /nmae: nothing stands there in any answer",
    (
        "check",
        "--file",
        LOG,
        "--field",
        "recorded_at=/tss",
    ): "--field recorded_at=/tss: no line of the recordings has this place",
    ("check", "--file", LOG, "--field", "url=/ulr"): "--field url=/ulr stands nowhere in it",
    ("check", "--file", LOG, "--field", "ulr=/url"): "--field: no fact 'ulr' in a line; did you mean 'url'?",
    ("drift", "acme", "--against", NEWER, "--tolerance", "enmu=error"): "did you mean 'enum'?",
}


@pytest.mark.parametrize("words", USELESS, ids=" ".join)
def test_what_was_asked_for_and_matches_nothing_is_refused(project, doors, words):
    (project / LOG).write_text(json.dumps({"url": acme.URL, "status": 200, "body": acme.DONE}) + "\n")
    code, said = doors["command"](*words)
    assert (code, USELESS[words] in said) == (2, True), said


LIVE = {
    (
        "--base-url",
        "acne=http://127.0.0.1:9",
    ): "--base-url: no provider of this run 'acne'; did you mean 'acme'?",
    ("--param", "batchid=x"): "--param: no parameter 'batchid'",
    ("--param", "id=x", "--param", "id=y"): "--param id is given twice",
    ("--poll",): "--poll: no operation here answers with a batch that can be followed",
    ("--operation", "getBach"): "no operation 'getBach'; did you mean 'getBatch'?",
    ("--file", NEWER): "--file is judged offline",
}


@pytest.mark.parametrize("words", LIVE, ids=" ".join)
def test_what_a_live_run_cannot_use_is_refused_before_anything_is_sent(project, doors, monkeypatch, words):
    monkeypatch.setenv("ACME_API_KEY", "k-0123456789abcdef")
    code, said = doors["check"]("acme", "--live", *words)
    assert (code, LIVE[words] in said) == (2, True), said
    given = [f"--contracts-{word[2:]}" if word.startswith("--") else word for word in words]
    if words[0] != "--file":
        code, said = doors["pytest"]("--provider=acme", "--live", *given)
        assert (code, LIVE[words].replace("--", "--contracts-") in said) == (4, True), said


PYTEST = {
    ("--contracts-param", "a=b", "--provider=acme"): "--contracts-param is of no use without --live",
    ("--contracts-record", "--provider=acme"): "--contracts-record is of no use without --live",
    ("--contracts-budget=3",): "--contracts-budget is of no use without --live",
    ("--contracts-explore=3", "--provider=acme"): "no consumer of acme is registered",
    (
        "--contracts-operation=getBatch",
        "test_own.py",
    ): "--contracts-operation is of no use without --provider",
    ("--contracts-report=html=x", "test_own.py"): "--contracts-report is of no use without --provider",
    ("--provider=",): "no provider ''",
    ("--provider=all,acne",): "no provider 'acne'; did you mean 'acme'?",
}


@pytest.mark.parametrize("words", PYTEST, ids=" ".join)
def test_what_pytest_was_asked_for_and_matches_nothing_is_refused(project, doors, words):
    (project / "test_own.py").write_text("def test_own(): pass")
    code, said = doors["pytest"](*words)
    assert (code, PYTEST[words] in said) == (4, True), said


def test_options_in_the_settings_of_pytest_wait_for_a_live_run(project, doors):
    with (project / "pyproject.toml").open("a") as file:
        file.write('[tool.pytest.ini_options]\naddopts = "--contracts-budget=5 --contracts-live-required"\n')
    assert doors["pytest"]()[0] == 0


def test_hooks_refuse_what_they_do_not_know(capsys):
    assert hooks.main(["spec"], None) == 2
    assert "name one of specs, cassettes, waivers" in capsys.readouterr().err


def test_an_operation_that_nothing_was_recorded_of_is_never_green(project, doors):
    recorded(project)
    assert doors["check"]("--operation", "listBatches")[0] == 3
    code, said = doors["pytest"]("--provider=acme", "--contracts-operation=listBatches")
    assert (code, "not checked: no recording was selected" in said) == (5, True), said
    assert doors["pytest"]("--provider=acme", "--contracts-operation=getBatch")[0] == 0
    assert doors["pytest"]("--provider=acme", "-k", "listBatches")[0] == 0


def test_a_broken_summary_is_named_as_a_reader_knows_it(project, doors):
    (project / "specs" / "acme" / "observed.json").write_text("{{{")
    (project / LOG).write_text(json.dumps({"url": acme.URL, "status": 200, "body": acme.DONE}) + "\n")
    code, said = doors["command"]("observe", "--provider", "acme", LOG, "--save")
    assert (code, said) == (
        2,
        "contracts: specs/acme/observed.json: not a summary of traffic; make it with contracts observe\n",
    )
