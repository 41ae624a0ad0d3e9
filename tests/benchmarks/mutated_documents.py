"""Real documents and their mutants at every door: nothing may end in a traceback, nothing may be lost in silence.

    python -m tests.benchmarks.mutated_documents whole FOLDER …            documents as they are, a row each
    python -m tests.benchmarks.mutated_documents mutants COUNT FILE FOLDER …    mutants, a line of FILE each
    python -m tests.benchmarks.mutated_documents told FILE                 what FILE says, counted

FILE is JSON Lines; a mutant that it holds is not made again, so that a run may be stopped and goes on. A mutant
is a sample of a real document (see `document_mutants`) with one to three flaws. The doors are `vendor --add`,
`vendor --check`, `vendor --update`, `check` in every format, coverage, `drift` against the original and against
itself, the start of `serve`, and the covering payloads that `stress` is made of.

Two things may not be said: "no drift" where jsonschema, asked alone, takes a payload by one document and not by
the other, and "conforms" of a payload that it refuses. The payloads are those that cover the schemas of both,
and the same with a place bent.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.cli import group
from contracts.drift import drift
from contracts.errors import ContractsError
from contracts.generate import covering, plan
from contracts.model import Interaction, Pointer, Request, Response, Source, Verdict
from contracts.report import FORMATS
from contracts.spec import load, upgraded
from contracts.stub import Vendor
from contracts.vendoring import vendor_add, vendor_check
from tests.benchmarks.document_mutants import METHODS, bent, documents, mutant, read, sampled

TODAY = dt.date(2026, 1, 1)
SAMPLES = 200
POOL = 20
"""Samples that are made of each document."""
BUDGET = 20
"""Seconds of CPU after which a mutant counts as a hang."""


class Hang(BaseException):
    """A mutant that took longer than its budget."""


class Doors:
    """The doors that one document is sent through; what was counted, and what broke."""

    def __init__(self, home: Path, limit: int, dice: random.Random) -> None:
        self.home, self.limit, self.dice = home, limit, dice
        self.counted: Counter[str] = Counter()
        self.broken: list[str] = []

    def door(self, label: str, ask: Callable[[], Any]) -> Any:
        """Ask; a refusal is counted, a traceback or a hang is a fault."""
        start = time.process_time()
        try:
            return ask()
        except ContractsError:
            self.counted[f"refused at {label}"] += 1
        except Hang:
            self.broken.append(f"{label}: hang: {traceback.format_exc(limit=-3)}")
        except Exception:  # noqa: BLE001 -- that is what is counted
            self.broken.append(f"{label}: {traceback.format_exc(limit=-3)}")
        finally:
            self.counted[f"ms {label}"] += round(1000 * (time.process_time() - start))
        return None

    def command(self, *arguments: str) -> None:
        """Run a command of the command line, whose exceptions come back as they are."""

        def ask() -> None:
            with contextlib.chdir(self.home):
                error = CliRunner().invoke(group, list(arguments)).exception
            if error is not None and not isinstance(error, SystemExit):
                raise error

        self.door(" ".join(arguments[:2]), ask)

    def added(self, path: Path, original: bytes) -> None:
        """Send a document through the doors of a vendor."""
        added = self.door("add", lambda: vendor_add("acme", path, self.home / "specs", today=TODAY))
        if added is None:
            return
        self.counted["operations"] = len(added.operations)
        if self.door("vendor check", lambda: list(vendor_check(added.folder))) not in ([], None):
            self.broken.append("vendor check: a fresh folder is not what its upstream makes")
        provider = self.door("load", lambda: load("acme", self.home))
        if provider is not None:
            self.judged(provider)
            self.door("serve", lambda: Vendor(provider=provider))
            told = self.door("false conforms", lambda: list(self.falsely_conforming(provider))) or ()
            self.broken += [f"conforms, though jsonschema refuses it: {one}" for one in told]
        self.command("check", "acme", "--format", self.dice.choice(sorted(FORMATS)))
        if original != path.read_bytes():
            (self.home / "original.json").write_bytes(original)
            self.command("vendor", "--update", "acme", "original.json")

    def judged(self, provider: Any) -> None:
        """Check every operation, and generate for every schema."""
        spec = provider.spec
        self.counted["set aside"] = len(spec.aside)
        self.counted["not judged"] = sum(bool(op.aside) for op in spec.operations)
        self.counted["loaded"] = len(spec.operations)
        check = ProviderCheck(provider, CheckOptions())
        self.door("notices", lambda: check.notices)
        for operation in spec.operations[: self.limit]:
            report = self.door("report", lambda operation=operation: check.report((operation.alias,)))
            rules = {f.rule for f in report.findings} if report else set()
            self.counted["unusable"] += "unusable-schema" in rules
        for operation in spec.operations[: self.limit]:
            for schema in (one for r in operation.responses.values() for one in r.content.values() if one):
                body = self.door("compile", lambda s=schema: check.checker.body_check(s))
                self.counted["unusable"] += body is None
                if body is not None and self.counted["ms generate"] < 120:
                    self.counted["schemas"] += 1
                    made = self.door("generate", lambda s=schema: covered(spec.document, str(s), 20))
                    self.counted["generated"] += bool(made)

    def falsely_conforming(self, provider: Any) -> Iterator[str]:
        """Yield what our check takes without a word and jsonschema alone refuses."""
        document = upgraded(provider.spec.source.value)
        check, text = ProviderCheck(provider, CheckOptions()), json.dumps(document)
        if '"writeOnly"' in text:
            return
        end = time.process_time() + 0.2
        for operation in provider.spec.operations[: self.limit]:
            for status, answer in operation.responses.items():
                if time.process_time() > end:
                    return
                at = answer.content.get("application/json")
                schema = alone(document, str(at)) if at is not None and status.isdigit() else None
                if schema is None:
                    continue
                samples = covered(document, str(at), 20, 0.1)
                samples += [bent(one, self.dice) for one in samples]
                for payload in (*samples, None, {}, [], 0, "x", {"id": 1}):
                    if readable(payload) and takes(schema, payload) is False:
                        self.counted["refused payloads"] += 1
                        if passes(check, provider, operation, status, payload):
                            yield f"{operation.title} {status} {json.dumps(payload)[:200]}"
                            break

    def drifted(self, name: str, data: bytes, original: bytes) -> None:
        """Compare a document with itself and with what it was made of."""
        new, old = (read(name, one) for one in (data, original))
        if new is None:
            return
        self.counted["self-drift"] = len(self.door("drift", lambda: drift(new, new)) or ())
        if self.counted["self-drift"]:
            self.broken.append("drift: a document differs from itself")
        if original != data and old is not None:
            found = self.door("drift", lambda: drift(old, new, full=True))
            self.counted["silent"] += found == ()
            if found == ():
                told = self.door("false silence", lambda: list(differing(old.value, new.value))) or ()
                self.broken += [f"no drift, though jsonschema sees one: {one}" for one in told]


def covered(document: Any, at: str, most: int, seconds: float = 0.2) -> list[Any]:
    """Give the payloads that cover a schema, at most so many, and those that some seconds of CPU make."""
    end, found = time.process_time() + seconds, list[Any]()
    for one in covering(plan(root=document, pointer=at)):
        found.append(one.value)
        if len(found) >= most or time.process_time() > end:
            break
    return found


def readable(payload: Any) -> bool:
    r"""Whether ECMA-262 and Python agree on a payload: what \s and \w hold differs between them."""
    return "\\u" not in json.dumps(payload)


def alone(document: Any, at: str) -> Any:
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
    place = at.replace("{", "%7B").replace("}", "%7D")
    return Draft202012Validator({"$ref": f"urn:d#{place}"}, registry=registry)


def takes(schema: Any, payload: Any) -> bool | None:
    """Say whether jsonschema takes a payload; None where it cannot say."""
    try:
        return bool(schema.is_valid(payload))
    except Exception:  # noqa: BLE001 -- whatever a flawed schema makes it raise
        return None


def answers(document: Any) -> Iterator[str]:
    """Yield the places of the schemas of JSON answers that jsonschema can be asked about."""
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method in METHODS if isinstance(item, dict) else ():
            held = item.get(method)
            told = held.get("responses") if isinstance(held, dict) else None
            for status in told if isinstance(told, dict) else ():
                at = ("paths", path, method, "responses", status, "content", "application/json", "schema")
                yield str(Pointer(at))


def differing(old: Any, new: Any) -> Iterator[str]:
    """Yield the payloads that one document takes and the other refuses."""
    sides = upgraded(old), upgraded(new)
    if json.dumps(sides[0]) == json.dumps(sides[1]):
        return
    end = time.process_time() + 0.6
    for at in sorted({*answers(sides[0])} & {*answers(sides[1])}):
        if time.process_time() > end:
            return
        schemas = [alone(side, at) for side in sides]
        if None in schemas:
            continue
        for payload in (one for side in sides for one in samples(side, at)):
            before, after = (takes(one, payload) for one in schemas)
            if readable(payload) and None not in (before, after) and before != after:
                yield f"{at} {json.dumps(payload)[:200]} old {before} new {after}"
                break


def samples(document: Any, at: str) -> list[Any]:
    """Give the payloads that cover a schema; none where it cannot be generated, which has a door of its own."""
    try:
        return covered(document, at, SAMPLES)
    except Exception:  # noqa: BLE001 -- counted at the door of its own
        return []


def passes(check: Any, provider: Any, operation: Any, status: str, payload: Any) -> bool:
    """Whether our check takes a payload without a word."""
    from contracts.interactions import example_url

    sent = Request(operation.method, example_url(provider.spec, operation))
    headers = (("content-type", "application/json"),)
    answer = Response(int(status), headers, json.dumps(payload).encode())
    one = check.assess(Interaction(request=sent, response=answer, source=Source.RECORDED))
    return one.verdict is Verdict.CONFORMS and not one.findings and not one.not_judged


def doors(data: bytes, name: str, original: bytes, dice: random.Random, limit: int = 20) -> Doors:
    """Send a document through every door."""
    with tempfile.TemporaryDirectory() as scratch:
        made = Doors(Path(scratch), limit, dice)
        (made.home / name).write_bytes(data)
        made.added(made.home / name, original)
        made.drifted(name, data, original)
    return made


def whole(folders: list[str]) -> None:
    """Print a row for each document."""
    for path in documents(folders):
        data = path.read_bytes()
        made = doors(data, path.name.replace(" ", "_"), data, random.Random(1))
        row = (path.parent.name, path.name, len(data) // 1024, dict(made.counted), len(made.broken))
        print(*row, sep="\t", flush=True)
        print(*made.broken[:3], sep="\n", flush=True)


def mutants(count: int, told: Path, folders: list[str]) -> None:
    """Make the mutants that a file does not hold yet; the documents take turns."""
    held = {json.loads(line)["number"] for line in told.read_text().splitlines()} if told.exists() else set()
    files = [
        file for path in documents(folders) for file in [pool(path, told.with_suffix(".samples"))] if file
    ]
    signal.signal(signal.SIGPROF, _hung)
    with told.open("a") as rows:
        for number in (n for n in range(count) if n not in held):
            path, lines = files[number % len(files)]
            dice = random.Random(1_000_000 + number)
            document = json.loads(dice.choice(lines))
            data, original = (json.dumps(one).encode() for one in (mutant(document, dice), document))
            start = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, BUDGET)
            made = doors(data, "a.json", original, dice, limit=4)
            signal.setitimer(signal.ITIMER_PROF, 0)
            row = {"number": number, "document": path.name, "seconds": time.process_time() - start}
            row |= {"counted": made.counted, "broken": made.broken}
            rows.write(json.dumps(row) + "\n")
            rows.flush()


def pool(path: Path, folder: Path) -> tuple[Path, list[str]] | None:
    """Give samples of a document, a line of JSON each, made once; None where it has none."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{path.name}.jsonl"
    if not file.exists():
        value, dice = read(path.name, path.read_bytes()), random.Random(path.name)
        found = [sampled(value.value, dice) for _ in range(POOL)] if value is not None else []
        file.write_text("".join(json.dumps(one) + "\n" for one in found if one is not None))
    lines = file.read_text().splitlines()
    return (path, lines) if lines else None


