"""A middleware for webhooks passes on what comes, unchanged, and says what it found where a watch says it."""

from __future__ import annotations

import asyncio
import io
import itertools
import json
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

import contracts
from contracts.auth import sign
from contracts.errors import ConfigError, UnknownName
from contracts.interactions import read_recording
from contracts.secret import Secret
from contracts.spec import load
from contracts.traffic import flush, totals, watching
from tests import hooks

SECRET = "9b1f3e5d7c8a6b4f2e0d1c3b5a79687f"
GOOD = b'{"type":"batch.done","id":"b1","state":"done"}'
BAD = b'{"type": "batch.done", "id": "b1", "state": "paused", "note": "%s"}' % SECRET.encode()
ROUTES = {"/in/hooks": "hooks", "/in/started/": ("hooks", "batch.started")}


@pytest.fixture
def project(tmp_path, monkeypatch):
    hooks.add(tmp_path, '\n[webhooks]\nsignature = "sha256"\n')
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOOKS_WEBHOOK_SECRET", SECRET)
    yield tmp_path
    watching._close()


def signed(body, secret=SECRET):
    told = load("hooks").manifest.webhooks
    return {"content-type": "application/json", "x-attempt": "1"} | dict(
        sign(told, Secret(secret, "S"), body)
    )


async def taken(request):
    body = await request.body()
    return Response(body[::-1], status_code=202)


def asgi(project):
    app = Starlette(routes=[Mount("/in", routes=[Route("/{name}", taken, methods=["GET", "POST"])])])
    return TestClient(contracts.watch(app, routes=ROUTES))


def wsgi(project):
    flask = pytest.importorskip("flask")
    app = flask.Flask("app")

    @app.route("/in/<name>", methods=["GET", "POST"], strict_slashes=False)
    def taken(name):
        return flask.request.get_data()[::-1], 202

    app.wsgi_app = contracts.watch(app.wsgi_app, routes=ROUTES)
    return app.test_client()


def content(answer):
    return getattr(answer, "content", None) or answer.get_data()


@pytest.mark.parametrize("made", [asgi, wsgi])
def test_every_delivery_is_judged_and_passed_on(project, made, caplog):
    client = made(project)
    given = {"data": BAD} if made is wsgi else {"content": BAD}
    for secret in (SECRET, "another"):
        answer = client.post("/in/hooks", headers=signed(BAD, secret), **given)
        assert (answer.status_code, content(answer)) == (202, BAD[::-1])
    client.get("/in/hooks")
    client.post("/in/other", headers=signed(BAD), **given)
    assert flush()
    assert totals() == {("hooks", "onBatchDone", "violates"): 2}
    said = sorted(one.getMessage() for one in caplog.records if one.name == "contracts.watch")
    assert said == [
        "hooks onBatchDone 200 /state: 'paused' is not 'done' or 'failed' (enum, error, specs/hooks/openapi.yaml:125)",
        "hooks onBatchDone 200 /x-hub-signature-256: does not fit the body (webhook-signature, error, specs/hooks/openapi.yaml:77)",
    ]


def test_a_route_may_name_its_webhook(project):
    client = asgi(project)
    client.post("/in/started", content=GOOD, headers=signed(GOOD))
    assert flush()
    assert totals() == {("hooks", "onBatchStarted", "violates"): 1}


def test_what_the_app_does_not_read_is_counted_and_not_judged(project):
    async def deaf(scope, receive, send):
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    TestClient(contracts.watch(deaf, routes=ROUTES)).post("/in/hooks", content=GOOD, headers=signed(GOOD))

    def lazy(environ, start_response):
        environ["wsgi.input"].read(5)
        start_response("204 No Content", [])
        return []

    flask = pytest.importorskip("werkzeug.test")
    flask.Client(contracts.watch(lazy, routes=ROUTES)).post(
        "/in/hooks", data=GOOD, headers=signed(GOOD)
    ).close()
    assert flush()
    assert totals() == {("hooks", "", "not judged"): 2}


WAYS = (
    lambda source: source.read(),
    lambda source: source.read(-1),
    lambda source: b"".join(iter(lambda: source.read(7), b"")),
    lambda source: b"".join(iter(source.readline, b"")),
    lambda source: b"".join(source.readlines()),
    b"".join,
)


