"""The commands from outside: exit codes, one process for many pairs, providers, history."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli.drift import drift
from contracts.cli.history import history
from contracts.cli.observe import observe
from contracts.cli.upstream import update_provider
from contracts.cli.vendor import vendor
from contracts.drift.report.history import add, entry, events, timeline, what
from contracts.errors import ConfigError, ContractsError, SpecError
from contracts.model import Finding, Severity
from contracts.spec.provider import bundled, load

DOCUMENT = """openapi: 3.1.0
info: {{title: t, version: "1"}}
paths:
  /a:
    get:
      responses:
        "200":
          description: ok
          content: {{application/json: {{schema: {{type: string, maxLength: {most}}}}}}}
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A project of a user's, with two documents in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("")
    for most in (3, 9):
        (tmp_path / f"{most}.yaml").write_text(DOCUMENT.format(most=most))
    return tmp_path


def call(command, *arguments):
    done = CliRunner().invoke(command, [str(one) for one in arguments])
    return done.exit_code, done.output, done.exception


def test_two_documents(home):
    code, output, _ = call(drift, "3.yaml", "9.yaml")
    assert code == 1
    assert output.splitlines() == [
        "3.yaml → 9.yaml",
        "",
        "GET /a 200",
        "  error    /  may now have up to 9 characters, was at most 3   max-length-raised",
        '           "aaaa"',
        "",
        "1 error · contracts explain max-length-raised",
    ]
    assert call(drift, "3.yaml", "9.yaml", "--fail-on", "never")[0] == 0
    assert call(drift, "9.yaml", "3.yaml")[0] == 0
    assert call(drift, "9.yaml", "3.yaml", "--fail-on", "note")[0] == 1
    assert call(drift, "3.yaml", "3.yaml")[:2] == (
        0,
        "3.yaml → 3.yaml\nno drift: the two documents say the same\n",
    )


@pytest.mark.parametrize("form", ["json", "markdown", "html", "sarif"])
def test_every_format(home, form):
    code, output, _ = call(drift, "3.yaml", "9.yaml", "--format", form, "--verify")
    assert code == 1
    assert "max-length-raised" in output


def test_many_pairs_in_one_process(home):
    rows = [
        {"id": "up", "base": "3.yaml", "revision": "9.yaml"},
        {"id": "down", "base": "9.yaml", "revision": "3.yaml"},
        {"id": "lost", "base": "3.yaml", "revision": "none.yaml"},
    ]
    Path("pairs.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n")
    code, output, _ = call(drift, "--pairs", "pairs.jsonl")
    up, down, lost = map(json.loads, output.splitlines())
    assert code == 2
    assert [one["rule"] for one in up["findings"]] == ["max-length-raised"]
    assert up["findings"][0]["witness"] == '"aaaa"'
    assert up["findings"][0]["revision"] == {"file": "9.yaml", "line": 9}
    assert (down["id"], [one["severity"] for one in down["findings"]]) == ("down", ["note"])
    assert lost["error"].endswith("none.yaml: no such file or directory")
    Path("pairs.jsonl").write_text('{"id": 1}\n')
    assert isinstance(call(drift, "--pairs", "pairs.jsonl")[2], ConfigError)
    Path("pairs.jsonl").write_text("no\n")
    assert isinstance(call(drift, "--pairs", "pairs.jsonl")[2], ConfigError)


def test_what_is_wanted_is_said(home):
    assert call(drift)[0] == 2
    assert "name the newer document with --against FILE or --live" in str(call(drift, "nimble")[2])
    assert "names no address" in str(call(drift, "almanac")[2])
    assert "no address of a document to fetch" in str(call(drift, "almanac", "--live")[2])
    assert "no provider 'nimbel'; did you mean 'nimble'?" in str(call(drift, "nimbel", "--live")[2])
    assert isinstance(call(drift, "gone.yaml", "9.yaml")[2], ConfigError)


def newer(home, provider, file, *edits):
    """Write a newer version of a vendored document."""
    text = (bundled() / provider / "upstream" / file).read_text("utf-8")
    for old, new in edits:
        assert old in text
        text = text.replace(old, new)
    path = home / file
    path.write_text(text, "utf-8")
    return path


STATE = ("                      - pending", "                      - pending\n                      - paused")


def test_a_provider_against_its_newer_page(home):
    page = newer(home, "nimble", "get-batch-details.md", STATE)
    code, output, _ = call(drift, "nimble", "--against", page, "--no-impact")
    assert code == 0
    lines = output.splitlines()
    assert lines[0].startswith("nimble   upstream/get-batch-details.md, retrieved 2026-11-21 → ")
    assert lines[2:4] == [
        "GET /v1/batches/{batch_id} 200",
        "  warning  /tasks/*/state  may now be 'paused'   enum-value-added",
    ]
    code, output, _ = call(
        drift, "nimble", "--against", page, "--no-impact", "--format", "json", "--tolerance", "strict"
    )
    one = next(one for one in json.loads(output)["findings"] if one["rule"] == "enum-value-added")
    assert code == 1
    assert (one["provider"], one["since"], one["provenance"]) == ("nimble", "2026-11-21", "published")


