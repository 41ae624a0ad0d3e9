"""How bad a finding is: what is published weighs more than what was inferred; the team has the last word."""

import pytest

from contracts.model import Severity
from contracts.policy import Policy, SeverityChoice
from contracts.rules import severity_of

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE

TABLE = [
    ("enum", "published", {}, E),
    ("enum", "derived", {}, E),
    ("enum", "inferred", {}, W),
    ("enum", "", {}, E),
    ("media-type", "inferred", {}, W),
    ("type", "observed: 12 of 12", {}, W),
    ("type", "confirmed: 240 of 240", {}, E),
    ("undescribed", "published", {}, W),
    ("undescribed", "inferred", {}, W),
    ("undocumented-status", "published", {"status": "200"}, E),
    ("undocumented-status", "inferred", {"status": "307"}, W),
    ("undocumented-status", "published", {"status": "404"}, W),
    ("undocumented-status", "published", {"status": "503"}, W),
    ("undocumented-status", "published", {"status": "404", "probe": "unknown-id"}, N),
    ("undocumented-status", "published", {"status": "200", "probe": "no-credentials"}, E),
    ("not-json", "inferred", {}, E),
    ("byte-order-mark", "published", {}, W),
    ("example-mismatch", "published", {}, W),
    ("waiver-unused", "", {}, E),
    ("waiver-expired", "", {}, E),
    ("described-unobserved", "observed", {}, N),
]


@pytest.mark.parametrize(("rule", "provenance", "facts", "expected"), TABLE)
def test_the_table(rule, provenance, facts, expected):
    assert severity_of(rule, provenance, **facts) is expected


@pytest.mark.parametrize("level", [None, N, W, E])
def test_the_team_has_the_last_word(level):
    policy = Policy(severities=(SeverityChoice("enum", level), SeverityChoice("undescribed", level)))
    assert policy.weigh("enum", E) is level
    assert policy.weigh("undescribed", W) is level
    assert policy.weigh("type", E) is E


def test_a_choice_for_one_provider_goes_before_the_general_one():
    policy = Policy(severities=(SeverityChoice("enum", N), SeverityChoice("enum", None, "nimble")))
    assert policy.weigh("enum", E, "nimble") is None
    assert policy.weigh("enum", E, "matil") is N
    only = Policy(severities=(SeverityChoice("enum", None, "nimble"),))
    assert only.weigh("enum", E, "matil") is E
