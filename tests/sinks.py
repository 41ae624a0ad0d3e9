"""Every door of the project, fed with answers that hold secrets, and all that comes out of it.

`planted` makes an answer of acme with one secret in it: the key that the environment holds, in any spelling, or
a value that its name or shape gives away. A door takes a batch of them; what it prints and writes is its sinks.
`traces` says whether a patient reader finds eight characters of a secret there.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

sys.path.insert(0, str(Path(__file__).parent / "interactions"))

from plantings import NAMES, SPELLINGS, readings, secret

from contracts.errors import CassetteError
from contracts.interactions.formats.cassette import Cassette, dump
from contracts.model import Interaction, Request, Response, Source
from tests import acme
from tests.doors import DOORS

PLACES = (
    "state", "finished", "id", "task", "unknown key", "unknown value", "deep", "text", "broken", "list",
    "media type", "header", "declared header", "query", "path", "request header", "named", "named deep", "named pair",
    "named in text", "userinfo", "duplicate key", "number", "key of the schema",
)  # fmt: skip
SETTINGS = """\
[tool.contracts]
providers = ["acme"]
[tool.contracts.watch]
sinks = ["log", "observed", "jsonl"]
[tool.contracts.consumers."readers:strict"]
provider = "acme"
"""
READERS = """\
def strict(payload):
    return {"id": payload["id"], "state": {"running": 1, "done": 2}[payload["state"]], "tasks": len(payload["tasks"])}
