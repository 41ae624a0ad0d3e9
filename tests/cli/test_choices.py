"""The end of a failure is a choice: accept the finding, correct the document, or report it to the vendor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from contracts.atomic import cache_folder

DOCUMENT = """\
openapi: 3.1.0
info: {title: Acme, version: "1"}
servers: [{url: "https://api.acme.example"}]
paths:
  /v1/batches/{id}:
    get:
      operationId: getBatch
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: The batch.
          content:
            application/json:
              schema:
                type: object
                required: [id, state, tasks]
                properties:
                  id: {type: string}
                  state: {enum: [running, done]}
                  kind: {const: batch}
                  tag: {anyOf: [{type: string}, {type: integer}]}
                  tasks: {type: array, items: {$ref: "#/components/schemas/Task"}}
components:
  schemas:
    Task:
      type: object
      additionalProperties: false
      required: [n, the 'name']
      properties:
        n: {type: integer, maximum: 5}
        the 'name': {type: [string]}
        state: {type: string, enum: [a, b]}
        when: {type: string, format: date-time}
"""
GOOD = {
    "id": "b1",
    "state": "running",
    "kind": "batch",
    "tag": 1,
    "tasks": [{"n": 1, "the 'name'": "x", "state": "a"}],
}


def task(**members):
    return {**GOOD, "tasks": [{**GOOD["tasks"][0], **members}]}


KINDS = {
    "a null": ({**GOOD, "id": None}, 200),
    "a new word": ({**GOOD, "state": "paused"}, 200),
    "another constant": ({**GOOD, "kind": "job"}, 200),
    "no alternative": ({**GOOD, "tag": True}, 200),
    "an undescribed field": ({**GOOD, "queue": {"since": "2026-01-02T03:04:05Z", "ids": [1, 2.5]}}, 200),
    "a field of a closed object": (task(**{"it's": True}), 200),
    "a missing name": ({**GOOD, "tasks": [{"n": 1, "state": "a"}]}, 200),
    "a null in an enum": (task(state=None), 200),
    "words of several items": ({**GOOD, "tasks": [{**GOOD["tasks"][0], "state": w} for w in "axcd"]}, 200),
    "a limit": (task(n=9), 200),
    "a format": (task(when="soon"), 200),
    "another type": (task(n="one"), 200),
    "a status": ({"error": "later"}, 202),
}


@pytest.fixture
def vendor(tmp_path, inside, monkeypatch):
    """A project with the vendor, and a file of one answer; gives a function that checks the answer."""
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "acme.yaml").write_text(DOCUMENT)
    assert inside("vendor", "--add", "acme", "acme.yaml")[0] == 0

    def check(body, status=200):
        row = {"url": "https://api.acme.example/v1/batches/b1", "status": status, "body": body}
        row["headers"] = {"content-type": "application/json"}
        (tmp_path / "acme.jsonl").write_text(json.dumps(row) + "\n")
        return inside("check", "acme", "--file", "acme.jsonl")

    return check


def fingerprints(said):
    return list(dict.fromkeys(re.findall(r"^([0-9a-f]{16})  ", said, re.MULTILINE)))


def test_three_lines_end_a_run_that_found_something(vendor):
    code, said, _ = vendor({**GOOD, "state": "paused"})
    assert code == 1
    last = said.splitlines()[-3:]
    name = re.search("waive ([0-9a-f]{16}) ", last[0])[1]
    assert last == [
        f'accept:  contracts waive {name} --reason "WHY"',
        f"correct: contracts correct {name}",
        f"report:  contracts report {name}",
    ]


def test_nothing_is_chosen_where_nothing_was_found(vendor):
    assert vendor(GOOD)[1].splitlines()[-1].startswith("conforms: 1 interaction")


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_is_corrected(kind, vendor, inside):
    body, status = KINDS[kind]
    assert vendor(body, status)[1].splitlines()[-1].startswith("report: ")
    for name in fingerprints(inside("report")[1]):
        inside("correct", name)
    code, said, _ = vendor(body, status)
    assert (code, said.splitlines()[-1][:9]) == (0, "conforms:"), said
    assert vendor(GOOD)[0] == 0


def test_a_correction_says_why_and_where_it_was_seen(vendor, inside):
    vendor({**GOOD, "state": "paused"})
    (name,) = fingerprints(inside("report")[1])
    code, said, _ = inside("correct", name[:6])
    assert code == 0
    assert said == (
        "specs/acme/overlay.yaml: corrects $['paths']['/v1/batches/{id}']['get']['responses']['200']['content']"
        "['application/json']['schema']['properties']['state']\nnext: contracts check acme\n"
    )
    (action,) = yaml.safe_load(Path("specs/acme/overlay.yaml").read_text())["actions"]
    assert action["x-reason"] == "getBatch 200 /state: 'paused' is not 'running' or 'done'"
    assert re.fullmatch(rf"seen in acme.jsonl:1, \d{{4}}-\d\d-\d\d; finding {name}", action["x-evidence"])
    assert action["update"] == {"enum": ["paused"]}
    assert (
        inside("correct", name)[2] == "contracts: acme: the document says this already; nothing was written\n"
    )


def test_what_an_overlay_holds_already_stays(vendor, inside):
    vendor({**GOOD, "state": "paused"})
    text = "# ours\noverlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n- target: $.info # first\n  x-reason: r\n  update: {title: Our}\n"
    Path("specs/acme/overlay.yaml").write_text(text)
    (name,) = fingerprints(inside("report")[1])
    assert inside("correct", name, "--reason", "they say so")[0] == 0
    grown = Path("specs/acme/overlay.yaml").read_text()
    assert grown.startswith(text + "- target:")
    assert "x-reason: they say so" in grown
    odd = "overlay: 1.0.0\nactions: [{target: $.info, x-reason: r, update: {title: O}}]\n"
    Path("specs/acme/overlay.yaml").write_text(odd)
    code, _, error = inside("correct", name)
    assert (code, Path("specs/acme/overlay.yaml").read_text()) == (2, odd)
    assert "add by hand what --dry-run prints" in error
    assert inside("correct", name, "--dry-run")[1].startswith("overlay: 1.0.0\n")


def test_what_no_overlay_corrects_says_so(vendor, inside):
    row = {"url": "https://api.acme.example/v1/batches/b1", "status": 200, "body": "text"}
    Path("acme.jsonl").write_text(json.dumps(row | {"headers": {"content-type": "text/plain"}}) + "\n")
    said = inside("check", "acme", "--file", "acme.jsonl", "--format", "json")[1]
    report = json.loads(said)
    rows = [row for one in report["assessments"] for row in one["findings"] if row["rule"] == "not-json"]
    assert rows == [] or inside("correct", rows[0]["fingerprint"])[0] == 2
    code, _, error = inside("correct", "0000000000000000")
    assert code == 2
    assert "list them with: contracts report" in error
    assert "at least four characters" in inside("correct", fingerprints(inside("report")[1])[0][:3])[2]


def test_a_finding_of_a_file_is_accepted(vendor, inside):
    vendor({**GOOD, "state": "paused"})
    (name,) = fingerprints(inside("report")[1])
    assert inside("waive", name, "--reason", "known", "--owner", "data")[0] == 0
    assert vendor({**GOOD, "state": "paused"})[0] == 0
    assert fingerprints(inside("report")[1]) == []


def test_a_fingerprint_of_another_machine_is_found_in_the_file(vendor, inside):
    vendor({**GOOD, "state": "paused"})
    (name,) = fingerprints(inside("report")[1])
    for one in cache_folder().glob("*.json"):
        one.unlink()
    assert inside("waive", name, "--reason", "known")[0] == 2
    assert inside("report", name, "--file", "acme.jsonl")[0] == 0
    assert inside("waive", name, "--reason", "known", "--owner", "o", "--file", "acme.jsonl")[0] == 0


def test_the_text_for_the_vendor(vendor, inside):
    vendor({**GOOD, "tasks": [GOOD["tasks"][0], {"n": 1, "the 'name'": None, "state": "a"}]})
    (name,) = fingerprints(inside("report")[1])
    said = inside("report", name)[1]
    assert said.startswith("# GET /v1/batches/{id} 200: /tasks/1/the 'name': null is not a string\n")
    assert "Your document says, at the place named below:\n\n    " in said
    assert (
        '    {\n      "tasks": [\n        {\n          "the \'name\'": null\n        }\n      ]\n    }\n'
        in said
    )
    assert "- Rule: type at `/components/schemas/Task/properties/the 'name'/type`" in said


def test_no_secret_is_kept_or_reported(vendor, inside):
    key = "sk-live-9aF3kQ7xZt2LmN8pRv5wYb1c"
    said = vendor(
        {**GOOD, "id": None, "api_key": key, "state": key, "tasks": [{"n": key, "who": "ann@firm.test"}]}
    )[1]
    names = fingerprints(inside("report")[1])
    assert key not in said
    texts = [*(inside("report", name)[1] for name in names)]
    texts += [inside("correct", name, "--dry-run")[1] for name in names]
    texts += [one.read_text() for one in cache_folder().glob("*.json")]
    assert all(key not in text and "ann@firm.test" not in text for text in texts)


def test_observed_traffic_is_corrected_too(vendor, inside):
    vendor({**GOOD, "state": "paused", "id": None, "queue": "2026-01-02T03:04:05Z"})
    for n in range(9):
        row = Path("acme.jsonl").read_text().splitlines()[0]
        Path("acme.jsonl").write_text(f"{row}\n" * (n + 1))
    _, said, _ = inside("observe", "--provider", "acme", "acme.jsonl")
    assert said.splitlines()[-1].startswith("report:  contracts report ")
    overlay = yaml.safe_load(inside("observe", "--provider", "acme", "acme.jsonl", "--overlay")[1])
    assert {next(iter(one["update"])) for one in overlay["actions"]} == {"enum", "type", "properties"}
    Path("specs/acme/overlay.yaml").write_text(yaml.safe_dump(overlay))
    assert "warning" not in inside("observe", "--provider", "acme", "acme.jsonl")[1]


def test_a_change_of_the_document_is_accepted_and_reported_not_corrected(vendor, inside):
    vendor(GOOD)
    Path("newer.yaml").write_text(DOCUMENT.replace("[running, done]", "[running, done, gone]"))
    inside("drift", "acme", "--against", "newer.yaml")
    (name,) = fingerprints(inside("report")[1])
    assert "It said, in line " in inside("report", name)[1]
    assert "contracts vendor --update acme" in inside("correct", name)[2]
    assert inside("waive", name, "--reason", "we map it", "--owner", "o")[0] == 0
    code, said, _ = inside("drift", "acme", "--against", "newer.yaml")
    assert (code, said.splitlines()[-1]) == (0, "1 waived")
    assert "waived   /state" in inside("drift", "acme", "--against", "newer.yaml", "--full")[1]


def test_the_text_for_a_vendor_that_is_known_from_traffic_only(tmp_path, inside):
    (tmp_path / "pyproject.toml").touch()
    row = {
        "url": "https://t.example/v1/batches/b1",
        "status": 200,
        "headers": {"content-type": "application/json"},
    }
    (tmp_path / "old.jsonl").write_text(f"{json.dumps(row | {'body': {'id': 'b1', 'state': 'open'}})}\n" * 6)
    (tmp_path / "new.jsonl").write_text(json.dumps(row | {"body": {"id": "b1", "state": None}}))
    assert inside("vendor", "--add", "tickets", "--from", "old.jsonl")[0] == 0
    inside("check", "tickets", "--file", "new.jsonl")
    said = inside("report", fingerprints(inside("report")[1])[0])[1]
    assert "The answers of your API differ from those that we recorded before" in said
    assert said.endswith("\nWas that meant, and will it stay?\n")


def test_a_bare_body_is_read_at_every_door_that_is_told_its_operation(project, inside):
    (project / "body.json").write_text('{"id": 7, "state": "running", "tasks": []}')
    bare = ("--operation", "getBatch")
    code, out, _ = inside("check", "acme", "--file", "body.json", *bare)
    assert (code, "/id" in out) == (1, True)
    fingerprint = out.partition("contracts waive ")[2].split()[0]
    for words in (("report", fingerprint), ("correct", fingerprint), ("waive", fingerprint, "--reason", "r")):
        code, _, err = inside(*words, "--file", "body.json", "--operation", "getBach")
        assert (code, "did you mean 'getBatch'?" in err) == (2, True)
    assert "# GET /v1/batches/" in inside("report", fingerprint, "--file", "body.json", *bare)[1]
    code, out, _ = inside("observe", "body.json", "--provider", "acme", *bare)
    assert "1 answer" in out
    assert inside("waive", fingerprint, "--reason", "r", "--file", "body.json", *bare)[0] == 0
    assert inside("check", "acme", "--file", "body.json", *bare)[0] == 0
