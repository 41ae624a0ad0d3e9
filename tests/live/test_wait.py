"""A server that starts is waited for; one that does not start is asked all the same, and that fails."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import closing

import pytest
from click.testing import CliRunner

from contracts.check import CheckOptions, LiveCheck, LiveSettings
from contracts.cli.check import check
from contracts.live import await_server
from contracts.spec import bundled, load


@pytest.fixture
def port():
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def late(port, seconds):
    """Listen after some seconds, in a thread."""

    def listen():
        time.sleep(seconds)
        with closing(socket.create_server(("127.0.0.1", port))) as server:
            server.settimeout(5)
            with closing(server.accept()[0]):
                pass

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    return thread


def test_it_waits_until_the_port_takes_a_connection(port):
    thread = late(port, 0.3)
    assert await_server(f"http://127.0.0.1:{port}/base", 5)
    thread.join(5)


def test_it_ends_when_the_time_is_over(port):
    begun = time.monotonic()
    assert not await_server(f"http://127.0.0.1:{port}", 0.3)
    assert 0.25 < time.monotonic() - begun < 8


def test_a_live_check_waits_once_and_sends_no_request_for_it(port, monkeypatch):
    waited = []
    monkeypatch.setattr("contracts.check.live.await_server", lambda *given: waited.append(given))
    monkeypatch.setattr("contracts.check.live.ask", lambda *given: given)
    base = f"http://127.0.0.1:{port}"
    settings = LiveSettings(base_urls={"nimble": base}, wait=7.0)
    made = LiveCheck(load("nimble", bundled().parent), CheckOptions(), settings, {})
    operation = made.operations(("getBatch",))[0]
    for probe in tuple(made.questions(operation)):
        made.ask(operation, probe)
    assert waited == [(base, 7.0)]
    assert made.live.ledger.used == 0


def test_it_is_of_no_use_without_live():
    done = CliRunner().invoke(check, ["nimble", "--wait", "3"])
    assert done.exit_code == 2
    assert "--wait is of no use without --live" in done.output
