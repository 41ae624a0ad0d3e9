"""What cannot be compared is said, with its place and at the severity of what it may hide; never silence."""

import copy
import json
import random

import pytest
from claims import shown
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from contracts.cli.drift import drift as drift_command
from contracts.drift import drift
from contracts.spec.document import Document


def api(schema, components=None, **more):
    media = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"content": media}, "responses": {"200": {"content": media}}}
    return {
        "openapi": "3.1.0",
        "info": {},
        "paths": {"/a": {"post": operation}},
        "components": {"schemas": components or {}},
        **more,
    }


def findings(old, new):
    return drift(Document("old", old, {}), Document("new", new, {}))


def rules(old, new):
    return {(one.rule, one.direction, one.severity.value) for one in findings(old, new)}


GAP = {("not-compared", "request", "error"), ("not-compared", "response", "error")}


def branch(index, *words):
    kind = {"type": "string", "enum": [f"t{index}", *words]}
    return {"type": "object", "required": ["k"], "properties": {"k": kind, f"f{index}": {"type": "string"}}}


def union(size, *words):
    return {"oneOf": [branch(i, *words if i == size - 1 else ()) for i in range(size)]}


@pytest.mark.parametrize("size", [65, 200])
def test_a_large_union_is_compared_branch_by_branch(size):
    found = rules(api(union(size)), api(union(size, "new")))
    assert ("enum-value-added", "response", "warning") in found


def test_unions_that_multiply_beyond_the_limit_are_said():
    def many(*words):
        return {"allOf": [union(40, *words), {"anyOf": [{"required": [f"r{i}"]} for i in range(40)]}]}

    found = findings(api(many()), api(many("new")))
    assert {(one.rule, one.direction, one.severity.value) for one in found} == GAP
    assert "unions allow more than" in found[0].message
    assert findings(api(many()), api(copy.deepcopy(many()))) == ()


def shuffled(value):
    if isinstance(value, list):
        return [shuffled(item) for item in value]
    if isinstance(value, dict):
        return {key: shuffled(value[key]) for key in reversed(value)}
    return value


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "https://other.example/a.json"},
        {"$ref": "#/nowhere"},
        {"$ref": "#gone"},
        {"type": "object", "properties": {"a": {"$dynamicRef": "#x"}, "b": {"$ref": "other.yaml#/B"}}},
        {"anyOf": [{"$ref": "other.yaml"}, {"type": "null"}]},
        {"allOf": [{"$ref": "other.yaml"}], "title": "A"},
    ],
    ids=json.dumps,
)
def test_a_reference_that_leads_out_is_said_where_the_text_differs(schema):
    old = api(schema)
    assert findings(old, shuffled(copy.deepcopy(old))) == ()
    assert rules(old, api(json.loads(json.dumps(schema).replace('"$', '"description": "", "$')))) <= {
        ("description-changed", "request", "note"),
        ("description-changed", "response", "note"),
    }
    other = json.loads(json.dumps(schema).replace('ref": "', 'ref": "x').replace('Ref": "', 'Ref": "x'))
    found = rules(old, api(other))
    assert found == GAP, found


SAME = "no drift: the two documents say the same"


@pytest.mark.parametrize(
    ("schema", "closing"),
    [
        ({"type": "string"}, SAME),
        ({"$ref": "other.yaml#/A"}, f"{SAME}; 1 reference to another file was not followed"),
        (
            {"anyOf": [{"$ref": "other.yaml#/A"}, {"$ref": "https://b.example/c"}, {"$ref": "#/nowhere"}]},
            f"{SAME}; 2 references to other files were not followed, 1 reference leads nowhere",
        ),
        ({"example": {"$ref": "other.yaml"}, "x-more": {"$ref": "other.yaml"}}, SAME),
        ({"$id": "https://b.example/c", "properties": {"a": {"$ref": "https://b.example/c"}}}, SAME),
        ({"properties": {"$ref": {"type": "string"}}}, SAME),
    ],
    ids=json.dumps,
)
def test_what_was_not_followed_is_said_where_nothing_differs(schema, closing, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(api(schema)))
    run = CliRunner().invoke(drift_command, [str(path), str(path)])
    assert (run.exit_code, run.output.splitlines()[-1]) == (0, closing)
    run = CliRunner().invoke(drift_command, [str(path), str(path), "--format", "json"])
    assert json.loads(run.output)["notices"] == [closing.removeprefix(f"{SAME}; ")] * (closing != SAME)