def _hung(*_: object) -> None:
    raise Hang


def told(file: Path) -> None:
    """Count what a file of mutants says, and print each kind of fault once."""
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    seconds = sorted((row["seconds"], row["number"], row["document"]) for row in rows)
    kinds: Counter[str] = Counter()
    for row in rows:
        for text in row["broken"]:
            key = " | ".join(line.strip() for line in text.strip().splitlines()[-3:])[:120]
            if not kinds[key]:
                print(row["number"], row["document"], text)
            kinds[key] += 1
    total = sum((Counter(row["counted"]) for row in rows), Counter[str]())
    print(f"{len(rows)} mutants of {len({row['document'] for row in rows})} documents")
    print(f"{sum(kinds.values())} faults of {len(kinds)} kinds; {total['silent']} without drift")
    print(f"{total['refused payloads']} payloads that jsonschema refuses; the worst: {seconds[-3:]}")
    print({key: value for key, value in sorted(total.items()) if key.startswith(("ms ", "refused at"))})


if __name__ == "__main__":
    os.environ["COLUMNS"] = "120"
    match sys.argv[1:]:
        case ["whole", *folders]:
            whole(folders)
        case ["mutants", count, file, *folders]:
            mutants(int(count), Path(file), folders)
        case ["told", file]:
            told(Path(file))
