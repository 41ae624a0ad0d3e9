"""The doors import, record, scan and serve: what they print, write and exit with."""

from __future__ import annotations

import base64
import importlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from serving import serving

from contracts.cli import group
from contracts.errors import ContractsError
from contracts.live import await_server
from contracts.spec import load
from contracts.stub import Vendor, read_drift, seed_ids

ROOT = Path(__file__).parents[2]
KEY = "nk-live-7d6f5e4c3b2a1908"
NIMBLE = "https://sdk.nimbleway.com/v1/batches/b-1"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    for name in ("ALMANAC", "LLAMACLOUD", "LLAMA_CLOUD", "MATIL", "NIMBLE", "WICKSON"):
        monkeypatch.delenv(f"{name}_API_KEY", raising=False)
    return tmp_path


def run(*args: str) -> Result:
    result = CliRunner().invoke(group, args)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def har(*entries: tuple[str, int, bytes, dict[str, str]]) -> bytes:
    return json.dumps({"log": {"version": "1.2", "entries": [
        {
            "startedDateTime": "2026-01-31T09:00:00Z",
            "request": {"method": "GET", "url": url, "headers": [{"name": k, "value": v} for k, v in headers.items()]},
            "response": {"status": status, "headers": [{"name": "Content-Type", "value": "application/json"}], "content": {"text": base64.b64encode(body).decode(), "encoding": "base64"}},
        }
        for url, status, body, headers in entries
    ]}}).encode()  # fmt: skip


