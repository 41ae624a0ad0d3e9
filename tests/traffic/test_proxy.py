"""The proxy's addon without mitmproxy, and what is made of its frames."""

from __future__ import annotations

import io
import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from contracts.cli.proxy import proxy as command
from contracts.spec import load
from contracts.traffic import addon, proxy
from contracts.traffic.judge import Judged
from tests import acme

KEY = "sk-live-4f9a8b7c6d5e4f3a2b1c"


class Fields(dict):
    @property
    def fields(self):
        return [(name.encode(), value.encode()) for name, value in self.items()]


def flow(body, status=200, *, error=False, **headers):
    """Let an answer pass through the addon as mitmproxy would; give the flow and what the client got."""
    request = SimpleNamespace(method="GET", url=acme.URL, headers=Fields({"x-api-key": KEY}))
    response = SimpleNamespace(
        status_code=status, headers=Fields({"content-type": "application/json"} | headers)
    )
    return SimpleNamespace(
        request=request, response=response, metadata={}, pieces=(body[:9], body[9:], b""), error=error
    )


def framed(*flows):
    stream = io.BytesIO()
    own = addon.Contracts()
    own.frames = addon.Frames(stream)
    for one in flows:
        own.responseheaders(one)
        assert b"".join(map(one.response.stream, one.pieces)) == b"".join(one.pieces)
        (own.error if one.error else own.response)(one)
    own.done()
    return stream.getvalue()


def test_what_passes_is_judged_and_told_as_a_table(project):
    done, broken = (json.dumps(one).encode() for one in (acme.DONE, acme.BROKEN | {"state": KEY}))
    data = framed(
        flow(done), flow(broken), flow(broken), flow(done, error=True), flow(b" " * (addon.LIMIT + 10))
    )
    told = CliRunner().invoke(command, ["--judge", "acme"], input=data)
    assert told.exit_code == 1, told.output
    assert told.stdout.splitlines() == [
        "operation      conforms  violates  not judged",
        "acme getBatch         1         2           2",
        "  acme getBatch 200 /id: 7 is not a string (type, error, specs/acme/openapi.yaml:33), seen 2 times",
        "  acme getBatch 200 /state: 'redacted-1' is not 'running' or 'done' (enum, error, specs/acme/openapi.yaml:34), seen 2 times",
        "  acme getBatch 200 /tasks/*/state: 'gone' is not 'pending', 'success' or 'error' (enum, error, specs/acme/openapi.yaml:42), seen 2 times",
        "  not judged: a body over the limit of 5,242,880 bytes, 1 times",
        "  not judged: the answer broke off, 1 times",
    ]


def test_a_full_queue_drops_and_counts_and_never_waits():
    class Stuck:
        def write(self, _):
            raise OSError

    frames = addon.Frames(Stuck())
    for _ in range(addon.QUEUE + 7):
        frames.put({}, b"")
    assert frames.dropped >= 5


def test_how_to_get_mitmproxy_is_said(project, monkeypatch):
    monkeypatch.setattr(proxy.shutil, "which", lambda _: None)
    monkeypatch.setattr(proxy.sys, "executable", str(project / "python"))
    told = CliRunner().invoke(command, ["acme"])
    assert "contracts proxy needs mitmproxy, best in an environment of its own" in str(told.exception)
    assert CliRunner().invoke(command, []).exit_code == 2
    assert proxy.upstream(load("acme", project)) == "https://api.acme.example"


@pytest.mark.parametrize("arguments", [["--addon"]])
def test_the_addon_is_a_file_for_mitmdump(project, arguments):
    told = CliRunner().invoke(command, arguments).output.strip()
    assert told.endswith("contracts/traffic/addon.py")


def test_answers_that_cannot_be_written_stand_below_the_table():
    table = proxy.Table()
    table.answered(Judged("conforms", "acme", "getBatch", "GET", 200, "h", unwritten="no space"), None)
    assert list(table.lines())[-1] == "  1 answers could not be written"
