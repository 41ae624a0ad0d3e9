"""Which operation a request meets: by literal characters, server paths and variables, and by host."""

from __future__ import annotations

import json
import pickle
import time
from typing import Any

import pytest

from contracts.spec.document import read_document
from contracts.spec.provider import read_spec
from contracts.spec.routing import KEPT
from tests.validate.specs import manifest


def routed(*paths: str, servers: list[Any] | None = None, **items: Any) -> Any:
    get = {"get": {"responses": {"200": {"description": ""}}}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1"},
        "paths": {path: {**get, **items.get(path.strip("/"), {})} for path in paths},
        "servers": servers or [],
    }
    source = read_document("openapi.yaml", json.dumps(document).encode())
    return read_spec(source, manifest(servers=()), [])


@pytest.mark.parametrize(
    ("paths", "url", "met"),
    [
        (("/jobs/{id}", "/jobs/{id}.json"), "/jobs/7.json", "/jobs/{id}.json"),
        (("/jobs/{id}", "/jobs/{id}:cancel"), "/jobs/7:cancel", "/jobs/{id}:cancel"),
        (("/jobs/{id}", "/jobs/{id}:cancel"), "/jobs/7", "/jobs/{id}"),
        (("/jobs/{id}", "/jobs/mine"), "/jobs/mine", "/jobs/mine"),
        (("/{kind}/latest", "/jobs/{id}"), "/jobs/latest", "/{kind}/latest"),
        (("/{a}/{b}", "/jobs/{id}"), "/jobs/7", "/jobs/{id}"),
        (("/files/{name}", "/files/{name}.{type}"), "/files/a.csv", "/files/{name}.{type}"),
        (("/jobs/{id}", "/jobs/v{n}/{id}"), "/jobs/v2/7", "/jobs/v{n}/{id}"),
        (("/jobs/{id}",), "/jobs/", None),
        (("/jobs/{id}",), "/jobs/7/x", None),
        (("/",), "", "/"),
        (("/ä/{id}", "/{any}/{id}"), "/%c3%a4/7", "/ä/{id}"),
        (("/%C3%A4/{id}", "/{any}/{id}"), "/ä/7", "/%C3%A4/{id}"),
        (("/a b", "/{any}"), "/a%20b", "/a b"),
        (("/a-b/{id}", "/{any}/{id}"), "/a%2Db/%7ex", "/a-b/{id}"),
        (("/a/{id}", "/a/x/y"), "/a/x%2Fy", "/a/{id}"),
    ],
)
def test_the_template_with_the_most_literal_characters_is_met(
    paths: tuple[str, ...], url: str, met: str | None
) -> None:
    for order in (paths, paths[::-1]):
        found = routed(*order).met("GET", f"https://vendor.test{url}")
        assert (found and found[0].path) == met


VARIABLES = {"basePath": {"default": "v1"}, "region": {"default": "eu", "enum": ["eu", "us"]}}


@pytest.mark.parametrize(
    ("server", "url", "met", "served"),
    [
        ("https://{region}.vendor.test/{basePath}", "https://us.vendor.test/v1/jobs", True, True),
        ("https://{region}.vendor.test/{basePath}", "https://us.vendor.test/v2/jobs", True, True),
        ("https://{region}.vendor.test/{basePath}", "https://ap.vendor.test/v1/jobs", True, False),
        ("https://{tenant}.vendor.test", "https://anyone.vendor.test/jobs", True, True),
        ("https://vendor.test/{basePath}/x", "https://vendor.test/v1/x/jobs", True, True),
        ("https://vendor.test/{basePath}/x", "https://vendor.test/v1/y/jobs", False, True),
        ("https://vendor.test:8443/v1", "https://VENDOR.test:8443/v1/jobs", True, True),
        ("https://vendor.test/v1", "https://vendor.test:443/v1/jobs", True, True),
        ("https://vendor.test/v1", "https://vendor.test.evil.test/v1/jobs", True, False),
        ("https://vendor.test/v1", "https://user@other.test/v1/jobs", True, False),
        ("https://vendor.test/v1", "http://127.0.0.1:8080/v1/jobs", True, True),
        ("/v1", "https://anywhere.test/v1/jobs", True, True),
    ],
)
def test_server_variables_stand_for_their_words(server: str, url: str, met: bool, served: bool) -> None:
    found = routed("/jobs", servers=[{"url": server, "variables": VARIABLES}])
    assert (found.met("GET", url) is not None, found.router.serves(url)) == (met, served)


def test_a_base_path_variable_may_begin_with_a_slash() -> None:
    variables = {"base": {"default": "/rest/v1"}}
    found = routed("/jobs", servers=[{"url": "https://vendor.test{base}", "variables": variables}])
    assert found.met("GET", "https://vendor.test/rest/v1/jobs")


def test_paths_and_operations_have_servers_of_their_own() -> None:
    get = {"responses": {"200": {"description": ""}}, "servers": [{"url": "https://logs.vendor.test/l"}]}
    found = routed(
        "/jobs", "/files", "/logs",
        servers=[{"url": "https://vendor.test/v1"}],
        files={"servers": [{"url": "https://files.vendor.test/up"}]},
        logs={"get": get},
    )  # fmt: skip
    for url in ("https://files.vendor.test/up/files", "https://logs.vendor.test/l/logs"):
        assert found.met("GET", url), url
        assert found.router.serves(url), url


@pytest.mark.untraced
def test_a_request_costs_its_length_and_not_the_number_of_operations() -> None:
    def cost(count: int) -> float:
        found = routed(*(f"/r{n}/{{id}}/parts" for n in range(count)))
        urls = [f"https://vendor.test/r{n}/7/parts" for n in range(count)]
        assert found.met("GET", urls[0])
        start = time.process_time()
        assert all(found.met("GET", url) for url in urls)
        return (time.process_time() - start) / count

    assert cost(800) < 8 * cost(100)


def test_a_router_remembers_answers_and_never_more_than_it_keeps() -> None:
    found, url = routed("/jobs/{id}"), "https://vendor.test/jobs/{}"
    first = found.met("GET", url.format(1))
    assert found.met("GET", url.format(1)) is first
    assert found.met("get", url.format(1))[1].group() == "/jobs/1"
    for n in range(KEPT + 1):
        assert found.met("GET", url.format(n))[1].groups() == (str(n),)
        assert found.met("POST", url.format(n)) is None


def test_a_spec_whose_router_was_asked_goes_to_another_process() -> None:
    found, url = routed("/jobs/{id}"), "https://vendor.test/jobs/7"
    assert found.met("GET", url)
    again = pickle.loads(pickle.dumps(found))
    assert again.met("GET", url)[0].path == "/jobs/{id}"
