"""Every threat of the table has a test that is there; and the tests that no other room has."""

from __future__ import annotations

import ast
import csv
import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.archive.results import writing
from contracts.cli import group
from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import Cassette
from contracts.interactions.write import save
from contracts.model import Interaction, Request, Response, Source
from contracts.report import FORMATS
from tests import acme

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/explanation/threats.md").read_text("utf-8")


def test_every_threat_has_a_test_that_is_there():
    rows = dict(re.findall(r"^\| (T\d+) \|(.*)\|$", PAGE, re.MULTILINE))
    assert list(rows) == [f"T{n}" for n in range(1, 27)]
    named = [
        (threat, *test)
        for threat, row in rows.items()
        for test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row)
    ]
    assert {threat for threat, _, _ in named} == set(rows)
    trees = {file: ast.parse((ROOT / file).read_text("utf-8")) for _, file, _ in named}
    there = {
        file: {n.name for n in ast.walk(t) if isinstance(n, ast.FunctionDef)} for file, t in trees.items()
    }
    assert [(file, test) for _, file, test in named if test not in there[file]] == []


def cassette(name: str, operation: str = "get") -> Cassette:
    made = Response(200, (("content-type", "application/json"),), b'{"state":"done"}')
    it = Interaction(
        request=Request("GET", "https://a.example/v1"), response=made, source=Source.RECORDED, name=name,
        operation=operation, recorded_at="2026-01-31T09:00:00Z",
    )  # fmt: skip
    return Cassette(provider="acme", interaction=it)


NAMES = (
    "..", "../..", "/etc/passwd", "a/../../b", "..\\..\\a", "C:\\a", "a\0b", "a" * 400, "con", "nul.json", ".", "~root",
    "a\nb", "\u202ea", "a/b", "$(touch x)", "-rf", "%2e%2e%2fa", "file:///a", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_no_name_leads_out_of_the_folder(name: str, tmp_path: Path):
    home = tmp_path / "home"
    home.mkdir()
    for made in (cassette(name), cassette("a", operation=name)):
        try:
            save(made, home)
        except (CassetteError, OSError, ValueError):
            continue
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    (home / "cassettes").mkdir(exist_ok=True)
    (home / "cassettes/out").symlink_to(tmp_path)
    with pytest.raises(CassetteError, match="leads out of"):
        save(cassette("a", operation="out"), home)


def test_no_cell_of_a_table_is_a_formula(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert not {"csv", "tsv", "xls", "xlsx", "ods"} & set(FORMATS)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(writing, "parquet", lambda _summary: None)
    acme.write(tmp_path)
    answer = {
        "url": acme.URL,
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": acme.BROKEN,
    }
    for name in ("=1+1.jsonl", "@SUM(A1).jsonl", "+1.jsonl", "-1.jsonl"):
        (tmp_path / name).write_text(json.dumps(answer))
    CliRunner().invoke(group, ["archive", "scan", ".", "--out", "oct", "--provider", "acme"])
    lines = (tmp_path / "oct/findings.csv").read_text().splitlines()
    cells = [cell for row in csv.reader(lines) for cell in row]
    assert any("1+1.jsonl" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in {"=", "+", "-", "@"}] == []


def test_no_database_of_examples_is_kept():
    calls = [
        node
        for path in (ROOT / "contracts").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", getattr(node.func, "attr", "")) == "settings"
    ]
    named = [{word.arg: ast.unparse(word.value) for word in call.keywords} for call in calls]
    assert [words for words in named if words.get("database") != "None"] == []
