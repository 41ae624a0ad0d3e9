"""The stand-in for every client: requests, urllib3 and aiohttp too, and nothing that reaches the network."""

from __future__ import annotations

import asyncio
import urllib.request

import httpx
import pytest
import requests
import urllib3

from contracts.errors import ConfigError
from contracts.stub.mock import Vendors, vendor_fixture
from tests import acme

aiohttp = pytest.importorskip("aiohttp")
URL = "https://api.acme.example/v1/batches"
KEY = {"x-api-key": "any"}


@pytest.fixture
def vendors(tmp_path):
    acme.write(tmp_path)
    made = Vendors(tmp_path)
    yield made
    made.stop()


def by_requests(url):
    return requests.get(url, headers=KEY, timeout=5).json()


def by_urllib3(url):
    with urllib3.PoolManager() as pool:
        return pool.request("GET", url, headers=KEY, timeout=5).json()


def by_aiohttp(url):
    async def ask():
        async with aiohttp.ClientSession() as session, session.get(url, headers=KEY) as response:
            return await response.json()

    return asyncio.run(ask())


def by_urllib(url):
    request = urllib.request.Request(url, headers=KEY)
    with urllib.request.urlopen(request, timeout=5) as response:
        import json

        return json.load(response)


CLIENTS = [by_requests, by_urllib3, by_aiohttp, lambda url: httpx.get(url, headers=KEY).json()]


def test_every_client_gets_its_answer_under_the_vendors_own_address(vendors):
    stand_in = vendors("acme")
    batch = stand_in.batch(state="completed")
    for read in CLIENTS:
        assert read(f"{URL}/{batch}")["state"] == "done"
    assert len(stand_in.requests) == len(CLIENTS)
    assert not vendors.findings()


def test_any_client_may_use_the_address_on_this_machine(vendors):
    stand_in = vendors("acme")
    batch = stand_in.batch(state="running")
    for read in (*CLIENTS, by_urllib):
        assert read(f"{stand_in.url}/v1/batches/{batch}")["state"] == "running"
    assert len(stand_in.requests) == len(CLIENTS) + 1


@pytest.mark.parametrize("read", [by_requests, by_urllib3, by_aiohttp, by_urllib])
def test_nothing_else_reaches_the_network(vendors, read):
    vendors("acme")
    with pytest.raises(Exception, match=r"nothing reaches the network|Cannot connect|Max retries"):
        read("https://elsewhere.example/")
    assert set(vendors.refused) == {"elsewhere.example"}


def test_a_stand_in_that_saw_no_request_fails_the_test(tmp_path):
    acme.write(tmp_path)
    steps = vendor_fixture(tmp_path)
    next(steps)("acme")
    with pytest.raises(AssertionError) as caught:
        next(steps)
    assert str(caught.value) == (
        'the stand-in of acme saw no request: nothing was sent to api.acme.example nor to vendor("acme").url'
    )


def test_faults_on_purpose_are_those_of_the_client(vendors):
    vendors("acme", chaos="truncate:1")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(f"{URL}/b1", headers=KEY, timeout=5)


def test_a_vendor_of_ones_own_uses_the_words_of_its_spec(vendors):
    stand_in = vendors("acme")
    batch = stand_in.batch()
    seen = [by_requests(f"{URL}/{batch}")["state"] for _ in range(5)]
    assert seen == ["running", "running", "running", "done", "done"]
    assert {batch} <= {one["id"] for one in by_requests(URL)}
    with pytest.raises(ConfigError, match="the spec of acme has no word for the state failed"):
        stand_in.end(batch, "failed")


def test_a_drift_that_changes_no_answer_is_refused(vendors):
    with pytest.raises(
        ConfigError, match=r"drift 'null /stat' changes no answer of acme; is the place right\?"
    ):
        vendors("acme", drift=("null /stat",))
    assert by_requests_of(vendors("acme", drift=("enum+ /state archived",))) == "archived"


def by_requests_of(stand_in):
    return by_requests(f"{URL}/{stand_in.batch()}")["state"]


@pytest.mark.parametrize("inside", [True, False])
def test_beside_responses(vendors, inside):
    responses = pytest.importorskip("responses")
    stand_in = None if inside else vendors("acme")
    with responses.RequestsMock() as mock:
        stand_in = stand_in or vendors("acme")
        mock.get("https://other.example/", json={"id": 1})
        batch = stand_in.batch(state="completed")
        assert by_requests("https://other.example/") == {"id": 1}
        assert by_requests(f"{URL}/{batch}")["state"] == "done"
        mock.add_passthru("https://kept.example/")
        with pytest.raises(requests.ConnectionError):
            by_requests("https://elsewhere.example/")
        with pytest.raises(requests.ConnectionError, match=r"Max retries|nothing reaches"):
            by_requests("https://kept.example/")
        vendors.stop()
        assert mock.passthru_prefixes == ("https://kept.example/",)
    assert requests.adapters.HTTPAdapter.send.__module__ == "requests.adapters"


@pytest.mark.parametrize("inside", [True, False])
def test_beside_aioresponses(vendors, inside):
    library = pytest.importorskip("aioresponses")
    before = aiohttp.ClientSession._request
    stand_in = None if inside else vendors("acme")
    with library.aioresponses() as mock:
        stand_in = stand_in or vendors("acme")
        mock.get("https://other.example/", exception=ZeroDivisionError())
        batch = stand_in.batch(state="completed")
        with pytest.raises(ZeroDivisionError):
            by_aiohttp("https://other.example/")
        assert by_aiohttp(f"{URL}/{batch}")["state"] == "done"
        assert by_aiohttp(f"{stand_in.url}/v1/batches/{batch}")["state"] == "done"
        with pytest.raises(aiohttp.ClientConnectionError, match="Connection refused"):
            by_aiohttp("https://elsewhere.example/")
    vendors.stop()
    assert aiohttp.ClientSession._request is before


HTTPX_TEST = """
import httpx, pytest

def ask(url):
    return httpx.get(url, headers={"x-api-key": "any"}).json()

@pytest.mark.parametrize("order", ["httpx_mock", "vendor"])
def test_both(order, request):
    first = request.getfixturevalue(order)
    second = request.getfixturevalue("vendor" if order == "httpx_mock" else "httpx_mock")
    mock, vendor = (first, second) if order == "httpx_mock" else (second, first)
    mock.add_response(url="https://other.example/", json={"id": 1})
    batch = vendor("acme").batch(state="completed")
    assert ask("https://other.example/") == {"id": 1}
    assert ask(f"https://api.acme.example/v1/batches/{batch}")["state"] == "done"
    with pytest.raises(httpx.TimeoutException, match="No response can be found"):
        ask("https://elsewhere.example/")
    mock._requests_not_matched.clear()

def test_after():
    with pytest.raises(httpx.ConnectError):
        httpx.get("http://127.0.0.1:9/")
"""


def test_beside_pytest_httpx(pytester, tmp_path):
    pytest.importorskip("pytest_httpx")
    acme.write(pytester.path)
    pytester.makepyprojecttoml("")
    pytester.makepyfile(HTTPX_TEST)
    plugins = ("-p", "pytest_contracts", "-p", "pytest_httpx", "-p", "no:cacheprovider", "-p", "no:randomly")
    pytester.runpytest_subprocess(*plugins).assert_outcomes(passed=3)
