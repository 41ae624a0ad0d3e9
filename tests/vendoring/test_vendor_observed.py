"""A vendor without a document: what recordings bear out, with its evidence, and nothing of anybody's."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from contracts.cli.vendor import vendor
from contracts.model import Interaction, Request, Response, Severity, Source
from contracts.spec import load
from contracts.validate import Checker

IDS = ("3c90c3cc-0d44-4b50-8888-8dd25736052a", "2ff67a9a-06be-40fd-adcd-efd5649c905d")
KEY = "Bearer sk_live_51HxAbCdEfGhIjKlMnOpQrStUv"


@pytest.fixture
def run(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    return lambda *args: CliRunner().invoke(vendor, [str(a) for a in args])


def entry(method: str, url: str, body=None, status: int = 200, sent=None, day: str = "2026-11-22"):
    """One entry of a HAR; a path alone is one of the usual server."""
    url = url if "://" in url else f"https://api.acme.test{url}"
    content = {"mimeType": "application/json", "text": json.dumps(body)}
    request = {"method": method, "url": url, "headers": [{"name": "Authorization", "value": KEY}]}
    if sent is not None:
        request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
        request["headers"].append({"name": "Content-Type", "value": "application/json"})
    response = {
        "status": status,
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "content": content,
    }
    return {"startedDateTime": f"{day}T10:00:00.000Z", "time": 1, "request": request, "response": response}


def har(path, *entries):
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": list(entries)}}))
    return path


def batch(n: int, **more):
    state = ("queued", "running", "done")[n % 3]
    value = {"id": IDS[n % 2], "status": state, "total": n, "created_at": f"2026-11-22T10:00:{n % 60:02}Z"}
    return value | {"owner": {"name": f"Person{n % 2}"}, "error": None if n % 2 else {"code": "x"}} | more


def batches(count: int, **more):
    return [entry("GET", f"/v1/batches/{IDS[n % 2]}?expand=items", batch(n), **more) for n in range(count)]


def document(tmp_path, name="acme"):
    return yaml.safe_load((tmp_path / f"specs/{name}/openapi.yaml").read_text())


def paths(tmp_path):
    return {f"{m.upper()} {path}" for path, item in document(tmp_path)["paths"].items() for m in item}


def judged(tmp_path, value):
    response = Response(200, (("content-type", "application/json"),), json.dumps(value).encode())
    request = Request("GET", f"https://api.acme.test/v1/batches/{IDS[0]}?expand=items")
    checker = Checker(load("acme", tmp_path).spec, "acme")
    found = checker.check(Interaction(request=request, response=response, source=Source.RECORDED))
    return [(f.rule, f.pointer, f.severity, f.provenance) for f in found]


MADE = "made specs/acme: 1 operation\n  GET /v1/batches/{batch_id}\n"


def test_a_recording_becomes_a_vendor(run, tmp_path):
    done = run("--add", "acme", "--from", har(tmp_path / "traffic.har", *batches(30)))
    assert (done.exit_code, done.stdout) == (
        0,
        f"{MADE}next: contracts check acme --file RECORDING\n",
    )
    assert done.stderr.splitlines() == [
        "read as observed-traffic: 1 operation of 30 answers",
        "note: GET /v1/batches/{batch_id}: 200: 30; batch_id: uuid in 30 of 30",
        "key: Authorization: Bearer $ACME_API_KEY",
    ]
    assert run("--check", "acme").stdout == "acme: as vendored\n"
    operation = document(tmp_path)["paths"]["/v1/batches/{batch_id}"]["get"]
    assert operation["parameters"][1]["name"] == "expand"
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["properties"]["status"] == {
        "type": "string",
        "enum": ["done", "queued", "running"],
        "x-provenance": {"type": "observed: 30 of 30", "enum": "observed: 30 of 30"},
    }
    assert schema["properties"]["created_at"]["format"] == "date-time"
    assert schema["properties"]["error"]["type"] == ["object", "null"]
    assert "required" in schema
    assert "enum" not in schema["properties"]["owner"]["properties"]["name"]


@pytest.mark.parametrize(
    ("change", "rule", "pointer"),
    [
        ({"total": "12"}, "type", "/total"),
        ({"total": None}, "type", "/total"),
        ({"status": "paused"}, "enum", "/status"),
        ({"created_at": "2026-11-22 10:00:00"}, "format", "/created_at"),
        ({"id": None}, "type", "/id"),
    ],
)
def test_a_fault_is_a_warning_with_its_evidence(run, tmp_path, change, rule, pointer):
    run("--add", "acme", har(tmp_path / "traffic.har", *batches(30)))
    assert judged(tmp_path, batch(4)) == []
    assert judged(tmp_path, batch(4) | change) == [(rule, pointer, Severity.WARNING, "observed: 30 of 30")]


def test_what_is_missing_is_a_warning_and_many_days_confirm_it(run, tmp_path):
    run("--add", "acme", har(tmp_path / "a.har", *batches(30)))
    value = {key: item for key, item in batch(4).items() if key != "total"}
    assert judged(tmp_path, value) == [("required", "/total", Severity.WARNING, "observed: 30 of 30")]
    more = [one for day in ("2026-11-23", "2026-11-24", "2026-11-25") for one in batches(60, day=day)]
    done = run("--add", "acme", har(tmp_path / "b.har", *more))
    assert done.stdout == "added to specs/acme: 0 operations\nnext: contracts check acme --file RECORDING\n"
    assert run("--check", "acme").exit_code == 0
    assert judged(tmp_path, value) == [("required", "/total", Severity.ERROR, "confirmed")]


def test_what_was_observed_can_be_accepted(run, tmp_path):
    run("--add", "acme", har(tmp_path / "a.har", *batches(30)))
    assert run("--accept", "acme").stdout == "accepted acme: specs/acme/provider.toml\n"
    assert judged(tmp_path, batch(4) | {"total": "4"}) == [("type", "/total", Severity.ERROR, "accepted")]
    assert "weigh as published already" in str(run("--accept", "acme").exception)


def test_few_answers_promise_little(run, tmp_path):
    run("--add", "acme", har(tmp_path / "a.har", *batches(2)))
    assert judged(tmp_path, {"id": None, "status": "paused", "total": 1.5}) == []
    assert [one[0] for one in judged(tmp_path, {"total": "12"})] == ["type"]


def test_nothing_but_words_of_the_api_is_kept(run, tmp_path):
    secret = {"api_key": "abc", "email": "ada@example.org", "note": "Ada asked", "token": "sk_live_1"}
    entries = [
        entry("GET", f"/v1/users/{name}?api_key=hunter2", batch(n, **secret), sent={"password": "hunter3"})
        for n, name in enumerate(("ada", "grace", "alan") * 8)
    ]
    run("--add", "acme", har(tmp_path / "a.har", *entries))
    for path in (tmp_path / "specs/acme").rglob("*"):
        text = path.read_text() if path.is_file() else ""
        for word in (*secret.values(), "hunter", "ada", "grace", "Person", KEY[7:], IDS[0]):
            assert word.lower() not in text.lower(), (path, word)
    assert paths(tmp_path) == {"GET /v1/users/{user_id}"}


APIS = {
    "payments": (
        [
            entry("POST", "/v1/payment_intents", {"id": "pi_3MtwBwLkdIwHu7ix28a3tqPa"}),
            entry("GET", "/v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa", {"id": "pi_3"}),
            entry("POST", "/v1/payment_intents/pi_3MtwBwLkdIwHu7ix28a3tqPa/capture", {"id": "pi_3"}),
            entry("GET", "/v1/payment_intents/search?query=x", {"data": []}),
            entry("GET", "/v1/accounts/acct_1032D82eZvKYlo2C/balances", {"usd": 1}),
            entry("GET", "/v1/nope", {"error": "x"}, status=404),
        ],
        {
            "POST /v1/payment_intents",
            "GET /v1/payment_intents/{payment_intent_id}",
            "POST /v1/payment_intents/{payment_intent_id}/capture",
            "GET /v1/payment_intents/search",
            "GET /v1/accounts/{account_id}/balances",
        },
    ),
    "repositories": (
        [
            *(
                entry("GET", f"/api/repos/{name}/issues/{n}", {"a": 1, "b": 2, "c": 3, "title": "x"})
                for n, name in enumerate(("flask", "django", "pyramid"), 7)
            ),
            entry("GET", "/api/repos/flask/issues", [{"a": 1}]),
            entry("GET", "/api/users/me", {"login": "x"}),
            entry("DELETE", "/api/repos/flask/keys/12", status=204),
        ],
        {
            "GET /api/repos/{repo_id}/issues/{issue_id}",
            "GET /api/repos/{repo_id}/issues",
            "GET /api/users/me",
            "DELETE /api/repos/{repo_id}/keys/{key_id}",
        },
    ),
    "ids that are letters by chance": (
        [
            *(
                entry("GET", f"/v1/tracks/{one}", {"a": 1})
                for one in ("6rqhFgbbKwnb9MLmUQDhG6", "bWKxEsiYznIgjsQcsbbHuD", "1301WleyT98MSxVHPZCA6M")
            ),
            *(
                entry("GET", f"/v1/projects/{one}", {"a": 1})
                for one in ("ws_1akugytwnhe4twhz", "ws_ecjwsmdxjjqvgerm", "ws_9cjwsmdxjjqv7erm")
            ),
            entry("GET", "/v1/tracks/getAvailableGenreSeeds", {"seeds": []}),
        ],
        {
            "GET /v1/tracks/{track_id}",
            "GET /v1/tracks/getAvailableGenreSeeds",
            "GET /v1/projects/{project_id}",
        },
    ),
    "shop": (
        [
            entry("GET", "/admin/api/2024-01/products/632910392.json", {"product": {"id": 632910392}}),
            entry("GET", "/admin/api/2024-01/products.json?limit=5", {"products": []}),
            entry("POST", "/admin/api/2024-01/orders/450789469/close.json", {"order": {}}),
            entry("GET", "/v1beta/models/gemini-2:countTokens", {"totalTokens": 3}),
            entry("GET", "/admin/api/2024-01/orders.json", {"orders": []}),
        ],
        {
            "GET /admin/api/2024-01/products/{product_id}.json",
            "GET /admin/api/2024-01/products.json",
            "POST /admin/api/2024-01/orders/{order_id}/close.json",
            "GET /v1beta/models/{model_id}:countTokens",
            "GET /admin/api/2024-01/orders.json",
        },
    ),
}


@pytest.mark.parametrize("name", APIS)
def test_path_templates(run, tmp_path, name):
    entries, wanted = APIS[name]
    assert run("--add", "acme", har(tmp_path / "a.har", *entries)).exit_code == 0
    assert paths(tmp_path) == wanted
    assert load("acme", tmp_path).spec.find("GET", "https://api.acme.test/nowhere") is None


def test_other_servers_are_named_and_one_of_them_can_be_chosen(run, tmp_path):
    other = entry("GET", "https://stats.test/collect/1", {"ok": True})
    file = har(tmp_path / "a.har", other, *batches(3))
    done = run("--add", "acme", file)
    assert "note: other servers left out: https://stats.test (1); take one with --server URL\n" in done.stderr
    assert run("--add", "stats", file, "--server", "https://stats.test").exit_code == 0
    assert load("stats", tmp_path).spec.servers == ("https://stats.test",)
    said = str(run("--add", "third", file, "--server", "https://x.test").exception)
    assert said.startswith("none of the recordings is of https://x.test; they hold https://api.acme.test")


def test_traffic_beside_a_document_adds_what_the_document_lacks(run, tmp_path):
    answer = {"description": "OK", "content": {"application/json": {"schema": {"type": "object"}}}}
    hole = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    get = {"parameters": [hole], "responses": {"200": answer}}
    page = {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "1"},
        "servers": [{"url": "https://api.acme.test"}, {"url": "https://eu.acme.test"}],
        "paths": {"/v1/batches/{id}": {"get": get}},
    }
    (tmp_path / "api.json").write_text(json.dumps(page))
    file = har(tmp_path / "a.har", *batches(3), entry("GET", "/v1/batches", {"data": []}))
    done = run("--add", "acme", tmp_path / "api.json", file, "--alias", "getBatch")
    assert done.exit_code == 0, done.output
    provider = load("acme", tmp_path)
    assert {op.alias: op.path for op in provider.spec.operations} == {
        "getBatch": "/v1/batches/{id}",
        "getBatches": "/v1/batches",
    }
    assert provider.manifest.servers == ("https://api.acme.test", "https://eu.acme.test")
    assert run("--check", "acme").exit_code == 0


def test_the_same_recording_twice_is_no_more_evidence(run, tmp_path):
    file = har(tmp_path / "traffic.har", *batches(9))
    run("--add", "acme", "--from", file)
    before = (tmp_path / "specs/acme/upstream/observed.json").read_bytes()
    done = run("--add", "acme", "--from", file)
    assert str(done.exception) == "traffic.har: its traffic is in specs/ already; nothing was added"
    assert (tmp_path / "specs/acme/upstream/observed.json").read_bytes() == before


def test_a_folder_that_hides_a_bundled_vendor_is_said_so(run, tmp_path):
    done = run("--add", "matil", har(tmp_path / "a.har", *batches(3)))
    assert "note: specs/matil stands before the matil that comes with this package\n" in done.stderr
