"""Rows of fields and what is read of them: the files in `rows` hold a table of cases for each grammar.

A case is a title behind `===`, the rows, and behind `---` the members that come of them, as `members` writes them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_facts import members


def cases() -> Iterator[tuple[str, str, str]]:
    for file in sorted((Path(__file__).parent / "rows").glob("*.txt")):
        for case in file.read_text("utf-8").removeprefix("=== ").split("\n=== "):
            head, _, rest = case.partition("\n")
            rows, _, expected = rest.partition("\n---")
            yield f"{file.stem}: {head}", rows, expected.strip()


@pytest.mark.parametrize(("rows", "expected"), [pytest.param(r, e, id=i) for i, r, e in cases()])
def test_rows_give_these_members(rows: str, expected: str) -> None:
    assert " ; ".join(members(rows)) == expected
