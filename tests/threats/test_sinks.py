"""No door says a secret: a few plantings a door; thousands in tests/benchmarks/secret_plantings.py."""

from __future__ import annotations

import base64
import json
import random
import sys
from pathlib import Path

import pytest

from contracts.cli.option import json_text
from contracts.text import safe_text, show
from tests import acme
from tests.doors import DOORS, entered
from tests.sinks import batch as some
from tests.sinks import found_in, leaks_of, lowered, project, sinks

SLOW = {
    "pytest",
    "pytest live",
    "stress",
    "stress equations",
    "gate",
    "gate in a workflow",
    "archive",
    "check recorded",
}
QUICK = sorted(
    name
    for name in set(DOORS) - SLOW
    if not name.startswith(("live ", "drift")) or name in {"live text", "live recording", "drift text"}
)


@pytest.mark.parametrize("door", QUICK)
def test_nothing_that_leaves_a_door_says_a_secret(tmp_path: Path, door: str) -> None:
    assert leaks_of(tmp_path, door, random.Random(door), 6) == []


def test_the_search_sees_what_is_there(tmp_path: Path) -> None:
    answers = some(random.Random(3), "k9-aBcD3fGh1JkLmN0pQrS", 30)
    sinks(tmp_path, "check text", answers, "another-Key-77aa88bb")
    given = lowered((tmp_path / "t.jsonl").read_bytes())
    unseen = [one.where for one in answers if not list(found_in(given, one.value))]
    assert unseen == []


def test_a_key_of_the_environment_is_in_no_text(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ACME_API_KEY", "plainlower0key1of2words")
    sinks(tmp_path, "coverage", [], "plainlower0key1of2words")
    monkeypatch.setenv("ACME_API_KEY", "plainlower0key1of2words")
    assert show("got plainlower0key1of2words!") == "'got [hidden]!'"
    assert safe_text("p l a i n l o w e r 0 k e y") == "[hidden]"


@pytest.mark.parametrize("words", ["test-api-key", "your_api_key_here", "dummy"])
def test_a_key_of_plain_words_hides_no_words_of_ours(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: str
) -> None:
    sinks(tmp_path, "coverage", [], words)
    monkeypatch.setenv("ACME_API_KEY", words)
    said = "--live needs ACME_API_KEY (sent as x-api-key), a key for tests, test of a dummy provider"
    assert safe_text(said) == said or words == "dummy"
    if len(words) >= 8:
        assert words not in show(f"wrong key {words}")


KEY = "sk_test_Lh4OoxUHnwo2WRUYF0jXtWCuBf"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ACME_API_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    project(tmp_path, [], recorded=False)
    return tmp_path


def logged(home: Path, body: dict[str, object]) -> None:
    head = {"content-type": "application/json"}
    (home / "t.jsonl").write_text(json.dumps({"url": acme.URL, "status": 200, "headers": head, "body": body}))


def test_what_is_kept_of_an_archive_holds_no_key(home: Path) -> None:
    logged(home, {"id": "b", "state": "\u200b".join(KEY), "tasks": []})
    entered("archive", "scan", "t.jsonl", "--out", "oct", "--provider", "acme")
    assert b"1 written" in entered("archive", "keep", "oct")
    kept = (home / "specs/acme/cassettes/getBatch/200-t-1.json").read_bytes()
    assert list(found_in(lowered(kept), KEY)) == []


@pytest.mark.parametrize(
    "words",
    [
        ("--add", "other", "a/openapi.yaml"),
        ("--update", "acme", "a/openapi.yaml"),
        ("--page", "a/openapi.yaml"),
    ],
)
@pytest.mark.parametrize("spelled", [KEY, base64.b64encode(KEY.encode()).decode(), " ".join(KEY)])
def test_a_document_that_holds_a_key_is_not_taken(home: Path, words: tuple[str, ...], spelled: str) -> None:
    (home / "a").mkdir()
    document = acme.SPEC.replace("description: one", f'description: "such as {spelled}"')
    (home / "a/openapi.yaml").write_text(document)
    (home / "specs/acme/upstream").mkdir()
    (home / "specs/acme/upstream/openapi.yaml").write_text(acme.SPEC)
    before = sorted(home.rglob("*"))
    said = entered("vendor", *words).decode()
    assert said.removeprefix("upstream/") == (
        "openapi.yaml: it holds the value of ACME_API_KEY, and a document is kept as it is; take the key out of it first"
    )
    assert sorted(home.rglob("*")) == before


def test_a_document_may_print_what_a_key_of_words_is_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_API_KEY", "your-api-key-here")
    (home / "new.yaml").write_text(acme.SPEC.replace("description: one", "description: your-api-key-here"))
    assert b"made specs/other" in entered("vendor", "--add", "other", "new.yaml")


def test_a_field_whose_name_is_a_key_is_not_described(home: Path) -> None:
    logged(home, {"id": "b", "state": "done", "tasks": [], " ".join(KEY): 1})
    found = json.loads(entered("check", "acme", "--file", "t.jsonl", "--format", "json"))
    one = found["assessments"][0]["findings"][0]
    assert one["pointer"] == "/[hidden]"
    assert entered("correct", one["fingerprint"], "--file", "t.jsonl").decode() == (
        "the name of the field holds a secret or was cut; write the overlay by hand"
    )


def test_what_is_approved_of_a_reader_holds_no_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "telling.py").write_text(
        "import os\n\n"
        "def read(payload):\n"
        "    key = os.environ['ACME_API_KEY']\n"
        "    return {'id': payload['id'], key: [{'url': f'https://a.example/?k={key}'}]}\n"
    )
    monkeypatch.syspath_prepend(str(home))
    words = ("stress", "-p", "acme", "telling:read", "--explore", "0")
    assert b"approved: specs/acme/behaviour/telling.read.md" in entered(*words, "--approve")
    kept = (home / "specs/acme/behaviour/telling.read.md").read_bytes()
    assert b'"[hidden]": [{"url": "https://a.example/?k=[hidden]"}]' in kept
    assert b"both answer the same" in entered(*words)
    sys.modules.pop("telling")


def test_a_batch_is_printed_without_the_key(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    kept = next((Path(__file__).parents[2] / "specs/nimble/cassettes/getBatch").glob("200-*.json"))
    body = json.loads(kept.read_text())["response"]["json"]
    (home / "a.json").write_text(json.dumps(body | {"id": f"x {KEY}"}))
    for form in ("text", "json"):
        said = entered("normalize", "a.json", "--provider", "nimble", "--format", form)
        assert b"x [hidden]" in said
        assert list(found_in(lowered(said), KEY)) == []
    assert json_text([{KEY: [KEY]}]) == '[{"[hidden]": ["[hidden]"]}]'
