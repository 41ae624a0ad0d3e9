"""action.yml and the workflows: inputs pass through the environment, rights are least, actions are pinned."""

import re
from pathlib import Path

import pytest
import yaml

from contracts.ci.action import read_wanted

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8").replace("\non:", "\n'on':"))


def steps(document):
    runs = document.get("runs")
    jobs = [runs] if runs else document["jobs"].values()
    return [step for job in jobs for step in job["steps"]]


@pytest.mark.parametrize("path", [ROOT / "action.yml", *WORKFLOWS], ids=lambda path: path.name)
def test_no_expression_reaches_a_shell(path):
    for step in steps(load(path)):
        assert "${{" not in step.get("run", "")
        assert "eval" not in step.get("run", "")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_rights_are_given_job_by_job_and_actions_are_pinned(path):
    document = load(path)
    assert document["permissions"] == {}
    for job in document["jobs"].values():
        assert job["permissions"]["contents"] in {"read", "write"}
        assert job["timeout-minutes"] <= 45
    for step in steps(document):
        used = step.get("uses", "./")
        assert used == "./" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used)
        if used.startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


def test_keys_never_meet_a_pull_request():
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        triggers = set(load(path)["on"])
        assert "pull_request_target" not in triggers
        if "secrets." in text:
            assert triggers == {"schedule", "workflow_dispatch"}
            assert "event.repository.fork == false" in text


def test_every_input_is_read_and_every_variable_is_set():
    document = load(ROOT / "action.yml")
    wired = {name: value for step in steps(document) for name, value in step["env"].items()}
    given = set(re.findall(r"inputs\.([\w-]+)", " ".join(wired.values())))
    assert given == set(document["inputs"])
    read = set(
        re.findall(
            r'"(CONTRACTS_[A-Z_]+)"', (ROOT / "contracts" / "ci" / "action.py").read_text(encoding="utf-8")
        )
    )
    assert read <= set(wired)
    outputs = set(
        re.findall(r"outputs\.([\w-]+)", " ".join(one["value"] for one in document["outputs"].values()))
    )
    assert outputs == {"verdict", "exit-code", "sarif-report", "html-report"}


def test_the_defaults_of_the_action_are_what_the_entry_point_takes():
    inputs = load(ROOT / "action.yml")["inputs"]
    wanted = read_wanted(
        {"CONTRACTS_REPORTS": inputs["reports"]["default"], "CONTRACTS_COMMENT": inputs["comment"]["default"]}
    )
    assert [name for name, _ in wanted.reports] == ["sarif", "html"]
    assert wanted.comment
