"""Whether what drift says of real successive documents is true: each witness judged by others than its finder.

    python -m tests.benchmarks.drift_truth FOLDER [--read COUNT SEED]

FOLDER holds `NAME/base.json` and `NAME/revision.json` (or .yaml). Of every error and warning about schemas that
comes with a witness, the sender's document must accept it and the receiver's refuse it: by both engines, and by
jsonschema alone over documents made plain here, by nothing of ours. What the witness holds at the finding's place
must be what the finding's sentence says. Findings without a witness are counted by the reason that they give.
With `--read`, COUNT findings are printed, spread over rules and pairs, each with both documents' text.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contracts.drift import RULES, drift
from contracts.errors import ContractsError
from contracts.model import Finding, Pointer, Severity
from contracts.schema import compile_schema, demanded
from contracts.spec import read_document, upgraded
from tests.drift.claims import CHECKER, shown, tokens_of, values_at

BRACES = re.compile(r"\{[^{}]*\}")
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
HIDING = {"response": "writeOnly", "request": "readOnly"}


class Side:
    """One document, as the engines read it and as jsonschema alone does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.document = read_document(path.name, path.read_bytes())
        self.ours = upgraded(self.document.value)
        self.operations = dict(self._operations())

    def _operations(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        for kind, prefix in (("paths", ""), ("webhooks", "webhook:")):
            for path, item in (self.ours.get(kind) or {}).items():
                for method in METHODS if isinstance(item, dict) else ():
                    yield f"{method.upper()} {prefix}{BRACES.sub('{}', path)}", (kind, path, method)

    def roots(self, operation: str, one: Finding) -> list[Pointer]:
        """Give the places of the schemas that a finding's body, parameter or header may have."""
        at = self._operation(BRACES.sub("{}", operation))
        if at is None:
            return []
        tokens = Pointer.parse(one.pointer)
        holders: list[Pointer] = []
        if one.part == "request" and tokens[0] == "body":
            holders = [Pointer((*at, "requestBody"))]
        elif one.part == "request":
            names = [self.open(Pointer((*end, "parameters"))) for end in (at, at[:2])]
            listed = [Pointer((*where, n)) for where, held in names for n in range(len(held or ()))]
            holders = [p for p in listed if self._named(p, str(tokens[0]), str(tokens[1]))]
        elif at[0] == "webhooks":
            holders = [Pointer((*at, "requestBody"))]
        else:
            where, answers = self.open(Pointer((*at, "responses")))
            named = (one.status, f"{one.status[:1]}XX", f"{one.status[:1]}xx", "default")
            holders = [Pointer((*where, key)) for key in named if key in (answers or ())][:1]
            if one.part == "header" and holders:
                where, held = self.open(holders[0])
                headers = Pointer((*where, "headers"))
                holders = [
                    headers / name for name in held.get("headers", ()) if name.lower() == str(tokens[0])
                ]
        return [root for holder in holders for root in self._schemas(holder)]

    def _operation(self, name: str) -> tuple[Any, ...] | None:
        """Find an operation by its name, or by the end of its path where the path of the servers has moved."""
        method, _, path = name.partition(" ")
        others = [
            key
            for key in self.operations
            if key.startswith(f"{method} ") and key[len(method) + 1 :].endswith(path)
        ]
        others += [
            key
            for key in self.operations
            if key.startswith(f"{method} ") and path.endswith(key[len(method) + 1 :])
        ]
        return self.operations.get(name) or (self.operations[others[0]] if others else None)

    def _named(self, at: Pointer, place: str, name: str) -> bool:
        _, raw = self.open(at)
        same = str(raw.get("name", "")).lower() == name.lower() if isinstance(raw, dict) else False
        return same and raw.get("in") == place

    def _schemas(self, holder: Pointer) -> Iterator[Pointer]:
        where, raw = self.open(holder)
        if isinstance(raw, dict) and "schema" in raw:
            yield where / "schema"
        for media, held in (raw.get("content") or {}).items() if isinstance(raw, dict) else ():
            if isinstance(held, dict) and "schema" in held:
                yield where / "content" / media / "schema"

    def open(self, at: Pointer) -> tuple[Pointer, Any]:
        """Follow references outside schemas."""
        for _ in range(20):
            node: Any = self.ours
            for n, token in enumerate(at):
                if isinstance(node, dict) and isinstance(node.get("$ref"), str):
                    at = Pointer((*Pointer.parse(unquote(node["$ref"][1:])), *at[n:]))
                    break
                node = (
                    node[token]
                    if isinstance(node, list)
                    else node.get(token)
                    if isinstance(node, dict)
                    else None
                )
            else:
                if not isinstance(node, dict) or not isinstance(node.get("$ref"), str):
                    return at, node
                at = Pointer.parse(unquote(node["$ref"][1:]))
        return at, None

    @cache  # noqa: B019 -- lives as long as its document
    def judges(self, root: Pointer, direction: str, loose: bool) -> dict[str, Any]:
        """Give what says whether a payload is valid at a place: both engines, and jsonschema alone."""
        told = _loose(self._demanded(direction)) if loose else self._demanded(direction)
        made = {
            name: compile_schema(None, name, root=told, pointer=str(root)) for name in ("fast", "reference")
        }
        return {**made, "jsonschema": self._alone(root, direction, loose)}

    @cache  # noqa: B019
    def _demanded(self, direction: str) -> Any:
        return demanded(self.ours, direction, "")

    @cache  # noqa: B019
    def _registry(self, direction: str, loose: bool) -> Registry[Any]:
        old = str(self.document.value.get("openapi", "")).startswith("3.0")
        made = _plain(self.document.value, HIDING[direction], self.document.value, old=old)
        resource = Resource.from_contents(_loose(made) if loose else made, DRAFT202012)
        return Registry().with_resource("urn:d", resource)

    def _alone(self, root: Pointer, direction: str, loose: bool) -> Any:
        at = str(root).replace("%", "%25").replace("{", "%7B").replace("}", "%7D").replace(" ", "%20")
        registry = self._registry(direction, loose)
        return Draft202012Validator({"$ref": f"urn:d#{at}"}, registry=registry, format_checker=CHECKER)


def _loose(value: Any) -> Any:
    """Copy a document as a reader takes it who ignores unknown keys and is content with one branch or more."""
    if isinstance(value, list):
        return [_loose(item) for item in value]
    if not isinstance(value, dict):
        return value
    made = {key: _loose(item) for key, item in value.items()}
    for key in ("additionalProperties", "unevaluatedProperties"):
        if made.get(key) is False:
            del made[key]
    if isinstance(made.get("oneOf"), list):
        made.setdefault("allOf", [])
        made["allOf"] = [*made["allOf"], {"anyOf": made.pop("oneOf")}]
    return made


DATA = ("enum", "const", "example", "examples", "default")


def _plain(value: Any, hiding: str, document: Any, *, old: bool, names: bool = False) -> Any:
    """Copy a document with the words of OpenAPI that JSON Schema lacks written in its own."""
    if isinstance(value, list):
        return [_plain(item, hiding, document, old=old) for item in value]
    if not isinstance(value, dict):
        return value
    made = {
        key: item
        if key in DATA and not names
        else _plain(item, hiding, document, old=old, names=key == "properties" and not names)
        for key, item in value.items()
    }
    if names:
        return made
    if old and isinstance(made.get("$ref"), str):
        made = {key: made[key] for key in ("$ref", "nullable") if key in made}
    for side in ("Minimum", "Maximum"):
        if made.get(f"exclusive{side}") is True and side.lower() in made:
            made[f"exclusive{side}"] = made.pop(side.lower())
        elif isinstance(made.get(f"exclusive{side}"), bool):
            del made[f"exclusive{side}"]
    if isinstance(made.get("required"), list) and isinstance(made.get("properties"), dict):
        hidden = {
            name for name, part in value["properties"].items() if _opened(part, document).get(hiding) is True
        }
        made["required"] = [name for name in made["required"] if name not in hidden]
    if made.pop("nullable", None) is True:
        made = {"anyOf": [made, {"type": "null"}]}
    return made


def _opened(part: Any, document: Any, depth: int = 20) -> dict[str, Any]:
    """Give a schema with its reference followed, and the flags of what its allOf holds."""
    if isinstance(part, dict) and str(part.get("$ref", "")).startswith("#/"):
        try:
            part = Pointer.parse(unquote(part["$ref"][1:])).resolve(document)
        except (KeyError, IndexError, ValueError, TypeError):
            return {}
        return _opened(part, document, depth - 1) if depth else {}
    if not isinstance(part, dict) or not depth:
        return {}
    inside = [_opened(one, document, depth - 1) for one in part.get("allOf") or ()]
    return {**{key: True for one in inside for key, item in one.items() if item is True}, **part}


class Pair:
    """Two documents and what drift says of them."""

    def __init__(self, folder: Path) -> None:
        self.name = folder.name
        found = {path.stem: path for path in sorted(folder.iterdir())}
        self.base, self.revision = Side(found["base"]), Side(found["revision"])
        started = time.process_time()
        self.findings = drift(self.base.document, self.revision.document, today="2026-11-22")
        self.seconds = time.process_time() - started
        moved = (
            re.match(r"is now (\S+ \S+), was (\S+ \S+)$", one.message)
            for one in self.findings
            if one.rule == "operation-moved"
        )
        self.moved = {found[1]: found[2] for found in moved if found}
        self.statuses = {
            (one.operation, one.status): one.message.rpartition(" ")[2].strip("'")
            for one in self.findings
            if one.rule == "success-status-changed"
        }

    def judged(self, one: Finding) -> tuple[str, str]:
        """Say of a finding with a witness whether it is true: ("true" or what is wrong, more)."""
        answers = one.direction == "response"
        then = replace(one, status=self.statuses.get((one.operation, one.status), one.status))
        roots = [
            self.base.roots(self.moved.get(one.operation, one.operation), then),
            self.revision.roots(one.operation, one),
        ]
        if not all(roots):
            return "the schemas of its operation were not found", ""
        payload = json.loads(str(one.witness))
        strict = one.direction == "request" or RULES[one.rule].tolerance == "unknown"
        told = Counter[str]()
        for old in roots[0]:
            for new in roots[1]:
                sender, receiver = (
                    ((self.revision, new), (self.base, old))
                    if answers
                    else ((self.base, old), (self.revision, new))
                )
                wrong = self._shown(sender, receiver, one.direction, payload, strict=strict)
                if not wrong:
                    return self._claimed(one, payload, sender, receiver)
                told[wrong] += 1
        return told.most_common(1)[0][0], ""

    def _shown(self, sender: Any, receiver: Any, direction: str, payload: Any, *, strict: bool) -> str:
        for loose in (False,) if strict else (False, True):
            accepts = sender[0].judges(sender[1], direction, False)
            refuses = receiver[0].judges(receiver[1], direction, loose)
            for name in accepts:
                if not loose and not accepts[name].is_valid(payload):
                    return f"the sender refuses it by {name}"
                if refuses[name].is_valid(payload):
                    return f"the receiver accepts it by {name}" + " when it ignores unknown keys" * loose
        return ""

    def _claimed(self, one: Finding, payload: Any, sender: Any, receiver: Any) -> tuple[str, str]:
        name = one.message.rpartition(" be ")[2] if one.rule.startswith("alternative-") else ""
        branch = Pointer(("components", "schemas", name))
        if name and sender[0].open(branch)[1]:
            judge = sender[0].judges(branch, one.direction, False)["jsonschema"]
            if not any(map(judge.is_valid, values_at(payload, tokens_of(one)))):
                return "the witness is of another branch", ""
        if not shown(one):
            return "the witness does not show what the sentence says", ""
        judge = receiver[0].judges(receiver[1], one.direction, False)["jsonschema"]
        places = {tuple(map(str, _where(error))) for error in judge.iter_errors(payload)}
        own = tokens_of(one)
        beside = [at for at in places if not all(t in {"*", a} for t, a in zip(own, at, strict=False))]
        return ("true", f"and breaks {beside[0]} too") if beside else ("true", "")


def _where(error: Any) -> tuple[Any, ...]:
    if error.validator != "required":
        return tuple(error.absolute_path)
    missing = [key for key in error.validator_value if repr(key) in error.message]
    return (*error.absolute_path, *missing[:1])


def loud(pair: Pair) -> list[Finding]:
    """Give the errors and warnings about schemas."""
    return [one for one in pair.findings if one.severity is not Severity.NOTE and RULES[one.rule].schema]


def measure(pairs: list[Path]) -> None:
    """Print a row for each pair, each finding that is not true, and the sums."""
    total, reasons, seconds = Counter[str](), Counter[str](), 0.0
    for folder in pairs:
        try:
            pair = Pair(folder)
        except ContractsError as error:
            print(f"{folder.name}: {error}", flush=True)
            continue
        row = Counter[str]()
        seconds += pair.seconds
        for one in loud(pair):
            if one.witness is None:
                row["no witness"] += 1
                reasons[one.message.partition("(not proved: ")[2].rstrip(")") or f"none: {one.rule}"] += 1
                print(f"  {one.rule} {one.operation} {one.status} {one.pointer}: {one.message}")
                continue
            said, more = pair.judged(one)
            row[said] += 1
            row["of them with another break"] += said == "true" and bool(more)
            if said != "true":
                print(f"  {said}: {_line(one)}", flush=True)
        total += row
        print(f"{pair.name}: {len(pair.findings)} findings, {dict(row)}, {pair.seconds:.1f} s", flush=True)
    print("sum", dict(total), "without a witness:", dict(reasons), f"{seconds:.1f} s")


def _line(one: Finding) -> str:
    where = f"{one.severity} {one.direction} {one.operation} {one.status} {one.pointer}"
    return f"{where}: {one.rule}: {one.message} | {str(one.witness)[:300]} | {one.spec_pointer}"


def read(pairs: list[Path], count: int, seed: int) -> None:
    """Print findings to be judged by hand, a rule and a pair at a time, with both documents' text."""
    rng = random.Random(seed)
    by: dict[str, list[tuple[Pair, Finding]]] = defaultdict(list)
    for folder in pairs:
        try:
            pair = Pair(folder)
        except ContractsError:
            continue
        mine: dict[str, list[Finding]] = defaultdict(list)
        for one in pair.findings:
            if one.severity is not Severity.NOTE:
                mine[one.rule].append(one)
        for rule, found in mine.items():
            by[rule] += [(pair, one) for one in rng.sample(found, min(3, len(found)))]
    chosen: list[tuple[Pair, Finding]] = []
    while len(chosen) < count and any(by.values()):
        for rule in sorted(by):
            if by[rule] and len(chosen) < count:
                chosen.append(by[rule].pop(rng.randrange(len(by[rule]))))
    for number, (pair, one) in enumerate(chosen, 1):
        print(f"--- {number} {pair.name}\n{_line(one)}")
        for side, line in ((pair.base, one.base), (pair.revision, one.revision)):
            print(side.path.name, f"{line.line}:" if line else "no place", _excerpt(side.path, line))


def _excerpt(path: Path, line: Any) -> str:
    """Give the text of a document around a line, without its layout."""
    held = path.read_text().splitlines()[line.line - 1 : line.line + 40] if line else []
    return re.sub(r"\s+", " ", " ".join(held))[:900]


if __name__ == "__main__":
    folders = sorted(path for path in Path(sys.argv[1]).iterdir() if path.is_dir())
    if "--read" in sys.argv:
        read(folders, int(sys.argv[3]), int(sys.argv[4]))
    else:
        measure(folders)
