"""Laws of composing: a list of fields and an example that fits give a schema that the example satisfies.

Each law holds for the same fields written as a Markdown table, as rendered Mintlify text, as Stainless bullets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.schema import compile_schema
from contracts.vendoring import extract

VALUES = {
    "string": st.sampled_from(["ab_1", "c d", "2026-01-02T03:04:05Z", "2026-01-02"]),
    "integer": st.integers(0, 99_999),
    "number": st.sampled_from([0.5, 2, 17.25]),
    "boolean": st.booleans(),
}
NAMES = ("alpha_x", "beta", "gamma_id", "delta", "created_at", "state_code", "id", "total", "owner")
CONTRARY = {"string": 987_654, "integer": "text-987", "number": "text-987", "boolean": "text-987"}
SETTINGS = settings(
    max_examples=25, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)


class Row(NamedTuple):
    """A field: name, type (with [] for a list), whether it must be there, whether null may come, members."""

    name: str
    kind: str
    required: bool
    null: bool
    members: tuple[Row, ...]

    @property
    def base(self) -> str:
        return self.kind.removesuffix("[]")

    @property
    def many(self) -> bool:
        return self.kind != self.base


@st.composite
def rows(draw: Any, depth: int = 0) -> tuple[Row, ...]:
    deep = ["object", "object[]", "string[]", "integer[]"] if depth < 2 else []
    found = []
    for name in draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)):
        kind = draw(st.sampled_from([*VALUES, *deep]))
        members = draw(rows(depth + 1)) if kind.startswith("object") else ()
        found.append(Row(name, kind, draw(st.booleans()), draw(st.booleans()), members))
    return tuple(found)


@st.composite
def body(draw: Any, listed: tuple[Row, ...]) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for row in listed:
        if not row.required and draw(st.booleans()):
            continue
        one = body(row.members) if row.members else VALUES[row.base]
        value[row.name] = draw(st.lists(one, max_size=2)) if row.many else draw(one)
        if row.null and draw(st.booleans()):
            value[row.name] = None
    return value


@st.composite
def cases(draw: Any) -> tuple[tuple[Row, ...], dict[str, Any]]:
    listed = draw(rows())
    return listed, draw(body(listed).filter(bool))


def walked(listed: tuple[Row, ...], above: str = "", depth: int = 0) -> Iterator[tuple[Row, str, int]]:
    for row in listed:
        yield row, above + row.name, depth
        yield from walked(row.members, f"{above}{row.name}{'[]' * row.many}.", depth + 1)


def table(listed: tuple[Row, ...], example: str) -> str:
    lines = [
        f"| {name} | {row.kind}{' or null' * row.null} | {'yes' if row.required else 'no'} | The value. |"
        for row, name, _ in walked(listed)
    ]
    head = "| Field | Type | Required | Description |\n|---|---|---|---|\n"
    return (
        "# Get a batch\n\n`GET https://api.acme.dev/v1/batches/{id}`\n\n## Response\n\n"
        f"{head}{chr(10).join(lines)}\n\n```json\n{example}\n```\n"
    )


def rendered(listed: tuple[Row, ...], example: str) -> str:
    fields = [
        f"{name.replace('[]', '')}\n{row.kind}{' | null' * row.null}\n{'required' if row.required else ''}\n\n"
        for row, name, _ in walked(listed)
    ]
    return (
        "Get Batch\nGET\n/\nv1\n/\nbatches\n/\n{id}\nGet Batch\ncurl --request GET \\\n"
        "  --url https://api.acme.dev/v1/batches/{id} \\\n  --header 'x-api-key: <api-key>'\n200\n"
        f"{example}\n\nPath Parameters\n\nid\nstring\nrequired\n\nResponse\n\n200\napplication/json\n\nOK\n\n"
        f"{''.join(fields)}"
    )


def stainless(listed: tuple[Row, ...], example: str) -> str:
    lines = []
    for row, _, depth in walked(listed):
        inside = f" {{ {', '.join(m.name for m in row.members)} }}" * bool(row.members)
        kind = f"{'array of ' * row.many}{row.base}{inside}{' or null' * row.null}"
        lines.append(f"{'  ' * depth}- `{row.name}: {'' if row.required else 'optional '}{kind}`\n\n")
    return (
        "## Get Batch\n\n**get** `/v1/batches/{id}`\n\n### Path Parameters\n\n- `id: string`\n\n"
        f"### Returns\n\n{''.join(lines)}### Example\n\n#### Response\n\n```json\n{example}\n```\n"
    )


FORMS = {"examples-and-prose": table, "mintlify-rendered": rendered, "stainless-markdown": stainless}
STARTS = {
    "examples-and-prose": r"\| (?!Field)\w",
    "mintlify-rendered": r"[\w.]+(?=\n(?:string|integer|number|boolean|object))",
    "stainless-markdown": r" *- `",
}


def read(form: str, listed: tuple[Row, ...], value: Any) -> tuple[str, dict[str, Any], tuple[str, ...]]:
    """Write a page and read it: its text, the schema of its answer, and the notices."""
    text = FORMS[form](listed, json.dumps(value, indent=2))
    found = extract(text.encode(), "page.md")
    assert found.platform == form
    (item,) = found.document["paths"].values()
    return text, item["get"]["responses"]["200"]["content"]["application/json"]["schema"], found.notices


def facts(listed: tuple[Row, ...]) -> dict[str, tuple[set[str], bool]]:
    found = {}
    for row, name, _ in walked(listed):
        null = {"null"} & {"null" * row.null}
        found[name] = ({"array" if row.many else row.kind} | null, row.required)
        if row.many:
            found[f"{name}[]"] = ({row.base}, False)
    return found


def written(schema: dict[str, Any], at: str = "") -> Iterator[tuple[str, tuple[set[str], bool]]]:
    """Yield the facts of a schema, that of a list's items with []."""
    for name, one in schema.get("properties", {}).items():
        kind = one["type"]
        types = set(kind if isinstance(kind, list) else [kind])
        yield f"{at}{name}", (types, name in schema.get("required", []))
        if "items" in one:
            yield f"{at}{name}[]", ({one["items"]["type"]}, False)
        yield from written(one.get("items", one), f"{at}{name}{'[]' * ('items' in one)}.")


