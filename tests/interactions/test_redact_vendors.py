"""Redaction on the payloads of the five vendors: as valid as before, and readers still see the same batch."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from contracts.check.recording import judge_of
from contracts.errors import CassetteError, NormalizationError
from contracts.generate import plan, sample
from contracts.interactions.redaction.allowance import allowance_of
from contracts.interactions.redaction.redact import redacted
from contracts.model import Interaction, Request, Response, Source
from contracts.providers import normalizer
from contracts.secret import Secret, mask, secret_name, secret_shape
from contracts.spec import load
from contracts.stub import Vendor, seed_ids

ROOT = Path(__file__).parents[2]
KEY = "sk-live-9aBcD3fGh1JkLmN0pQrS"
PLANTS = (
    KEY,
    f"see {KEY}",
    "ann@corp.io",
    "https://files.corp.io/a?X-Amz-Signature=0123456789abcdef",
    "zT4q9LmN2bV8cX1sD6fG3hJ5kP7w",
)


def leaves(value: object, at: tuple[object, ...] = ()):
    if isinstance(value, dict):
        for key, item in value.items():
            yield from leaves(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*at, index))
    elif isinstance(value, str):
        yield at


def planted(value: object, rng: random.Random) -> object:
    copy = json.loads(json.dumps(value))
    places = [at for at in leaves(copy) if at]
    for at in rng.sample(places, min(2, len(places))):
        parent = copy
        for token in at[:-1]:
            parent = parent[token]
        parent[at[-1]] = rng.choice(PLANTS)
    return copy


@pytest.mark.untraced
@pytest.mark.parametrize("name", ["almanac", "llamacloud", "matil", "nimble", "wickson"])
def test_generated_payloads_stay_as_valid_as_they_were(name: str) -> None:
    provider, rng = load(name, ROOT), random.Random(3)
    operation, judge = provider.spec.operation("getBatch"), judge_of(load(name, ROOT).spec)
    refused = looked = 0
    for status in ("200", "404"):
        documented = operation.responses.get(status)
        if documented is None or not documented.content:
            continue
        media, at = next(iter(documented.content.items()))
        faults = judge(operation, int(status), media)
        allow = allowance_of(provider.spec, operation, int(status), faults=faults)
        for base in sample(plan(root=provider.spec.document, pointer=str(at)), 20):
            value = planted(base, rng)
            response = Response(int(status), (("Content-Type", media),), json.dumps(value).encode())
            it = Interaction(
                request=Request("GET", "https://x.io/"),
                response=response,
                source=Source.LIVE,
                operation="getBatch",
                name="x",
            )
            looked += 1
            try:
                after = json.loads(redacted(it, name, allow, [Secret(KEY, "KEY")]).interaction.response.body)
            except CassetteError:
                refused += 1
                continue
            assert {(str(p), k) for p, k in faults(after)} == {
                (str(p), k) for p, k in faults(json.loads(response.body))
            }
            assert KEY not in json.dumps(after)
    assert looked >= 10
    assert refused <= looked * 0.2


@pytest.mark.parametrize("name", ["almanac", "llamacloud", "matil", "nimble", "wickson"])
def test_readers_see_the_same_batch(name: str) -> None:
    provider, read = load(name, ROOT), normalizer(name)
    operation = provider.spec.operation("getBatch")
    vendor = Vendor(provider=provider)
    (auth,) = provider.manifest.auth
    for ident in seed_ids().values():
        path = operation.path.replace("{batch_id}", ident).replace("{wiki_id}", "w")
        request = Request(
            "GET",
            f"https://x.io{path}?expand=results&include_job_details=true",
            ((auth.name, auth.value(KEY)),),
        )
        it = Interaction(
            request=request,
            response=vendor.handle(request).response,
            source=Source.LIVE,
            operation="getBatch",
            name="x",
        )
        after = redacted(it, name, allowance_of(provider.spec, operation, 200), [KEY]).interaction.response
        before_batch, after_batch = read(json.loads(it.response.body)), read(json.loads(after.body))
        assert (before_batch.state, before_batch.counts) == (after_batch.state, after_batch.counts)
        assert before_batch == after_batch  # nothing in it was secret


def test_what_counts_as_a_secret() -> None:
    for name in (
        "Authorization",
        "x-api-key",
        "X-Api-Key",
        "session_id",
        "next_page_token",
        "clientSecret",
        "set-cookie",
        "X-Amz-Signature",
        "signing_key",
    ):
        assert secret_name(name), name
    for name in (
        "author",
        "authenticated",
        "total_tokens",
        "token_type",
        "monkey",
        "design",
        "created_at",
        "sessions",
        "session_count",
        "batch_id",
    ):
        assert not secret_name(name), name
    for text in (
        "Bearer abcdefgh1",
        "eyJhbGciOiJIUzI1.eyJzdWIiOiIx.c2ln",
        "AKIAIOSFODNN7EXAMPLE",
        KEY,
        "https://u:p@x/",
        "-----BEGIN RSA PRIVATE KEY-----",
    ):
        assert secret_shape(text), text
    assert not secret_shape("Missing bearer token")
    assert mask(f"the key {KEY}!") == "the key [hidden]!"
    for plain in (
        "123e4567-e89b-42d3-a456-426614174000",
        "ClassifyV2JobQueryResponse",
        "monthly-reports-processing-2026",
        "short",
        "sha256:" + "0123456789abcdef" * 4,
        "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    ):
        assert mask(plain) == plain
    assert mask("zT4q9LmN2bV8cX1sD6fG3hJ5kP7w") == "[hidden]"


def test_a_secret_shows_itself_nowhere() -> None:
    import copy
    import pickle

    key = Secret(KEY, "ACME_API_KEY")
    shown = f"{key} {key!r} {key:>40} {[key]} {vars} {key.name}"
    assert KEY not in shown
    assert "<secret from ACME_API_KEY>" in shown
    for leak in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="<secret from ACME_API_KEY> cannot be pickled"):
            leak(key)
    with pytest.raises(NormalizationError):
        normalizer("nimble")({"token": KEY})