"""


@dataclass(frozen=True)
class Planted:
    """An answer, the secret in it, and where and how it was put there."""

    answer: Interaction
    value: str
    where: str


def planted(rng: random.Random, key: str, number: int) -> Planted:
    """Give an answer with one secret: the `key` in some spelling, or another under a name that is secret."""
    place, spelling = rng.choice(PLACES), rng.choice(sorted(SPELLINGS))
    named = place.startswith("named")
    value = secret(rng) if named else key
    text = value if named else SPELLINGS[spelling](value)
    body: dict[str, object] = {"id": f"b{number}", "state": "running", "tasks": []}
    url, sent, got, data = f"https://api.acme.example/v1/batches/b{number}", {}, {}, None
    match place:
        case "state":
            body["state"] = text
        case "finished":
            body["finished"] = text
        case "id":
            body["id"] = [text]
        case "task":
            body["tasks"] = [{"state": text}]
        case "unknown key":
            body[text] = 1
        case "unknown value":
            body["remark"] = f"x {text} y"
        case "deep":
            body["tasks"] = [{"state": "error", "why": {"a": [1, {"b": text}]}}]
        case "list":
            body["tasks"] = [text] * 2
        case "text":
            data = f"<html><p>oops {text}</p>".encode("utf-8", "replace")
        case "broken":
            data = json.dumps(body | {"note": text}).encode()[: -rng.randint(1, 9)]
        case "duplicate key":
            data = f'{{"id": "b", "state": "running", {json.dumps(text)}: 1, {json.dumps(text)}: 2}}'.encode()
        case "number":
            body["id"] = int("".join(str(ord(c) % 10) for c in value))
            value = str(body["id"])
        case "key of the schema":
            body["state"] = {text: text}
        case "media type":
            got["content-type"] = f"application/{text}".replace("\n", " ").replace("\r", " ")
        case "header":
            got[rng.choice(("x-strange", "link", "location", "retry-after"))] = re.sub(r"[\r\n]", " ", text)
        case "declared header":
            got["x-request-id"] = re.sub(r"[\r\n]", " ", text)
        case "query":
            url += f"?{rng.choice(('api_key', 'token', 'q', 'pwd'))}={quote(text, safe='')}"
        case "path":
            url += f"/{quote(text, safe='')}"
        case "userinfo":
            url = f"https://u:{quote(value, safe='')}@api.acme.example/v1/batches/b{number}"
        case "request header":
            sent[rng.choice(("x-api-key", "Authorization", "Cookie"))] = re.sub(r"[\r\n]", " ", text)
        case "named":
            body[rng.choice(NAMES)] = text
        case "named deep":
            body["tasks"] = [{"state": 3, rng.choice(NAMES): {"now": text, "old": [text]}}]
        case "named pair":
            body["headers"] = [{"name": rng.choice(NAMES), "value": text}]
        case "named in text":
            body["state"] = f"refused: {rng.choice(NAMES)}={re.sub(chr(92) + 's', '', text)}"
    if place == "number":
        key = value
    answer = Interaction(
        request=Request("GET", url, tuple(sent.items())),
        response=Response(
            200,
            tuple(({"content-type": "application/json"} | got).items()),
            data if data is not None else json.dumps(body).encode(),
        ),
        source=Source.RECORDED,
        name=f"n{number}",
        operation="getBatch",
        recorded_at="2026-01-31T09:00:00Z",
    )
    return Planted(answer, value, f"{place} / {'plain' if named else spelling}")


def batch(rng: random.Random, key: str, count: int) -> list[Planted]:
    """Give several answers; numbers hold no key, since a key is no number."""
    made = (planted(rng, key, number) for number in range(count * 2))
    return [one for one in made if not one.where.startswith("number")][:count]


def as_json(one: Interaction) -> dict[str, object]:
    """Write an answer as a line of a log."""
    body = one.response.body
    return {
        "url": one.request.url, "method": "GET", "status": 200, "headers": dict(one.response.headers),
        "request": {"method": "GET", "url": one.request.url, "headers": dict(one.request.headers)},
        "response": {"status": 200, "headers": dict(one.response.headers), "body": body.decode("utf-8", "replace")},
    }  # fmt: skip


def project(root: Path, answers: list[Planted], *, recorded: bool) -> None:
    """Make a project of acme with the answers in a log, and as cassettes that nobody has cleaned."""
    home = acme.write(root)
    (root / "pyproject.toml").write_text(SETTINGS)
    (root / "readers.py").write_text(READERS)
    (root / "t.jsonl").write_text("\n".join(json.dumps(as_json(one.answer)) for one in answers))
    for one in answers if recorded else ():
        path = home / "cassettes" / "getBatch" / f"200-{one.answer.name}.json"
        with contextlib.suppress(CassetteError):  # an address with a user in it is in no cassette
            path.write_bytes(dump(Cassette(provider="acme", interaction=one.answer)))


def newer(answers: list[Planted], key: str) -> str:
    """Give a newer document of the vendor, in which the key stands as a word, in prose and in an example."""
    texts = [json.dumps(SPELLINGS[one.where.partition(" / ")[2]](key)) for one in answers[:6]] or [
        json.dumps(key)
    ]
    prose = json.dumps(f"Ask for it with {json.loads(texts[0])}, it is new.")
    return (
        acme.SPEC.replace("enum: [running, done]", f"enum: [running, done, {', '.join(texts)}]")
        .replace("title: Acme", f"title: Acme, description: {prose}")
        .replace("description: one", f"description: {prose}")
        .replace("finished: {type: string", f"{texts[0]}: {{type: string, example: {texts[-1]}, default: {texts[len(texts) // 2]}}}\n        finished: {{type: string")
    )  # fmt: skip


def sinks(root: Path, name: str, answers: list[Planted], key: str) -> dict[str, bytes]:
    """Send answers through a door in an empty folder; give what it printed and wrote by name."""
    recorded, door = DOORS[name]
    project(root, answers, recorded=recorded)
    for folder, document in (("specs/acme/upstream", acme.SPEC), ("newer", newer(answers, key))):
        (root / folder).mkdir()
        (root / folder / "openapi.yaml").write_text(document)
    given = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.syspath_prepend(str(root))
        patch.setenv("ACME_API_KEY", key)
        out = dict(door(root, answers))
    for path in root.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and given.get(path) != path.read_bytes():
            out[path.relative_to(root).as_posix()] = path.read_bytes()
    sys.modules.pop("readers", None)
    return out


def traces(data: bytes, value: str) -> str:
    """Give the first piece of 8 characters of a secret that can still be read out of bytes, else ''."""
    return next(iter(found_in(lowered(data), value)), "")


def lowered(data: bytes) -> set[str]:
    """Give all that can be read out of bytes, in lower case."""
    text = data.decode("utf-8", "replace")
    texts = [text]
    with contextlib.suppress(ValueError):
        texts.append(json.dumps(json.loads(text), ensure_ascii=False))
    return {reading.lower() for one in texts for reading in readings(one)}


def windows(texts: set[str]) -> set[str]:
    """Give every 8 characters that stand in texts: a piece that does not begin with one of them is in none."""
    return {text[at : at + 8] for text in texts for at in range(len(text) - 7)}


def found_in(texts: set[str], value: str, begun: set[str] | None = None) -> Iterator[str]:
    """Yield the pieces of a secret that stand in texts; `begun` are their windows."""
    begun = windows(texts) if begun is None else begun
    plain = re.sub(r"[^0-9a-zA-Z]", "", value)
    forms = {value[i : i + 8] for i in range(len(value) - 7)} | {
        plain[i : i + 8] for i in range(len(plain) - 7)
    }
    for pack, group_, bits in ((base64.b64encode, 3, 6), (base64.b32encode, 5, 5)):
        for shift in range(group_):
            packed = pack(b"\0" * shift + value.encode()).decode()
            stable = packed[-(-shift * 8 // bits) : (shift + len(value)) * 8 // bits]
            forms |= {stable[i : i + 14] for i in range(len(stable) - 13)}
    forms |= {value.encode().hex()[i : i + 16] for i in range(0, 2 * len(value) - 15, 2)}
    yield from (
        form
        for form in sorted(forms)
        if form[:8].lower() in begun and any(form.lower() in text for text in texts)
    )


def leaks_of(root: Path, name: str, rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    """Give (sink, where it was planted, piece) for every secret that came out of a door."""
    key = secret(rng)
    answers = batch(rng, key, count)
    log = logging.getLogger("contracts.watch")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        out = {sink: lowered(data) for sink, data in sinks(root, name, answers, key).items()}
    finally:
        log.setLevel(before)
    said = {}
    for sink, texts in out.items():
        begun = windows(texts)
        for value in {one.value for one in answers}:
            said[sink, value] = next(found_in(texts, value, begun), "")
    return [
        (sink, one.where, said[sink, one.value]) for sink in out for one in answers if said[sink, one.value]
    ]
