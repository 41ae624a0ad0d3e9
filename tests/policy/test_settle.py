"""What the team decided holds for drift too: severities, switched-off rules, waivers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import UnknownName
from contracts.model import Severity
from contracts.policy import read_policy

RULE = "enum-value-added"


SPEC = """\
openapi: 3.1.0
info: {title: Acme, version: "1"}
paths:
  /v1/batches/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          description: The batch.
          content:
            application/json:
              schema: {type: object, required: [state], properties: {state: {enum: [running, done]}}}
"""


@pytest.fixture
def project(tmp_path, inside):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "acme.yaml").write_text(SPEC)
    (tmp_path / "newer.yaml").write_text(SPEC.replace("done", "done, archived"))
    assert inside("vendor", "--add", "acme", "acme.yaml")[0] == 0
    return tmp_path


@pytest.fixture
def drift(inside):
    """Compare with the newer document; give the exit code, and the findings by their rules."""

    def drift():
        how = ("--no-impact", "--format", "json", "--fail-on", "warning")
        code, said, _ = inside("drift", "acme", "--against", "newer.yaml", *how)
        return code, {one["rule"]: one for one in json.loads(said)["findings"]}

    return drift


def test_as_it_is_judged_without_settings(project, drift):
    code, found = drift()
    assert (code, found[RULE]["severity"]) == (1, "warning")


def test_a_severity_of_the_team_counts(project, drift):
    (project / "pyproject.toml").write_text(f'[tool.contracts.severity]\n{RULE} = "note"\n')
    code, found = drift()
    assert (code, found[RULE]["severity"]) == (0, "note")


def test_a_rule_that_is_off_is_silent(project, drift):
    (project / "pyproject.toml").write_text(f'[tool.contracts.severity]\n{RULE} = "off"\n')
    assert drift() == (0, {})


def test_a_waiver_covers_drift(project, drift):
    found = drift()[1][RULE]
    place = f"acme/*/{found['status']}/state"
    until = datetime.now(UTC).date() + timedelta(days=30)
    (project / "specs/acme/waivers.toml").write_text(
        f'[[waiver]]\nrule = "{RULE}"\nplace = "{place}"\nreason = "they told us, we read it"\n'
        f'owner = "data team"\nuntil = {until}\n'
    )
    code, found = drift()
    assert (code, found[RULE]["waived"].startswith("they told us")) == (0, True)


def test_an_unknown_rule_is_refused_with_the_nearest(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.contracts.severity]\nenum-value-add = "note"\n')
    with pytest.raises(UnknownName, match="did you mean 'enum-value-added'"):
        read_policy(path)
    path.write_text(f'[tool.contracts.severity]\n{RULE} = "note"\n')
    assert read_policy(path).weigh(RULE, Severity.ERROR) is Severity.NOTE
