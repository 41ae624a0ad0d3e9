"""The fixture `contract`: any client's response, held against a vendor in one line of a user's test."""

from __future__ import annotations

import pytest

from tests import hooks

USER_TEST = """
import pytest

def test_it(contract):
    {line}
"""

BROKEN = '(200, {"content-type": "application/json"}, b\'{"id": 7, "state": "paused"}\')'
FINE = '(200, {"content-type": "application/json"}, b\'{"id": "b", "state": "done"}\')'


@pytest.fixture
def user(project, pytester, run):
    """Run a user's test of one line."""

    def user(line, *args):
        pytester.makepyfile(USER_TEST.format(line=line))
        return run(*args)

    return user


def test_a_conforming_response_passes(user):
    user(f"contract('acme', {FINE}, operation='getBatch')").assert_outcomes(passed=1)


def test_a_violation_is_an_assertion_error_with_the_report(user):
    result = user(f"contract('acme', {BROKEN}, operation='getBatch')")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "ContractViolation: acme getBatch 200   constructed" in text
    assert "error    /id     7 is not a string" in text
    assert "/contracts/plugin/fixture.py" not in text
    assert "violates: 2 findings in 1 interaction · spec published, retrieved 2026-11-21" in text


def test_fail_false_only_reports(user):
    line = f"seen = contract('acme', {BROKEN}, operation='getBatch', fail=False)\n    assert str(seen.verdict) == 'violates' and len(seen.findings) == 2"
    user(line).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "asked",
    [
        "operation='getBatch'",
        "url='https://api.acme.example/v1/batches/b'",
        "url='/v1/batches/b'",
        "method='get', url='/v1/batches/b'",
    ],
)
def test_what_was_asked_can_be_said_in_two_ways(user, asked):
    line = f"assert contract('acme', {FINE}, {asked}).operation == 'getBatch'"
    user(line).assert_outcomes(passed=1)


@pytest.mark.parametrize("given", ["", ", url='/v2/nowhere'", ", method='DELETE', url='/v1/batches/b'"])
def test_nothing_passes_unchecked(user, given):
    result = user(f"contract('acme', {FINE}{given})")
    result.assert_outcomes(failed=1)
    assert (
        "ConfigError: acme: nothing was checked: no operation of the spec matches the request"
        in result.stdout.str()
    )


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            f"contract({FINE})",
            "contract(response) needs a provider: contract('nimble', response), or the marker",
        ),
        (f"contract('acne', {FINE})", "no provider 'acne'; did you mean 'acme'?"),
        (
            f"contract('acme', {FINE}, operation='getBach')",
            "acme: no operation 'getBach'; did you mean 'getBatch'?",
        ),
        (
            "contract('acme', 5, operation='getBatch')",
            "a response of type 'int' has no status_code; pass (status, headers, bytes)",
        ),
        ("contract('acme', (200, {}, 5), operation='getBatch')", "a body must be bytes or text, found 'int'"),
    ],
)
def test_mistakes_are_one_sentence(user, line, sentence):
    result = user(line)
    result.assert_outcomes(failed=1)
    assert sentence in result.stdout.str()


def test_a_marker_gives_the_defaults(pytester, project, run):
    pytester.makepyfile(f"""
        import pytest
        pytestmark = pytest.mark.contract("acme", operation="getBatch")
        def test_it(contract): contract({FINE})
        @pytest.mark.contract("almanac")
        def test_nearest_wins(contract):
            assert contract(({FINE}), url="/v1/wikis/w/sources/batches/b", fail=False).provider == "almanac"
    """)
    run("--strict-markers").assert_outcomes(passed=2)


def test_a_marker_that_is_written_wrong_is_one_sentence(pytester, project, run):
    pytester.makepyfile("""
        import pytest
        @pytest.mark.contract(vendor="acme")
        def test_it(contract): pass
    """)
    assert "the marker is contract(provider, operation=None)" in run().stdout.str()


def test_the_settings_and_waivers_of_the_project_count(user, project, pytester):
    pytester.makepyprojecttoml('[tool.contracts]\nfail-on = "never"\n')
    user(f"contract('acme', {BROKEN}, operation='getBatch')").assert_outcomes(passed=1)


def test_the_specs_are_compiled_once_in_a_run(pytester, project, run):
    pytester.makepyfile(f"""
        import pytest
        @pytest.mark.parametrize("turn", range(3))
        def test_it(contract, turn, checks=[]):
            contract("acme", {FINE}, operation="getBatch")
            checks.append(contract._check("acme"))
            assert all(one is checks[0] for one in checks)
    """)
    run().assert_outcomes(passed=3)


