"""Both engines beside jsonschema alone and jsonschema-rs alone, and redaction judged by jsonschema-rs alone."""

from __future__ import annotations

import json
import random
from typing import Any

import jsonschema
import jsonschema_rs

from contracts.errors import CassetteError
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.redact import redacted
from contracts.model import Interaction, Request, Response, Source
from contracts.schema import compile_schema
from tests.validate import random_schemas

SECRETS = (
    "sk-live-9aBcD3fGh1JkLmN0pQrS", "gh" + "p_" + "a1B2c3D4e5" * 4, "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w",
    "https://f.corp.io/a?X-Amz-Signature=0123456789abcdef", "ann@corp.io",
)  # fmt: skip


def differing(schemas: int, values: int, seed: int) -> tuple[int, list[tuple[Any, Any, dict[str, bool]]]]:
    """Give the number of verdicts, and where the four do not say the same."""
    rng, judged = random.Random(seed), 0
    found = []
    for _ in range(schemas):
        schema = random_schemas.schema(rng)
        alone = jsonschema_rs.validator_for(schema if isinstance(schema, dict) else {"allOf": [schema]})
        python = jsonschema.Draft202012Validator(schema)
        ours = {name: compile_schema(schema, engine=name) for name in ("fast", "reference")}
        for _ in range(values):
            value = random_schemas.value(rng)
            said = {name: engine.is_valid(value) for name, engine in ours.items()}
            said |= {"jsonschema": python.is_valid(value), "jsonschema-rs": alone.is_valid(value)}
            judged += 1
            if len(set(said.values())) > 1:
                found.append((schema, value, said))
    return judged, found


def planted(value: Any, rng: random.Random) -> Any:
    """Put secrets in place of some texts, and under names that are secret."""
    if isinstance(value, dict):
        copy = {key: planted(item, rng) for key, item in value.items()}
        return copy | ({"token": rng.choice((*SECRETS, 12345678, "hunter2"))} if rng.random() < 0.1 else {})
    if isinstance(value, list):
        return [planted(item, rng) for item in value]
    return rng.choice(SECRETS) if isinstance(value, str) and rng.random() < 0.4 else value


def unlawful(schemas: int, values: int, seed: int) -> tuple[int, int, list[tuple[Any, Any, Any]]]:
    """Give payloads redacted, payloads refused, and where redaction changed the validity."""
    rng, judged, refused = random.Random(seed), 0, 0
    found = []
    for _ in range(schemas):
        schema = random_schemas.schema(rng)
        alone = jsonschema_rs.validator_for(schema if isinstance(schema, dict) else {"allOf": [schema]})
        engine = compile_schema(schema)
        allow = Allowance(faults=lambda one, e=engine: [(f.pointer, f.keyword) for f in e.faults(one)])
        for _ in range(values):
            value = planted(random_schemas.value(rng), rng)
            judged += 1
            try:
                after = _redacted(value, allow)
            except CassetteError:
                refused += 1
                continue
            if alone.is_valid(value) != alone.is_valid(after):
                found.append((schema, value, after))
    return judged, refused, found


def _redacted(value: Any, allow: Allowance) -> Any:
    response = Response(200, (("content-type", "application/json"),), json.dumps(value).encode())
    it = Interaction(
        request=Request("GET", "https://a.example/b"), response=response, source=Source.LIVE, name="a",
        operation="get", recorded_at="2026-01-31T09:00:00Z",
    )  # fmt: skip
    return json.loads(redacted(it, "acme", allow, [SECRETS[0]]).interaction.response.body)
