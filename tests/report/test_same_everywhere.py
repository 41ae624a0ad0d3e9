"""The same answer leads to the same findings, byte for byte but for `source`, wherever it was seen.

That any number of workers writes the same report is measured in tests/benchmarks/reports.py.
"""

import base64
import json
import os
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.interactions.adapt import interaction_of
from contracts.interactions.formats import read_recording
from contracts.interactions.formats.cassette import dump, load_cassette, read_cassette
from contracts.live.client import Live
from contracts.live.request import base_url
from contracts.model import Report, Source
from contracts.report.json import dump as as_json
from contracts.report.json import finding
from contracts.secret import Secret
from contracts.spec.provider import load
from tests.report.faults import edited, put

respx = pytest.importorskip("respx")
ROOT = Path(__file__).parents[2]
URL = "https://sdk.nimbleway.com/v1/batches/b-1"
HEADERS = {"content-type": "application/json"}
TAPE = ROOT / "specs" / "nimble" / "cassettes" / "getBatch" / "200-completed.json"


def spoil(document):
    put("tasks", 0, "state", "cancelled")(document)
    put("tasks", 1, "retries", 3)(document)
    put("completed_count", "2")(document)


BODY = edited("nimble", spoil).response.body


@pytest.fixture(scope="module")
def check():
    return ProviderCheck(load("nimble", ROOT), CheckOptions(today=date(2026, 11, 22)))


def seen_live(check, tmp_path):
    class Vendor(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Vendor)
    threading.Thread(target=server.handle_request, daemon=True).start()
    operation = check.operations(("getBatch",))[0]
    base = base_url(check.provider, f"http://127.0.0.1:{server.server_port}")
    request = replace(read_cassette(TAPE).request, url=f"{base}/v1/batches/b-1")
    keys = tuple((one, Secret("a-key-1234", "KEY")) for one in check.provider.manifest.carriers)
    client = Live(check.provider, base, keys)
    interaction = client.ask(operation, request, name="batch")
    server.server_close()
    return interaction


def seen_in_cassette(check, tmp_path):
    tape = load_cassette(TAPE)
    one = replace(tape.interaction, response=replace(tape.interaction.response, body=BODY))
    return read_cassette(dump(replace(tape, interaction=one)))


def seen_in_har(check, tmp_path):
    entry = {
        "startedDateTime": "2026-11-22T00:00:00Z",
        "time": 12,
        "request": {"method": "GET", "url": URL, "headers": []},
        "response": {
            "status": 200,
            "headers": [{"name": key, "value": value} for key, value in HEADERS.items()],
            "content": {"text": base64.b64encode(BODY).decode(), "encoding": "base64", "size": len(BODY)},
        },
    }
    path = tmp_path / "one.har"
    path.write_text(json.dumps({"log": {"version": "1.2", "entries": [entry]}}), encoding="utf-8")
    return next(iter(read_recording(path)))


def seen_through_respx(check, tmp_path):
    with respx.mock:
        respx.get(URL).respond(200, headers=HEADERS, content=BODY)
        return interaction_of(httpx.get(URL))


def seen_as_a_tuple(check, tmp_path):
    return interaction_of((200, HEADERS, BODY), url=URL)


WAYS = (seen_live, seen_in_cassette, seen_in_har, seen_through_respx, seen_as_a_tuple)


def findings(assessment):
    return [as_json({**finding(one), "source": ""}) for one in assessment.findings]


def test_five_ways_of_seeing_are_one_judgement(check, tmp_path):
    found = {way.__name__: findings(check.assess(way(check, tmp_path))) for way in WAYS}
    assert len(found["seen_live"]) == 3
    assert all(one == found["seen_live"] for one in found.values())
    assert check.assess(seen_live(check, tmp_path)).interaction.source is Source.LIVE


TESTS = """
import json
import httpx
import respx
from contracts.report.json import finding

@respx.mock
def test_mine(contract, tmp_path):
    respx.get({url!r}).respond(200, headers={headers!r}, content={body!r})
    one = contract("nimble", httpx.get({url!r}), fail=False)
    with open({out!r}, "w") as file:
        json.dump([{{**finding(f), "source": ""}} for f in one.findings], file)
"""


def pytest_run(root, *arguments):
    env = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTEST_", "COV_CORE")) and key != "CI"
    }
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        "-q",
        *arguments,
    ]
    return subprocess.run(
        command, cwd=root, env=env, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.fixture
def project(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.contracts]\nproviders = ["nimble"]\n', encoding="utf-8")
    return tmp_path


def test_the_fixture_judges_the_same(check, project, tmp_path):
    out = project / "found.json"
    mine = project / "test_mine.py"
    mine.write_text(TESTS.format(url=URL, headers=HEADERS, body=BODY, out=str(out)), encoding="utf-8")
    run = pytest_run(project, "test_mine.py", "-p", "contracts.plugin")
    assert out.exists(), run.stdout + run.stderr
    assert [as_json(one) for one in json.loads(out.read_text())] == findings(
        check.assess(seen_as_a_tuple(check, tmp_path))
    )


def test_merged_parts_are_the_whole(check):
    one = check.assess(seen_as_a_tuple(check, None))
    assert Report.merge([Report((check.facts,)), Report(assessments=(one,))]) == Report(
        (check.facts,), (one,)
    )
