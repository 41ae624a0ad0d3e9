"""Importing: what was written, what was left and why; the same answer twice changes only its moment."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from contracts.check.recording import store
from contracts.interactions.formats.cassette import load_cassette
from contracts.interactions.formats.read import read_recording
from contracts.model import Source
from contracts.secret import Secret
from contracts.spec import load

ROOT = Path(__file__).parents[2]
DATA = Path(__file__).parent / "data"
NIMBLE = ROOT / "specs/nimble/cassettes/getBatch/200-running.json"


def test_recordings_of_other_operations_are_left(tmp_path: Path) -> None:
    kept = [
        store(load("almanac", ROOT), home=tmp_path).keep(i)
        for p in ("list-batches", "delete-405")
        for i in read_recording(DATA / f"{p}.har")
    ]
    assert [str(k) for k in kept] == [
        "left      list-batches-1: no operation of the spec matches its method and path",
        "left      delete-405-1: no operation of the spec matches its method and path",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_live_answer_is_written_redacted_and_dated(tmp_path: Path) -> None:
    live = replace(load_cassette(NIMBLE).interaction, source=Source.LIVE, name="completed")
    key = Secret("nk-0123456789abcdef", "NIMBLE_API_KEY")
    live = replace(
        live, request=replace(live.request, headers=(("Authorization", f"Bearer {key.reveal()}"),))
    )
    body = json.loads(live.response.body)
    body["tasks"][0]["input"] = {"url": f"https://x.io/?token={key.reveal()}"}
    live = replace(live, response=replace(live.response, body=json.dumps(body).encode()))
    times = iter([datetime(2026, 1, 31, 9, tzinfo=UTC), datetime(2026, 2, 1, 9, tzinfo=UTC)])

    def run() -> str:
        keeper = store(load("nimble", ROOT), home=tmp_path, secrets=(key,))
        keeper.now = lambda: next(times)
        return str(keeper.keep(live)).replace(str(tmp_path), "~")

    path = tmp_path / "cassettes/getBatch/200-completed.json"
    assert (
        run() == "written   ~/cassettes/getBatch/200-completed.json; 1 place redacted; dropped authorization"
    )
    before = path.read_text()
    assert run() == "unchanged ~/cassettes/getBatch/200-completed.json; 1 place redacted"
    assert path.read_text() == before.replace("2026-01-31", "2026-02-01")
    assert key.reveal() not in before
    assert load_cassette(path).interaction.source is Source.RECORDED


def test_duplicates_and_names_that_meet_are_told_apart(tmp_path: Path) -> None:
    keeper = store(load("nimble", ROOT), home=tmp_path)
    first = replace(
        load_cassette(NIMBLE).interaction, source=Source.RECORDED, recorded_at="2026-01-31T09:00:00Z"
    )
    other = replace(
        first,
        response=replace(
            first.response, headers=(("content-type", "application/json"), ("retry-after", "5"))
        ),
    )
    nothing = replace(first, response=None, failure="timed out")
    secret = replace(first, response=replace(first.response, body=b"\xffsk-live-0123456789abcdef"))
    said = [
        str(k).replace(str(tmp_path), "~") for k in keeper.keep_all([first, first, other, nothing, secret])
    ]
    assert said == [
        "written   ~/cassettes/getBatch/200-running.json",
        "again     getBatch/200-running: the same as getBatch/200-running",
        "written   ~/cassettes/getBatch/200-running-2.json",
        "left      running: timed out",
        "written   ~/cassettes/getBatch/200-running-3.json; 1 place redacted",
    ]
