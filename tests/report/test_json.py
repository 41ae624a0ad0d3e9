"""The JSON form follows the published schema, key by key, and says the same twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from contracts.errors import UnknownName
from contracts.model import Finding, Report
from contracts.report import FORMATS, render
from tests.report.reports import big, hostile, sample

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "specs" / "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)


def document(report):
    return json.loads("\n".join(render("json", report)))


@pytest.mark.parametrize(
    "report", [sample(), Report(), big(120), hostile("x")], ids=["sample", "empty", "big", "odd"]
)
def test_the_schema_holds(report):
    Draft202012Validator.check_schema(SCHEMA)
    VALIDATOR.validate(document(report))


def ordered(value, schema):
    """Every object's keys stand in the order of its schema, and none is missing."""
    schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    if isinstance(value, dict):
        assert list(value) == list(schema["properties"])
        for key, item in value.items():
            ordered(item, schema["properties"][key])
    elif isinstance(value, list) and isinstance(schema.get("items"), dict):
        for item in value:
            ordered(item, schema["items"])


def test_keys_stand_in_the_order_of_the_schema():
    ordered(document(sample()), SCHEMA)


def test_every_field_of_a_finding_is_published():
    published = set(SCHEMA["$defs"]["finding"]["properties"])
    assert published == {*Finding.__dataclass_fields__, "fingerprint"}


def test_one_finding_a_line_and_the_facts_arrive():
    text = "\n".join(render("json", sample()))
    assert sum('"fingerprint"' in line for line in text.splitlines()) == 7
    found = document(sample())
    assert found["summary"] == {
        "verdict": "violates",
        "interactions": 5,
        "conforms": 3,
        "violates": 1,
        "inconclusive": 1,
        "not_judged": 1,
        "errors": 3,
        "warnings": 2,
        "notes": 1,
        "waived": 1,
    }
    drift = found["findings"][1]
    assert (drift["base"], drift["since"]) == ({"file": "specs/matil/openapi.yaml", "line": 31}, "2026-11-22")
    assert drift["witness"] == '{"status":"ARCHIVED"}'
    assert found["assessments"][0]["curl"].startswith('curl -sS -H "x-api-key: $MATIL_API_KEY" ')


def test_lines_of_jsonl_add_up_to_the_document():
    records = [json.loads(line) for line in render("jsonl", sample())]
    kinds = [record.pop("kind") for record in records]
    assert kinds.count("finding") == 7
    assert kinds.count("assessment") == 5
    whole = document(sample())
    assert records[0] == {"version": 1, **whole["summary"]}
    assert [record["share"] for kind, record in zip(kinds, records, strict=True) if kind == "coverage"] == [
        0.8043,
        0.8,
    ]
    assert records[-1] == {"message": "wickson: skipped, WICKSON_API_KEY is not set"}


PROGRAM = """
import hashlib, sys
from tests.report.reports import big, sample
from contracts.report import FORMATS, render
for name in FORMATS:
    text = "".join(line + "\\n" for report in (sample(), big(300)) for line in render(name, report))
    print(name, hashlib.sha256(text.encode()).hexdigest())
"""


def test_every_format_is_equal_over_hash_seeds():
    outputs = set()
    for seed, zone in (("0", "UTC"), ("77", "Asia/Tokyo")):
        env = {"PYTHONHASHSEED": seed, "TZ": zone, "PATH": "", "PYTHONPATH": str(ROOT)}
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM], env=env, cwd=ROOT, capture_output=True, text=True, check=True
        )
        outputs.add(run.stdout)
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == len(FORMATS)


def test_reports_merged_in_any_order_read_the_same():
    whole = sample()
    parts = [Report(assessments=(one,)) for one in whole.assessments] + [
        Report(whole.providers, (), whole.findings, whole.coverage, whole.notices)
    ]
    forward, backward = Report.merge(parts), Report.merge(reversed(parts))
    assert list(render("json", forward)) == list(render("json", backward))


def test_an_unknown_format_names_the_nearest():
    with pytest.raises(UnknownName, match="no report format 'sarf'; did you mean 'sarif'\\?"):
        render("sarf", Report())
    assert list(render("md", sample())) == list(render("markdown", sample()))