@pytest.mark.parametrize("form", FORMS)
def test_an_example_that_fits_satisfies_the_schema_of_its_page(form):
    @SETTINGS
    @given(cases())
    def law(case):
        listed, value = case
        _, schema, notices = read(form, listed, value)
        assert [f.pointer for f in compile_schema(schema).faults(value)] == []
        assert [n for n in notices if " is listed " in n] == []
        assert dict(written(schema)) == facts(listed)

    law()


@pytest.mark.parametrize("form", FORMS)
def test_a_contradiction_is_told_with_the_lines_of_list_and_example(form):
    @SETTINGS
    @given(cases(), st.data())
    def law(case, data):
        listed, value = case
        plain = [
            (row, name)
            for row, name, depth in walked(listed)
            if depth == 0 and not row.many and not row.members and value.get(row.name) is not None
        ]
        if not plain:
            return
        row, name = data.draw(st.sampled_from(plain))
        value[row.name] = CONTRARY[row.kind]
        text, schema, notices = read(form, listed, value)
        index = [n for _, n, _ in walked(listed)].index(name)
        start = text.index("Returns") if form == "stainless-markdown" else text.index("Response")
        told = [m for m in re.finditer(rf"^{STARTS[form]}", text, re.MULTILINE) if m.start() > start][index]
        line = text.count("\n", 0, told.start()) + 1
        shown = text.count("\n", 0, text.index(json.dumps(CONTRARY[row.kind]))) + 1
        kind = "integer" if row.kind == "string" else "string"
        assert notices == (
            f"page.md:{line}: {name} is listed as {row.kind}, and the example at line {shown} shows {kind}",
        )
        assert row.kind in schema["properties"][row.name]["type"]

    law()


LISTED = """# Get a batch

`GET https://api.acme.dev/v1/batches/{id}`

## Response

| Field | Type | Required | Description |
|---|---|---|---|
| id | string | yes | The identifier. |
| state | string | yes | One of `queued`, `done`. |
| made_at | date-time | no | When it was made. |
| counts | object | no | The counts. |
| counts.done | integer | yes | How many are done. |
| state | integer | no | The state as a number. |

```json
{
  "id": "<string>",
  "made_at": "yesterday",
  "counts": {
    "all": 4
  }
}
```
"""


