"""A report as the exception that a test or a staging run stops with."""

from __future__ import annotations

from contracts.model import Report
from contracts.report.terminal import lines


class ContractViolation(AssertionError):
    """A vendor's response breaks the contract; holds the report that says where."""

    def __init__(self, report: Report) -> None:
        self.report = report
        super().__init__("\n".join(lines(report, width=100)))
