"""What a vendor sends to a webhook breaks its reader as an answer does, whatever way it was announced."""

import pytest

from contracts.consumers import Consumer
from contracts.consumers.impact import Documents, impact_of
from contracts.drift import drift
from contracts.spec.document import Document

OLD = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "string"}, "note": {"type": "string"}, "state": {"enum": ["done"]}},
}


def message(schema, *headers):
    parameters = [{"name": name, "in": "header", "required": must, "schema": {}} for name, must in headers]
    return {"parameters": parameters, "requestBody": {"content": {"application/json": {"schema": schema}}}}


def webhook(*given):
    return {"openapi": "3.1.0", "info": {}, "webhooks": {"batch done": {"post": message(*given)}}}


def callback(*given):
    hook = {"{$request.body#/url}": {"post": message(*given)}}
    return {"openapi": "3.0.3", "info": {}, "paths": {"/b": {"post": {"callbacks": {"done": hook}}}}}


def findings(old, new):
    found = drift(Document("old", old, {}), Document("new", new, {}))
    return sorted((one.rule, one.severity.value, one.direction, one.part, one.pointer) for one in found)


def changed(**properties):
    kept = {name: value for name, value in {**OLD["properties"], **properties}.items() if value}
    return {**OLD, "properties": kept}


def answer(schema, *headers):
    response = {
        "content": {"application/json": {"schema": schema}},
        "headers": {name: {"required": must, "schema": {}} for name, must in headers},
    }
    return {"openapi": "3.1.0", "info": {}, "paths": {"/b": {"get": {"responses": {"200": response}}}}}


@pytest.mark.parametrize("made", [webhook, callback])
@pytest.mark.parametrize(
    "new",
    [
        (changed(note=None),),
        (changed(more={"type": "integer"}),),
        (changed(state={"enum": ["done", "failed"]}),),
        (changed(id={"type": ["string", "null"]}),),
        ({**OLD, "required": []},),
        (OLD, ("X-Id", True)),
    ],
)
def test_it_changes_in_the_direction_of_an_answer(made, new):
    for one, other in [((OLD,), new), (new, (OLD,))]:
        told = findings(made(*one), made(*other))
        assert told == findings(answer(*one), answer(*other)) != []


def test_a_reader_of_a_webhook_feels_what_changes_in_it():
    old, new = webhook(OLD), webhook({**OLD, "required": []})
    found = drift(Document("old", old, {}), Document("new", new, {}))
    reader = Consumer(id="reader", provider="acme", function=lambda payload: payload["id"])
    impacts = list(impact_of(found, [(reader, "POST webhook:batch%20done")], Documents(old, new)))
    assert [str(one.verdict) for one in impacts] == ["breaks"]
