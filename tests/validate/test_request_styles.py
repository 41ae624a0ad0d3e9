"""How parameters and form fields are spelled: path styles, brackets, encodings, JSON parts."""

from __future__ import annotations

from typing import Any

import pytest

from contracts.model import Request
from contracts.validate.request import RequestCheck
from tests.validate.specs import spec

IDS = {"type": "array", "items": {"type": "integer"}}
POINT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}},
}


def said(operation: dict[str, Any], request: Request, path: str = "/t") -> list[str]:
    method = request.method.lower()
    document = {"openapi": "3.1.0", "info": {}, "paths": {path: {method: {"responses": {}, **operation}}}}
    return [f"{f.pointer}: {f.message}" for f in RequestCheck(spec(document), "vendor").check(request)]


@pytest.mark.parametrize(
    ("style", "explode", "schema", "text"),
    [
        ("simple", False, IDS, "1,2"),
        ("simple", True, IDS, "1,2"),
        ("simple", False, POINT, "x,1,y,2"),
        ("simple", True, POINT, "x=1,y=2"),
        ("label", False, IDS, ".1,2"),
        ("label", True, IDS, ".1.2"),
        ("label", True, POINT, ".x=1.y=2"),
        ("label", False, {"type": "integer"}, ".7"),
        ("matrix", False, IDS, ";p=1,2"),
        ("matrix", True, IDS, ";p=1;p=2"),
        ("matrix", False, POINT, ";p=x,1,y,2"),
        ("matrix", True, POINT, ";x=1;y=2"),
        ("matrix", False, {"type": "integer"}, ";p=7"),
    ],
)
def test_a_path_parameter_is_read_by_its_style(style: str, explode: bool, schema: Any, text: str) -> None:
    parameter = {"name": "p", "in": "path", "required": True, "style": style, "explode": explode}
    operation = {"parameters": [{**parameter, "schema": schema}]}
    assert said(operation, Request("GET", f"https://vendor.test/v1/t/{text}"), "/t/{p}") == []
    broken = text.replace("1", "z").replace("7", "z")
    (line,) = said(operation, Request("GET", f"https://vendor.test/v1/t/{broken}"), "/t/{p}")
    assert line.endswith("'z' is not an integer")


FORM = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "m": POINT,
        "ids": IDS,
        "rows": {"type": "array", "items": POINT},
        "n": {"type": "integer"},
    },
}


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        ({}, "m[x]=1&m[y]=2&n=3", []),
        ({"m": {"style": "deepObject", "explode": True}}, "m%5Bx%5D=1", []),
        ({}, "m[x]=z", ["/body/m/x: 'z' is not an integer"]),
        ({}, "m[q]=1", ["/body/m/q: not in the spec, which closes this object"]),
        ({}, "ids[]=1&ids[]=2", []),
        ({}, "ids[0]=1&ids[1]=z", ["/body/ids/1: 'z' is not an integer"]),
        ({}, "rows[0][x]=1&rows[1][x]=z", ["/body/rows/1/x: 'z' is not an integer"]),
        ({"ids": {"explode": False}}, "ids=1,2", []),
        ({"ids": {"style": "pipeDelimited", "explode": False}}, "ids=1%7Cz", ["/body/ids/1: 'z' is not an integer"]),
        ({"m": {"contentType": "application/json"}}, 'm={"x": "z"}', ["/body/m/x: 'z' is not an integer"]),
        ({}, 'm={"x": 1}', []),
    ],
)  # fmt: skip
def test_a_form_is_read_by_its_encoding(encoding: Any, body: str, expected: list[str]) -> None:
    content = {"application/x-www-form-urlencoded": {"schema": FORM, "encoding": encoding}}
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    request = Request("POST", "https://vendor.test/v1/t", headers, body.encode())
    assert said({"requestBody": {"content": content}}, request) == expected


def test_a_part_of_a_multipart_body_may_be_json() -> None:
    parts = 'm"\r\nContent-Type: application/json\r\n\r\n{"x": "z"}', 'n"\r\n\r\n3'
    text = "".join(f'--b\r\nContent-Disposition: form-data; name="{part}\r\n' for part in parts) + "--b--\r\n"
    headers = (("content-type", "multipart/form-data; boundary=b"),)
    request = Request("POST", "https://vendor.test/v1/t", headers, text.encode())
    content = {"multipart/form-data": {"schema": FORM}}
    found = said({"requestBody": {"content": content}}, request)
    assert found == ["/body/m/x: 'z' is not an integer"]


def test_a_deep_object_of_the_query_may_nest() -> None:
    schema = {"type": "object", "properties": {"a": POINT}, "additionalProperties": False}
    parameter = {"name": "f", "in": "query", "style": "deepObject", "explode": True, "schema": schema}
    request = Request("GET", "https://vendor.test/v1/t?f[a][x]=1")
    assert said({"parameters": [parameter]}, request) == []
    broken = Request("GET", "https://vendor.test/v1/t?f[a][x]=z")
    assert said({"parameters": [parameter]}, broken) == ["/query/f/a/x: 'z' is not an integer"]
