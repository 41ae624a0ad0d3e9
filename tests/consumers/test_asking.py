"""Consumers that are no functions of one payload, hang, leave or print: a sentence or a finding, never a traceback."""

from __future__ import annotations

import importlib
import io
import json
import re
import sys

import pytest
from click.testing import CliRunner

from contracts.cli.stress import _progress, stress
from contracts.consumers import consumer as consumers
from contracts.consumers import sources
from contracts.consumers.consumer import Consumer, Manner, meet
from contracts.consumers.impact import Documents, Verdict, impact_of
from contracts.consumers.stress import run as running
from contracts.errors import ConfigError, GenerationError
from contracts.model import Finding, Severity
from contracts.spec.provider import load
from tests import acme

APP = """
import sys, time

def parse(payload):
    return {"id": payload["batch_id"], "state": payload["status"]}

async def later(payload):
    return payload

def awaits(payload):
    return later(payload)

def two(payload, strict):
    return payload

def waits(payload):
    while True:
        try:
            time.sleep(0.001)
        except Exception:
            pass

def leaves(payload):
    if payload["status"] == "failed":
        sys.exit("failed")
    return payload["batch_id"]

def prints(payload):
    print("seen")
    return payload["batch_id"]

def each(payload):
    yield payload["batch_id"]
    yield payload["status"]

class Reader:
    def __call__(self, payload):
        return payload["status"]

reader = Reader()
number = 3
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    (tmp_path / "asking_app.py").write_text(APP, "utf-8")
    (tmp_path / "asking_bad.py").write_text("\n1 / 0\n", "utf-8")
    (tmp_path / "asking_syntax.py").write_text("def f(:\n", "utf-8")
    (tmp_path / "asking_leaves.py").write_text("import sys\nsys.exit(3)\n", "utf-8")
    return tmp_path


def told(name, *options, code=1):
    arguments = [name, "-p", "almanac", "--explore", "0", "--no-replay", *options]
    done = CliRunner().invoke(stress, arguments, catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done.output.splitlines()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("asking_app:later", "'asking_app:later' is async; name a function that runs it, with asyncio.run"),
        ("asking_app:two",
         "'asking_app:two' cannot be called with one payload: missing a required argument: 'strict'"),
        ("asking_app:number", "'asking_app:number' cannot be called"),
        ("asking_app:parze", "'asking_app:parze': asking_app has no 'parze'; did you mean 'parse'?"),
        ("asking_bad:f",
         r"'asking_bad:f' cannot be imported: ZeroDivisionError at .*/asking_bad.py:2: division by zero"),
        ("asking_syntax:f",
         "'asking_syntax:f' cannot be imported: SyntaxError at asking_syntax.py:1: invalid syntax"),
        ("asking_leaves:f", "'asking_leaves:f' cannot be imported: SystemExit at .*/asking_leaves.py:2: 3"),
        ("asking_none:f", "'asking_none:f' cannot be imported: No module named 'asking_none'"),
    ],
)  # fmt: skip
def test_a_name_that_leads_to_no_consumer(project, name, message):
    with pytest.raises(ConfigError, match=f"^{message.replace('?', '[?]')}$"):
        told(name)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ("false", "no JSON value satisfies the schema"),
        ("{$ref: '#/components/schemas/Batch', not: {}}", "no JSON value satisfies the schema"),
    ],
)
def test_an_answer_that_has_no_payloads_is_named(project, schema, message):
    spec = acme.write(project) / "openapi.yaml"
    before, after = acme.SPEC.split('              schema: {$ref: "#/components/schemas/Batch"}\n')
    spec.write_text(f"{before}              schema: {schema}\n{after}", "utf-8")
    with pytest.raises(GenerationError, match=f"^acme getBatch 200: .*{re.escape(message)}"):
        told("asking_app:parse", "-p", "acme")


def test_a_consumer_that_hangs_is_given_no_more(project, monkeypatch):
    monkeypatch.setattr(consumers, "TIME_LIMIT", 0.05)
    lines = told("asking_app:waits")
    assert lines[1] == "  covering      1 payload: crashes 1"
    assert any("TookTooLong at" in line and line.endswith("no answer within 0.05 s   ×1") for line in lines)
    assert any(line.startswith("  stopped       it does not come back: ") for line in lines)
    assert lines[-3].endswith(": it does not come back")
    assert lines[-2:] == [
        "  reads         cannot be determined: it does not come back",
        "breaks 1 law of 4 in 1 way",
    ]


def test_items_of_a_consumer_that_hangs_are_not_run_one_by_one(monkeypatch):
    monkeypatch.setattr(consumers, "TIME_LIMIT", 0.05)

    def wait(_):
        while True:
            pass

    one = Consumer(id="mine:wait", provider="almanac", function=wait)
    failures = []
    for _, check in list(running.items(one, sources.answers(load("almanac"))))[:5]:
        with pytest.raises(running.Stumbled) as caught:
            check()
        failures.append(str(caught.value))
    assert "TookTooLong" in failures[0]
    assert failures[1:] == ["mine:wait does not come back from other payloads, and is not asked"] * 4


def test_a_consumer_that_leaves_the_process_is_a_finding(project):
    lines = told("asking_app:leaves")
    assert any("SystemExit at" in line and "asking_app.py:25: failed" in line for line in lines)
    assert lines[-1].startswith("breaks 1 law of ")


def test_what_a_consumer_prints_is_counted_and_not_shown(project):
    lines = told("asking_app:prints")
    assert "seen" not in lines
    assert lines[-2].startswith("  prints        ")
    assert lines[-2].endswith(" lines, not shown")
    document = json.loads("\n".join(told("asking_app:prints", "--format", "json")))
    assert document["not_asked"]["renamed-ids"] == "no view"
    assert document["not_met"] == 0


def test_a_coroutine_and_a_generator():
    async def later(payload):
        return payload

    one = Consumer(id="mine", provider="almanac", function=later)
    met = meet(one, {})
    assert (met.manner, met.error) == (Manner.CRASHED, "TypeError")
    assert met.message == "it gives a coroutine; name a function that awaits it"
    several = Consumer(id="mine", provider="almanac", function=lambda payload: (key for key in payload))
    assert meet(several, {"a": 1, "b": 2}).view == ["a", "b"]


@pytest.mark.parametrize("wide", [10_000_001, 2**40])
def test_an_answer_that_is_too_large_to_be_kept_is_a_crash(wide):
    met = meet(Consumer(id="bar", provider="acme", function=lambda _: "#" * wide), {})
    assert (met.manner, met.error) == (Manner.CRASHED, "MemoryError")
    assert met.answer is None


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much memory is in use")
def test_no_more_than_a_gigabyte_is_taken_for_a_payload_and_the_limit_is_put_back():
    resource = importlib.import_module("resource")
    before = resource.getrlimit(resource.RLIMIT_DATA)
    met = meet(Consumer(id="sum", provider="acme", function=lambda _: len(bytearray(3 << 30))), {})
    assert (met.manner, met.error) == (Manner.CRASHED, "MemoryError")
    assert resource.getrlimit(resource.RLIMIT_DATA) == before


@pytest.mark.untraced
def test_a_callable_object_and_a_view_of_python_itself(project):
    assert told("asking_app:reader")[-1].startswith("breaks ")
    lines = told("asking_app:parse", "--view", "builtins:dict")
    assert not any("no view" in line for line in lines)
    hint = "  hint          if KeyError or TypeError is how it refuses, say so: --refuses"
    assert hint in lines
    assert "  not asked     well-formed, round-trip: its answer is no Batch" in lines


def test_a_refusal_is_declared(project):
    lines = told(
        "asking_app:parse", "--refuses", "KeyError", "--refuses", "TypeError", "--unknown", "?", code=0
    )
    assert lines[0].endswith("refuses with KeyError, TypeError")
    assert lines[-1].startswith("keeps all ")


def test_options_of_a_function_need_a_function(project):
    done = CliRunner().invoke(stress, ["-p", "almanac", "--refuses", "KeyError"])
    assert (done.exit_code, "are for functions named here" in done.output) == (2, True)


def test_on_a_terminal_it_says_how_far_it_is(project, monkeypatch):
    class Screen(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr("contracts.cli.stress.EVERY", 0.0)
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    with _progress("text") as progress:
        progress("covering", 3)
    assert screen.getvalue() == "\rcovering 3\x1b[K\r\x1b[K"
    with _progress("json") as progress:
        progress("covering", 3)
    assert screen.getvalue().count("covering") == 1


def test_what_changes_do_to_a_consumer_that_hangs_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(consumers, "TIME_LIMIT", 0.05)
    finding = Finding(rule="x", severity=Severity.ERROR, message="m", direction="response", part="body",
                      status="200", operation="GET /x", pointer="/status")  # fmt: skip

    def sometimes(payload):
        while payload["status"] == "failed" or len(payload) > 11:
            pass
        return payload["status"]

    def documents(*words):
        properties = {"status": {"enum": ["ready", *words]}}
        schema = {"type": "object", "required": ["status"], "properties": properties}
        answer = {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}
        return {"paths": {"/x": {"get": answer}}}

    one = Consumer(id="mine:wait", provider="almanac", function=sometimes)
    (found,) = impact_of([finding], [(one, "GET /x")], Documents(documents(), documents("failed")))
    assert (found.verdict, found.payload) == (Verdict.BREAKS, {"status": "failed"})
    with pytest.raises(ConfigError, match=r"mine:wait: no answer within 0\.05 s to what the vendor promised"):
        list(
            impact_of(
                [finding], [(one, "GET /x")], Documents(documents("failed"), documents("failed", "new"))
            )
        )


def test_a_kept_lie_is_a_lie_again(tmp_path):
    found = sources.answers(load("almanac"))
    one = Consumer(
        id="mine:lie", provider="almanac", function=lambda p: {"done": p.get("status") == "completed"},
        refuses=(AttributeError,),
    )  # fmt: skip
    first = running.run_consumer(one, found, folder=tmp_path)
    lies = {key for key in first.state.stumbles if key[0] == "no-lie" and first.replays.get(key)}
    assert lies
    again = [
        label
        for label, check in running.items(one, found, folder=tmp_path)
        if label.startswith("no-lie") and _fails(check)
    ]
    assert sorted(again) == sorted({first.replays[key] for key in lies})


def _fails(check):
    try:
        check()
    except running.Stumbled:
        return True
    return False
