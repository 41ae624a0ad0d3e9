"""Real documents and their mutants at every door: nothing may end in a traceback, nothing may be lost in silence.

    python -m tests.benchmarks.mutated_documents whole FOLDER …     documents as they are, a row each
    python -m tests.benchmarks.mutated_documents mutants N FOLDER … N mutants of the smaller ones
    python -m tests.benchmarks.mutated_documents mutants N+START FOLDER … the same, from the mutant START on

A mutant has one to three of: a value of another type, a key dropped, a reference broken, a word of another
version. The doors are `vendor --add`, `check` (with requests), coverage, `drift` against the original and
against itself, the start of `serve`, and the covering payloads that `stress` is made of.

Two things may not be said: "no drift" where jsonschema, asked alone, takes a payload by one document and not by
the other, and "conforms" of a payload that it refuses. The payloads are those that cover the schemas of both.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.drift import drift
from contracts.errors import ContractsError
from contracts.generate import covering, plan
from contracts.model import Interaction, Pointer, Request, Response, Source, Verdict
from contracts.spec import load, read_document, upgraded
from contracts.stub import Vendor
from contracts.vendoring import vendor_add, vendor_check

TODAY = dt.date(2026, 1, 1)
WORDS: list[dict[str, Any]] = [
    {"nullable": True},
    {"required": True},
    {"exclusiveMinimum": True},
    {"type": None},
    {"type": "file"},
    {"minLength": "3"},
    {"oneOf": []},
    {"$recursiveAnchor": True},
    {"description": None},
    {"discriminator": "kind"},
    {"items": []},
    {"pattern": "(?<a>x)\\k<a>("},
    {"$ref": "#/nowhere"},
    {"$ref": "other.yaml#/a b"},
    {"examples": {"a": {"value": 1}}},
    {"openapi": 3.1},
    {"swagger": "2.0"},
    {"properties": None},
    {"additionalProperties": "false"},
]
JUNK: list[Any] = [None, 0, -1.5, "", "x", [], {}, [None], True, {"$ref": 1}, "#/components/schemas/X"]


def documents(folders: list[str]) -> Iterator[Path]:
    """Yield every OpenAPI or Swagger document below the folders."""
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".json", ".yaml", ".yml"} and path.is_file():
                head = path.read_bytes()
                if b"openapi" in head[:200_000] or b"swagger" in head[:200_000]:
                    yield path


def doors(data: bytes, name: str, original: bytes, limit: int = 20) -> tuple[Counter[str], list[str]]:
    """Send a document through every door; give what was counted and the tracebacks."""
    counted: Counter[str] = Counter()
    broken: list[str] = []

    def door(label: str, ask: Any) -> Any:
        start = time.process_time()
        try:
            return ask()
        except ContractsError:
            counted[f"refused at {label}"] += 1
        except Exception:  # noqa: BLE001 -- that is what is counted
            broken.append(f"{label}: {traceback.format_exc(limit=-3)}")
        finally:
            counted[f"ms {label}"] += round(1000 * (time.process_time() - start))
        return None

    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch)
        (home / name).write_bytes(data)
        added = door("add", lambda: vendor_add("acme", home / name, home / "specs", today=TODAY))
        if added is not None:
            counted["operations"] = len(added.operations)
            assert door("vendor check", lambda: list(vendor_check(added.folder))) in ([], None)
            provider = door("load", lambda: load("acme", home))
            if provider is not None:
                _judged(provider, door, counted, limit)
                door("serve", lambda: Vendor(provider=provider))
                told = door("false conforms", lambda: list(_falsely_conforming(provider, limit))) or ()
                broken += [f"conforms, though jsonschema refuses it: {one}" for one in told]
    new, old = (_document(name, one) for one in (data, original))
    if new is not None:
        counted["self-drift"] = len(door("drift", lambda: drift(new, new)) or ())
        if original != data and old is not None:
            found = door("drift", lambda: drift(old, new, full=True))
            counted["silent"] += found == ()
            if found == ():
                told = door("false silence", lambda: list(_differing(old.value, new.value))) or ()
                broken += [f"no drift, though jsonschema sees one: {one}" for one in told]
    return counted, broken


def _alone(document: Any, at: str) -> Any:
    """Give the schema of a document as jsonschema reads it, by nothing of ours but the 3.1 form; or None."""
    node = document
    for token in Pointer.parse(at):
        node = node.get(token) if isinstance(node, dict) else None
    if not isinstance(node, dict):
        return None
    try:
        Draft202012Validator.check_schema(node)
        registry = Registry().with_resource("urn:d", Resource.from_contents(document, DRAFT202012))
    except (SchemaError, ValueError, TypeError, RecursionError):
        return None
    return Draft202012Validator(
        {"$ref": f"urn:d#{at.replace('{', '%7B').replace('}', '%7D')}"}, registry=registry
    )


def _takes(schema: Any, payload: Any) -> bool | None:
    """Say whether jsonschema takes a payload; None where it cannot say."""
    try:
        return bool(schema.is_valid(payload))
    except Exception:  # noqa: BLE001 -- whatever a flawed schema makes it raise
        return None


def _samples(document: Any, at: str) -> list[Any]:
    try:
        return [
            one.value
            for one, _ in zip(covering(plan(root=document, pointer=at)), range(SAMPLES), strict=False)
        ]
    except Exception:  # noqa: BLE001 -- what cannot be generated is counted at the door of its own
        return []


SAMPLES = 200


def _answers(document: Any) -> Iterator[str]:
    """Yield the places of the schemas of JSON answers that jsonschema can be asked about."""
    for path, item in document.get("paths", {}).items() if isinstance(document.get("paths"), dict) else ():
        for method in METHODS if isinstance(item, dict) else ():
            held = item.get(method)
            answers = held.get("responses") if isinstance(held, dict) else None
            for status in answers if isinstance(answers, dict) else ():
                at = Pointer(
                    ("paths", path, method, "responses", status, "content", "application/json", "schema")
                )
                yield str(at)


METHODS = ("get", "post", "put", "delete", "patch")


def _differing(old: Any, new: Any) -> Iterator[str]:
    """Yield the payloads that one document takes and the other refuses."""
    sides = upgraded(old), upgraded(new)
    for at in {*_answers(sides[0])} & {*_answers(sides[1])}:
        if json.dumps(sides[0]) == json.dumps(sides[1]):
            return
        schemas = [_alone(side, at) for side in sides]
        if None in schemas:
            continue
        for payload in (*_samples(sides[0], at), *_samples(sides[1], at)):
            if "\\u" in json.dumps(payload):
                continue  # what \s and \w hold differs between ECMA-262 and Python
            before, after = (_takes(one, payload) for one in schemas)
            if before is not None and after is not None and before != after:
                yield f"{at} {json.dumps(payload)[:200]} old {before} new {after}"
                break


def _falsely_conforming(provider: Any, limit: int) -> Iterator[str]:
    """Yield what our check takes without a word and jsonschema alone refuses, of covering and bent payloads."""
    document = upgraded(provider.spec.source.value)
    check = ProviderCheck(provider, CheckOptions())
    for operation in provider.spec.operations[:limit]:
        for status, answer in operation.responses.items():
            at = answer.content.get("application/json")
            schema = _alone(document, str(at)) if at is not None and status.isdigit() else None
            text = json.dumps(document)
            if schema is None or '"writeOnly"' in text:
                continue
            samples = _samples(document, str(at))[:20] if operation is provider.spec.operations[0] else []
            for payload in (*samples, None, {}, [], 0, "x", {"id": 1}):
                if "\\u" in json.dumps(payload):
                    continue  # what \s and \w hold differs between ECMA-262 and Python
                if _takes(schema, payload) is False and _passes(check, provider, operation, status, payload):
                    yield f"{operation.title} {status} {json.dumps(payload)[:200]}"
                    break


def _passes(check: Any, provider: Any, operation: Any, status: str, payload: Any) -> bool:
    from contracts.interactions import example_url

    sent = Request(operation.method, example_url(provider.spec, operation))
    headers = (("content-type", "application/json"),)
    answer = Response(int(status), headers, json.dumps(payload).encode())
    one = check.assess(Interaction(request=sent, response=answer, source=Source.RECORDED))
    return one.verdict is Verdict.CONFORMS and not one.findings and not one.not_judged


def _document(name: str, data: bytes) -> Any:
    try:
        return read_document(name, data, lines=False)
    except ContractsError:
        return None


def _judged(provider: Any, door: Any, counted: Counter[str], limit: int) -> None:
    spec = provider.spec
    counted["set aside"] = len(spec.aside)
    counted["not judged"] = sum(bool(op.aside) for op in spec.operations)
    counted["loaded"] = len(spec.operations)
    check = ProviderCheck(provider, CheckOptions())
    door("notices", lambda: check.notices)
    for operation in spec.operations[:limit]:
        report = door("check", lambda operation=operation: check.report((operation.alias,)))
        rules = {f.rule for f in report.findings} if report else set()
        counted["unusable"] += "unusable-schema" in rules
    for operation in spec.operations[:limit]:
        for response in operation.responses.values():
            for schema in response.content.values():
                if (
                    schema is not None
                    and door("compile", lambda s=schema: check.checker.body_check(s)) is None
                ):
                    counted["unusable"] += 1
                elif schema is not None:
                    _generated(spec, schema, door, counted)


def _generated(spec: Any, schema: Any, door: Any, counted: Counter[str]) -> None:
    def made() -> int:
        return sum(
            1
            for _, _ in zip(range(20), covering(plan(root=spec.document, pointer=str(schema))), strict=False)
        )

    if counted["ms generate"] < 1500:
        counted["schemas"] += 1
        counted["generated"] += bool(door("generate", made))


def mutant(value: Any, dice: random.Random) -> Any:
    """Copy a document with one to three flaws."""
    made = copy.deepcopy(value)
    for _ in range(dice.randint(1, 3)):
        holder, key = _place(made, dice)
        kind = dice.randrange(4)
        if kind == 0:
            holder[key] = copy.deepcopy(dice.choice(JUNK))
        elif kind == 1 and isinstance(holder, dict):
            del holder[key]
        elif kind == 2 and isinstance(holder[key], str):
            holder[key] = dice.choice(
                ["#/nowhere", "b.json#/x", "https://x.test/a", "#", "#/paths", "#anchor"]
            )
        elif isinstance(holder[key], dict):
            holder[key].update(copy.deepcopy(dice.choice(WORDS)))
    return made


def _place(value: Any, dice: random.Random) -> tuple[Any, Any]:
    """Choose a place, refs and shallow places more often than leaves of examples."""
    while True:
        node, depth = value, dice.randint(1, 14)
        while True:
            key = dice.choice(list(node)) if isinstance(node, dict) else dice.randrange(len(node))
            depth -= 1
            below = node[key]
            if depth <= 0 or not isinstance(below, dict | list) or not below:
                return node, key
            node = below


def whole(folders: list[str]) -> None:
    """Print a row for each document."""
    for path in documents(folders):
        data = path.read_bytes()
        counted, broken = doors(data, path.name.replace(" ", "_"), data)
        print(
            path.parent.name, path.name, len(data) // 1024, dict(counted), len(broken), sep="\t", flush=True
        )
        for text in broken[:3]:
            print(text)


def mutants(count: int, folders: list[str], start: int = 0, seed: int = 1) -> None:
    """Print the tracebacks and false words of many mutants, each kind once, and a count."""
    found: Counter[str] = Counter()
    silent = 0
    values = [
        (p, _document(p.name, p.read_bytes())) for p in documents(folders) if p.stat().st_size < 150_000
    ]
    for number in range(start, start + count):
        dice = random.Random(seed * 1_000_000 + number)
        path, document = dice.choice([pair for pair in values if pair[1] is not None])
        made = mutant(document.value, dice)
        data, original = (json.dumps(one).encode() for one in (made, document.value))
        counted, broken = doors(data, "a.json", original, limit=4)
        silent += counted["silent"]
        for text in broken:
            last = text.strip().splitlines()[-3:]
            key = " | ".join(line.strip() for line in last)[:120]
            if not found[key]:
                print(number, path.name, text, flush=True)
            found[key] += 1
    print(
        f"{count} mutants of {len(values)} documents, {silent} without drift:"
        f" {sum(found.values())} faults of {len(found)} kinds"
    )


if __name__ == "__main__":
    if sys.argv[1] == "whole":
        whole(sys.argv[2:])
    else:
        size, _, first = sys.argv[2].partition("+")
        mutants(int(size), sys.argv[3:], int(first or 0))