def test_what_was_not_followed_is_said_beside_findings(tmp_path):
    both = [{"a": {"$ref": "b.yaml"}, "b": {"type": kind}} for kind in ("string", "integer")]
    paths = [tmp_path / name for name in ("old.json", "new.json")]
    for path, properties in zip(paths, both, strict=True):
        path.write_text(json.dumps(api({"type": "object", "properties": properties})))
    output = CliRunner().invoke(drift_command, [str(path) for path in paths]).output
    assert output.splitlines()[-1].startswith("2 errors, 1 reference to another file was not followed · ")
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"base": str(paths[0]), "revision": str(paths[1])}))
    row = CliRunner().invoke(drift_command, ["--pairs", str(tmp_path / "pairs.jsonl")]).output
    assert json.loads(row)["notices"] == ["1 reference to another file was not followed"]


def test_an_anchor_is_followed():
    old, new = (
        api({"$ref": "#here"}, {"A": {"$anchor": "here", "type": kind}}) for kind in ("string", "integer")
    )
    assert {rule for rule, _, _ in rules(old, new)} == {"type-changed"}


def test_a_whole_operation_elsewhere_is_said():
    old, new = api({}), api({})
    new["paths"]["/b"] = {"$ref": "paths.yaml#/b"}
    assert ("not-compared", "endpoint", "error") in rules(old, new)
    assert findings(new, copy.deepcopy(new)) == ()


def test_closed_objects_that_hold_together_are_still_compared():
    def ship(*words):
        part = {"type": "object", "additionalProperties": False, "properties": {"c": {"enum": ["a", *words]}}}
        return {"allOf": [part], "type": "object", "additionalProperties": False, "properties": {"id": {}}}

    assert any(rule == "enum-value-added" for rule, _, _ in rules(api(ship()), api(ship("b"))))


def test_content_behind_a_reference_is_opened():
    old, new = api({"type": "string"}), api({"type": "string"})
    answer = new["paths"]["/a"]["post"]["responses"]["200"]
    new["components"]["mediaTypes"] = {"a": answer["content"]}
    answer["content"] = {"$ref": "#/components/mediaTypes/a"}
    assert findings(old, new) == ()


def test_a_change_below_the_depth_of_signatures_shows():
    """Exclusions are compared as a whole; what stands deep in one counts too."""

    def deep(kind):
        parts = {
            f"S{i}": {"properties": {"n": {"$ref": f"#/components/schemas/S{i + 1}"}}} for i in range(20)
        }
        return api({"not": {"$ref": "#/components/schemas/S0"}}, {**parts, "S20": {"type": kind}})

    assert {rule for rule, _, _ in rules(deep("string"), deep("integer"))} == {"exclusion-changed"}


@pytest.mark.parametrize(
    ("word", "old", "new"),
    [("minLength", "3", "5"), ("pattern", "(?<a", "(?<b"), ("properties", 3, 4), ("allOf", {}, [])],
)
def test_a_keyword_that_cannot_be_used_is_said_where_it_differs(word, old, new):
    assert rules(api({word: old}), api({word: new})) == GAP
    assert findings(api({word: old}), api({word: old})) == ()
    severities = {(direction, severity) for _, direction, severity in rules(api({word: old}), api({}))}
    assert severities == {("request", "note"), ("response", "error")}


@pytest.mark.parametrize(
    "flaw", [{"required": True}, {"pattern": "(?<a"}, {"type": "strnig"}, {"$ref": "x.yaml"}]
)
def test_a_flaw_in_another_field_takes_nothing_from_a_break(flaw):
    old, new = (
        api({"type": "object", "properties": {"ok": {"type": kind}, "x": flaw}})
        for kind in ("integer", "string")
    )
    found = findings(old, new)
    assert {(one.rule, one.severity.value, one.pointer) for one in found} == {
        ("type-changed", "error", "/ok"),
        ("type-changed", "error", "/body/ok"),
    }
    assert all(one.witness for one in found)


