"""What a team decided: how bad is what, what is accepted until when, and when the gate closes."""

from contracts.policy.gate import exit_code, verdict
from contracts.policy.rules import RULES
from contracts.policy.settings import Policy, SeverityChoice, read_policy
from contracts.policy.severity import severity_of
from contracts.policy.thresholds import coverage_findings, stale_findings
from contracts.policy.waivers import Waiver, read_waivers, write_waivers
from contracts.policy.waiving import apply_waivers, settle, waive, waive_report, waiver_findings

__all__ = [
    "RULES",
    "Policy",
    "SeverityChoice",
    "Waiver",
    "apply_waivers",
    "coverage_findings",
    "exit_code",
    "read_policy",
    "read_waivers",
    "settle",
    "severity_of",
    "stale_findings",
    "verdict",
    "waive",
    "waive_report",
    "waiver_findings",
    "write_waivers",
]
