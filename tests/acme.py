"""A vendor of our own, small enough to read at a glance: what the doors' tests run against.

Three recordings conform; `broken` adds one that violates.
"""

from __future__ import annotations

import json
from pathlib import Path

from contracts.interactions.formats.cassette import Cassette, dump
from contracts.model import Interaction, Request, Response, Source

URL = "https://api.acme.example/v1/batches/b1"

MANIFEST = """\
title = "Acme"
provenance = "published"
servers = ["https://api.acme.example"]

[auth]
header = "x-api-key"
env = "ACME_API_KEY"

[[upstream]]
file = "upstream/openapi.yaml"
retrieved = 2026-11-21
sha256 = "0000000000000000000000000000000000000000000000000000000000000000"

[operations.getBatch]
method = "GET"
path = "/v1/batches/{id}"

[operations.listBatches]
method = "GET"
path = "/v1/batches"
"""

SPEC = """\
openapi: 3.1.0
info: {title: Acme, version: "1"}
paths:
  /v1/batches:
    get:
      responses:
        "200":
          description: all
          content:
            application/json:
              schema: {type: array, items: {$ref: "#/components/schemas/Batch"}}
  /v1/batches/{id}:
    get:
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}, example: b1}
      responses:
        "200":
          description: one
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Batch"}
        "404":
          description: none
          content:
            application/json:
              schema: {type: object, required: [error], properties: {error: {type: string}}}
components:
  schemas:
    Batch:
      type: object
      required: [id, state]
      properties:
        id: {type: string}
        state: {enum: [running, done]}
        finished: {type: string, format: date-time}
        tasks:
          type: array
          items:
            type: object
            required: [state]
            properties:
              state: {enum: [pending, success, error]}
"""

RUNNING = {"id": "b1", "state": "running", "tasks": [{"state": "pending"}, {"state": "success"}]}
DONE = {"id": "b1", "state": "done", "finished": "2026-11-20T10:00:00Z", "tasks": []}
BROKEN = {"id": 7, "state": "paused", "tasks": [{"state": "gone"}, {"state": "gone"}, {"state": "error"}]}


def answer(
    body: object, status: int = 200, situation: str = "seen", *, url: str = URL, **more: object
) -> Interaction:
    """Give a recording of getBatch; bytes are taken as they are."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Interaction(
        request=Request("GET", url),
        response=Response(status, (("content-type", "application/json"),), sent),
        source=Source.CONSTRUCTED,
        name=situation,
        operation="getBatch",
        **more,
    )


def write(root: Path, *, broken: bool = False) -> Path:
    """Write specs/acme below a folder and give its path."""
    home = root / "specs" / "acme"
    (home / "cassettes" / "getBatch").mkdir(parents=True)
    (home / "provider.toml").write_text(MANIFEST)
    (home / "openapi.yaml").write_text(SPEC)
    add(home, answer(RUNNING, situation="running"))
    add(home, answer(DONE, situation="done"))
    add(home, answer({"error": "no such batch"}, 404, "unknown"))
    if broken:
        add(home, answer(BROKEN, situation="broken"))
    return home


def add(home: Path, recording: Interaction) -> Path:
    """Add a recording; give its path."""
    name = f"{recording.response.status}-{recording.name}.json"
    path = home / "cassettes" / recording.operation / name
    path.write_bytes(dump(Cassette(provider="acme", interaction=recording)))
    return path