def test_a_break_that_no_payload_can_be_built_around_stays_a_break():
    """`a` needs itself, so that no finite value exists; the finding says that nothing could be tried."""
    node = {"type": "object", "required": ["a"]}
    old, new = (
        api(
            {"$ref": "#/components/schemas/A"},
            {"A": {**node, "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"type": kind}}}},
        )
        for kind in ("string", "integer")
    )
    found = findings(old, new)
    assert {(one.rule, one.severity.value) for one in found} == {("type-changed", "error")}
    assert all("(not proved: " in one.message for one in found)


@pytest.mark.parametrize(("word", "direction"), [("writeOnly", "response"), ("readOnly", "request")])
def test_what_is_required_counts_by_direction(word, direction):
    def one(hidden):
        pin = {"type": "string", word: True} if hidden else {"type": "string"}
        return api({"type": "object", "required": ["pin"], "properties": {"pin": pin}})

    hidden = {
        (rule, severity) for rule, where, severity in rules(one(False), one(True)) if where == direction
    }
    shown = {(rule, severity) for rule, where, severity in rules(one(True), one(False)) if where == direction}
    breaks = direction == "response"
    assert hidden == {("required-property-hidden", "error" if breaks else "note")}
    assert shown == {("required-property-shown", "note" if breaks else "error")}


def test_a_witness_shows_its_own_claim():
    """A value that went to another branch is still allowed; the one beside it is not."""

    def branch(*words, **more):
        kind = {"type": "string", "enum": list(words)}
        return {"type": "object", "additionalProperties": False, "properties": {"type": kind, **more}}

    old = api({"oneOf": [branch("alma", "neteller", "x"), branch("card", number={})]})
    new = api({"oneOf": [branch("x"), branch("card", number={}), branch("alma", plan={})]})
    said = {one.message for one in findings(old, new) if one.direction == "request"}
    assert "may no longer be 'neteller'" in said
    assert "may no longer be 'alma'" not in said


WORDS = {
    "string": ["minLength", "maxLength"],
    "integer": ["minimum", "maximum"],
    "array": ["minItems", "maxItems"],
}


def schema(rng, depth=2):
    """Make a random schema of the kinds that vendors write."""
    kind = rng.choice(["string", "integer", "boolean", "enum", "array", "object", "object", "union"])
    if depth == 0 and kind in {"array", "object", "union"}:
        kind = "string"
    if kind == "enum":
        return {"type": "string", "enum": rng.sample("abcdef", rng.randint(1, 4))}
    if kind == "union":
        return {rng.choice(["oneOf", "anyOf"]): [schema(rng, depth - 1) for _ in range(rng.randint(2, 3))]}
    made = {"type": [kind, "null"] if rng.random() < 0.15 else kind}
    if kind == "array":
        made["items"] = schema(rng, depth - 1)
    if kind == "object":
        made["properties"] = {
            name: schema(rng, depth - 1) for name in rng.sample("pqrstu", rng.randint(1, 4))
        }
        made["required"] = rng.sample(sorted(made["properties"]), rng.randint(0, len(made["properties"])))
        made |= {"additionalProperties": False} if rng.random() < 0.3 else {}
    for word in WORDS.get(kind, ()):
        made |= {word: rng.randint(0, 2) + 3 * word.startswith("max")} if rng.random() < 0.3 else {}
    return made


def mutated(value, rng, fresh):
    """Copy a schema with one part of it made anew."""
    copy_ = copy.deepcopy(value)
    parts, todo = [], [copy_]
    while todo:
        node = todo.pop()
        for key in ("properties", "items", "oneOf", "anyOf"):
            held = node.get(key)
            inner = (
                held
                if isinstance(held, list)
                else list(held.values())
                if key == "properties" and held
                else [held]
            )
            todo += [one for one in inner if isinstance(one, dict)]
        parts.append(node)
    chosen = rng.choice(parts)
    chosen.clear()
    chosen.update(fresh)
    return copy_


def member(rng):
    """Make two schemas of one property, and whether each document requires it."""
    kind = rng.choice([*WORDS, "enum", "object"])
    if kind in {"enum", "object"}:
        part = schema(rng, 0)
        one = {"type": "object", "properties": {"u": part}, "required": rng.choice([[], ["u"]])}
        kinds = [{"enum": rng.sample("abcdef", 4)} if kind == "enum" else one for _ in (0, 1)]
    else:
        kinds = [{"type": kind, rng.choice(WORDS[kind]): rng.randint(1, 3)} for _ in (0, 1)]
        kinds[0]["type"] = rng.choice([kind, [kind, "null"]])
    return kinds, (rng.random() < 0.5, rng.random() < 0.5)


@pytest.mark.parametrize("seed", range(40))
def test_a_witness_breaks_what_its_finding_says_and_nothing_else(seed):
    """Many properties change at once; jsonschema alone says what a payload breaks."""
    rng = random.Random(seed)
    members = {name: member(rng) for name in "abcdef"}
    unlike = {name for name, (kinds, _) in members.items() if not any(map(allowed(kinds), VALUES))}
    sides = []
    for side in (0, 1):
        held = {name: kinds[side] for name, (kinds, _) in members.items() if rng.random() < 0.9}
        needed = [name for name in held if members[name][1][side]]
        inner = {"type": "object", "properties": held, "required": needed}
        sides.append(inner if seed % 2 else {"type": "array", "items": inner, "minItems": side})
    judges = {name: Draft202012Validator(one) for name, one in zip(("old", "new"), sides, strict=True)}
    for one in findings(*map(api, sides)):
        if one.witness is None or one.rule == "property-renamed":
            continue
        sender, receiver = ("new", "old") if one.direction == "response" else ("old", "new")
        payload = json.loads(one.witness)
        assert judges[sender].is_valid(payload), one
        assert shown(one), one
        broken = {
            "".join(f"/{part}" for part in where(error)) for error in judges[receiver].iter_errors(payload)
        }
        own = one.pointer.removeprefix("/body").replace("*", "0")
        beside = {
            at for at in broken if not f"{at}/".startswith(f"{own}/") and not f"{own}/".startswith(f"{at}/")
        }
        assert {at.removeprefix("/0").split("/")[1] for at in beside} <= unlike, one


def test_each_of_many_keys_that_are_new_and_required_has_a_witness_of_its_own():
    old = {"type": "object", "properties": {f"p{number}": {"type": "string"} for number in range(60)}}
    found = [
        one for one in findings(api(old), api({**old, "required": sorted(old["properties"])})) if one.witness
    ]
    missing = [(old["properties"].keys() - json.loads(one.witness), one.pointer) for one in found]
    assert len(found) == 60
    assert all({f"/body/{name}" for name in names} == {at} for names, at in missing)


LEAVES = [None, True, *range(-1, 5), *"abcdef", "", "aa", "aaa", "aaaa"]
VALUES = [
    *LEAVES,
    *([one] * size for one in LEAVES for size in range(4)),
    *({"u": one} for one in LEAVES),
    {},
]


def allowed(schemas):
    judges = [Draft202012Validator(one) for one in schemas]
    return lambda value: all(one.is_valid(value) for one in judges)


def where(error):
    """Give the place of an error of jsonschema's; that of a missing key is where it would stand."""
    if error.validator != "required":
        return error.absolute_path
    return (*error.absolute_path, next(k for k in error.validator_value if repr(k) in error.message))


@pytest.mark.parametrize("seed", range(40))
def test_each_witness_is_allowed_by_the_sender_and_refused_by_the_receiver(seed):
    """Judged by jsonschema alone, without any of our code around it; and nothing is said of equal documents."""
    rng = random.Random(seed)
    old = schema(rng)
    new = mutated(old, rng, schema(rng, 1))
    assert findings(api(old), shuffled(api(old))) == ()
    judges = {"old": Draft202012Validator(old), "new": Draft202012Validator(new)}
    for one in findings(api(old), api(new)):
        if one.severity == "note" or "(not proved: " in one.message:
            continue
        sender, receiver = ("new", "old") if one.direction == "response" else ("old", "new")
        payload = json.loads(one.witness)
        assert judges[sender].is_valid(payload), one
        assert not judges[receiver].is_valid(payload), one
        assert shown(one), one


@pytest.mark.parametrize("schema", ["x", 7, None, [], {"allOf": [{"type": "object"}, "x"]}], ids=json.dumps)
def test_what_is_no_schema_is_not_compared_and_nothing_else_is_claimed(schema):
    good = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    assert rules(api(good), api(schema)) == GAP
    inside = [api({"type": "object", "properties": {"a": one}}) for one in (good, schema)]
    assert {rule for rule, *_ in rules(*inside)} == {"not-compared"}


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"contentSchema": {"type": "object"}}, "contentSchema"),
        ({"formatMinimum": "2020-01-01"}, "formatMinimum"),
        ({"xml": {"name": "A"}}, "xml"),
    ],
)
def test_documents_that_differ_in_words_that_nothing_compares_are_not_told_to_be_alike(more, place, tmp_path):
    for name, words in (("old.json", {}), ("new.json", more)):
        (tmp_path / name).write_text(json.dumps(api({"type": "string", **words})))
    run = CliRunner().invoke(drift_command, [str(tmp_path / "old.json"), str(tmp_path / "new.json")])
    closing = run.output.splitlines()[-1]
    assert closing.startswith(
        "no drift: what is compared says the same; 2 places are written otherwise: first /paths/"
    )
    assert closing.endswith(f"/schema/{place}")
