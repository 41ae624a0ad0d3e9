"""Consumers as people write them meet the payloads: pydantic, attrs with cattrs, msgspec, a plain function, SDKs."""

from __future__ import annotations

from collections import Counter

import msgspec
import pydantic
import pytest

from contracts.consumers import sources
from contracts.consumers.consumer import Consumer
from contracts.consumers.effect import Effect
from contracts.consumers.laws.baseline import ground_of
from contracts.consumers.samples import Kind
from contracts.consumers.stress.record import stress, stumbles_once
from contracts.spec.provider import load
from tests.consumers import readers


def stressed(function, provider, *, step=1, thorough=True, **options):
    one = Consumer(id=f"{provider} reader", provider=provider, function=function, **options)
    found = sources.answers(load(provider))
    ground = ground_of(one, found) if thorough else None
    state = stress(one, [*sources.covering(found), *sources.near_misses(found)][::step], ground)
    once = stumbles_once(ground, next(sources.covering(found))) if ground else ()
    return state, {stumble.law.id for stumble in (*state.stumbles.values(), *once)}


def near(state):
    return Counter({effect: n for (kind, effect), n in state.met.items() if kind is Kind.NEAR_MISS})


@pytest.mark.untraced
def test_pydantic():
    function = readers.MatilBatch.model_validate
    state, laws = stressed(function, "matil", refuses=(pydantic.ValidationError,))
    # Pydantic reads no year 0, and refuses the lower case that RFC 3339 allows nowhere: dates it cannot hold.
    assert laws <= {"accepting", "same-instant"}
    assert state.met[Kind.COVERING, Effect.CRASHED] == 0
    assert near(state)[Effect.REFUSED] > 50


def test_attrs_with_cattrs():
    state, laws = stressed(readers.almanac_with_cattrs, "almanac")
    assert laws == {"total", "no-lie"}
    lies = [stumble.words for stumble in state.stumbles.values() if stumble.law.id == "no-lie"]
    assert lies == ["says 'None' at /batch_id, where nothing was given"]


@pytest.mark.untraced
def test_msgspec():
    state, laws = stressed(
        readers.nimble_with_msgspec,
        "nimble",
        takes="bytes",
        refuses=(msgspec.ValidationError, msgspec.DecodeError),
    )
    assert laws == set()
    assert near(state)[Effect.REFUSED] > 60


def test_a_plain_function_with_the_usual_mistakes():
    state, laws = stressed(
        readers.wickson_by_hand,
        "wickson",
        takes="response",
        refuses=(readers.NotABatch,),
        view=readers.as_it_is,
    )
    assert {"total", "deterministic", "no-lie"} <= laws
    words = {stumble.words for stumble in state.stumbles.values()}
    assert any("datetime" not in one and "/finished" in one for one in words)


@pytest.mark.untraced
@pytest.mark.parametrize(
    ("make", "provider"),
    [
        (readers.llamacloud_sdk, "llamacloud"),
        pytest.param(readers.nimble_sdk, "nimble", marks=pytest.mark.benchmark),
    ],
)
def test_the_vendors_own_sdks_let_nearly_everything_pass(make, provider):
    state, laws = stressed(make(), provider, step=4, takes="bytes")
    assert laws <= {"no-lie"}
    assert near(state)[Effect.REFUSED] == 0
    assert near(state)[Effect.HANDED_ON] > 0.5 * near(state).total()
    strict, _ = stressed(make(strict=True), provider, step=6, thorough=False, takes="bytes")
    assert near(strict)[Effect.CRASHED] > 0.5 * near(strict).total()
