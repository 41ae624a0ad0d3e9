"""Drift for people: lines of documents, changelogs, and the history of fields."""

from contracts.drift.report.changelog import changelog_lines
from contracts.drift.report.history import add, entry, events, timeline
from contracts.drift.report.lines import read_late
