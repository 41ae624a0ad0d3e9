"""Checks before a commit: each names the file and what to mend; 500 files take less than a second."""

import hashlib
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from contracts.ci.hooks import main
from tests.ci.recordings import altered, cassettes_of, completed, timed

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
CASSETTES = sorted((ROOT / "specs").glob("*/cassettes/*/*.json"))


def run(capsys, *arguments):
    code = main([str(one) for one in arguments], TODAY)
    return code, capsys.readouterr().out.splitlines()


def test_what_is_bundled_passes(capsys):
    specs = [path for path in (ROOT / "specs").glob("*/*") if path.suffix in {".yaml", ".toml"}]
    assert run(capsys, "specs", *specs, *(ROOT / "specs").glob("*/upstream/*")) == (0, [])
    assert run(capsys, "cassettes", *CASSETTES) == (0, [])
    assert run(capsys, "waivers", *(ROOT / "specs").glob("*/waivers.toml")) == (0, [])


def test_a_changed_upstream_document_is_refused(tmp_path, capsys):
    home = tmp_path / "nimble"
    shutil.copytree(ROOT / "specs" / "nimble", home)
    upstream = sorted((home / "upstream").iterdir())
    upstream[0].write_bytes(b"changed")
    code, lines = run(capsys, "specs", upstream[0], home / "openapi.yaml")
    assert code == 1
    assert lines == [
        f"{upstream[0]}: not the bytes that provider.toml names; it is kept as the vendor sent it"
    ]
    upstream[0].unlink()
    assert run(capsys, "specs", home / "provider.toml")[1] == [
        f"{upstream[0]}: missing, though provider.toml names it"
    ]


def test_a_document_that_cannot_be_read_names_its_line(tmp_path, capsys):
    (tmp_path / "openapi.yaml").write_text("a: 1\na: 2\n", encoding="utf-8")
    code, lines = run(capsys, "specs", tmp_path / "openapi.yaml", tmp_path / "gone.yaml")
    assert code == 1
    assert lines[0].startswith("[Errno 2] No such file or directory")
    assert lines[1] == f"{tmp_path / 'openapi.yaml'}:2: the key 'a' is there more than once"


def test_a_secret_in_a_recording_is_named_but_not_shown(tmp_path, capsys):
    secret = "ghp_" + hashlib.sha256(b"x").hexdigest()[:36]
    path = tmp_path / "200-leak.json"
    path.write_bytes(altered(completed(), lambda value: {**value, "token": secret}, "leak"))
    code, lines = run(capsys, "cassettes", path)
    assert code == 1
    assert any(line.startswith(f"{path}: /response/json/token: ") for line in lines)
    assert secret[4:] not in "\n".join(lines)


def test_a_recording_stands_in_canonical_form(tmp_path, capsys):
    path = tmp_path / "200-x.json"
    path.write_text(json.dumps(json.loads(CASSETTES[0].read_text(encoding="utf-8"))), encoding="utf-8")
    code, lines = run(capsys, "cassettes", path)
    assert code == 1
    assert lines[0].startswith(f"{path}: not in canonical form")
    path.write_text("{", encoding="utf-8")
    assert run(capsys, "cassettes", path)[0] == 1


WAIVER = '[[waiver]]\nrule = "enum"\nplace = "nimble/getBatch/200/x"\nreason = "r"\nowner = "o"\nuntil = {}\n'


@pytest.mark.parametrize(
    ("until", "sentence"),
    [
        ("2026-11-21", "1: the waiver for enum ended on 2026-11-21"),
        ("2027-11-21", "1: until is 364 days ahead; 180 is the most"),
        ("'soon'", "1: until is 'soon'; write a day without quotes, such as 2027-02-01"),
        ("2026-11-22", None),
    ],
)
def test_a_waiver_is_current(tmp_path, capsys, until, sentence):
    path = tmp_path / "waivers.toml"
    path.write_text(WAIVER.format(until), encoding="utf-8")
    expected = (1, [f"{path}:{sentence}"]) if sentence else (0, [])
    assert run(capsys, "waivers", path) == expected


def test_the_name_of_a_check_is_needed(capsys):
    assert main([], TODAY) == main(["all"], TODAY) == 2
    assert "name one of specs, cassettes, waivers" in capsys.readouterr().err


def test_hooks_name_these_checks():
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert re.findall(r"entry: python -m contracts\.ci\.hooks (\w+)", text) == [
        "specs",
        "cassettes",
        "waivers",
    ]


def test_many_files_are_one_quick_process(tmp_path):
    """A fifth of the bar's 500 files, in processor time of one process with its start."""
    seconds, code = timed("cassettes", cassettes_of(tmp_path, 100))
    assert code == 0
    assert seconds < 3  # a process a file takes over twenty
