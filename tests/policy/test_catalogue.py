"""Every id that any door can print is in the catalogue, and can be explained."""

import ast
import json
import re
from pathlib import Path

import pytest

from contracts.consumers.laws import ALL_LAWS
from contracts.drift import RULES as DRIFT
from contracts.model import Severity
from contracts.policy import adjustable_rules, all_rules, read_policy
from contracts.rules import RULES, SECRETS
from contracts.schema import KEYWORDS
from tests import acme
from tests.cli.conftest import project  # noqa: F401 -- fixtures

SOURCES = sorted((Path(__file__).parents[2] / "contracts").rglob("*.py"))
MAKERS = {
    "RawFault",
    "Fault",
    "Leak",
    "Finding",
    "Redaction",
    "_finding",
    "_about",
    "_hit",
    "_unusable",
    "found_in",
}
REDACTIONS = {"query", "path", "user", "header", "whole"}
"""Kinds of redactions that stand in a cassette only; no door prints them."""


def ids_made() -> set[str]:
    """Collect the literal ids from which the code makes findings, faults and leaks."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = node.func if isinstance(node, ast.Call) else None
            if getattr(name, "id", getattr(name, "attr", "")) in MAKERS:
                given = [*node.args[:2], *(one.value for one in node.keywords if one.arg == "rule")]
                found |= {one.value for one in given if isinstance(one, ast.Constant) and one.value}
    return {one for one in found if isinstance(one, str) and re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", one)}


@pytest.mark.untraced
def test_ids_in_the_code_are_in_the_all_rules():
    made = ids_made()
    assert {"undescribed", "not-json", "vendor-digest", "observed-word", "entropy"} <= made
    assert made - REDACTIONS - set(all_rules()) == set()


def test_every_keyword_that_can_fail_is_a_rule():
    assert KEYWORDS - {"if"} <= set(RULES)


def test_the_catalogue_holds_every_table_once():
    tables = (RULES, DRIFT, {law.id: law for law in ALL_LAWS}, SECRETS)
    assert sum(map(len, tables)) == len(all_rules())
    assert {name for table in tables for name in table} == set(all_rules())
    for name, rule in all_rules().items():
        assert rule.id == name
        assert rule.summary
        assert rule.advice
        assert isinstance(rule.severity, Severity)


@pytest.mark.parametrize("table", ["severity", "provider.matil.severity"])
def test_every_adjustable_rule_is_a_setting(tmp_path, table):
    path = tmp_path / "pyproject.toml"
    lines = [f'"{name}" = "note"' for name in adjustable_rules()]
    path.write_text("\n".join([f"[tool.contracts.{table}]", *lines]))
    policy = read_policy(path)
    weighed = {policy.weigh(name, Severity.ERROR, "matil") for name in adjustable_rules()}
    assert weighed == {Severity.NOTE}


BODIES = [
    b'{"id": "b1"',
    b'\xef\xbb\xbf{"id": 1, "id": NaN}',
    b"[" * 300 + b"]" * 300,
    b'{"id": 1, "state": "paused", "total": null, "new": {"a": 1}}',
    b"<html>",
    "{}",
]
DAYS = [*["2026-11-01"] * 12, *["2026-11-20"] * 4]


def traffic(home: Path) -> str:
    """Write recordings of every kind of trouble as JSON lines."""
    made = [
        {"method": "GET", "url": f"{acme.URL}{tail}", "status": status, "body": body}
        for tail, status in (("", 200), ("", 202), ("/logs", 200))
        for body in (one if isinstance(one, str) else one.decode("latin-1") for one in BODIES)
    ]
    made += [
        {"method": "GET", "url": acme.URL, "status": 200, "body": '{"id": "b1", "state": "done"}', "at": day}
        for day in DAYS
    ]
    (home / "traffic.jsonl").write_text("\n".join(map(json.dumps, made)))
    return "traffic.jsonl"


def rules_in(text: str) -> set[str]:
    return set(re.findall(r'"rule": ?"([^"]+)"', text))


@pytest.mark.parametrize("command", [["check", "acme", "--file"], ["observe", "--provider", "acme"]])
def test_ids_in_reports_are_in_the_catalogue(project, inside, command):  # noqa: F811
    code, out, err = inside(*command, traffic(project), "--format", "json")
    assert code in {0, 1}, err
    printed = rules_in(out)
    assert len(printed) >= 3
    assert printed <= set(all_rules())


def test_ids_of_drift_are_in_the_catalogue(project, inside):  # noqa: F811
    new = project / "new.yaml"
    new.write_text(acme.SPEC.replace("type: string", "type: integer").replace("/v1/batches:", "/v2/batches:"))
    old = project / "old.yaml"
    old.write_text(acme.SPEC)
    printed = rules_in(inside("drift", str(old), str(new), "--format", "json")[1])
    assert printed
    assert printed <= set(all_rules())


def test_a_rule_of_traffic_follows_the_settings(project, inside):  # noqa: F811
    file = traffic(project)
    assert "observed-type" in inside("observe", "--provider", "acme", file)[1]
    with (project / "pyproject.toml").open("a") as settings:
        settings.write('[tool.contracts.severity]\nobserved-type = "error"\nobserved-status = "off"\n')
    code, out, _ = inside("observe", "--provider", "acme", file)
    assert code == 1
    assert re.search(r"error .* observed-type", out)
    assert "observed-status" not in out


def test_sarif_of_drift_has_the_sentence_of_the_rule(project, inside):  # noqa: F811
    new = project / "new.yaml"
    new.write_text(acme.SPEC.replace("type: string", "type: integer"))
    (project / "old.yaml").write_text(acme.SPEC)
    log = json.loads(inside("drift", str(project / "old.yaml"), str(new), "--format", "sarif")[1])
    listed = log["runs"][0]["tool"]["driver"]["rules"]
    assert listed
    for one in listed:
        rule = all_rules()[one["id"]]
        assert one["shortDescription"]["text"] == rule.summary
        assert one["defaultConfiguration"]["level"] == rule.severity.value
        assert rule.advice in one["help"]["text"]
