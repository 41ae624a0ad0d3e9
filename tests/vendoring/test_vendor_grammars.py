"""Rows of fields and what is read of them: the files in `rows` hold a table of cases for each grammar.

A case is a title behind `===`, the rows, and behind `---` the members that come of them, as `members` writes them.
"""

from __future__ import annotations

import re
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


def listed(name: str) -> list[str]:
    return (Path(__file__).parent / "rows" / name).read_text("utf-8").splitlines()


def test_type_words() -> None:
    """Each line of the list is the cell of a type, and the type with that of its items."""
    lines = [line.partition(" => ") for line in listed("types.list")]
    cells = (cell.replace("|", chr(92) + "|") for cell, _, _ in lines)
    rows = "".join(f"| `x{n}` | {cell} | The value |\n" for n, cell in enumerate(cells))
    found: dict[str, list[str]] = {}
    for one in members(f"| Field | Type | Description |\n|---|---|---|\n{rows}"):
        name, _, said = one.partition(" ")
        found.setdefault(name.partition("[")[0], []).extend([said.strip()] if name.count("[") < 2 else [])
    read = [f"{cell} => {' | '.join(found[f'x{n}'])}" for n, (cell, _, _) in enumerate(lines)]
    assert read == listed("types.list")


def test_columns_of_presence() -> None:
    """Each line of the list is the title of a column, a cell of a member that must be there, and another."""
    tables: list[str] = []
    for n, line in enumerate(listed("presence.list")):
        title, yes, no = (cell.strip() for cell in line.split("|"))
        tables += [f"| Field | Type | {title} | Description |", "|---|---|---|---|"]
        tables += [f"| x{n} | string | {yes} | The x |", f"| y{n} | string | {no} | The y |", ""]
    found = {one.partition(" ")[0]: one.partition(" ")[2].strip() for one in members("\n".join(tables))}
    for n, line in enumerate(listed("presence.list")):
        expected = ("string", "string ?") if "null" in line.lower() else ("string !", "string")
        assert (line, (found[f"x{n}"], found[f"y{n}"])) == (line, expected)


@pytest.mark.parametrize("mark", ["-", "|"])
def test_badges_of_presence(mark: str) -> None:
    """Each line of the list is a row of `x` and whether it must be there."""
    rows = [line.rpartition(" => ") for line in listed("badges.list") if line.startswith(mark)]
    head = ["| Field | Type | Description |", "|---|---|---|"] if mark == "|" else []
    named = [re.sub(r"\bx\b", f"x{n}", row, count=1) for n, (row, _, _) in enumerate(rows)]
    found = [one.endswith("!") for one in members("\n".join([*head, *named]))]
    assert [
        (row, "required" if one else "optional") for (row, _, _), one in zip(rows, found, strict=True)
    ] == [(row, expected) for row, _, expected in rows]
