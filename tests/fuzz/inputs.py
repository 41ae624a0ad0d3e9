"""What the harnesses are fed with: odd trees, and seeds of every file kind with parts replaced by them."""

from __future__ import annotations

import json

from hypothesis import strategies as st

from tests.interactions.test_recordings import JSONS, TEXTS, TOOLS

WORDS = st.sampled_from(
    [
        "paths",
        "components",
        "schemas",
        "$ref",
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "oneOf",
        "allOf",
        "get",
        "responses",
        "200",
        "content",
        "application/json",
        "schema",
        "parameters",
        "name",
        "in",
        "url",
        "status",
        "headers",
        "body",
        "log",
        "entries",
        "request",
        "response",
        "actions",
        "target",
        "update",
        "remove",
        "overlay",
        "info",
        "title",
        "version",
        "openapi",
        "3.1.0",
        "object",
        "string",
        "integer",
        "null",
        "#/paths",
        "id",
        "state",
        "token",
    ]
)
LEAF = (
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=12)
    | st.sampled_from(["\u202e\x1b]8;;x\x07", "::error::x", "##[x]", "=1+1", "\ud800", "#/", "x" * 300])
)  # fmt: skip
TREE = st.recursive(
    LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=20,
)
SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "state": {"enum": ["a", "b"]},
        "items": {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "integer"}}}},
    },
}
OPENAPI = {
    "openapi": "3.1.0",
    "info": {"title": "t", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "paths": {"/b": {"get": {"responses": {"200": {"content": {"application/json": {"schema": SCHEMA}}}}}}},
}
# Every format by what its tool writes, whole files of text and bytes beside JSON that is changed as a tree.
RECORDINGS = tuple(JSONS.values())
FILES = tuple(text.encode() for text in TEXTS.values()) + tuple(
    path.read_bytes() for path in sorted(TOOLS.iterdir())
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Give a file of a tool with up to three of its pieces removed, doubled or replaced."""
    data = draw(st.sampled_from(FILES))
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 40)))
        data = data[:at] + draw(st.sampled_from([b"", data[at:end] * 2]) | st.binary(max_size=8)) + data[end:]
    return data


@st.composite
def changed(draw: st.DrawFn, seeds: tuple[object, ...]) -> object:
    """Give one of the seeds with a part replaced by any other value."""
    value = json.loads(json.dumps(draw(st.sampled_from(seeds))))
    for _ in range(draw(st.integers(1, 3))):
        node, depth = value, draw(st.integers(0, 9))
        for _ in range(depth):
            keys = (
                list(node)
                if isinstance(node, dict)
                else list(range(len(node)))
                if isinstance(node, list)
                else []
            )
            below = [key for key in keys if isinstance(node[key], dict | list) and node[key]]
            if not below:
                break
            node = node[draw(st.sampled_from(below))]
        if isinstance(node, dict):
            node[draw(st.sampled_from(sorted(node)) | WORDS) if node else draw(WORDS)] = draw(TREE)
        elif node:
            node[draw(st.integers(0, len(node) - 1))] = draw(TREE)
    return value


def written(value: object) -> bytes:
    return json.dumps(value).encode()


TOML = st.lists(
    st.sampled_from(["[tool.contracts]", "[[waiver]]", "[auth]", "[operations.a]", "[[upstream]]", "[a.b]"])
    | st.builds(
        lambda key, value: f"{key} = {value}",
        st.sampled_from(
            [
                "providers",
                "fail_on",
                "rule",
                "reason",
                "owner",
                "until",
                "title",
                "servers",
                "provenance",
                "env",
                "header",
                "file",
            ]
        ),
        st.sampled_from(
            ["1", "true", '"x"', "[]", '["a"]', "2026-01-01", "{}", "1.5", '"""', "[[1]]", '"2026-13-01"']
        )
        | st.integers(1, 3000).map(lambda n: "[" * n + "]" * n),
    ),
    max_size=8,
).map("\n".join)


DOCUMENT = changed((OPENAPI,))
BYTES = st.binary(max_size=60) | DOCUMENT.map(written) | TREE.map(written)
