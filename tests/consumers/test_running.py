"""From the settings to the report: runs, items for a test runner, replay files, the two commands."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from contracts.cli.normalize import normalize
from contracts.cli.stress import stress
from contracts.consumers import sources
from contracts.consumers.consumer import Consumer
from contracts.consumers.registry import bundled
from contracts.consumers.stress import run as running
from contracts.errors import ConfigError, UnknownName
from contracts.spec.provider import load
from tests.providers.payloads import plain


def almanac():
    return sources.answers(load("almanac"))


def careless(payload):
    """A consumer that expects a finished batch to have a finish time."""
    if payload["status"] == "completed":
        payload["finished_at"].strip()
    return {"id": payload["batch_id"], "state": payload["status"]}


def test_a_failure_is_reduced_kept_and_run_first_next_time(tmp_path):
    one = Consumer(id="mine:careless", provider="almanac", function=careless, refuses=(KeyError, TypeError))
    done = running.run_consumer(one, almanac(), explore=20, folder=tmp_path)
    found = next(s for s in done.state.stumbles.values() if s.sample.valid)
    assert found.law.id == "total"
    assert (found.sample.value["status"], found.sample.value["finished_at"]) == ("completed", None)
    assert done.reads.read == ("/batch_id", "/finished_at", "/status")
    name = done.replays[found.signature]
    assert json.loads((tmp_path / name).read_text("utf-8"))["value"] == found.sample.value
    labels = [label for label, _ in running.items(one, almanac(), explore=5, folder=tmp_path)]
    assert name in labels[:3]
    assert labels[-5:] == ["all-answers", "near-misses", "two-faults", "drift", "explore-5"]
    assert running.kept(tmp_path, Consumer(id="other", provider="almanac", function=careless)) == []


def test_an_item_tells_law_point_and_difference(tmp_path):
    one = Consumer(id="mine:careless", provider="almanac", function=careless, refuses=(KeyError, TypeError))
    checks = dict(running.items(one, almanac(), folder=tmp_path))
    failures = []
    for check in checks.values():
        try:
            check()
        except running.Stumbled as failure:
            failures.append(str(failure))
    first = failures[0].splitlines()
    assert first[0] == "total: mine:careless on almanac getBatch 200"
    assert first[1] == "  total         it answers or refuses as declared, and raises nothing else"
    assert first[2].startswith("                AttributeError at consumers/test_running.py:")
    assert first[2].endswith("'NoneType' object has no attribute 'strip'   ×1")
    assert (
        first[4]
        == "                  differs from the plainest payload in: /finished_at = null, /status = 'completed'"
    )
    assert first[5].startswith("                  kept as total-")


@pytest.mark.untraced
def test_ours_pass_as_items():
    for _, check in running.items(bundled("almanac")[0], almanac(), explore=10):
        check()


def test_an_operation_that_is_not_there_is_named():
    with pytest.raises(UnknownName, match="almanac: no operation 'getBatches'; did you mean 'getBatch'"):
        sources.answers(load("almanac"), "getBatches")


# --- contracts stress ------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.contracts.consumers]\n", "utf-8")
    return tmp_path


@pytest.mark.untraced
def test_stress_of_ours(project):
    done = CliRunner().invoke(stress, ["--provider", "almanac", "--explore", "5"])
    assert "impossible" not in done.output
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert lines[0] == (
        "contracts.providers.almanac:normalize   almanac getBatch 200   takes json · refuses with NormalizationError"
    )
    assert lines[-2:] == ["  not read      /status_label, /summary, /wiki_id", "keeps all 17 laws"]


def test_stress_of_a_registered_consumer_as_json(project):
    (project / "app_reader.py").write_text(
        "def parse(payload):\n    return payload['status'].lower()\n", "utf-8"
    )
    (project / "pyproject.toml").write_text(
        '[tool.contracts.consumers."app_reader:parse"]\nprovider = "almanac"\nrefuses = ["KeyError", "TypeError"]\n',
        "utf-8",
    )
    done = CliRunner().invoke(stress, ["--explore", "0", "--format", "json"])
    assert done.exit_code == 1
    told = json.loads(done.output)
    assert (told["consumer"], told["answer"], told["read"]) == (
        "app_reader:parse",
        "almanac getBatch 200",
        ["/status"],
    )
    assert {one["law"] for one in told["broken"]} == {"total", "no-lie"}
    assert "key-order" in told["kept"]
    assert (told["points"]["not_shown"], told["points"]["not_modelled"]) == ({}, [])
    assert "$.summary~lone-surrogate" in told["points"]["impossible"]
    replays = sorted((project / "specs" / "almanac" / "replays").glob("*.json"))
    assert [one["replay"] for one in told["broken"] if one["replay"]]
    assert replays


def test_stress_says_which_points_no_value_can_show(project):
    done = CliRunner().invoke(stress, ["--provider", "almanac", "--explore", "0", "--points"])
    lines = done.output.splitlines()
    assert sum(line.startswith("  covers        ") for line in lines) == 1
    assert (
        "  impossible    $.summary~lone-surrogate: no JSON text carries it: half of a surrogate pair stands alone"
        in lines
    )
    assert "  impossible    $.source_count~half: not a whole number" in lines


def test_stress_says_what_it_needs(project):
    assert CliRunner().invoke(stress, ["a:b"]).exit_code == 2
    nothing = CliRunner().invoke(stress, [])
    assert (nothing.exit_code, "no consumers" in nothing.output) == (3, True)
    with pytest.raises(ConfigError, match="no provider 'acme'"):
        CliRunner().invoke(stress, ["--provider", "acme"], catch_exceptions=False)


# --- contracts normalize ---------------------------------------------------------------------------------------------


def test_normalize_prints_one_table_for_all_vendors(project):
    for vendor in ("matil", "nimble", "wickson"):
        (project / f"{vendor}.json").write_text(json.dumps(plain(vendor)), "utf-8")
    (project / "broken.json").write_text('{"detail": []}', "utf-8")
    done = CliRunner().invoke(
        normalize,
        ["matil=matil.json", "nimble=nimble.json", "wickson=wickson.json", "llamacloud=broken.json"],
    )
    assert done.exit_code == 1
    assert done.output.splitlines() == [
        "provider    id                                    state      outcome  progress  items                created            file",
        "matil       3c90c3cc-0d44-4b50-8888-8dd25736052a  completed  partial            1 of 2, 1 failed     2023-11-07 05:31Z  matil.json",
        "nimble      4b0a90bf                              completed  partial  100%      1 of 2, 1 failed     2024-01-15 10:30Z  nimble.json",
        "wickson     batch-abc123                          running    unknown  42.5%     85 of 200, 3 failed  2024-12-18 10:00Z  wickson.json",
        "llamacloud  not a batch: /status: expected a string, found nothing  broken.json",
    ]


def test_normalize_one_batch_with_its_details(project):
    (project / "a.json").write_text(json.dumps(plain("wickson", progress={"total": 0})), "utf-8")
    done = CliRunner().invoke(normalize, ["--provider", "wickson", "a.json"])
    assert done.exit_code == 0
    assert done.output.splitlines()[2:] == [
        "name      Monthly Reports Processing",
        "error     format_error ×2 (Ensure file is in a supported format)",
        "doubt     the list holds 1 item, more than the total of 0",
    ]
    (project / "b.json").write_text(json.dumps(plain("matil")), "utf-8")
    assert (
        "webhook   'batch.completed' was not delivered: 'timeout'"
        in CliRunner().invoke(normalize, ["matil=b.json"]).output
    )


def test_normalize_reads_recordings_by_their_requests(project):
    home = load("almanac").home / "cassettes" / "getBatch"
    done = CliRunner().invoke(
        normalize, ["--format", "json", str(home / "200-queued.json"), str(home / "404-unknown-batch.json")]
    )
    first, second = map(json.loads, done.output.splitlines())
    assert (first["provider"], first["state"], first["raw_state"]) == ("almanac", "running", "queued")
    assert second == {
        "provider": "almanac", "file": "404-unknown-batch.json",
        "not_a_batch": "status 404: not an answer with a batch in it",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "given", "code", "text"),
    [
        (
            ["-", "--provider", "matil"],
            "{",
            1,
            "not a batch: not JSON at line 1, column 2; it starts with '{'",
        ),
        (["none.json"], "", 2, "none.json: no such file"),
        (["--provider", "matil", "empty.har"], "", 3, "no answer with a batch in it"),
    ],
)
def test_normalize_says_what_it_needs(project, arguments, given, code, text):
    (project / "empty.har").write_text(
        '{"log": {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": []}}', "utf-8"
    )
    done = CliRunner().invoke(normalize, arguments, input=given)
    assert (done.exit_code, text in done.output) == (code, True), done.output


def test_normalize_asks_whose_a_bare_body_is(project):
    (project / "a.json").write_text(json.dumps(plain("matil"), indent=1), "utf-8")
    with pytest.raises(
        ConfigError, match=r"a.json: whose answer is it\? Name the provider: --provider, or PROVIDER=FILE"
    ):
        CliRunner().invoke(normalize, ["a.json"], catch_exceptions=False)
    with pytest.raises(ConfigError, match="standard input: whose answer is it"):
        CliRunner().invoke(normalize, ["-"], input="{}", catch_exceptions=False)
