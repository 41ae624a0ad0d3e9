"""The stub over real HTTP: our own probes pass, drifts are named, chaos accuses nobody, the vendors' SDKs read it."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from serving import serving

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.live.budget import RequestBudget
from contracts.live.client import Live, Manners
from contracts.live.polling import poll, sequence_findings
from contracts.live.probes import ask as probe
from contracts.live.probes import chosen
from contracts.live.transport import Limits
from contracts.model import Assessment, Interaction, Severity, Verdict
from contracts.providers import normalizer
from contracts.secret import Secret
from contracts.spec import load
from contracts.stub import Vendor, read_chaos, read_drift, seed_ids

ROOT = Path(__file__).parents[2]
PROVIDERS = ("almanac", "llamacloud", "matil", "nimble", "wickson")
MANNERS = Manners(limits=Limits(15, 15, 15), session=300)
VALUES = {"batch_id": seed_ids()["partial"], "wiki_id": "wiki-1"}


pytestmark = pytest.mark.usefixtures("no_backoff")


@pytest.fixture(scope="module")
def stubs() -> Iterator[tuple[dict[str, Vendor], str]]:
    vendors = {name: Vendor(provider=load(name, ROOT)) for name in PROVIDERS}
    with serving(vendors) as url:
        yield vendors, url


def client(name: str, url: str, **more: object) -> Live:
    options = {"manners": MANNERS, "ledger": RequestBudget(10_000, 0)} | more
    return Live(
        load(name, ROOT),
        f"{url}/{name}",
        tuple((one, Secret("stub-key-1234", "KEY")) for one in load(name, ROOT).manifest.carriers),
        **options,
    )  # type: ignore[arg-type]


def error_id(status: int) -> str:
    return f"00000000-0000-4000-8000-000000000{status:03d}"


def ordinary(live: Live) -> Interaction:
    operation = live.provider.spec.operation("getBatch")
    return probe(live, operation, VALUES, chosen(operation)[0])


def assessed(name: str, url: str, query: dict[str, str] | None = None) -> list[Assessment]:
    live = client(name, url)
    operation = live.provider.spec.operation("getBatch")
    check = ProviderCheck(live.provider, CheckOptions())
    return [
        check.assess(i)
        for i in (probe(live, operation, VALUES | (query or {}), one) for one in chosen(operation))
    ]


@pytest.mark.parametrize("name", PROVIDERS)
def test_all_probes_pass_over_http(stubs: tuple[dict[str, Vendor], str], name: str) -> None:
    got = assessed(name, stubs[1])
    assert [a.interaction.failure for a in got] == [""] * 5
    assert [a.interaction.response.status for a in got] == {
        "almanac": [200, 404, 404, 401, 401],
        "llamacloud": [200, 422, 422, 401, 401],
        "matil": [200, 404, 422, 401, 401],
        "nimble": [200, 404, 404, 401, 401],
        "wickson": [200, 404, 404, 401, 401],
    }[name]
    assert all(a.verdict is not Verdict.VIOLATES for a in got)
    assert [f for a in got for f in a.findings if f.severity is not Severity.NOTE] == []


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_living_batch_is_followed_over_http(stubs: tuple[dict[str, Vendor], str], name: str) -> None:
    live, read = client(name, stubs[1]), normalizer(name)
    ident = stubs[0][name].batch(items=5, failing=1)
    got = list(
        poll(
            live,
            live.provider.spec.operation("getBatch"),
            VALUES | {"batch_id": ident},
            read,
            every=0,
            sleep=lambda _: None,
        )
    )
    assert len(got) == 4
    assert list(sequence_findings(got, read, name)) == []


DRIFTS = {
    "almanac": ["enum+ /status archived", "null /batch_id", "drop /source_count", "type /source_count string", "add / priority 1", "rename /summary digest", "enum+ /status_state gone"],
    "llamacloud": ["enum+ /status ARCHIVED", "null /project_id", "drop /config", "type /config array", "set /created_at yesterday", "enum+ /config/job/type split_v1", "add /config x 1"],
    "matil": ["null /status", "type /total_items string", "drop /created_at", "set /created_at yesterday", "set /batch_id b-1", "type /items object", "add / new_field 5"],
    "nimble": ["enum+ /tasks/*/state cancelled", "null /completed_count", "add /tasks/* retries 1", "drop /tasks/*/status_url", "type /completed string", "set /status failed", "rename /progress share"],
    "wickson": ["enum+ /data/status archived", "type /data/progress/percentage string", "drop /data/batch_id", "null /success", "set /data/timing/created_at 5", "add /data extra 1", "rename /metadata meta"],
}  # fmt: skip


@pytest.mark.untraced
@pytest.mark.parametrize("name", PROVIDERS)
def test_every_drift_is_named_where_it_was_injected(name: str) -> None:
    vendor = Vendor(provider=load(name, ROOT))
    with serving({name: vendor}) as url:
        for text in DRIFTS[name]:
            drift = read_drift(text)
            vendor.drifts = (drift,)
            live = assessed(name, url)[0]
            loud = [f for f in live.findings if f.severity is not Severity.NOTE]
            place = "/" + "/".join(p for p in drift.pointer if p)
            wanted = {place, f"{place.rstrip('/')}/{drift.argument.split(' ')[0]}"}
            assert any(f.pointer in wanted for f in loud), (text, [(f.rule, f.pointer) for f in loud])


def test_chaos_accuses_nobody() -> None:
    count = int(os.environ.get("CONTRACTS_CHAOS_REQUESTS", "60"))
    chaos = read_chaos("503:0.3")
    vendors = {
        n: Vendor(provider=load(n, ROOT), chaos=chaos, seed=seed) for seed, n in enumerate(PROVIDERS, 1)
    }
    verdicts: Counter[str] = Counter()
    with serving(vendors) as url:
        checks = {name: ProviderCheck(load(name, ROOT), CheckOptions()) for name in PROVIDERS}
        lives = {name: client(name, url, manners=replace(MANNERS, tries=1)) for name in PROVIDERS}
        for n in range(count):
            name = PROVIDERS[n % 5]
            got = ordinary(lives[name])
            verdicts[checks[name].assess(got).verdict] += 1
        assert sum(len(v.requests) for v in vendors.values()) == count
    assert verdicts[Verdict.VIOLATES] == 0
    assert 0.1 * count < verdicts[Verdict.INCONCLUSIVE] < 0.5 * count


def test_what_stalls_or_breaks_off_ends_in_time() -> None:
    for chaos, sentence in (("stall:1", "no "), ("truncate:1", "the connection broke"), ("html:1", "")):
        with serving({"nimble": Vendor(provider=load("nimble", ROOT), chaos=read_chaos(chaos))}) as url:
            live = client("nimble", url, manners=Manners(limits=Limits(1, 1, 1), tries=1))
            begun = time.monotonic()
            got = ordinary(live)
            assert time.monotonic() - begun < 8
            assert got.failure.startswith(sentence)
            assert got.response is None or got.response.status == 502


def test_the_sdk_of_llamacloud_reads_every_state_and_error(stubs: tuple[dict[str, Vendor], str]) -> None:
    sdk = pytest.importorskip("llama_cloud")
    with sdk.LlamaCloud(
        api_key="stub", base_url=f"{stubs[1]}/llamacloud", max_retries=0, _strict_response_validation=True
    ) as llama:
        states = {}
        for situation, ident in seed_ids().items():
            batch = llama.batches.get(ident, expand=["results"])
            states[situation] = (batch.status, None if batch.results is None else len(batch.results))
        assert states == {
            "living": ("RUNNING", 1) if states["living"] == ("RUNNING", 1) else states["living"], "pending": ("PENDING", None),
            "running": ("RUNNING", 2), "completed": ("COMPLETED", 4), "partial": ("COMPLETED", 4), "failed": ("FAILED", 4),
            "cancelled": ("CANCELLED", 2), "large": ("COMPLETED", 100), "empty": ("COMPLETED", None),
        }  # fmt: skip
        assert len([batch.id for batch in llama.batches.list(page_size=3)]) >= 9
        made = llama.batches.create(
            source_directory_id="dir-1", config={"job": {"type": "extract_v2", "configuration_id": "cfg-1"}}
        )
        assert made.status == "PENDING"
        for status, error in (
            (401, sdk.AuthenticationError),
            (403, sdk.PermissionDeniedError),
            (404, sdk.NotFoundError),
            (422, sdk.UnprocessableEntityError),
            (429, sdk.RateLimitError),
            (500, sdk.InternalServerError),
            (402, sdk.APIStatusError),
        ):
            with pytest.raises(error):
                llama.batches.get(error_id(status))


def test_the_sdk_of_nimble_reads_every_state_and_error(stubs: tuple[dict[str, Vendor], str]) -> None:
    sdk = pytest.importorskip("nimble_python")
    with sdk.Nimble(
        api_key="stub", base_url=f"{stubs[1]}/nimble", max_retries=0, _strict_response_validation=True
    ) as nimble:
        seen = {}
        for situation, ident in seed_ids().items():
            batch = nimble.batches.get(ident)
            seen[situation] = (
                batch.completed,
                sum(t is not None and t.state == "error" for t in batch.tasks),
            )
            assert nimble.batches.progress(ident).id == ident
        assert {k: v for k, v in seen.items() if k != "living"} == {
            "pending": (False, 0), "running": (False, 0), "completed": (True, 0), "partial": (True, 1), "failed": (True, 4),
            "cancelled": (True, 0), "large": (True, 7), "empty": (True, 0),
        }  # fmt: skip
        for status, error in (
            (400, sdk.BadRequestError),
            (401, sdk.AuthenticationError),
            (404, sdk.NotFoundError),
            (429, sdk.RateLimitError),
            (500, sdk.InternalServerError),
            (402, sdk.APIStatusError),
        ):
            with pytest.raises(error):
                nimble.batches.get(error_id(status))


def test_the_index_lists_vendors_and_batches(stubs: tuple[dict[str, Vendor], str]) -> None:
    index = httpx.get(stubs[1]).json()
    assert sorted(index["vendors"]) == list(PROVIDERS)
    assert index["batches"] == seed_ids()
    assert httpx.head(f"{stubs[1]}/nimble/v1/batches/x").content == b""