ERROR = """                  error:
                    description: Error message if the task failed.
                    examples:
                      - Connection timeout
                    type: string
"""


def test_a_field_that_is_gone_is_a_warning_once_somebody_read_it(home):
    page = newer(home, "nimble", "get-batch-details.md", (ERROR, ""))

    def line(*more):
        output = call(drift, "nimble", "--against", page, *more)[1]
        return next(row.strip() for row in output.splitlines() if row.endswith("   property-refused"))

    assert line("--no-impact").startswith("note     /tasks/*/error  is gone from an object that is closed   ")
    said = line()
    assert said.startswith("warning")
    assert "is closed, but is read by contracts." in said
    cassettes = home / "specs" / "nimble" / "cassettes" / "getBatch"
    cassettes.mkdir(parents=True)
    made = json.loads(
        (bundled() / "nimble" / "cassettes" / "getBatch" / "200-task-error.json").read_text("utf-8")
    )
    made |= {"source": "recorded", "recorded_at": "2026-11-20T00:00:00Z"}
    (cassettes / "200-seen.json").write_text(json.dumps(made))
    assert "is closed, but stands in recordings   " in line("--no-impact")
    assert "is closed, but stands in recordings and is read by contracts." in line()


def test_a_page_that_is_no_longer_understood_is_said_with_its_text(home):
    page = home / "get-batch-details.md"
    page.write_text("# A new layout\n\nsoon")
    code, output, _ = call(drift, "nimble", "--against", page)
    assert code == 3
    assert "not understood, so nothing was compared: get-batch-details.md" in output
    assert "+# A new layout" in output
    assert "no drift" not in output


def test_a_document_is_scoped_to_the_operations_we_hold_a_contract_about(home):
    document = json.loads((bundled() / "nimble" / "upstream" / "openapi.json").read_text("utf-8"))
    paths = document["paths"]
    paths["/v2/batches/{batch_id}"] = paths.pop("/v1/batches/{batch_id}")
    gone = next(path for path in paths if "batch" not in path)
    del paths[gone]
    path = home / "openapi.json"
    path.write_text(json.dumps(document))
    code, output, _ = call(drift, "nimble", "--against", path, "--no-impact")
    assert code == 1
    assert "is now GET /v2/batches/{batch_id}, was GET /v1/batches/{batch_id}" in output
    assert gone not in output
    assert "about operations that this contract does not name" in output
    for form in ("json", "markdown", "html", "sarif"):
        output = call(drift, "nimble", "--against", path, "--no-impact", "--format", form)[1]
        assert "about operations that this contract does not name" in output


def test_the_same_bytes_and_foreign_files(home):
    same = newer(home, "matil", "get-batch.txt")
    assert "the document is the same, byte for byte" in call(drift, "matil", "--against", same)[1]
    foreign = home / "openapi.yaml"
    foreign.write_text(DOCUMENT.format(most=3))
    assert "not a newer version of what is vendored for matil" in str(
        call(drift, "matil", "--against", foreign)[2]
    )


def test_what_rests_on_an_example_is_at_most_a_warning(home):
    page = newer(home, "matil", "get-batch.txt", ('"total_items": 123', '"total_items": "many"'))
    code, output, _ = call(drift, "matil", "--against", page, "--no-impact", "--format", "json")
    found = [one for one in json.loads(output)["findings"] if one["rule"] == "type-changed"]
    assert code == 0
    assert {one["severity"] for one in found} <= {"warning"}


def test_taking_a_document_in_writes_history_and_keeps_the_rest(home):
    page = newer(home, "nimble", "get-batch-details.md", STATE)
    said = list(update_provider("nimble", page, "2026-11-25"))
    assert said == ["took upstream/get-batch-details.md into specs/nimble: 2 findings, see HISTORY.md"]
    vendored = home / "specs" / "nimble"
    assert (vendored / "upstream" / "get-batch-details.md").read_bytes() == page.read_bytes()
    assert "paused" in (vendored / "openapi.yaml").read_text("utf-8")
    manifest = load("nimble", home).manifest
    assert manifest.retrieved == "2026-11-25"
    text = (vendored / "HISTORY.md").read_text("utf-8")
    assert text.startswith("# History of Nimble\n\n## 2026-11-25\n\nupstream/get-batch-details.md · sha256 ")
    code, output, _ = call(history, "nimble", "--field", "state")
    assert code == 0
    assert "  2026-11-25  changed     may now be 'paused'" in output.splitlines()
    assert json.loads(call(history, "nimble", "--format", "json")[1])[0]["rule"] == "enum-value-added"
    assert "nothing recorded" in call(history, "nimble", "--field", "nowhere")[1]
    again = newer(home, "nimble", "get-batch-details.md", STATE, ("paused", "held"))
    list(update_provider("nimble", again, "2026-12-01"))
    days = [event.day for event in events((vendored / "HISTORY.md").read_text("utf-8"))]
    assert days == sorted(days)
    assert set(days) == {"2026-11-25", "2026-12-01"}


