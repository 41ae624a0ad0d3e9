"""Random rewrites of an OpenAPI document that change how it is written and not what it means."""

import copy
import random

from contracts.spec.keywords import OBJECTS
from contracts.spec.upgrade import upgraded

PROSE = {
    "title",
    "description",
    "deprecated",
    "default",
    "examples",
    "readOnly",
    "writeOnly",
    "discriminator",
    "externalDocs",
}


def rewritten(document, seed, many=40):
    """Give an equal document in other words; `many` schemas are written anew, everything is shuffled."""
    rng = random.Random(seed)
    result = copy.deepcopy(upgraded(document))
    for _ in range(many):
        places = list(schemas(result, "document"))
        if not places:
            break
        parent, key = rng.choice(places)
        if isinstance(parent[key], dict):
            rng.choice(FORMS)(result, parent, key, rng)
    rename_components(result, rng)
    rename_path_parameters(result, rng)
    spread_path_parameters(result, rng)
    return shuffled(result, rng)


def schemas(value, kind):
    """Yield (parent, key) of every schema in a document."""
    if kind.endswith("[]"):
        for index, item in enumerate(value if isinstance(value, list) else ()):
            if kind == "schema[]":
                yield value, index
            yield from schemas(item, kind[:-2])
        return
    if not isinstance(value, dict):
        return
    if kind.endswith("*"):
        for key, item in value.items():
            if kind == "schema*":
                yield value, key
            yield from schemas(item, kind[:-1])
        return
    for key, child in OBJECTS[kind].items():
        if key in value:
            if child == "schema":
                yield value, key
            yield from schemas(value[key], child)


def wrap(document, parent, key, rng):
    schema = parent[key]
    outer = {name: schema[name] for name in schema if name in PROSE} if "$ref" not in schema else {}
    inner = {name: value for name, value in schema.items() if name not in outer}
    parent[key] = {**outer, rng.choice(["allOf", "anyOf", "oneOf"]): [inner]}


def wrap_types(document, parent, key, rng):
    schema = parent[key]
    types = schema.get("type")
    if isinstance(types, str):
        schema["type"] = [types]
    elif isinstance(types, list) and len(types) == 1:
        schema["type"] = types[0]
    elif isinstance(types, list) and "null" in types and "enum" not in schema and "const" not in schema:
        rest = {name: value for name, value in schema.items() if name not in PROSE}
        rest["type"] = [t for t in types if t != "null"]
        outer = {name: value for name, value in schema.items() if name in PROSE}
        parent[key] = {**outer, rng.choice(["anyOf", "oneOf"]): [rest, {"type": "null"}]}


def twice(document, parent, key, rng):
    schema = parent[key]
    inner = {name: value for name, value in schema.items() if name not in PROSE}
    outer = {name: value for name, value in schema.items() if name in PROSE}
    if "unevaluatedProperties" not in inner:
        parent[key] = {**outer, "allOf": [inner, copy.deepcopy(inner)]}


def extract(document, parent, key, rng):
    held = document.setdefault("components", {}).setdefault("schemas", {})
    if parent is held:
        return
    name = f"Extracted{rng.randrange(10**9)}"
    held[name] = parent[key]
    parent[key] = {"$ref": f"#/components/schemas/{name}"}


def inline(document, parent, key, rng):
    ref = parent[key].get("$ref", "")
    name = ref.removeprefix("#/components/schemas/")
    target = document.get("components", {}).get("schemas", {}).get(name)
    if isinstance(target, dict) and len(parent[key]) == 1 and len(str(target)) < 5000:
        parent[key] = copy.deepcopy(target)


def spell_const(document, parent, key, rng):
    schema = parent[key]
    if "const" in schema and "enum" not in schema:
        schema["enum"] = [schema.pop("const")]
    elif len(schema.get("enum") or ()) == 1:
        schema["const"] = schema.pop("enum")[0]


