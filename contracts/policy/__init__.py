"""What a team decided: how bad is what, what is accepted until when, and when the gate closes."""

from contracts.policy.adopting import OWN_RULES, add_waivers, check_until, find, open_findings, waiver_for
from contracts.policy.catalogue import adjustable_rules, all_rules
from contracts.policy.gate import exit_code, fails, verdict
from contracts.policy.naming import lines_naming, renamed
from contracts.policy.settings import FAIL_ON, Policy, SeverityChoice, read_policy
from contracts.policy.thresholds import coverage_findings, stale_findings
from contracts.policy.waivers import Waiver, check_dates, read_waivers, waivers_of, write_waivers
from contracts.policy.waiving import settle, waive, waive_report, waiver_findings, waivers_for
from contracts.policy.watching import SINKS, WatchSettings