def test_the_vendor_door_takes_a_document_in(home):
    from contracts.cli.vendor import vendor

    page = newer(home, "nimble", "get-batch-details.md", STATE)
    code, output, _ = call(vendor, "--update", "nimble", page)
    assert (code, output.splitlines()[0][:48]) == (0, "took upstream/get-batch-details.md into specs/ni")
    assert call(vendor, "--update", "nimble", "gone.md")[0] == 2
    (home / "pyproject.toml").write_text('[tool.contracts]\ntolerance = "strict"\n')
    again = newer(home, "nimble", "get-batch-details.md", ("- pending", "- held"))
    assert call(drift, "nimble", "--against", again, "--no-impact")[0] == 1


def test_an_overlay_that_no_longer_applies_stops_the_update(home):
    overlay = "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - target: $.paths['/gone']\n    x-reason: r\n    x-evidence: e\n    update: {get: {}}\n"
    shutil.copytree(bundled() / "nimble", home / "specs" / "nimble")
    page = newer(home, "nimble", "get-batch-details.md", STATE)
    before = (home / "specs" / "nimble" / "openapi.yaml").read_bytes()
    (home / "specs" / "nimble" / "overlay.yaml").write_text(overlay)
    with pytest.raises((SpecError, ConfigError)):
        list(update_provider("nimble", page, "2026-11-25"))
    assert (home / "specs" / "nimble" / "openapi.yaml").read_bytes() == before
    page.write_text("# nothing")
    with pytest.raises(ContractsError):
        list(update_provider("nimble", page, "2026-11-25"))


def test_a_history_is_read_back():
    def finding(rule, message, pointer="/a"):
        return Finding(
            rule=rule,
            severity=Severity.NOTE,
            message=message,
            operation="GET /x",
            status="200",
            pointer=pointer,
        )

    first = add("", "Acme", entry([finding("property-added", "is new")], "2026-01-01", "a.json"))
    second = add(
        first,
        "Acme",
        entry(
            [finding("deprecated", "is now deprecated"), finding("title-changed", "t")],
            "2026-02-01",
            "a.json",
        ),
    )
    third = add(second, "Acme", entry([], "2026-03-01", "a.json"))
    assert third.count("# History of Acme") == 1
    assert "- nothing that binds" in third
    assert "- 1 change of documentation" in third
    assert list(timeline(events(third))) == [
        "GET /x 200 /a",
        "  2026-01-01  introduced  is new",
        "  2026-02-01  deprecated  is now deprecated",
    ]
    assert list(timeline(events(third), "/b")) == []
    assert [what(rule) for rule in ("operation-moved", "required-property-removed", "type-changed", "enum-value-removed")] == [
        "moved", "removed", "changed", "changed",
    ]  # fmt: skip


def test_observing_from_the_command_line(home):
    rows = [
        {
            "method": "GET",
            "url": "https://sdk.nimbleway.com/v1/batches/b1",
            "status": 200,
            "recorded_at": f"2026-11-{day}T00:00:00Z",
            "body": {"id": "x", "eta": 1},
        }
        for day in (20, 21)
    ]
    Path("log.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nnot json\n")
    code, output, _ = call(observe, "log.jsonl", "--output", "observed.json")
    assert code == 0
    assert "GET sdk.nimbleway.com/v1/batches/b1 200   2 answers, 2026-11-20 to 2026-11-21, 3 fields" in output
    call(observe, "observed.json", "--output", "observed.json")
    days = json.loads(Path("observed.json").read_text())["operations"][
        "GET sdk.nimbleway.com/v1/batches/b1 200"
    ]["days"]
    assert days == {"2026-11-20": 2, "2026-11-21": 2}
    code, output, _ = call(observe, "--provider", "nimble", "log.jsonl", "--save", "--format", "json")
    assert '"observed-undescribed"' in output
    assert (home / "specs" / "nimble" / "observed.json").is_file()
    code, output, _ = call(observe, "--provider", "nimble", "log.jsonl", "--overlay")
    assert "overlay: 1.0.0" in output
    assert call(observe)[0] == 2
    Path("empty.jsonl").write_text('{"url": "https://x.test/1", "status": 0}\n')
    assert call(observe, "empty.jsonl")[0] == 3


LISTED = """openapi: 3.1.0
info: {title: t, version: "1"}
servers: [{url: "https://api.acme.example"}]
paths:
  /jobs:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {type: object, properties: {data: {type: array, items: {$ref: "#/components/schemas/Job"}}}}}}}}}
  /jobs/{id}:
    get: {responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Job"}}}}}}
components: {schemas: {Job: {type: object, properties: {at: {type: integer}}}}}
"""


def test_a_place_is_told_with_the_operation_whose_place_it_is(home):
    old, new = home / "old.yaml", home / "new.yaml"
    old.write_text(LISTED)
    new.write_text(LISTED.replace("at: {type: integer}", "at: {type: string}"))
    assert call(vendor, "--add", "acme", old)[0] == 0
    output = call(drift, "acme", "--against", new, "--format", "json")[1]
    (found,) = json.loads(output)["findings"]
    assert (found["operation"], found["pointer"]) == ("GET /jobs/{id}", "/at")
    assert found["places"] == ["GET /jobs 200", "GET /jobs/{id} 200"]
