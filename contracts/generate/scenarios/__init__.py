"""Payloads whose states, counts, shares, errors and times agree, and the same with one thing different."""

from contracts.generate.scenarios.variants import scenario_payloads
