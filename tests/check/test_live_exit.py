"""A live run is green only where what was asked for was seen; each other end is said and has its own code."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from contracts.spec import bundled, load
from contracts.stub import Vendor
from tests.check.conftest import settings
from tests.cli.test_process import heed_ctrl_c
from tests.stub.serving import serving

BATCH = "10000000-0000-4000-8000-000000000001"
KEY = "stub-key-for-tests-0001"


@pytest.fixture(scope="module")
def vendors():
    made = {name: Vendor(provider=load(name, bundled().parent), keys=(KEY,)) for name in ("nimble", "matil")}
    slow = Vendor(provider=load("nimble", bundled().parent), keys=(KEY,), steps=1000)
    with serving(made | {"slow": slow}) as url:
        yield url


def arguments(url, *more, base="nimble", batch=BATCH):
    return (
        "nimble", "--live", "--base-url", f"nimble={url}/{base}", "--param", f"batch_id={batch}", "--operation", "getBatch",
        *more,
    )  # fmt: skip


def as_pytest(words):
    given = [
        f"--contracts-{word[2:]}" if word.startswith("--") and word != "--live" else word
        for word in words[1:]
    ]
    return (f"--provider={words[0]}", "-rs", *given)


ENDS = {
    "seen": ({}, 0, 0, "conforms"),
    "no such batch": (
        {"batch": "99999999-0000-4000-8000-000000000009"},
        3,
        5,
        "so what was asked for was not seen",
    ),
    "not to its end": (
        {"base": "slow", "more": ("--poll", "--budget", "8")},
        3,
        5,
        "not followed to its end: ",
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_what_was_not_seen_is_inconclusive(project, doors, monkeypatch, vendors, end):
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    how, command, on_pytest, sentence = ENDS[end]
    words = arguments(vendors, *how.get("more", ()), **{k: v for k, v in how.items() if k != "more"})
    code, said = doors["check"](*words)
    assert (code, sentence in said) == (command, True), said
    code, said = doors["pytest"](*as_pytest(words))
    assert (code, sentence in " ".join(said.split())) == (on_pytest, True), said


@pytest.mark.parametrize(
    ("more", "batch", "code", "sentence"),
    [
        (("--budget", "1"), BATCH, 0, "not sent: the budget of 1 request is spent; see --budget"),
        (("--budget", "1", "--poll"), BATCH, 3, "the batch was not followed to its end: "),
        ((), "99999999-0000-4000-8000-000000000009", 3, "what was asked for was never given"),
    ],
)
def test_recording_says_what_it_did_not_see(
    project, doors, monkeypatch, vendors, more, batch, code, sentence
):
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    words = ("--base-url", f"{vendors}/nimble", "--param", f"batch_id={batch}", "--operation", "getBatch")
    found, said = doors["command"]("record", "nimble", *words, *more)
    assert (found, sentence in said) == (code, True), said


@pytest.mark.parametrize(("more", "code"), [((), 0), (("--poll",), 3)])
def test_one_request_is_spent_on_what_was_asked_for(project, doors, monkeypatch, vendors, more, code):
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    words = arguments(vendors, "--budget", "1", *more)
    found, said = doors["check"](*words)
    assert (found, "not sent: the budget of 1 request is spent" in said) == (code, True), said
    assert doors["pytest"](*as_pytest(words))[0] == {0: 0, 3: 5}[code]


def test_without_a_key_a_named_vendor_is_refused_and_others_are_skipped(project, doors):
    assert doors["check"]("nimble", "--live")[0] == 2
    settings(project, providers='["nimble", "matil"]')
    code, said = doors["check"]("--live")
    assert code == 3
    assert "skipped: --live needs NIMBLE_API_KEY" in said
    assert "skipped: --live needs MATIL_API_KEY" in said


def test_ctrl_c_ends_a_live_run_with_what_was_seen_and_130(project, vendors):
    words = arguments(vendors, "--poll", "--budget", "1000", base="slow")
    process = subprocess.Popen(
        [sys.executable, "-m", "contracts", "check", *words],
        cwd=project, env=os.environ | {"NIMBLE_API_KEY": KEY}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, preexec_fn=heed_ctrl_c,  # noqa: PLW1509 -- no other thread is started here
    )  # fmt: skip
    assert process.stderr.readline().startswith("nimble is asked at http://127.0.0.1:")
    assert "getBatch" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "interaction" in out
    assert "stopped; what follows was seen so far" in err
    assert "Traceback" not in err


def test_a_broken_vendor_does_not_stop_a_live_run_of_another(project, doors, monkeypatch, vendors):
    monkeypatch.setenv("NIMBLE_API_KEY", KEY)
    (project / "specs" / "acme" / "provider.toml").write_text("[[[")
    name, *more = arguments(vendors)
    code, said = doors["check"](name, "acme", *more)
    assert (code, "nimble getBatch" in said) == (2, True), said
    assert said.count("set aside, so nothing of it was checked: specs/acme/provider.toml") == 1
    assert doors["check"]("acme", *more)[0] == 2
