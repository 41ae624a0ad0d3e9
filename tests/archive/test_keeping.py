"""What is kept of an archive: few redacted recordings that show every fact and every kind of fault."""

from __future__ import annotations

import json
import random

from contracts.archive import ArchiveOptions, Bundle, Judge, Partial, choose, keep
from contracts.check import store
from contracts.spec import load
from tests.archive.logs import ROOT, body, line, rows


def month() -> list[bytes]:
    """A hundred answers: most are alike, some show more, two have something that no other has."""
    chance, lines = random.Random(3), []
    for number in range(100):
        value = body() | {"status": chance.choice(["completed", "processing", "pending"])}
        value["items"] = [] if number % 9 == 0 else value["items"]
        value |= {"total_items": "2"} if number == 40 else {"resource_id": None} if number == 60 else {}
        lines.append(line(value))
    return [*lines, line({"message": "none"}, status=404), line({"x": 1}, status=418)]


def test_few_rows_show_every_fact_that_any_row_shows(tmp_path):
    bundle = Bundle.of(ROOT, ["matil"], ArchiveOptions(keep=True))
    short, long = Judge(bundle), Judge(bundle, long=True)
    given = rows(*month())
    whole = short.part(given, "p")
    assert whole.dump() == long.part(given, "p").dump()
    assert Partial.merge([short.part(given[60:], "p"), short.part(given[:60], "p")]).dump() == whole.dump()

    chosen = choose(whole)
    assert len(chosen) <= 12
    few = short.part([row for row in given if row.number in {one.number for one in chosen}], "p")
    assert few.facts.keys() == whole.facts.keys()
    assert few.faults.keys() == whole.faults.keys()
    assert [one.number for one in choose(whole, 1)] == [max(chosen, key=lambda one: one.shows).number]

    stores = {"matil": store(load("matil", ROOT), home=tmp_path)}
    kept = list(keep(chosen, lambda part: given, stores, {}))
    assert {one.outcome for one in kept} <= {"written", "again", "left"}
    written = sorted(tmp_path.rglob("*.json"))
    assert len(written) >= 5
    assert all(json.loads(path.read_text("utf-8"))["provider"] == "matil" for path in written)


def test_a_row_that_is_not_there_any_more_is_said(tmp_path):
    bundle = Bundle.of(ROOT, ["matil"], ArchiveOptions(keep=True))
    chosen = choose(Judge(bundle).part(rows(line(body())), "p"))
    stores = {"matil": store(load("matil", ROOT), home=tmp_path)}
    (one,) = keep(chosen, lambda part: [], stores, {})
    assert str(one) == "left      p:1: the row is not there"
