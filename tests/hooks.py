"""A vendor that calls back: two webhooks, and a callback that an operation announces."""

from __future__ import annotations

from pathlib import Path

DOCUMENT = """\
openapi: 3.1.0
info: {title: Hooks, version: "1"}
servers: [{url: "https://api.hooks.example"}]
paths:
  /v1/batches:
    post:
      operationId: createBatch
      requestBody: {content: {application/json: {schema: {type: object, properties: {url: {type: string}}}}}}
      responses:
        "201":
          description: made
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: string}}}
      callbacks:
        itemDone:
          "{$request.body#/url}":
            post:
              requestBody:
                content:
                  application/json:
                    schema: {type: object, required: [item], properties: {item: {type: string}}}
              responses: {"204": {description: taken}}
  /v1/batches/{id}:
    get:
      operationId: getBatch
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        "200":
          description: one
          content:
            application/json:
              schema:
                type: object
                required: [id, state]
                properties: {id: {type: string}, state: {enum: [running, done, failed]}}
webhooks:
  batch.done:
    post:
      parameters: [{name: x-attempt, in: header, required: true, schema: {type: integer}}]
      requestBody: {$ref: "#/components/requestBodies/Done"}
      responses: {"204": {description: taken}}
  batch.started:
    post:
      requestBody:
        content:
          application/json:
            schema:
              type: object
              required: [type, id]
              properties: {type: {const: batch.started}, id: {type: string}}
      responses: {"204": {description: taken}}
components:
  requestBodies:
    Done:
      required: true
      content:
        application/json:
          schema:
            type: object
            required: [type, id, state]
            properties:
              type: {const: batch.done}
              id: {type: string}
              state: {enum: [done, failed]}
              note: {type: string}
              secret: {type: string, writeOnly: true}
          example: {type: batch.done, id: b1, state: done}
"""


def add(root: Path, table: str = "") -> Path:
    """Make `specs/hooks` below a root from the document, with a table of the manifest's; give its folder."""
    from contracts.vendoring import vendor_add

    (root / "hooks.yaml").write_text(DOCUMENT)
    if not (root / "pyproject.toml").exists():
        (root / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["hooks"]\n')
    folder = vendor_add("hooks", root / "hooks.yaml", root / "specs").folder
    manifest = folder / "provider.toml"
    manifest.write_text(manifest.read_text() + table)
    return folder
