"""What goes wrong with a vendor ends as the severity table says: rule, verdict and exit code, for every fault."""

import json
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from contracts.check.provider import CheckOptions, ProviderCheck
from contracts.model import Report, Verdict
from contracts.policy import Policy, exit_code
from contracts.report import render
from contracts.spec.provider import load
from tests.report.faults import GOOD, E, all_faults, good

ROOT = Path(__file__).parents[2]
SCHEMAS = Path(__file__).parents[1] / "golden" / "schemas"
FAULTS = all_faults()


@cache
def check(provider):
    return ProviderCheck(load(provider, ROOT), CheckOptions(today=date(2026, 11, 22)))


@cache
def report_of(fault):
    one = check(fault.provider)
    return Report((one.facts,), (one.assess(fault.interaction),))


def test_there_are_enough_and_every_vendor_has_its_share():
    assert len(FAULTS) >= 60
    assert len({str(one) for one in FAULTS}) == len(FAULTS)
    assert min(sum(one.provider == provider for one in FAULTS) for provider in GOOD) >= 12


@pytest.mark.parametrize("provider", GOOD)
def test_the_unspoilt_answer_conforms(provider):
    assessed = check(provider).assess(good(provider))
    assert (assessed.verdict, assessed.findings) == (Verdict.CONFORMS, ())


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_is_what_the_table_says(fault):
    report = report_of(fault)
    (assessed,) = report.assessments
    if fault.severity is None:
        assert assessed.verdict is Verdict.INCONCLUSIVE
    else:
        assert (fault.rule, fault.severity) in {(one.rule, one.severity) for one in assessed.findings}
        assert assessed.verdict is (Verdict.VIOLATES if fault.severity is E else Verdict.CONFORMS)
    assert exit_code(report, Policy()) == fault.code


@cache
def whole():
    return Report.merge(map(report_of, FAULTS))


def text(name):
    return "\n".join(render(name, whole(), ROOT))


def schema(name):
    return json.loads((SCHEMAS / name).read_text(encoding="utf-8-sig"))


def test_the_reports_of_this_run_are_what_their_readers_expect():
    published = json.loads((ROOT / "specs" / "report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(published).validate(json.loads(text("json")))
    jsonschema.Draft4Validator(schema("sarif-2.1.0.json")).validate(json.loads(text("sarif")))
    jsonschema.Draft202012Validator(schema("gitlab-code-quality.json")).validate(json.loads(text("gitlab")))
    xmlschema.XMLSchema(str(SCHEMAS / "junit-10.xsd")).validate(ET.fromstring(text("junit")))
    assert len(text("github").splitlines()) == 11
    assert len(text("markdown").encode()) < 900 * 1024
    assert '<h1 class="violates">' in text("html")


def test_every_finding_of_this_run_says_what_where_and_how_to_ask_again():
    found = json.loads(text("json"))
    for block in found["assessments"]:
        assert block["curl"].startswith("curl -sS ")
        assert "_API_KEY" in block["curl"]
        for one in block["findings"]:
            assert one["rule"]
            assert one["message"]
            assert one["spec_line"]["file"].startswith("specs/")
            assert one["spec_line"]["line"] >= 1
            assert one["provenance"] in {"published", "derived", "inferred"}
