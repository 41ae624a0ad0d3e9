"""`contracts normalize` from outside: exact text for what people have in their hands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli.normalize import normalize
from contracts.errors import ConfigError, UnknownName
from tests.providers.payloads import VENDORS, plain

SPECS = Path(__file__).parents[2] / "specs"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command in a folder that holds a body of every vendor; gives exit code and lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for vendor in VENDORS:
        Path(f"{vendor}.json").write_text(json.dumps(plain(vendor)))

    def call(*arguments, stdin=None):
        done = CliRunner().invoke(normalize, arguments, input=stdin, catch_exceptions=True)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.output.splitlines()

    return call


MANY = tuple(f"{vendor}={vendor}.json" for vendor in VENDORS)


def test_many_batches_of_many_vendors_are_one_table(run):
    assert run(*MANY) == (0, [
        "provider    id                                    state                  outcome    progress  items                created            file",
        "almanac     a7a0da4a                              completed              succeeded            ? of 2               2026-11-22 00:20Z  almanac.json",
        "llamacloud  bat-1                                 completed (COMPLETED)  unknown              ? of 2               2019-12-27 18:11Z  llamacloud.json",
        "matil       3c90c3cc-0d44-4b50-8888-8dd25736052a  completed              partial              1 of 2, 1 failed     2023-11-07 05:31Z  matil.json",
        "nimble      4b0a90bf                              completed              partial    100%      1 of 2, 1 failed     2024-01-15 10:30Z  nimble.json",
        "wickson     batch-abc123                          running                unknown    42.5%     85 of 200, 3 failed  2024-12-18 10:00Z  wickson.json",
    ])  # fmt: skip


def test_a_narrow_terminal_loses_columns_before_ids(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    assert run(*MANY[:3])[1] == [
        "provider    id                                    state                  outcome    items             file",
        "almanac     a7a0da4a                              completed              succeeded  ? of 2            almanac.json",
        "llamacloud  bat-1                                 completed (COMPLETED)  unknown    ? of 2            llamacloud.json",
        "matil       3c90c3cc-0d44-4b50-8888-8dd25736052a  completed              partial    1 of 2, 1 failed  matil.json",
    ]
    monkeypatch.setenv("COLUMNS", "20")
    assert (
        run("matil=matil.json")[1][1]
        == "matil     3c90c3cc-0d…  completed  partial  1 of 2, 1 failed  matil.json"
    )


def test_one_batch_is_told_in_full(run):
    assert run("-p", "wickson", "wickson.json")[1][2:] == [
        "name      Monthly Reports Processing",
        "error     format_error ×2 (Ensure file is in a supported format)",
    ]
    Path("odd.json").write_text(json.dumps(plain("matil", completed_items=9)))
    assert run("matil=odd.json")[1][2:] == [
        "webhook   'batch.completed' was not delivered: 'timeout'",
        "doubt     the completed and failed items are more than the total",
    ]
    assert run("matil=odd.json", "matil=odd.json")[1][3:] == [
        "doubt     odd.json: the completed and failed items are more than the total",
        "doubt     odd.json: the completed and failed items are more than the total",
    ]


def test_hostile_words_are_harmless(run):
    Path("x\x1b[31m.json").write_text(
        json.dumps(
            plain(
                "wickson", batch_name="\x1b[31m\u202ename\n::error::x", batch_id="\x1b[2Jid", status="a\x07b"
            )
        )
    )
    assert run("-p", "wickson", "x\x1b[31m.json") == (0, [
        "provider  id         state             outcome  progress  items                created            file",
        r"wickson   \x1b[2Jid  unknown (a\x07b)  unknown  42.5%     85 of 200, 3 failed  2024-12-18 10:00Z  x\x1b[31m.json",
        r"name      \x1b[31m\u202ename\n::error::x",
        "error     format_error ×2 (Ensure file is in a supported format)",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "an empty body is not JSON"),
        (b'{"status": ', "not JSON at line 1, column 12; it starts with '{\"status\": '"),
        (b"<html>502</html>", "not JSON at line 1, column 1; it starts with '<html>502</html>'"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"[]", "/: expected an object, found an empty list"),
        (b'{"batch_id": "a", "batch_id": "b"}', "the key 'batch_id' is there more than once"),
        (b'{"error": "NOT_FOUND", "message": ""}', "/status: expected a string, found nothing"),
    ],
)
def test_what_is_no_batch_is_said_in_its_row(run, body, problem):
    Path("a.json").write_bytes(body)
    assert run("-p", "matil", "a.json") == (1, [
        "provider  id  state  outcome  progress  items  created  file",
        f"matil     not a batch: {problem}  a.json",
    ])  # fmt: skip
    code, lines = run("-p", "matil", "--format", "json", "a.json")
    assert (code, json.loads(lines[0])) == (
        1,
        {"provider": "matil", "file": "a.json", "not_a_batch": problem},
    )


def test_a_byte_order_mark_hides_nothing(run):
    Path("a.json").write_bytes(b"\xef\xbb\xbf" + json.dumps(plain("matil")).encode())
    assert run("-p", "matil", "a.json")[0] == 0


def test_json_lines_are_one_batch_a_line(run):
    lines = [json.dumps(plain("matil", batch_id=name)) for name in "ab"]
    Path("many.jsonl").write_text(f"{lines[0]}\n\n{lines[1]}\n")
    code, shown = run("-p", "matil", "many.jsonl")
    assert code == 0
    assert [line.split()[1] for line in shown[1:]] == ["a", "b"]
    assert [line.split()[-1] for line in shown[1:]] == ["many.jsonl:1", "many.jsonl:3"]


def test_json_output_is_one_canonical_document_a_line(run):
    code, lines = run("--format", "json", *MANY)
    assert code == 0
    assert [json.loads(line)["provider"] for line in lines] == list(VENDORS)


def test_standard_input_may_hold_a_body_or_a_recording(run):
    assert run("-p", "matil", "-", stdin=json.dumps(plain("matil")))[1][1].endswith("  standard input")
    recording = (SPECS / "wickson/cassettes/getBatch/200-paused.json").read_text("utf-8")
    assert run("-", stdin=recording)[1][1].startswith("wickson   batch-abc123  paused ")


def test_a_recording_says_whose_answer_it_is_by_its_server():
    """Two vendors have the same path; the server tells them apart."""
    folders = [str(SPECS / vendor / "cassettes") for vendor in VENDORS]
    done = CliRunner().invoke(normalize, ["--format", "json", *folders])
    told = [json.loads(line) for line in done.output.splitlines()]
    assert len(told) >= 40
    for one in told:
        if "not_a_batch" in one:
            assert one["not_a_batch"].endswith("not an answer with a batch in it")
            assert not one["file"].startswith("200")


def test_a_server_that_nobody_knows_leaves_it_open(run):
    text = (SPECS / "wickson/cassettes/getBatch/200-paused.json").read_text("utf-8")
    Path("staging.json").write_text(text.replace("api.wickson.ai", "staging.example"))
    assert run("staging.json")[1][1] == (
        "?         not a batch: 'staging.example' is no known vendor's server; name one: --provider  staging.json"
    )
    assert run("wickson=staging.json")[0] == 0


def test_a_recording_that_breaks_off_has_told_what_came_before(run):
    Path("a.har").write_text('{"log": {"entries": [{"request"')
    code, lines = run("a.har", "matil=matil.json")
    assert (code, len(lines)) == (1, 3)
    assert lines[1].startswith("?         not a batch: ")


def test_a_folder_stands_for_its_files(run):
    Path("deep").mkdir()
    Path("deep/matil.json").write_text(json.dumps(plain("matil")))
    Path("deep/notes.txt").write_text("nothing")
    code, lines = run("-p", "matil", "deep")
    assert (code, len(lines)) == (0, 3)
    assert run("deep") == (3, ["no answer with a batch in it"])


def test_what_cannot_be_read_is_said_with_the_next_step(run):
    assert run("-p", "matil", "none.json") == (2, [
        "Usage: normalize [OPTIONS] [PROVIDER=]FILE...",
        "Try 'normalize --help' for help.",
        "",
        "Error: none.json: no such file",
    ])  # fmt: skip
    with pytest.raises(ConfigError, match=r"matil\.json: whose answer is it"):
        run("matil.json")
    with pytest.raises(UnknownName, match="no provider 'matl'; did you mean 'matil'"):
        run("matl=matil.json")
    with pytest.raises(UnknownName, match="no normalizer 'matl'; did you mean 'matil'"):
        run("-p", "matl", "matil.json")
