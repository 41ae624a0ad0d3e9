"""What other generators tell of the bank of readers, when nobody writes down what a right answer is.

    pip install schemathesis polyfactory datamodel-code-generator pandas
    python -m tests.benchmarks.reader_rivals FOLDER [--examples 1000] [--only plain,schemathesis,polyfactory]

FOLDER is as for `reader_bank`. Each generator draws payloads of the answer's schema: `plain` are Hypothesis strategies
as one writes them by hand from a schema, `schemathesis` is asked for bodies of a request that takes the schema, and
`polyfactory` builds the pydantic models that datamodel-code-generator makes of it. What is drawn and is not valid is
dropped. A property test that only calls the reader can tell an exception: a mistake is told where the faulty reader
raises one that the right reader does not, in favour of the generator, which cannot know that. A right reader that
raises on a valid payload is accused. `shown` is what an oracle that knows every answer would tell of the same payloads.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from contracts.consumers import Answers, quietly
from contracts.consumers.consumer import Manner, Meeting, meet
from contracts.consumers.places import GONE, put
from contracts.model import Json
from contracts.spec.openapi import resolve
from tests.benchmarks.reader_bank import loaded, payloads

MEMORY = 2**30
FORMATS = {
    "date-time": lambda: st.datetimes().map(lambda at: f"{at.isoformat()}Z"),
    "uuid": lambda: st.uuids().map(str),
    "uri": lambda: st.text().map(lambda text: f"https://example.com/{text.encode().hex()}"),
}


def _schema(found: Answers) -> Json:
    pointer = next(one for one in found.operation.responses[found.status].content.values() if one is not None)
    return resolve(found.provider.spec.document, pointer, found.provider.id)[0]


def plain(found: Answers, count: int) -> Iterator[Json]:
    document = found.provider.spec.document

    def of(schema: Any) -> st.SearchStrategy[Any]:
        while "$ref" in schema:
            at = document
            for token in schema["$ref"].removeprefix("#/").split("/"):
                at = at[token.replace("~1", "/").replace("~0", "~")]
            schema = at
        if "const" in schema or "enum" in schema:
            return st.sampled_from(schema.get("enum") or [schema["const"]])
        for word in ("anyOf", "oneOf"):
            if word in schema:
                return st.one_of([of(one) for one in schema[word]])
        if "allOf" in schema:
            merged = {key: value for one in schema["allOf"] for key, value in one.items()}
            return of({**schema, **merged, "allOf": None} if "$ref" not in merged else merged)
        kinds = schema.get("type") or ("object" if "properties" in schema else "null")
        return st.one_of(
            [_typed(kind, schema, of) for kind in ([kinds] if isinstance(kinds, str) else kinds)]
        )

    return _drawn(of(_schema(found)), count)


def _typed(kind: str, schema: Any, of: Callable[[Any], st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if kind == "object":
        parts = {name: of(one) for name, one in schema.get("properties", {}).items()}
        required = {name: parts[name] for name in schema.get("required", ()) if name in parts}
        rest = {name: one for name, one in parts.items() if name not in required}
        free = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text(), max_size=3)
        return st.fixed_dictionaries(required, optional=rest) if parts else free
    if kind == "array":
        return st.lists(of(schema.get("items", {"type": "null"})), min_size=schema.get("minItems", 0))
    texts = FORMATS.get(schema.get("format", ""), lambda: st.text(min_size=schema.get("minLength", 0)))
    return {
        "string": texts,
        "integer": lambda: st.integers(least, most),
        "number": lambda: st.floats(least, most, allow_nan=False, allow_infinity=False),
        "boolean": st.booleans,
        "null": st.none,
    }[kind]()


def schemathesis(found: Answers, count: int) -> Iterator[Json]:
    import schemathesis

    body = {"required": True, "content": {"application/json": {"schema": _schema(found)}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Answers as bodies", "version": "1"},
        "components": found.provider.spec.document.get("components", {}),
        "paths": {"/x": {"post": {"requestBody": body, "responses": {"200": {"description": ""}}}}},
    }
    strategy = schemathesis.openapi.from_dict(document)["/x"]["POST"].as_strategy()
    return _drawn(strategy.map(lambda case: case.body), count)


def _drawn(strategy: st.SearchStrategy[Any], count: int) -> Iterator[Json]:
    values: list[Json] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(value: Json) -> None:
        values.append(value)

    draw()
    yield from values


def polyfactory(found: Answers, count: int) -> Iterator[Json]:
    from polyfactory.factories.pydantic_factory import ModelFactory

    factory = ModelFactory.create_factory(_model(found))
    factory.seed_random(1)
    for _ in range(count):
        value = factory.build().model_dump(mode="json", by_alias=True)
        for at, kind in list(found.plan.oracle.faults(value)):
            # An optional member that may not be null is left out, as exclude_none would do for all.
            value = put(value, at, GONE) if kind == "type" else value
        yield value


def _model(found: Answers) -> Any:
    from datamodel_code_generator import DataModelType, InputFileType, generate

    schema = {
        **_schema(found),
        "title": "Answer",
        "components": found.provider.spec.document.get("components", {}),
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"rival_{found.provider.id}_{found.operation.alias}.py"
        generate(
            json.dumps(schema),
            input_file_type=InputFileType.JsonSchema,
            output=file,
            output_model_type=DataModelType.PydanticV2BaseModel,
            class_name="Answer",
            allow_population_by_field_name=True,
        )
        spec = importlib.util.spec_from_file_location(file.stem, file)
        module = sys.modules[file.stem] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.Answer


RIVALS = {"plain": plain, "schemathesis": schemathesis, "polyfactory": polyfactory}


@lru_cache(maxsize=16)
def _drawn_by(rival: str, vendor: str, operation: str, count: int) -> tuple[Json, ...]:
    found = payloads(vendor, operation)[0]
    return tuple(value for value in RIVALS[rival](found, count) if found.plan.oracle.valid(value))


@lru_cache(maxsize=8)
def met(file: Path, rival: str, count: int) -> tuple[tuple[str, int], ...]:
    """Give, for each payload, the exception or "" and a digest of the answer."""
    one = loaded(file)
    with quietly():
        return tuple(
            _short(meet(one, value)) for value in _drawn_by(rival, one.provider, one.operation, count)
        )


def _short(one: Meeting) -> tuple[str, int]:
    try:
        return ("" if one.manner is Manner.ANSWERED else one.error), hash(repr(one.view))
    except MemoryError:
        return "MemoryError", 0


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--examples", type=int, default=1000)
    parser.add_argument("--only", default=",".join(RIVALS))
    given_ = parser.parse_args()
    # A bar of as many characters as there are items must not take all memory.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    right = sorted((given_.folder / "correct").rglob("*.py"))
    faults = sorted((given_.folder / "faults").rglob("*.py"))
    for rival in given_.only.split(","):
        started, told, shown = time.process_time(), 0, 0
        for file in faults:
            good = given_.folder / "correct" / file.parent.name / f"{file.stem.partition('__')[0]}.py"
            one, other = met(good, rival, given_.examples), met(file, rival, given_.examples)
            by = bool({error for error, _ in other} - {error for error, _ in one}), one != other
            told, shown = told + by[0], shown + by[1]
            print(rival, file.parent.name, file.stem, *by, flush=True)
        accused = sum(any(error for error, _ in met(file, rival, given_.examples)) for file in right)
        drawn = min(
            len(_drawn_by(rival, loaded(file).provider, loaded(file).operation, given_.examples))
            for file in right
        )
        print(
            f"{rival}: told {told} of {len(faults)}, shown {shown}, accused {accused} of {len(right)}; "
            f"{drawn} valid payloads at least, {time.process_time() - started:.0f} s",
            flush=True,
        )


if __name__ == "__main__":
    main()
