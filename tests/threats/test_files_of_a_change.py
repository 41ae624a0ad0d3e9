"""What a stranger's change may bring: settings, waivers, manifests, overlays, a database of examples."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.ci import action
from contracts.cli import group
from contracts.cli import run as run_process
from contracts.consumers.sources import answers, drawn
from contracts.errors import ContractsError
from contracts.spec import load
from tests import acme

ROOT = Path(__file__).parents[2]
WAIVER = '[[waiver]]\nrule = "enum"\nplace = "acme/**"\nreason = "known"\nowner = "me"\nuntil = 2027-01-01\n'
DEEP = "[" * 3000 + "]" * 3000
RUNS = "!!python/object/apply:os.system ['touch owned']"
MALFORMED = [
    *(("pyproject.toml", text) for text in (
        "[tool.contracts", "[tool.contracts]\nproviders = 1", '[tool.contracts]\nprovider = ["acme"]',
        '[tool.contracts]\nfail-on = "never ever"', f"[tool.contracts]\nproviders = {DEEP}", "[tool.contracts]\nmax-body = -1",
        '[tool.contracts]\nbase = {"$(touch owned)" = 1}', '[tool.contracts.severity]\nenum = "mild"',
        '[tool.contracts]\nproviders = ["../../etc"]', "tool = 1", '[tool.contracts.watch]\nsinks = ["touch owned"]',
    )),
    *(("specs/acme/waivers.toml", text) for text in (
        "[[waiver]]", WAIVER.replace("2027-01-01", '"2027-13-01"'), WAIVER.replace('"enum"', '"everything"'),
        WAIVER.replace('"known"', '""'), WAIVER.replace("2027-01-01", "2099-01-01"), WAIVER + "run = 'touch owned'\n",
        "waiver = 1", f"a = {DEEP}", "\0", WAIVER.replace('"acme/**"', "7"), WAIVER + WAIVER[:20],
    )),
    *(("specs/acme/provider.toml", text) for text in (
        "", "servers = 1", acme.MANIFEST.replace('"published"', '"by me"'), acme.MANIFEST + '[hooks]\nrun = "touch owned"\n',
        acme.MANIFEST.replace("https://", "file:///etc/passwd?"), acme.MANIFEST.replace('"upstream/', '"../../'),
        acme.MANIFEST.replace('"GET"', '"$(touch owned)"'),
    )),
    *(("specs/acme/overlay.yaml", text) for text in (
        RUNS, "overlay: 1.0.0\nactions: 7", "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions: [{target: '$['}]",
        f"overlay: {DEEP}", f"overlay: 1.0.0\ninfo: {{title: t, version: '1'}}\nactions: [{{target: $.info, update: {RUNS}}}]",
        "a: &a [*a]",
    )),
]  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    acme.write(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["acme"]\n')
    return tmp_path


@pytest.mark.parametrize(("file", "text"), MALFORMED, ids=range(len(MALFORMED)))
def test_a_malformed_file_is_one_sentence_and_runs_nothing(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], file: str, text: str
) -> None:
    (home / file).write_text(text)
    for words in (["check"], ["gate", "--no-comment"], ["coverage", "acme"]):
        monkeypatch.setattr(sys, "argv", ["contracts", *words])
        code = run_process()
        said = capsys.readouterr()
        assert (code, said.out, len(said.err.splitlines())) == (2, "", 1), said.err
        assert Path(file).name in said.err or "acme" in said.err
        assert len(said.err) < 500
    assert not (home / "owned").exists()


@pytest.mark.untraced
def test_a_poisoned_database_of_examples_is_neither_read_nor_written(home: Path) -> None:
    poisoned, rng = home / ".hypothesis/examples", random.Random(1)
    for name in (os.urandom(8).hex() for _ in range(20)):
        (poisoned / name).mkdir(parents=True)
        (poisoned / name / rng.randbytes(8).hex()).write_bytes(rng.randbytes(200))
    before = {path: path.read_bytes() for path in poisoned.rglob("*") if path.is_file()}
    plan = answers(load("acme", home), "getBatch").plan
    assert drawn(plan, 20) == drawn(plan, 20) != []
    assert {path: path.read_bytes() for path in poisoned.rglob("*") if path.is_file()} == before


def test_what_a_door_says_is_the_same_beside_a_poisoned_database(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home / "readers.py").write_text('def strict(payload):\n    return {"running": 1}[payload["state"]]\n')
    monkeypatch.syspath_prepend(str(home))
    said = []
    for poisoned in (False, True):
        shutil.rmtree(home / "specs/acme/replays", ignore_errors=True)  # what a run keeps, the next one tries
        if poisoned:
            shutil.rmtree(
                home / ".hypothesis", ignore_errors=True
            )  # letters, which a first run of a process keeps
            (home / ".hypothesis/examples").mkdir(parents=True)
            (home / ".hypothesis/examples/0000").write_bytes(b"\xff" * 99)
            (home / ".hypothesis/unicode_data").write_bytes(b"\x1f\x8b")
        monkeypatch.setattr(
            sys, "argv", ["contracts", "stress", "readers:strict", "-p", "acme", "--explore", "15"]
        )
        code = run_process()
        said.append((code, capsys.readouterr().out))
        assert (home / ".hypothesis/examples").exists() is poisoned
    sys.modules.pop("readers", None)
    assert said[0] == said[1]
    assert len(list((home / ".hypothesis").rglob("*"))) == 3


def test_no_test_keeps_examples_and_no_commit_holds_them() -> None:
    assert ".hypothesis/" in (ROOT / ".gitignore").read_text().splitlines()
    kept = [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        for call in re.findall(
            r"(?<![.\w])settings\(([^()]*(?:\([^()]*\)[^()]*)*)\)", path.read_text("utf-8")
        )
        if "max_examples" in call and "database=None" not in call and not call.startswith("EXACT")
    ]
    assert kept == []


def git(root: Path, *words: str) -> None:
    own = ["-c", "user.name=a", "-c", "user.email=a@acme.example", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *own, *words], cwd=root, check=True, capture_output=True)


def waived() -> str:
    """Give waivers for all that is wrong with the broken recording of acme."""
    until = (datetime.now(UTC).date() + timedelta(days=9)).isoformat()
    every = WAIVER.replace("acme/**", "acme/getBatch/200/**").replace("2027-01-01", until)
    return every + every.replace('"enum"', '"type"')


def entered(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(group, list(words))
    assert done.exception is None or isinstance(done.exception, ContractsError | SystemExit)
    return done.exit_code, done.output + (str(done.exception) if done.exit_code == 1 else "")


def test_a_change_cannot_waive_its_own_findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With --policy-from the waivers, severities and the limit of the gate are those of the base branch."""
    monkeypatch.chdir(tmp_path)
    acme.write(tmp_path)
    settings, waivers = tmp_path / "pyproject.toml", tmp_path / "specs/acme/waivers.toml"
    settings.write_text('[tool.contracts]\nproviders = ["acme"]\n')
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "begin")
    git(tmp_path, "checkout", "-qb", "change")
    shutil.rmtree(tmp_path / "specs")
    acme.write(tmp_path, broken=True)
    gate = ("gate", "acme", "--no-comment")
    assert entered(*gate)[0] == 1
    waivers.write_text(waived())
    assert entered(*gate)[0] == 0
    assert entered(*gate, "--policy-from", "main")[0] == 1
    waivers.unlink()
    settings.write_text('[tool.contracts]\nproviders = ["acme"]\nfail-on = "never"\n')
    assert entered(*gate)[0] == 0
    assert entered(*gate, "--policy-from", "main")[0] == 1
    said = []
    env = {"CONTRACTS_ROOT": str(tmp_path), "CONTRACTS_POLICY_FROM": "main", "CONTRACTS_REPORTS": ""}
    assert action.main(env, said.append) == 1
    assert action.main({**env, "CONTRACTS_POLICY_FROM": "mian"}, said.append) == 2
    assert said[-1] == "contracts: --policy-from 'mian' is neither a git revision nor a folder"


def test_a_waiver_of_the_base_branch_holds_in_a_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    acme.write(tmp_path, broken=True)
    base = tmp_path / "base"
    shutil.copytree(tmp_path / "specs", base / "specs")
    (base / "specs/acme/waivers.toml").write_text(waived())
    gate = ("gate", "acme", "--no-comment")
    assert entered(*gate)[0] == 1
    assert entered(*gate, "--policy-from", "base")[0] == 0
    shutil.rmtree(base / "specs/acme")
    assert entered(*gate, "--policy-from", "base")[0] == 1
