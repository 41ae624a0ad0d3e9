"""The vendors' own SDKs against `contracts serve --drift`: what they notice, and what the watch around them logs.

`python -m tests.benchmarks.watched_sdks` prints a table: each silent change is served, one call is made by the SDK whose
client is watched, and the findings of the watch are held against the place of the change.
"""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

import contracts
from contracts import traffic
from contracts.interactions import example_url
from contracts.model import Request
from contracts.spec import load
from contracts.stub import Vendor, read_drift, seed_ids
from contracts.stub.local import LocalServer
from contracts.traffic import watching

ROOT = Path(__file__).parents[2]
OTHER = {
    "string": "integer",
    "integer": "string",
    "number": "string",
    "boolean": "string",
    "array": "object",
    "object": "array",
}


def llamacloud(url: str, client: httpx.Client) -> Any:
    from llama_cloud import LlamaCloud

    return LlamaCloud(api_key="stub-key", base_url=url, http_client=client, max_retries=0).batches.get(
        seed_ids()["partial"]
    )


def nimble(url: str, client: httpx.Client) -> Any:
    from nimble_python import Nimble

    return Nimble(api_key="stub-key", base_url=url, http_client=client, max_retries=0).batches.get(
        seed_ids()["partial"]
    )


CALLS = {"llamacloud": llamacloud, "nimble": nimble}


HEARD: list[Any] = []


def hear(finding: Any, _: int) -> None:
    HEARD.append(finding)


def kind_of(value: Any) -> str:
    names = (
        (bool, "boolean"),
        (int, "integer"),
        (float, "number"),
        (str, "string"),
        (list, "array"),
        (dict, "object"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "null")


def places(value: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Give the places of a payload with their values, list positions as `*`, two levels of lists deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield f"{at}/{key}", item
            yield from places(item, f"{at}/{key}")
    elif isinstance(value, list) and value:
        yield from places(value[0], f"{at}/*")


def drifts(payload: Any) -> Iterator[str]:
    """Give silent changes of a payload: types, nulls, words, properties that go, come or change their name."""
    for at, value in places(payload):
        kind = kind_of(value)
        if kind in OTHER:
            yield f"type {at} {OTHER[kind]}"
            yield f"drop {at}"
        if kind in {"string", "integer"}:
            yield f"null {at}"
        if kind == "string" and ("stat" in at):
            yield f"enum+ {at} ARCHIVED_LATELY"
    yield from ("status 202", "media text/html", "add  surprise 1")


def answered(vendor: Vendor, operation: Any) -> Any:
    url = example_url(vendor.provider.spec, operation)
    path = url.rsplit("/", 1)[0] + "/" + seed_ids()["partial"]
    return json.loads(
        vendor._operated(operation, {operation.names[-1]: seed_ids()["partial"]}, Request("GET", path)).body
    )


def main() -> None:
    logging.disable()
    print("| vendor | change | logged | the SDK |\n|---|---|---|---|")
    told = {}
    for name, call in CALLS.items():
        provider = load(name, ROOT)
        operation = next(one for one in provider.spec.operations if one.alias == "getBatch")
        payload = answered(Vendor(provider=provider), operation)
        for text in drifts(payload):
            with contextlib.suppress(contracts.ContractsError):
                told.setdefault(name, []).append(one(name, call, provider, text))
    for name, found in told.items():
        print(f"\n{name}: {len(found)} changes, {sum(row[0] for row in found)} against the spec, {sum(row[1] for row in found)} logged at the place, "
              f"{sum(row[2] for row in found)} noticed by the SDK, logged more than once {sum(row[3] for row in found)}")  # fmt: skip


def one(name: str, call: Any, provider: Any, text: str) -> tuple[bool, bool, bool, bool]:
    vendor = Vendor(provider=provider, drifts=(read_drift(text),))
    server = LocalServer(vendor)
    try:
        with httpx.Client() as made:
            client = contracts.watch(made, name, sinks=(), on_finding=hear, root=ROOT)
            told = "nothing"
            for _ in range(2):
                try:
                    call(server.url, client)
                except Exception as error:  # noqa: BLE001 -- whatever the SDK raises is noticing
                    told = type(error).__name__
            traffic.flush()
    finally:
        server.close()
    kind, _, rest = text.partition(" ")
    at = rest.split(" ")[0]
    heard = HEARD.copy()
    for own in watching._WATCHES.values():
        own.reporter.close()
    HEARD.clear()
    hits = [f for f in heard if hit(f, kind, at)]
    repeated = len({f.fingerprint for f in heard}) < len(heard)
    shown = "; ".join(f"{f.rule} {f.pointer or f.part}" for f in (hits or heard)) or "–"
    if heard or told != "nothing":
        print(f"| {name} | `{text}` | {shown} | {told} |")
    return bool(heard), bool(hits), told != "nothing", repeated


def hit(finding: Any, kind: str, at: str) -> bool:
    import re

    place = re.sub(r"/\d+", "/*", finding.pointer)
    if kind in {"status", "media"}:
        return finding.rule in {"undocumented-status", "media-type"}
    return place == at or (kind == "add" and place == "/surprise")


if __name__ == "__main__":
    main()