def test_import_writes_redacted_cassettes_and_says_so(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    monkeypatch.setenv("OTHER", "hunter2hunter2")
    body = json.dumps({"status": "failed", "error": f"no batch for {KEY} or hunter2hunter2"}).encode()
    (project / "a b.har").write_bytes(
        har(
            (NIMBLE, 404, body, {"Authorization": f"Bearer {KEY}"}),
            ("https://sdk.nimbleway.com/v1/x", 200, b"{}", {}),
            ("x", 200, b"", {}),
        )
    )
    result = run(
        "import", "a b.har", "--provider", "nimble", "--note", "from the browser", "--secret-env", "OTHER"
    )
    assert result.output.splitlines() == [
        "written   specs/nimble/cassettes/getBatch/404-a-b-1.json; 1 place redacted; dropped authorization",
        "left      a-b-2: no operation of the spec matches its method and path",
        "left      a-b-3: no operation of the spec matches its method and path",
        "2 left, 1 written",
    ]
    assert result.exit_code == 0
    written = (project / "specs/nimble/cassettes/getBatch/404-a-b-1.json").read_text()
    assert json.loads(written)["response"]["json"]["error"] == "no batch for redacted-1 or redacted-2"
    assert json.loads(written)["note"] == "from the browser"
    assert run("scan").output == "1 file, no place that may hold a secret\n"


def test_import_without_anything_to_keep_is_inconclusive_and_refusals_fail(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER", "success")
    (project / "x.jsonl").write_text('{"u": "https://sdk.nimbleway.com/nope", "status": 200}')
    assert run("import", "x.jsonl", "--provider", "nimble", "--field", "url=/u").exit_code == 3
    (project / "y.har").write_bytes(har((NIMBLE, 200, b'{"status": "success"}', {})))
    refused = run("import", "y.har", "--provider", "nimble", "--secret-env", "OTHER")
    assert refused.exit_code == 1, refused.output
    assert (
        "refused   y-1: /status: a secret (known) cannot be replaced by a value that is as valid"
        in refused.output
    )
    mistaken = run("import", "x.jsonl", "--provider", "nimble", "--field", "url")
    assert (mistaken.exit_code, "--field 'url' is not written as in url=/http/url" in mistaken.output) == (
        2,
        True,
    )


def test_plantings_through_import_leave_no_piece(project: Path) -> None:
    rng = random.Random(7)
    for round_number in range(12):
        secret = "".join(
            rng.choice("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(28)
        )
        body = json.dumps(
            {
                "status": "failed",
                "error": rng.choice(
                    [
                        secret,
                        f"token={secret}",
                        base64.b64encode(secret.encode()).decode(),
                        json.dumps({"api_key": secret}),
                    ]
                ),
            }
        ).encode()
        (project / f"p{round_number}.har").write_bytes(
            har(
                (
                    f"{NIMBLE}?api_key={secret}",
                    404,
                    body,
                    {"X-Key": secret, "Authorization": f"Bearer {secret}"},
                )
            )
        )
        said = run("import", f"p{round_number}.har", "--provider", "nimble").output
        data = "".join(p.read_text() for p in (project / "specs").rglob("*.json"))
        assert not [secret[i : i + 8] for i in range(21) if secret[i : i + 8] in data + said]


def test_scan_finds_by_place_and_never_shows(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    folder = project / "cassettes"
    folder.mkdir()
    (folder / "a.yaml").write_text(f"interactions:\n- request:\n    headers: {{Api-Key: [{KEY}]}}\n")
    (folder / "b.json").write_text(
        json.dumps({"a": {"password": "hunter2hunter2"}, "b": base64.b64encode(KEY.encode()).decode()})
    )
    result = run("scan", "cassettes")
    assert result.output.splitlines() == [
        "cassettes/a.yaml: line 3: known, 50 characters",
        "cassettes/a.yaml: /: known, 76 characters",
        "cassettes/b.json: /a/password: name, 14 characters",
        "cassettes/b.json: /b: known, 32 characters",
        "cassettes/b.json: /: known, 78 characters",
        "2 files, 5 places that may hold a secret",
    ]
    assert result.exit_code == 1
    assert (run("scan").output, run("scan").exit_code) == ("nothing to scan\n", 3)


def test_the_bundled_recordings_hold_no_secret() -> None:
    result = run("scan", *map(str, sorted((ROOT / "specs").glob("*/cassettes"))))
    assert result.exit_code == 0, result.output


def test_record_asks_and_keeps(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ContractsError) as caught:
        run("record", "nimble")
    assert str(caught.value) == "recording needs NIMBLE_API_KEY (sent as Authorization)"
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    with serving({"nimble": Vendor(provider=load("nimble", ROOT), keys=(KEY,))}) as url:
        args = ("record", "nimble", "--base-url", f"{url}/nimble", "--operation", "getBatch", "--param")
        result = run(*args, f"batch_id={seed_ids()['running']}", "--no-credential-probes")
        assert [line.split(";")[0] for line in result.stdout.splitlines()] == [
            "written   specs/nimble/cassettes/getBatch/200-live.json",
            "written   specs/nimble/cassettes/getBatch/404-unknown-id.json",
            "written   specs/nimble/cassettes/getBatch/404-malformed-id.json",
            "3 written",
        ]
        assert re.match(r"asked     live  200 in \d+ ms\n", result.stderr)
        polled = run(*args, f"batch_id={seed_ids()['living']}", "--poll", "--every", "0", "--budget", "9")
        names = [line.split(";")[0].split("/")[-1] for line in polled.stdout.splitlines()]
        assert names[:5] == [
            "200-live.json", "404-unknown-id.json", "404-malformed-id.json", "200-poll-1.json", "200-poll-2.json",
        ]  # fmt: skip
        assert "left      poll-2-open: not followed to its end: 5 of 9 requests are spent" in names
        wrong = Vendor(provider=load("nimble", ROOT), keys=("other",))
        with serving({"nimble": wrong}) as other:
            assert (
                run("record", "nimble", "--base-url", f"{other}/nimble", "--param", "batch_id=b").exit_code
                == 3
            )
            assert len(wrong.requests) == 1
    text = "".join(p.read_text() for p in (project / "specs").rglob("*.json"))
    assert "not at the vendor's own address" in text
    assert not [KEY[i : i + 8] for i in range(len(KEY) - 7) if KEY[i : i + 8] in text + result.output]
    for bad, sentence in (
        (("--param", "x"), "--param takes NAME=VALUE, found 'x'"),
        (
            ("--operation", "createBatch"),
            (
                "nimble createBatch: not sent, since it may change something;"
                " provider.toml must call it safe and --allow-unsafe allow it"
            ),
        ),
    ):
        with pytest.raises(ContractsError) as caught:
            run("record", "nimble", *bad)
        assert str(caught.value) == sentence


def test_serve_answers_until_it_is_stopped(project: Path) -> None:
    code = "from contracts.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-u", "-c", code, "serve", "matil", "--port", "0", "--drift", "null /status"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=project,
    )
    try:
        line = process.stdout.readline()
        url = line.split()[1]
        assert await_server(url, 20)
        request = urllib.request.Request(
            f"{url}/v3/batches/{seed_ids()['completed']}", headers={"x-api-key": "k"}
        )
        body = json.load(urllib.request.urlopen(request, timeout=5))
        assert (line.split()[0], body["status"], body["total_items"]) == ("matil", None, 4)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)
        process.stdout.close()


def test_serve_says_what_it_cannot_do(project: Path) -> None:
    with pytest.raises(ContractsError, match="--drift-from answers for one provider; name it"):
        run("serve", "--drift-from", str(ROOT / "specs/nimble/openapi.yaml"))
    with pytest.raises(ContractsError, match="no chaos 'x'"):
        run("serve", "--chaos", "x:1")
    with serving({}) as url, pytest.raises(ContractsError, match="--port 0 finds a free one"):
        run(
            "serve",
            "nimble",
            "--port",
            url.rpartition(":")[2],
            "--drift-from",
            str(ROOT / "specs/nimble/openapi.yaml"),
        )


LEAKY = """
import pytest
from dataclasses import replace
from contracts.live.client import Live
from contracts.live.budget import RequestBudget
from contracts.auth import Carrier, find_keys
from contracts.live.request import build
from contracts.spec import load
import os

@pytest.mark.parametrize("scheme", ["bearer", "header", "cookie"])
def test_it(scheme):
    provider = load("nimble")
    variables = ("NIMBLE_API_KEY",)
    carrier = {{"bearer": Carrier("header", "Authorization", "Bearer", variables), "header": Carrier("header", "x-api-key", "", variables), "cookie": Carrier("cookie", "session", "", variables)}}[scheme]
    key = find_keys([carrier], os.environ)
    live = Live(provider, "{url}/nimble", key, ledger=RequestBudget(5, 0))
    operation = provider.spec.operation("getBatch")
    operation = replace(operation, entry=replace(operation.entry, auth=(carrier,)))
    got = live.ask(operation, build(operation, {{"batch_id": "x"}}, live.base), name="live")
    print(got, live, key)
    assert got.response is not None and not live
"""


PLAIN_KEY = "plainlookingkey"


def test_a_run_with_everything_shown_shows_no_piece_of_the_key(project: Path) -> None:
    """The vendor echoes a key that looks like any word, where it breaks the contract."""
    drifts = tuple(
        map(
            read_drift,
            (f"set /status {PLAIN_KEY}", f"set /tasks/0/state my-{PLAIN_KEY}", f"add / {PLAIN_KEY} 1"),
        )
    )
    vendor = Vendor(provider=load("nimble", ROOT), drifts=drifts)
    with serving({"nimble": vendor}) as url:
        (project / "test_leaky.py").write_text(LEAKY.format(url=url))
        flags = [
            "--provider=nimble", "--live", f"--contracts-base-url=nimble={url}/nimble", f"--contracts-param=batch_id={seed_ids()['partial']}",
            "-p", "no:randomly", "-vv", "--showlocals", "--tb=long", "-rA", "--log-level=debug", "--log-cli-level=debug",
            "--junitxml=j.xml", "--html=h.html", "--self-contained-html", "--report-log=l.jsonl", "--contracts-record", "test_leaky.py",
        ]  # fmt: skip
        done = subprocess.run([sys.executable, "-m", "pytest", *flags], cwd=project, capture_output=True, text=True, timeout=120, env=os.environ | {"NIMBLE_API_KEY": PLAIN_KEY, "PYTHONPATH": str(ROOT)}, check=False)  # fmt: skip
    assert re.search(r"\b[4-9] failed", done.stdout), done.stdout[-3000:]
    assert "'redacted-1' is not 'success'" in done.stdout
    written = [p.read_text() for p in (project / "specs").rglob("*.json")]
    assert written
    everything = (
        done.stdout
        + done.stderr
        + "".join((*written, *((project / n).read_text() for n in ("j.xml", "h.html", "l.jsonl"))))
    )
    assert not [PLAIN_KEY[i : i + 8] for i in range(len(PLAIN_KEY) - 7) if PLAIN_KEY[i : i + 8] in everything]
    assert (
        len([r for r in vendor.requests if ("authorization", f"Bearer {PLAIN_KEY}") in r.headers]) >= 3
    )  # it was sent


def test_an_interrupted_recording_says_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    # an inside run of pytest before may have left another module of this name in its package
    record = importlib.import_module("contracts.cli.record")

    def interrupted(*args: object, **more: object) -> Iterator[object]:
        yield from list(answers(*args, **more))[:2]
        raise KeyboardInterrupt

    answers = record._answers
    monkeypatch.setattr(record, "_answers", interrupted)
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    with serving({"nimble": Vendor(provider=load("nimble", ROOT))}) as url:
        result = CliRunner().invoke(
            group,
            [
                "record",
                "nimble",
                "--base-url",
                f"{url}/nimble",
                "--operation",
                "getBatch",
                "--param",
                f"batch_id={seed_ids()['running']}",
            ],
        )
    assert result.stdout.splitlines()[-1] in {"2 written", "Aborted!"}
    assert "2 written" in result.stdout
    assert len(list(Path("specs").rglob("*.json"))) == 2
    assert not list(Path("specs").rglob("*.tmp"))