def spell_bounds(document, parent, key, rng):
    schema = parent[key]
    if schema.get("type") == "integer" and isinstance(schema.get("minimum"), int):
        schema["exclusiveMinimum"] = schema.pop("minimum") - 1
    elif schema.get("type") == "integer" and isinstance(schema.get("exclusiveMinimum"), int):
        schema["minimum"] = schema.pop("exclusiveMinimum") + 1


def split(document, parent, key, rng):
    """Spread the properties of an open object over an allOf."""
    schema = parent[key]
    properties = schema.get("properties")
    if schema.keys() & {
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
    } or not isinstance(properties, dict):
        return
    if schema.get("type") == "object" and len(properties) > 1 and "allOf" not in schema:
        names = list(properties)
        cut = rng.randrange(1, len(names))
        second = {name: properties.pop(name) for name in names[cut:]}
        schema["allOf"] = [{"type": "object", "properties": second}]


FORMS = (wrap, wrap_types, twice, extract, inline, spell_const, spell_bounds, split)


def rename_components(document, rng):
    held = document.get("components", {}).get("schemas", {})
    names = {name: f"{name}{rng.randrange(10**6)}" for name in held if rng.random() < 0.3}
    moved = {f"#/components/schemas/{old}": f"#/components/schemas/{new}" for old, new in names.items()}

    def follow(value):
        if isinstance(value, dict):
            return {
                k: moved.get(v, v) if k == "$ref" and isinstance(v, str) else mapped(k, v)
                for k, v in value.items()
            }
        return [follow(item) for item in value] if isinstance(value, list) else value

    def mapped(key, value):
        if key == "mapping" and isinstance(value, dict):
            return {k: moved.get(v, v) if isinstance(v, str) else v for k, v in value.items()}
        return follow(value)

    for key in list(document):
        document[key] = follow(document[key])
    if held:
        document["components"]["schemas"] = {
            names.get(name, name): schema for name, schema in document["components"]["schemas"].items()
        }


def rename_path_parameters(document, rng):
    paths = document.get("paths", {})
    for path in list(paths):
        if "{" in path and rng.random() < 0.5:
            name = path[path.index("{") + 1 : path.index("}")]
            item = paths.pop(path)
            listed = [item.get("parameters", [])] + [
                o.get("parameters", []) for o in item.values() if isinstance(o, dict)
            ]
            for parameters in listed:
                for index, one in enumerate(parameters):
                    if one.get("in") == "path" and one.get("name") == name:
                        parameters[index] = {**one, "name": f"{name}_id"}
            shared = any("$ref" in one for parameters in listed for one in parameters)
            paths[path if shared else path.replace(f"{{{name}}}", f"{{{name}_id}}")] = item
            if shared:
                for parameters in listed:
                    for index, one in enumerate(parameters):
                        if one.get("name") == f"{name}_id":
                            parameters[index] = {**one, "name": name}


def spread_path_parameters(document, rng):
    for item in document.get("paths", {}).values():
        if isinstance(item, dict) and item.get("parameters") and rng.random() < 0.5:
            common = item.pop("parameters")
            for method, operation in item.items():
                if isinstance(operation, dict) and method in OBJECTS["path"]:
                    own = operation.setdefault("parameters", [])
                    said = {(one.get("in"), one.get("name")) for one in own}
                    own += [
                        copy.deepcopy(one) for one in common if (one.get("in"), one.get("name")) not in said
                    ]


def shuffled(value, rng, key=""):
    if key in {"example", "examples", "default"}:
        return value
    if isinstance(value, dict):
        names = list(value)
        rng.shuffle(names)
        return {name: shuffled(value[name], rng, name) for name in names}
    if isinstance(value, list):
        items = [shuffled(item, rng) for item in value]
        if key in {"enum", "required", "tags", "anyOf", "oneOf", "allOf", "parameters", "type"}:
            rng.shuffle(items)
        return items
    return value