def test_a_wsgi_app_may_read_in_any_way(project):
    got = []

    def app(environ, start_response):
        got.append(environ["read"](environ["wsgi.input"]))
        return []

    watched = contracts.watch(app, routes=ROUTES)
    for number, (read, sized) in enumerate(itertools.product(WAYS, (True, False))):
        body = GOOD.replace(b",", b",\n").replace(b"b1", b"b%d" % number)
        told = {f"HTTP_{name.replace('-', '_').upper()}": value for name, value in signed(body).items()}
        told["CONTENT_TYPE"] = told.pop("HTTP_CONTENT_TYPE")
        size = {"CONTENT_LENGTH": str(len(body))} if sized else {"HTTP_TRANSFER_ENCODING": "chunked"}
        asked = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": "/in/hooks",
            "wsgi.input": io.BytesIO(body),
            "read": read,
        }
        watched(asked | told | size, lambda *_: None)
        assert got[-1] == body
    assert flush()
    assert totals() == {("hooks", "onBatchDone", "conforms"): 2 * len(WAYS)}


def test_an_answer_of_known_length_keeps_it(project):
    def app(environ, start_response):
        environ["wsgi.input"].read()
        return [b"taken"]

    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/in/hooks",
        "wsgi.input": io.BytesIO(),
        "CONTENT_LENGTH": "",
    }
    assert contracts.watch(app, routes=ROUTES)(environ, lambda *_: None) == [b"taken"]


def test_an_app_that_fails_fails_as_before(project):
    async def broken(scope, receive, send):
        await receive()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        TestClient(contracts.watch(broken, routes=ROUTES)).post(
            "/in/hooks", content=GOOD, headers=signed(GOOD)
        )
    assert flush()
    assert totals() == {("hooks", "onBatchDone", "conforms"): 1}


def test_a_fault_of_ours_never_reaches_the_app(project, monkeypatch):
    client = asgi(project)

    def crash(*_):
        raise RuntimeError("ours")

    monkeypatch.setattr("contracts.traffic.courier.Courier.put", crash)
    assert client.post("/in/hooks", content=GOOD, headers=signed(GOOD)).status_code == 202


def test_mode_raise_holds_for_clients_only(project):
    (project / "pyproject.toml").write_text(
        '[tool.contracts]\nproviders = ["hooks"]\n[tool.contracts.watch]\nmode = "raise"\n'
    )
    assert asgi(project).post("/in/hooks", content=BAD, headers=signed(BAD)).status_code == 202


def test_deliveries_are_kept_in_the_files_without_their_secrets(project):
    settings = (
        '[tool.contracts]\nproviders = ["hooks"]\n[tool.contracts.watch]\nsinks = ["jsonl", "observed"]\n'
    )
    (project / "pyproject.toml").write_text(settings)
    client = asgi(project)
    client.post("/in/hooks", content=BAD, headers=signed(BAD))
    assert flush()
    watching._close()
    log = project / "contracts-traffic/hooks.jsonl"
    assert [one.request.url for one in read_recording(log)] == ["webhook:batch.done"]
    seen = json.loads((project / "contracts-traffic/hooks.observed.json").read_text())
    assert list(seen["operations"]) == ["POST webhook:batch.done 200"]
    held = b"".join(path.read_bytes() for path in log.parent.iterdir())
    assert SECRET.encode() not in held


def test_setup_is_refused_at_once(project, monkeypatch):
    for routes, error, said in [
        ({}, ConfigError, "needs routes of an app"),
        ({"/x": "hook"}, UnknownName, "did you mean 'hooks'"),
        ({"/x": ("hooks", "batch.don")}, UnknownName, "did you mean 'batch.done'"),
    ]:
        with pytest.raises(error, match=said):
            contracts.watch(str, routes=routes)
    for given in ({"vendor": "hooks"}, {"mode": "raise"}):
        with pytest.raises(ConfigError, match="it takes no vendor and no mode"):
            contracts.watch(str, routes=ROUTES, **given)


def test_a_large_delivery_does_not_hold_up_the_loop(project):
    body = json.dumps({"type": "batch.done", "id": "b", "state": "done", "note": "x" * 3_000_000}).encode()

    async def run():
        sent = iter([{"type": "http.request", "body": body[n : n + 65536], "more_body": n + 65536 < len(body)}
                     for n in range(0, len(body), 65536)])  # fmt: skip
        worst = 0.0

        async def receive():
            return next(sent)

        async def app(scope, receive, send):
            nonlocal worst
            more = True
            while more:
                start = time.thread_time()
                more = (await receive())["more_body"]
                worst = max(worst, time.thread_time() - start)

        headers = [(k.encode(), v.encode()) for k, v in signed(body).items()]
        scope = {"type": "http", "method": "POST", "path": "/in/hooks", "headers": headers}
        await contracts.watch(app, routes=ROUTES)(scope, receive, None)
        return worst

    asyncio.run(run())  # starts the process that judges
    assert flush()
    assert asyncio.run(run()) < 0.005
    assert flush()
    assert totals() == {("hooks", "onBatchDone", "conforms"): 2}