CLIENTS = """
import gzip, json
import flask, httpx, httpx2, pytest, requests, respx, starlette.responses
from starlette.applications import Starlette
from starlette.routing import Route

URL = "https://api.acme.example/v1/batches/b1"
BODY = json.dumps({"id": 7, "state": "paused", "more": 1}).encode()
JSON = {"content-type": "application/json"}

def with_httpx():
    answer = lambda request: httpx.Response(200, headers={**JSON, "content-encoding": "gzip"}, content=gzip.compress(BODY))
    return httpx.Client(transport=httpx.MockTransport(answer)).get(URL)

def with_httpx2():
    answer = lambda request: httpx2.Response(200, headers=JSON, content=BODY)
    return httpx2.Client(transport=httpx2.MockTransport(answer)).get(URL)

def with_respx():
    with respx.mock:
        respx.get(URL).mock(return_value=httpx.Response(200, headers=JSON, content=BODY))
        return httpx.get(URL)

class Adapter(requests.adapters.BaseAdapter):
    def send(self, request, **kwargs):
        response = requests.Response()
        response.status_code, response._content, response.request, response.url = 200, BODY, request, request.url
        response.headers.update(JSON)
        return response

def with_requests():
    session = requests.Session()
    session.mount("https://", Adapter())
    return session.get(URL)

def with_flask():
    app = flask.Flask("acme")
    app.add_url_rule("/v1/batches/<id>", view_func=lambda id: flask.Response(BODY, headers=JSON))
    return app.test_client().get("/v1/batches/b1")

def with_starlette():
    from starlette.testclient import TestClient
    answer = lambda request: starlette.responses.Response(BODY, headers=JSON)
    return TestClient(Starlette(routes=[Route("/v1/batches/{id}", answer)])).get("/v1/batches/b1")

def by_hand():
    return httpx.Response(200, headers=JSON, content=BODY)

CLIENTS = [with_httpx, with_httpx2, with_respx, with_requests, with_flask, with_starlette]

@pytest.mark.parametrize("client", CLIENTS, ids=lambda c: c.__name__)
def test_equal(contract, client):
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        response = client()
    expected = contract("acme", (200, JSON, BODY), url=URL, fail=False)
    assert len(expected.findings) == 3
    assert contract("acme", response, fail=False).findings == expected.findings

def test_one_that_knows_no_request(contract):
    assert len(contract("acme", by_hand(), operation="getBatch", fail=False).findings) == 3

def test_one_that_was_not_read(contract):
    response = httpx.Response(200, headers=JSON, stream=httpx.ByteStream(b"{}"))
    with pytest.raises(Exception, match="was not read yet; call read\\\\(\\\\) first"):
        contract("acme", response, operation="getBatch")

def test_text_and_header_pairs(contract):
    one = contract("acme", (200, list(JSON.items()), BODY.decode()), operation="getBatch", fail=False)
    assert len(one.findings) == 3
"""


def test_every_client_gives_the_same_findings(pytester, project, run):
    pytester.makepyfile(CLIENTS)
    run("-q").assert_outcomes(passed=9)


SIGNED = """
import hashlib, hmac

BODY = b'{"type":"batch.done","id":"b","state":"%s"}'

def deliver(contract, state, **more):
    body = BODY % state
    made = hmac.new(b"our-secret", body, hashlib.sha256).hexdigest()
    headers = {"Content-Type": "application/json", "X-Attempt": "1", "X-Hub-Signature-256": f"sha256={made}"}
    return contract.webhook("hooks", headers, body, **more)

def test_good(contract):
    assert deliver(contract, b"done").operation == "onBatchDone"

def test_good_again(contract):
    assert deliver(contract, b"done").findings == ()
    assert [one.rule for one in deliver(contract, b"done").findings] == ["webhook-replayed"]

def test_bad(contract):
    deliver(contract, b"gone", event="batch.done")
"""


def test_a_delivery_to_a_webhook_is_judged_as_an_answer_is(pytester, run, monkeypatch):
    pytester.makepyprojecttoml("")
    hooks.add(pytester.path, '\n[webhooks]\nsignature = "sha256"\n')
    monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", "our-secret")
    pytester.makepyfile(SIGNED)
    result = run()
    result.assert_outcomes(passed=2, failed=1)
    assert "ContractViolation: hooks onBatchDone 200   recorded" in result.stdout.str()
    assert "error    /state  'gone' is not 'done' or 'failed'  enum" in result.stdout.str()
