"""Pages of prose, from outside: what is read of each kind, what is said of what is not, and what is refused."""

from __future__ import annotations

import pytest
import yaml
from click.testing import CliRunner

from contracts.cli.vendor import vendor
from contracts.errors import PageError
from contracts.vendoring import extract

HEAD = "# Look up a ferry\n\nGET https://api.ferries.dev/v1/ferries/{ferry_id}\n\n"


def read(text: str, name: str = "ferry.md"):
    return extract(text.encode(), name)


def body(text: str, status: str = "200"):
    document = read(text).document
    operation = next(iter(next(iter(document["paths"].values())).values()))
    return operation["responses"][status]["content"]["application/json"]["schema"]


def kinds(schema):
    return {name: one.get("type") for name, one in schema["properties"].items()}


def test_fields_give_type_and_presence_and_examples_fill_the_gaps():
    schema = body(
        HEAD + '### Response\n\n```json\n{"id": "f1", "cost": 4, "note": "x"}\n```\n\n'
        "| Field | Type | Required |\n|---|---|---|\n| id | string | Yes |\n| cost | number | No |\n| crew | array of strings | No |\n"
    )
    assert kinds(schema) == {"id": "string", "cost": "number", "note": "string", "crew": "array"}
    assert schema["required"] == ["id"]


def test_a_field_that_an_example_contradicts_is_told_with_both_lines():
    found = read(
        HEAD
        + '### Response\n\n```json\n{\n  "id": 7\n}\n```\n\n| Field | Type |\n|---|---|\n| id | string |\n'
    )
    assert "ferry.md:15: id is listed as string, and the example at line 9 shows integer" in found.notices
    schema = found.document["paths"]["/v1/ferries/{ferry_id}"]["get"]["responses"]["200"]["content"]
    assert schema["application/json"]["schema"]["properties"]["id"]["type"] == "string"


@pytest.mark.parametrize(
    ("printed", "state"),
    [
        ("{\n  id: 'f1',\n  state: 'idle', // one of several\n}", "string"),
        ("{\n  “id”: “f1”,\n  “state”: “idle”\n}", "string"),
        ('{\n  "id": "f1",\n  "state": "idle"\n', "string"),
        ('{\n  "id": "f1",\n  "state": ...\n}', None),
        ('{\n  "id": "f1",\n  "state": string | null\n}', ["string", "null"]),
        ("{\n  'id': 'f1',\n  'state': None,\n}", None),
    ],
)
def test_json_as_people_write_it(printed, state):
    text = HEAD + f"### Response\n\n```json\n{printed}\n```\n"
    assert kinds(body(text)) == {"id": "string", "state": state}


def test_loose_json_is_told_and_is_no_example():
    found = read(HEAD + "### Response\n\n```json\n{\n  id: 'f1'\n}\n```\n")
    assert found.notices == ("ferry.md:8: the example is no JSON; it was read loosely",)
    assert "example" not in str(found.document)


def test_words_for_types_and_alternatives_are_types():
    schema = body(
        HEAD
        + '### Response\n\n```json\n{"id": "string", "decks": "integer", "kind": "car" | "foot", "open": "<boolean>"}\n```\n'
    )
    assert kinds(schema) == {"id": "string", "decks": "integer", "kind": "string", "open": "boolean"}
    assert schema["properties"]["kind"]["enum"] == ["car", "foot"]


def test_webhooks_programs_and_commands_are_no_answers():
    found = read(
        HEAD
        + "```python\nexpected = \\\n{\n  'wrong': 1\n}\n```\n\n```bash\ncurl -X POST https://other.dev/x -d '\n{\"sent\": true}\n'\n```\n\n"
        '### Response\n\n```json\n{"id": "f1"}\n```\n\n### Webhook\n\n```json\n{"event": "sunk"}\n```\n'
    )
    assert "wrong" not in str(found.document)
    assert "sent" not in str(found.document)
    assert "event" not in str(found.document)
    assert any("no status says whose example body this is" in text for text in found.notices)


PAGE = """# Ferries

Base URL: https://api.ferries.dev

## List ferries

`GET /v1/ferries`

### Response

```json
{"ferries": ["f1"]}
```

## Sink a ferry

`DELETE /v1/ferries/{ferry_id}`

### Response

```json
{"sunk": true}
```

### Errors

| Status | Meaning |
|---|---|
| 409 | Not empty |
"""


def test_operations_are_cut_apart_and_chosen(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "ferries.md").write_text(PAGE)
    monkeypatch.chdir(tmp_path)
    paths = read(PAGE).document["paths"]
    assert {p: list(item) for p, item in paths.items()} == {
        "/v1/ferries": ["get"],
        "/v1/ferries/{ferry_id}": ["delete"],
    }
    assert list(paths["/v1/ferries"]["get"]["responses"]) == ["200"]
    assert list(paths["/v1/ferries/{ferry_id}"]["delete"]["responses"]) == ["200", "409"]
    done = CliRunner().invoke(vendor, ["--page", "ferries.md", "--operation", "DELETE *"])
    assert list(yaml.safe_load(done.stdout)["paths"]) == ["/v1/ferries/{ferry_id}"]
    done = CliRunner().invoke(vendor, ["--page", "ferries.md", "--operation", "GET /v1/ferry"])
    assert (
        str(done.exception)
        == "ferries.md: no operation 'GET /v1/ferry' is in it; nearest is 'GET /v1/ferries'"
    )


def test_an_answer_that_cannot_be_read_is_refused_with_exit_1(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ferry.md").write_text(HEAD + "### Response\n\n```json\n{ <see the manual> \n```\n")
    done = CliRunner().invoke(vendor, ["--page", "ferry.md"])
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == "ferry.md:5: no body of a successful answer could be read here\n"


def test_errors_never_stand_without_a_success():
    found = read(HEAD + "### Errors\n\n| Status | Meaning |\n|---|---|\n| 404 | Unknown |\n")
    assert list(found.document["paths"]["/v1/ferries/{ferry_id}"]["get"]["responses"]) == ["200", "404"]
    assert found.notices == ("ferry.md: no body of a successful answer is on this page",)


def test_what_was_not_used_is_named_with_its_line():
    found = read(
        HEAD
        + '### Response\n\n```json\n{"id": "f1"}\n```\n\n### Prices\n\n| Car | Day |\n|---|---|\n| small | 3 |\n| big | 4 |\n\n'
        "```\n{ see: [the, manual }\n```\n"
    )
    assert "ferry.md:13: nothing was taken from this table" in found.notices


def test_text_is_made_plain_once():
    odd = (HEAD + '### Response\u200b\n\n```json\n{"id": "f1"}\n```\n').replace("GET ", "GET\u00a0")
    indented = "\n".join(f"    {line}" for line in odd.split("\n"))
    assert body(odd) == body(indented) == body(HEAD + '### Response\n\n```json\n{"id": "f1"}\n```\n')


def test_a_status_that_is_none_is_refused():
    page = "````yaml get /x\nopenapi: 3.1.0\ninfo: {title: x, version: '1'}\npaths:\n  /x:\n    get:\n      responses:\n        '2000': {description: x}\n````\n"
    with pytest.raises(PageError, match=r"ferry.md: GET '?/x'? lists the status '2000', which is none"):
        read(page)
