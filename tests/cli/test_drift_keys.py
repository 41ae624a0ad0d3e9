"""A document that holds a key of the environment: no door that compares documents says it, in no format."""

from __future__ import annotations

import json

import pytest

from contracts.secret import told
from contracts.spec import load
from tests import acme

KEY = "k9-aBcD3fGh1JkLmN0pQrS"
CHANGES = {
    "a word": ("state: {enum: [running, done]}", f"state: {{enum: [running, done, {KEY}]}}"),
    "another word": ("state: {enum: [running, done]}", f"state: {{enum: [running, {KEY}]}}"),
    "a property": ("required: [id, state]\n      properties:", f"required: [id, state, {KEY}]\n      properties:\n        {KEY}: {{type: string}}"),
    "a default": ("id: {type: string}\n        state", f"id: {{type: string, default: {KEY}}}\n        state"),
    "a format": ("format: date-time", f"format: {KEY}"),
    "a pattern": ("id: {type: string}\n        state", f"id: {{type: string, pattern: '^{KEY}$'}}\n        state"),
    "a constant": ("id: {type: string}\n        state", f"id: {{const: {KEY}}}\n        state"),
    "prose": ("id: {type: string}\n        state", f"id: {{type: string, description: Bearer {KEY}}}\n        state"),
    "a parameter": ("parameters:\n", f"parameters:\n        - {{name: {KEY}, in: query, required: true, schema: {{type: string}}}}\n"),
    "a path": ("/v1/batches/{id}:", f"/v1/{KEY}/batches/{{id}}:"),
    "a status": ('"404":', f'"x-{KEY}": {{}}\n        "404":'),
    "a media type": ("application/json:\n              schema: {$ref", f"application/{KEY}:\n              schema: {{$ref"),
    "a component": ("Batch", f"Batch{KEY}"),
    "a server": ('version: "1"}', f'version: "2"}}\nservers: [{{url: "https://{KEY}.example"}}]'),
    "a title": ("title: Acme", f"title: {KEY}"),
    "a reference": ("state: {enum: [pending, success, error]}", f"state: {{$ref: '#/components/schemas/{KEY}'}}"),
}  # fmt: skip
FORMATS = ("text", "json", "markdown", "html", "sarif")


@pytest.fixture
def documents(project):
    """Both documents in the project, with the older one as acme's own; gives a writer of the newer."""
    home = project / "specs" / "acme"
    (home / "upstream").mkdir()
    (home / "upstream" / "openapi.yaml").write_text(acme.SPEC)
    manifest = home / "provider.toml"
    manifest.write_text(manifest.read_text().replace("retrieved =", 'platform = "openapi"\nretrieved ='))
    (project / "old.yaml").write_text(acme.SPEC)
    (project / "readers.py").write_text(
        'def strict(job):\n    return {"running": 1, "done": 2}[job["state"]]\n'
    )
    (project / "pairs.jsonl").write_text(json.dumps({"id": "1", "base": "old.yaml", "revision": "new.yaml"}))

    def change(where):
        was, now = CHANGES[where]
        assert was in acme.SPEC
        (project / "new.yaml").write_text(acme.SPEC.replace(was, now))

    return change


COMMANDS = [
    *(["drift", "acme", "--against", "new.yaml", "--full", "--format", form] for form in FORMATS),
    *(["drift", "old.yaml", "new.yaml", "--full", "--format", form] for form in FORMATS),
    ["drift", "--pairs", "pairs.jsonl", "--full"],
    *(["impact", "acme", "readers:strict", "--against", "new.yaml", "--format", form] for form in ("text", "json")),
]  # fmt: skip


@pytest.fixture
def outputs(inside, monkeypatch):
    """Give what each command says, with the key in the environment and nothing known of it from before."""

    def outputs():
        for command in COMMANDS:
            monkeypatch.setattr(told, "_variables", set())
            load.__globals__["_load"].cache_clear()
            monkeypatch.setenv("ACME_API_KEY", KEY)
            code, out, err = inside(*command)
            assert code in {0, 1, 2, 3}, err
            yield " ".join(command), out + err

    return outputs


@pytest.mark.untraced
@pytest.mark.parametrize("where", CHANGES)
def test_no_door_says_a_key_that_a_document_holds(where, documents, outputs):
    documents(where)
    assert [command for command, said in outputs() if KEY.lower()[:8] in said.lower()] == []


def test_every_door_says_that_something_is_hidden(documents, outputs):
    documents("a word")
    assert [command for command, said in outputs() if "[hidden]" not in said] == [], dict(outputs())
