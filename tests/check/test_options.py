"""Each setting of [tool.contracts] holds at every door alike; what matches nothing is refused at every door."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest

from contracts.policy import Policy
from tests import acme
from tests.check.conftest import NEWER, recorded, settings

CHECKING = ("pytest", "check", "gate", "action")
WIDER = ("state: {enum: [running, done]}", "state: {enum: [running, done, paused]}")
OLD = "2026-01-01"

SETTINGS = {
    "nothing": ("", "", {}),
    "max_body": ("max-body = 40", "", {}),
    "coverage": ("coverage = 1.0", "", {}),
    "coverages": ("provider.acme.coverage = 1.0", "coverage = 1.0\nprovider.acme.coverage = 0.0", {}),
    "stale_fail_days": ("stale-warn-days = 1\nstale-fail-days = 2", "stale-fail-days = 9999", {"day": OLD}),
    "stale_warn_days": (
        'fail-on = "warning"\nstale-warn-days = 2\nstale-fail-days = 9999',
        'fail-on = "warning"\nstale-warn-days = 9998\nstale-fail-days = 9999',
        {"day": OLD},
    ),
    "fail_on": ("", 'fail-on = "never"', {"body": acme.BROKEN}),
    "severities": ("", 'severity.enum = "off"\nseverity.type = "note"', {"body": acme.BROKEN}),
    "severities of a provider": (
        'severity.enum = "off"\nprovider.acme.severity.type = "error"',
        'severity.enum = "off"\nseverity.type = "error"\nprovider.acme.severity.type = "note"',
        {"body": acme.BROKEN},
    ),
}
"""Setting → text that closes the gate, text that leaves it open, and what the project's traffic is."""


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_holds_at_every_door(project, doors, name):
    closing, opening, traffic = SETTINGS[name]
    if traffic:
        recorded(project, **traffic)
    for text, code in ((closing, 1 if name != "nothing" else 0), (opening, 0)):
        settings(project, text)
        answers = {door: doors[door]() for door in CHECKING}
        assert {door: code for door, (code, _) in answers.items()} == dict.fromkeys(CHECKING, code), answers


def test_every_setting_is_among_them():
    elsewhere = {"base", "file", "providers", "tolerance", "watch"}  # two: below; the rest is no check's
    assert {one.name for one in fields(Policy)} - elsewhere <= SETTINGS.keys()


def test_the_providers_of_the_settings_are_those_of_every_door(project, doors):
    settings(project, providers='["acme", "nimble"]')
    for door in CHECKING:
        code, said = doors[door]("-v") if door in {"pytest", "check"} else doors[door]()
        assert code == 0
        assert "conforms" in said
        assert "matil" not in said
    settings(project, providers='["acme"]')
    assert "no address" in doors["job"]()[1]
    assert "nimble" not in doors["job"]()[1]


DRIFT = {
    "tolerance": ('tolerance = "strict"', 'tolerance = "tolerant"'),
    "fail-on": ('fail-on = "warning"', 'fail-on = "error"'),
    "severity": ('severity.enum-value-added = "error"', 'severity.enum-value-added = "off"'),
}


@pytest.mark.parametrize("name", DRIFT)
def test_a_setting_that_speaks_of_changes_holds_for_drift(project, doors, name):
    (project / NEWER).write_text(acme.SPEC.replace(*WIDER))
    for text, code in zip(DRIFT[name], (1, 0), strict=True):
        settings(project, text)
        assert doors["drift"]()[0] == code, text


def test_what_the_command_line_says_goes_before_the_settings(project, doors):
    settings(project, 'max-body = 40\nfail-on = "error"')
    assert doors["pytest"]("--contracts-max-body=4000")[0] == doors["check"]("--max-body=4000")[0] == 0
    for code in (doors["check"]("--fail-on=never")[0], doors["gate"]("--fail-on=never")[0]):
        assert code == 0
    assert doors["action"](CONTRACTS_FAIL_ON="never")[0] == 0


MISTAKES = {
    'provider = ["acme"]': "provider is not a table; did you mean 'providers'?",
    "max_body = 40": "no setting 'max_body'; did you mean 'max-body'?",
    'severity.enmu = "off"': "no rule 'enmu'; did you mean 'enum'?",
    "provider.acne.coverage = 1": "no provider 'acne'; did you mean 'acme'?",
    'consumers."json:loads" = "acne"': "'json:loads': no provider 'acne'; did you mean 'acme'?",
    'consumers."json:loads" = {provider = "acme", refuse = []}': "no setting 'refuse'; did you mean 'refuses'?",
    "consumers = 3": "[tool.contracts.consumers] is not a table",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_a_mistake_in_the_settings_is_a_usage_error_at_every_door(project, doors, text):
    settings(project, text)
    for door, expected in dict.fromkeys((*CHECKING, "drift", "job"), 2).items() | {("pytest", 4)}:
        if (door, expected) == ("pytest", 2):
            continue
        code, said = doors[door]()
        assert (door, code) == (door, expected)
        assert MISTAKES[text] in re.sub(r"\s+", " ", said)
    (project / "test_own.py").write_text("def test_own(): pass")
    assert doors["pytest"]("test_own.py")[0] == 4


CONSUMERS = {
    '"nowhere:read" = "acme"': "'nowhere:read' cannot be imported",
    '"json:lods" = "acme"': "json has no 'lods'; did you mean 'loads'?",
    '"json:loads" = {provider = "acme", operation = "getBach"}': "no operation 'getBach'; did you mean 'getBatch'?",
}


@pytest.mark.parametrize("text", CONSUMERS)
def test_a_consumer_that_leads_nowhere_ends_the_run_where_consumers_run(project, doors, text):
    settings(project, f"[tool.contracts.consumers]\n{text}")
    for code, said in (doors["pytest"](), doors["command"]("stress", "--provider", "acme")):
        assert code in {2, 4}
        assert CONSUMERS[text] in said
