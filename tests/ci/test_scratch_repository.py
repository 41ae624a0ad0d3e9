"""A repository set up from nothing: gate on a pull request, waiver, expired waiver, drift, each by its command."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.ci.recordings import ROOT, altered, completed

TODAY = datetime.now(UTC).date()


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["nimble"]\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def contracts(repository):
    def run(*arguments, **env):
        known = {
            key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "COV_CORE"))
        }
        command = [sys.executable, "-P", "-m", "contracts", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=repository, env=known | env, capture_output=True, text=True, timeout=100, check=False
        )
        return done.returncode, " ".join(done.stdout.split()), done.stderr

    return run


def test_from_an_empty_repository_to_drift(repository, contracts, standin, tmp_path):
    own = repository / "specs" / "nimble"

    code, said, _ = contracts("init", "nimble")
    assert code == 0
    code, said, _ = contracts("gate")
    assert code == 0
    assert " conforms: " in f" {said}"

    # a recording arrives that nimble's own words do not allow: the pull request is closed, with one comment
    recording = own / "cassettes" / "getBatch" / "200-text.json"
    recording.parent.mkdir(parents=True, exist_ok=True)
    recording.write_bytes(altered(completed(), lambda value: {**value, "completed_count": "2"}, "text"))
    event, summary = tmp_path / "event.json", tmp_path / "summary.md"
    event.write_text('{"pull_request": {"number": 7}}', encoding="utf-8")
    workflow = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "acme/app",
        "GITHUB_TOKEN": "t",
        "GITHUB_API_URL": standin.url,
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_STEP_SUMMARY": str(summary),
    }
    code, said, _ = contracts(
        "gate", "--report", "html=out/contracts.html", "--report", "sarif=contracts.sarif", **workflow
    )
    assert code == 1
    assert "::error file=specs/nimble/cassettes/" in said
    assert "### Contracts: violates" in summary.read_text(encoding="utf-8")
    assert "### Contracts: violates" in standin.comments[0]["body"]
    assert (repository / "out" / "contracts.html").is_file()

    # the team accepts it until a day: the gate opens, the comment follows
    until = (TODAY + timedelta(days=20)).isoformat()
    code, said, _ = contracts(
        "waive", "--all-current", "--reason", "they fix it", "--until", until, "--owner", "data"
    )
    assert (code, said.startswith("specs/nimble/waivers.toml: 1 waiver added")) == (0, True)
    code, said, _ = contracts("gate", **workflow)
    assert (code, "1 waived" in said) == (0, True)
    assert "### Contracts: conforms" in standin.comments[0]["body"]
    assert len(standin.comments) == 1

    # the day goes by: the finding returns and says so
    path = own / "waivers.toml"
    path.write_text(
        re.sub(r"until = .*", f"until = {TODAY - timedelta(days=1)}", path.read_text(encoding="utf-8")),
        encoding="utf-8",
    )
    code, said, _ = contracts("gate")
    assert (code, "its waiver ended on" in said) == (1, True)
    assert contracts("waivers")[0] == 1

    # a mistake in the file is never "no waivers"
    path.write_text(path.read_text(encoding="utf-8").replace("reason", "raeson"), encoding="utf-8")
    code, _, error = contracts("gate")
    assert (code, "no key of a waiver 'raeson'; did you mean 'reason'?" in error) == (2, True)
    path.unlink()
    recording.unlink()

    # the vendor changes its page
    page = (ROOT / "specs" / "nimble" / "upstream" / "get-batch-details.md").read_text(encoding="utf-8")
    newer = tmp_path / "get-batch-details.md"
    newer.write_text(
        page.replace(
            "                      - success\n",
            "                      - success\n                      - cancelled\n",
        ),
        encoding="utf-8",
    )
    assert newer.read_text(encoding="utf-8") != page
    code, said, error = contracts("drift", "nimble", "--against", newer, "--format", "markdown")
    assert "cancelled" in said, error
    assert code in {0, 1}


def test_the_action_runs_as_a_workflow_runs_it(repository):
    env = {key: value for key, value in os.environ.items() if not key.startswith(("GITHUB_", "COV_CORE"))}
    command = [sys.executable, "-P", "-m", "contracts.ci.action"]
    inputs = {
        "CONTRACTS_REPORTS": "sarif=contracts.sarif html=contracts.html",
        "CONTRACTS_ROOT": ".",
        "GITHUB_ACTIONS": "true",
    }
    done = subprocess.run(
        command, cwd=repository, env=env | inputs, capture_output=True, text=True, timeout=100, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (repository / "contracts.sarif").is_file()
    assert (repository / "contracts.html").is_file()
    assert Path(repository / "contracts.html").stat().st_size < 2_000_000