def test_every_kind_of_contradiction_is_told_once_with_both_lines():
    assert list(extract(LISTED.encode(), "page.md").notices) == [
        "page.md:14: state is listed as integer, and line 10 lists it as string",
        "page.md:10: state is listed as required, and the example at line 17 lacks it",
        "page.md:11: made_at is listed with format date-time, and the example at line 19 shows 'yesterday'",
        "page.md:13: counts.done is listed as required, and the example at line 20 lacks it",
    ]


def test_an_example_outside_the_listed_words_is_told():
    page = LISTED.replace('"id": "<string>"', '"id": "b_1", "state": "gone"')
    page = page.replace("| state | integer | no | The state as a number. |\n", "")
    told = extract(page.encode(), "page.md").notices
    assert (
        "page.md:10: state is listed with enum ['queued', 'done'], and the example at line 17 shows 'gone'"
        in told
    )


SENT = """Create batch
POST
/
v1
/
batches
curl --request POST \\
  --url https://api.acme.dev/v1/batches \\
  --data '
{
  "name": 7,
  "items": [
    {
      "url": "<string>"
    }
  ]
}
'
Body
application/json
name
stringrequired
itemsobject[]required
Show child attributes
Response
201
"""


def test_what_the_command_sends_fills_the_listed_body():
    found = extract(SENT.encode(), "page.txt")
    body = found.document["paths"]["/v1/batches"]["post"]["requestBody"]["content"]["application/json"][
        "schema"
    ]
    assert dict(written(body)) == {
        "name": ({"string"}, True),
        "items": ({"array"}, True),
        "items[]": ({"object"}, False),
        "items[].url": ({"string"}, False),
    }
    assert found.notices == (
        "page.txt:21: name is listed as string, and the example at line 11 shows integer",
    )


def test_a_button_behind_the_path_is_no_part_of_it():
    page = LISTED.replace("`GET https://api.acme.dev/v1/batches/{id}`", "GET/v1/batches/{id}Try it")
    assert list(extract(page.encode(), "page.md").document["paths"]) == ["/v1/batches/{id}"]


def printed(schema: dict[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    block = json.dumps(schema)
    page = f"# Get a job\n\nGET https://api.acme.example/v1/jobs/{{id}}\n\n## Response 200\n\n```json\n{block}\n```\n"
    found = extract(page.encode(), "page.md")
    answer = found.document["paths"]["/v1/jobs/{id}"]["get"]["responses"]["200"]
    return answer["content"]["application/json"]["schema"], found.notices


def test_a_printed_schema_holds_what_its_references_name():
    fault = {"type": "object", "properties": {"code": {"type": "integer"}, "of": {"$ref": "#"}}}
    schema, notices = printed(
        {
            "$ref": "#/definitions/Job",
            "definitions": {
                "Job": {
                    "type": "object",
                    "properties": {
                        "definitions": {"type": "array", "items": {"$ref": "#/definitions/Fault"}},
                        "owner": {"$ref": "owner.json"},
                        "again": {"$ref": "#/definitions/Job", "description": "The one before."},
                    },
                },
                "Fault": fault,
            },
        }
    )
    assert schema["properties"]["owner"] == {}
    assert schema["properties"]["again"] == {"description": "The one before."}
    inner = schema["properties"]["definitions"]["items"]["properties"]
    assert inner["code"] == {"type": "integer"}
    assert [one for one in notices if "names nothing" in one] == [
        f"page.md:8: {ref} names nothing in this block or what holds it: all fits"
        for ref in ("#/definitions/Job", "owner.json")
    ]


def test_a_printed_schema_of_endless_references_ends():
    many = {str(n): {"type": "object", "properties": {str(k): {"$ref": f"#/$defs/{n + 1}"} for k in range(40)}}
            for n in range(40)}  # fmt: skip
    schema, _ = printed({"type": "object", "properties": {"a": {"$ref": "#/$defs/0"}}, "$defs": many})
    assert len(json.dumps(schema)) < 100_000
