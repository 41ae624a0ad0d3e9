"""--live through pytest and the command line, against the stub vendors over real HTTP on this machine."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from contracts.spec import load, names
from contracts.spec.provider import bundled
from contracts.stub.vendor import Vendor
from tests.plugin.conftest import environment
from tests.stub.serving import serving

BATCH = "10000000-0000-4000-8000-000000000001"
KEY = "stub-key-for-tests-0001"
ALL = names(bundled().parent)


@pytest.fixture(scope="module")
def address():
    with serving({name: Vendor(provider=load(name, bundled().parent), keys=(KEY,)) for name in ALL}) as url:
        yield url


def live(address, *more, providers=ALL):
    bases = [f"--contracts-base-url={name}={address}/{name}" for name in providers]
    chosen = f"--provider={','.join(providers)}"
    params = [f"--contracts-param=batch_id={BATCH}"]
    if "almanac" in providers:
        params.append("--contracts-param=wiki_id=w1")
    return ("-q", chosen, "--live", *bases, *params, *more)


def keys(*providers):
    return {load(name, bundled().parent).manifest.key_variables[0]: KEY for name in providers}


def test_all_five_answer_as_published(outside, project, address):
    done = outside(*live(address, "--contracts-poll", "--strict-markers"), **keys(*ALL))
    assert done.returncode == 0, done.stdout[-3000:]
    assert " failed" not in done.stdout.splitlines()[-1]
    assert "requests sent: almanac 8" in done.stdout
    assert KEY not in done.stdout + done.stderr


def test_workers_share_one_budget_to_the_request(outside, project, address):
    more = ("-n", "2", "--contracts-budget=4")
    done = outside(
        *live(address, *more, providers=("nimble",)), beside=("xdist", "xdist.looponfail"), **keys("nimble")
    )
    assert "requests sent: nimble 4 (budget 4 each)" in done.stdout
    assert "4 passed" in done.stdout


def test_a_named_provider_without_a_key_is_a_usage_error(inside, project):
    done = inside("--provider=matil", "--live")
    assert (done.returncode, done.stderr.strip()) == (
        4,
        "ERROR: --live needs MATIL_API_KEY (sent as x-api-key)",
    )


def test_a_blank_key_is_no_key(inside, project):
    assert inside("--provider=matil", "--live", MATIL_API_KEY=" ").returncode == 4


def test_all_without_a_single_key_is_not_green(inside, project):
    done = inside("-q", "--provider=all", "--live")
    assert done.returncode == 5
    assert "skipped" in done.stdout


def test_all_with_some_keys_skips_the_others_visibly(inside, project, address):
    more = ("-rs", "--contracts-operation=getBatch")
    done = inside(*live(address, *more)[:1], "--provider=all", *live(address, *more)[2:], **keys("nimble"))
    assert done.returncode == 0, done.stdout[-2000:]
    assert "--live needs MATIL_API_KEY" in done.stdout.replace("\n", " ")


@pytest.mark.parametrize(("option", "env"), [("--contracts-live-required", {}), ("-q", {"CI": "1"})])
def test_where_a_key_is_required_its_absence_fails(inside, project, address, option, env):
    more = (option, "--contracts-operation=getBatch")
    done = inside("--provider=all", *live(address, *more)[2:], **keys("nimble"), **env)
    assert done.returncode == 1
    assert "--live needs MATIL_API_KEY" in done.stdout


def test_live_needs_a_provider(inside, project):
    done = inside("--live")
    assert (done.returncode, done.stderr.strip()) == (
        4,
        "ERROR: --live needs --provider: name the vendor to call, or all",
    )


@pytest.mark.usefixtures("no_backoff")
def test_a_server_that_is_down_is_inconclusive(inside, project):
    down = live(
        "http://127.0.0.1:9",
        "--contracts-timeout=0.5",
        "--contracts-wait=0",
        "--contracts-operation=getBatch",
        providers=("nimble",),
    )
    done = inside(*down, **keys("nimble"))
    assert done.returncode == 5
    assert "failed" not in done.stdout


def test_the_credential_probes_stay_last_whoever_shuffles(outside, project, address):
    more = ("-p", "randomly", "-v", "--contracts-operation=getBatch")
    done = outside(*live(address, *more, providers=("nimble",))[1:], beside=("randomly",), **keys("nimble"))
    seen = [line.split()[0].rpartition("::")[2] for line in done.stdout.splitlines() if "::live-" in line]
    order = [
        "live-batch",
        "live-unknown-id",
        "live-malformed-id",
        "live-no-credentials",
        "live-wrong-credential",
    ]
    assert seen == order


def test_answers_are_recorded_without_the_key(inside, project, address):
    more = ("--contracts-record", "--contracts-operation=getBatch")
    done = inside(*live(address, *more, providers=("nimble",)), **keys("nimble"))
    assert done.returncode == 0, done.stdout
    written = sorted((project / "specs/nimble/cassettes/getBatch").glob("*.json"))
    assert [path.name for path in written if path.name.startswith("200")]
    assert all(KEY not in path.read_text() for path in written)
    assert "asked at http://127.0.0.1" in json.loads(written[0].read_text())["note"]


def test_an_unsafe_operation_is_never_called(inside, project, address):
    done = inside("--collect-only", *live(address, providers=("nimble",)), **keys("nimble"))
    assert "createBatch" not in done.stdout


def command(project, *args, **env):
    return subprocess.run(
        [sys.executable, "-m", "contracts", "check", *args],
        cwd=project,
        env=environment(**env),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_line_asks_the_same(project, address):
    base = f"nimble={address}/nimble"
    done = command(
        project, "nimble", "--live", "--base-url", base, "--param", f"batch_id={BATCH}", "--poll",
        "--operation", "getBatch", **keys("nimble"),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = [line.split()[2] for line in done.stderr.splitlines() if line.startswith("nimble getBatch")]
    assert told[0] == "live"
    assert told[-2:] == ["no-credentials", "wrong-credential"]
    assert KEY not in done.stdout + done.stderr


def test_the_command_line_says_which_key_is_missing(project):
    done = command(project, "nimble", "--live")
    assert (done.returncode, done.stderr) == (
        2,
        "contracts: --live needs NIMBLE_API_KEY (sent as Authorization)\n",
    )


@pytest.mark.parametrize("given", ["nimble", "nimble=", "=x"])
def test_a_pair_that_is_none_is_refused(project, given):
    done = command(project, "nimble", "--live", "--base-url", given, **keys("nimble"))
    assert (done.returncode, done.stderr) == (2, f"contracts: --base-url takes NAME=VALUE, found '{given}'\n")
