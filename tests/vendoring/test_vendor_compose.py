"""Two upstream documents: the first wins, the later adds what only it has, and says where it differs."""

from __future__ import annotations

import json

from contracts.vendoring import Source, compose_sources


def document(schema: dict, path: str, *, security: bool = False) -> bytes:
    value = {
        "openapi": "3.1.0",
        "info": {"title": "x", "version": "1"},
        **({"security": [{"key": []}]} if security else {}),
        "paths": {
            path: {
                "get": {
                    "responses": {
                        "200": {
                            "description": "ok",
                            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}},
                        }
                    }
                }
            }
        },
        "components": {
            "schemas": {"A": schema},
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X"}},
        },
    }
    return json.dumps(value).encode()


ONE = {"type": "object", "properties": {"n": {"type": "integer"}}}
TWO = {
    "type": "object",
    "properties": {
        "n": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "next": {"$ref": "#/components/schemas/A"},
    },
    "discriminator": {"propertyName": "n", "mapping": {"a": "#/components/schemas/A"}},
}


def test_a_component_of_the_same_name_and_other_words_stands_apart():
    made = compose_sources(
        [Source("page", document(ONE, "/a")), Source("full", document(TWO, "/b", security=True))]
    )
    schemas = made.document["components"]["schemas"]
    assert schemas["A"] == ONE
    assert schemas["A_2"]["properties"]["next"] == {"$ref": "#/components/schemas/A_2"}
    assert schemas["A_2"]["discriminator"]["mapping"] == {"a": "#/components/schemas/A_2"}
    answer = made.document["paths"]["/b"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert answer == {"$ref": "#/components/schemas/A_2"}
    assert made.document["paths"]["/b"]["get"]["security"] == [{"key": []}]
    assert list(made.document["components"]["securitySchemes"]) == ["key"]
    assert made.differences == ()


def test_equal_components_are_shared_and_differences_told():
    full = json.loads(document(ONE, "/a"))
    full["paths"]["/b"] = full["paths"]["/a"]
    made = compose_sources([Source("page", document(ONE, "/a")), Source("full", json.dumps(full).encode())])
    assert list(made.document["components"]["schemas"]) == ["A"]
    assert list(made.document["paths"]) == ["/a", "/b"]
    made = compose_sources([Source("page", document(ONE, "/a")), Source("full", document(TWO, "/a"))])
    place = "/responses/200/content/application/json/schema"
    told = {(d.place, d.first, d.later) for d in made.differences}
    assert (f"{place}/properties/n/type", "'integer'", "[integer, null]") in told
    assert made.document["components"]["schemas"] == {"A": ONE}
