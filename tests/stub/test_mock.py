"""The stub inside a user's tests: httpx and httpx2 are answered in memory, and what was sent is checked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import httpx
import httpx2
import pytest
import respx
from pytest_socket import SocketBlockedError, disable_socket, enable_socket

from contracts.errors import UnknownName
from contracts.stub.mock import Vendors, vendor_fixture

ROOT = Path(__file__).parents[2]
URL = "https://sdk.nimbleway.com/v1/batches/"
KEY = {"Authorization": "Bearer stub"}
LIBRARIES = pytest.mark.parametrize("library", [httpx, httpx2], ids=lambda m: m.__name__)


@pytest.fixture
def vendors() -> Iterator[Vendors]:
    yield from vendor_fixture(ROOT)


@LIBRARIES
def test_a_batch_is_stepped_through_its_life(vendors: Vendors, library: ModuleType) -> None:
    nimble = vendors("nimble")
    batch = nimble.batch(items=2, failing=1)
    with library.Client() as client:
        seen = [client.get(URL + batch, headers=KEY).json()["completed_count"] for _ in range(2)]
        nimble.step(batch, 5)
        seen.append([t["state"] for t in client.get(URL + batch, headers=KEY).json()["tasks"]])
        for status in (401, 402, 404, 429, 500):
            nimble.answer(status)
            assert client.get(URL + batch, headers=KEY).status_code == status
        assert client.get(URL + "none", headers=KEY).status_code == 404
    assert seen == [0, 0, ["error", "success"]]


@LIBRARIES
def test_async_clients_are_answered_too(vendors: Vendors, library: ModuleType) -> None:
    batch = vendors("nimble").batch(state="completed")

    async def ask() -> bool:
        async with library.AsyncClient() as client:
            return (await client.get(URL + batch, headers=KEY)).json()["completed"]

    assert asyncio.run(ask()) is True


@LIBRARIES
def test_chaos_raises_what_the_library_raises(vendors: Vendors, library: ModuleType) -> None:
    vendors("nimble", chaos="stall:1")
    with pytest.raises(library.ReadTimeout):
        library.get(URL + "x", headers=KEY)
    vendors("matil", chaos="truncate:1", drift=("null /status",))
    with pytest.raises(library.RemoteProtocolError):
        library.get(
            "https://api.matil.ai/v3/batches/10000000-0000-4000-8000-000000000001", headers={"x-api-key": "k"}
        )


@LIBRARIES
def test_other_hosts_never_get_out(vendors: Vendors, library: ModuleType) -> None:
    vendors("nimble")
    vendors.lenient = True  # no request is meant to arrive
    with pytest.raises(respx.models.AllMockedAssertionError):
        library.get("https://elsewhere.example/")


def test_what_was_sent_wrongly_fails_at_the_end() -> None:
    steps = vendor_fixture(ROOT)
    vendors = next(steps)
    llama, nimble = vendors("llamacloud"), vendors("nimble")
    httpx.get(URL + "b", params={"limit": 5}, headers=KEY)
    httpx2.post(
        "https://api.cloud.llamaindex.ai/api/v2/batches", json={"source_directory_id": 5}, headers=KEY
    )
    httpx.delete(URL + "b", headers=KEY)
    assert len(llama.requests) == 1
    assert len(nimble.requests) == 2
    with pytest.raises(AssertionError) as caught:
        next(steps)
    lines = str(caught.value).splitlines()
    assert lines[0] == "4 faults in what was sent:"
    assert [line.partition(";")[0].removesuffix(" (unknown-operation)") for line in lines[1:]] == [
        "  llamacloud createBatch /body/config: missing, but required (request-body)",
        "  llamacloud createBatch /body/source_directory_id: 5 is not a string (request-body)",
        "  nimble getBatch /query/limit: not in the spec, which knows no such parameter (request-parameter)",
        "  nimble  : DELETE /v1/batches/b is not in the spec",
    ]  # fmt: skip


def test_a_test_about_wrong_requests_can_say_so() -> None:
    steps = vendor_fixture(ROOT)
    vendors = next(steps)
    vendors("nimble")
    vendors.lenient = True
    httpx.delete(URL + "b", headers=KEY)
    assert next(steps, None) is None
    with pytest.raises(UnknownName, match="did you mean 'nimble'"):
        Vendors(ROOT)("nimbel")


def test_plain_respx_does_not_intercept_httpx2_and_the_fixture_does() -> None:
    disable_socket(allow_unix_socket=True)
    try:
        with respx.mock() as router:
            router.get(URL + "b").respond(json={})
            assert httpx.get(URL + "b").json() == {}
            with pytest.raises((SocketBlockedError, UserWarning), match="A test tried to use socket"):
                httpx2.get(URL + "b")
        vendors = Vendors(ROOT)
        batch = vendors("nimble").batch(state="completed")
        try:
            assert httpx2.get(URL + batch, headers=KEY).json()["completed"] is True
        finally:
            vendors.stop()
    finally:
        enable_socket()
