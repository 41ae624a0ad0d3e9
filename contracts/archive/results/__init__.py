"""What a run leaves: report, table, page and summary of what was seen, from the sum of its parts.

Here belongs how a total is read and written; nothing here judges, and no value of an answer is written.
"""

from contracts.archive.results.document import report_json
from contracts.archive.results.page import report_html
from contracts.archive.results.said import as_report, report_lines
from contracts.archive.results.summary import Kind, Summary
from contracts.archive.results.writing import write_results
