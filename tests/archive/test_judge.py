"""Rows of a part in, counts out: what each row becomes, and that nothing is dropped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from contracts.archive import Bundle, Judge, Partial, Row
from contracts.errors import CassetteError, ContractsError
from tests.archive.logs import ROOT, body, line, rows


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(Bundle.of(ROOT, ["matil"]))


def test_each_row_is_judged_unread_or_of_another_host(judge):
    other = line({}, url="https://elsewhere.example/x")
    found = judge.part([*rows(line(body()), b"{", other), Row(4, reason="cut off")], "a.jsonl")
    assert found.answers == {("matil", "getBatch", "200", "2026-10-14"): [1, 0, 0]}
    assert found.others == {"elsewhere.example": 1}
    assert found.unread == {
        "cut off": [1, "a.jsonl", 4],
        "not JSON at line #, column #; it starts with a text": [1, "a.jsonl", 2],
    }
    assert found.rows == 4


def test_a_fault_knows_its_days_answers_places_and_rows(judge):
    broken = body() | {"status": 7}
    days = [line(broken, recorded_at=f"2026-10-{day}T10:00:00Z") for day in (15, 14, 14)]
    (fault,) = [one for one in judge.part(rows(*days), "a.jsonl").faults.values() if one.rule == "type"]
    assert (fault.pointer, fault.days) == ("/status", {"2026-10-14": [2, 2], "2026-10-15": [1, 1]})
    assert (fault.first.number, fault.last.number) == (2, 1)
    assert {sample.number for sample in fault.samples} == {1, 2, 3}


def test_a_part_that_breaks_off_counts_nothing_but_why(judge):
    def breaking() -> Iterator[Row]:
        yield Row(1, line=line(body()))
        raise CassetteError("a.jsonl.gz: cannot be read: CRC check failed 0x9 != 0x8")

    found = judge.part(breaking(), "a.jsonl.gz")
    assert found == Partial(failed={"a.jsonl.gz": "cannot be read: CRC check failed # != #"})


def test_a_partial_comes_back_from_its_bytes(judge):
    found = judge.part(rows(line(body() | {"status": 7, "Zoë 1": []}), b"["), "a")
    assert Partial.load(found.dump()) == found
    with pytest.raises(ContractsError, match="cut off"):
        Partial.load(found.dump()[:-5])


def test_no_key_of_the_environment_is_in_a_bundle(monkeypatch):
    monkeypatch.setenv("MATIL_API_KEY", "k-5d1c7f0a9be2")
    assert b"5d1c7f0a9be2" not in Bundle.of(ROOT, ["matil"]).data


def test_the_digest_of_a_bundle_is_that_of_what_counts():
    assert Bundle.of(ROOT, ["matil"]).digest == Bundle.of(ROOT, ["matil"]).digest
    assert Bundle.of(ROOT, ["matil"]).digest != Bundle.of(ROOT, ["nimble"]).digest
