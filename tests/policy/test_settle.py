"""What the team decided holds for drift too: severities, switched-off rules, waivers."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from contracts.errors import UnknownName
from contracts.model import Severity
from contracts.policy import read_policy
from tests.plugin.conftest import environment

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


def contracts(project, *args):
    return subprocess.run(
        [sys.executable, "-m", "contracts", *args],
        cwd=project,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "acme.yaml").write_text(SPEC)
    (tmp_path / "newer.yaml").write_text(SPEC.replace("done", "done, archived"))
    assert contracts(tmp_path, "vendor", "--add", "acme", "acme.yaml").returncode == 0
    return tmp_path


def drift(project):
    how = ("--no-impact", "--format", "json", "--fail-on", "warning")
    done = contracts(project, "drift", "acme", "--against", "newer.yaml", *how)
    return done.returncode, {one["rule"]: one for one in json.loads(done.stdout)["findings"]}


def test_as_it_is_judged_without_settings(project):
    code, found = drift(project)
    assert (code, found[RULE]["severity"]) == (1, "warning")


def test_a_severity_of_the_team_counts(project):
    (project / "pyproject.toml").write_text(f'[tool.contracts.severity]\n{RULE} = "note"\n')
    code, found = drift(project)
    assert (code, found[RULE]["severity"]) == (0, "note")


def test_a_rule_that_is_off_is_silent(project):
    (project / "pyproject.toml").write_text(f'[tool.contracts.severity]\n{RULE} = "off"\n')
    assert drift(project) == (0, {})


def test_a_waiver_covers_drift(project):
    found = drift(project)[1][RULE]
    place = f"acme/*/{found['status']}/state"
    until = datetime.now(UTC).date() + timedelta(days=30)
    (project / "specs/acme/waivers.toml").write_text(
        f'[[waiver]]\nrule = "{RULE}"\nplace = "{place}"\nreason = "they told us, we read it"\n'
        f'owner = "data team"\nuntil = {until}\n'
    )
    code, found = drift(project)
    assert (code, found[RULE]["waived"].startswith("they told us")) == (0, True)


def test_an_unknown_rule_is_refused_with_the_nearest(tmp_path):
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.contracts.severity]\nenum-value-add = "note"\n')
    with pytest.raises(UnknownName, match="did you mean 'enum-value-added'"):
        read_policy(path)
    path.write_text(f'[tool.contracts.severity]\n{RULE} = "note"\n')
    assert read_policy(path).weigh(RULE, Severity.ERROR) is Severity.NOTE
