"""Which lines of a page are told as not read: rows, fields and JSON of which nothing came into the document."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.vendoring.platforms import extract

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "tests/vendoring/pages").glob("*/*.txt")),
    *sorted(file for kind in ("txt", "md") for file in (ROOT / "specs").glob(f"*/upstream/*.{kind}")),
]
LEFT = {
    "confluence.txt": [7],  # which scheme the key follows, beside the key itself
    "disagreeing-words.txt": [26, 28, 29, 30],  # words that the example contradicts
    "narrative.txt": [33],  # the body of an answer whose status no line names
    "webhooks-and-sdk.txt": [45],  # what the vendor sends and nobody asks for
}
OPERATION = "# Get a batch\n\n`GET https://api.acme.dev/v1/batches/{batch_id}`\n\n"
ANSWER = '## Response\n\n```json\n{"batch_id": "b_1", "state": "open"}\n```\n\n'
TABLE = "| Plan | Batches |\n|---|---|\n| Small | 10 |\n| Large | 900 |\n"
EVENT = '```json\n{\n  "event": "batch.done"\n}\n```\n'


def left(text: str, name: str = "page.md") -> tuple[list[int], list[str]]:
    """Give the numbers of the lines that are told as not read, and the notices."""
    read = extract(text.encode(), name)
    return [one.line for one in read.unread], list(read.notices)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_a_page_leaves_only_the_lines_that_nothing_came_from(page):
    assert [one.line for one in extract(page.read_bytes(), page.name).unread] == LEFT.get(page.name, [])


CASES = {
    "all read": (ANSWER, [], []),
    "table": (ANSWER + "## Plans\n\n" + TABLE, [13, 15, 16], ["page.md:13: nothing was taken from this table"]),
    "table in HTML": (
        ANSWER + "## Plans\n\n<table>\n<tr><th>Plan</th><th>Batches</th></tr>\n<tr><td>Small</td><td>10</td></tr>\n</table>\n",
        [14, 15],
        ["page.md:14: nothing was taken from this table"],
    ),
    "two tables": (
        ANSWER + "## Plans\n\n" + TABLE + "\nor\n\n" + TABLE.replace("Plan", "Tier"),
        [13, 15, 16, 20, 22, 23],
        ["page.md:13: nothing was taken from this table", "page.md:20: nothing was taken from this table"],
    ),
    "one row of a table": (
        "## Response\n\n| Field | Type | Description |\n|---|---|---|\n| `state` | string | Text |\n| (more) | - | - |\n",
        [10],
        [],
    ),
    "statuses": (ANSWER + "## Errors\n\n| Status | Meaning |\n|---|---|\n| 404 | No such batch |\n", [], []),
    "sent by the vendor": (
        ANSWER + "## Webhook\n\nWe send this to your address:\n\n" + EVENT,
        [16, 17, 18],
        ["page.md:16: no status says whose example body this is"],
    ),
    "prose": (ANSWER + "## Limits\n\nTen requests a second: more are refused.\n\n- be kind\n- wait\n", [], []),
    "program": (ANSWER + "## Python\n\n```python\nbody = {\n    'state': 'open',\n}\n```\n", [], []),
    "command": (ANSWER + "```bash\ncurl https://api.acme.dev/v1/batches/b_1 \\\n  -H 'X-Token: 1'\n```\n", [], []),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_rows_and_json_are_told_with_their_lines_and_sentences_are_not(case):
    text, lines, notices = CASES[case]
    assert left(OPERATION + text) == (lines, notices)
