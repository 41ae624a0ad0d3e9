"""The same scenario, told by two vendors, is the same batch as far as both of them tell it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.batch import Batch, to_json
from contracts.consumers import sources
from contracts.providers import NORMALIZERS
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS

OPEN, GOOD, BAD = "open", "good", "bad"
WHY = "no such file"


@dataclass(frozen=True)
class Story:
    """What happened to a batch, free of any vendor's words."""

    id: str
    ended: bool
    items: tuple[str, ...]
    created: datetime
    finished: datetime | None

    def count(self, state: str) -> int:
        return self.items.count(state)


moments = st.integers(0, 4_000_000_000).map(
    lambda seconds: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


@st.composite
def scenario_payloads(draw: Any) -> Story:
    ended = draw(st.booleans())
    states = st.sampled_from([GOOD, BAD] if ended else [OPEN, GOOD, BAD])
    items = draw(st.lists(states, min_size=1, max_size=5).filter(lambda found: ended or OPEN in found))
    created = draw(moments)
    finished = created + timedelta(seconds=draw(st.integers(0, 10_000))) if ended else None
    return Story(draw(st.uuids()).hex, ended, tuple(items), created, finished)


def text(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def name(n: int) -> str:
    """The id of an item, as the strictest of the vendors wants it."""
    return f"00000000-0000-4000-8000-{n:012d}"


# --- one teller a vendor; `whole` scenarios are those that it can tell at all ------------------------------------------


def almanac(scenario: Story) -> Any:
    """One job a batch: it fails as a whole or not at all."""
    word = ("failed" if scenario.count(BAD) else "completed") if scenario.ended else "queued"
    coarse = {"failed": "failed", "completed": "ready", "queued": "running"}[word]
    return {
        "batch_id": scenario.id, "wiki_id": "w", "status": word, "status_state": coarse, "status_label": word,
        "source_count": len(scenario.items), "summary": None, "error": None, "created_at": text(scenario.created),
        "updated_at": text(scenario.created), "finished_at": text(scenario.finished),
    }  # fmt: skip


def llamacloud(scenario: Story) -> Any:
    return {
        "id": scenario.id, "project_id": "p", "source_directory_id": "d", "status": "COMPLETED" if scenario.ended else "RUNNING",
        "config": {"job": {"type": "parse_v2", "configuration_id": "c"}}, "created_at": text(scenario.created),
        "results": [
            {"source_directory_file_id": name(n), "error_message": WHY if state == BAD else None,
             "job_reference": None if state == BAD else {"id": f"j-{n}", "type": "parse_v2"}}
            for n, state in enumerate(scenario.items)
        ],
    }  # fmt: skip


def matil(scenario: Story) -> Any:
    word = (
        ("failed" if scenario.count(BAD) == len(scenario.items) else "completed")
        if scenario.ended
        else "pending"
    )
    states = {GOOD: "completed", BAD: "failed", OPEN: "pending"}
    return {
        "batch_id": f"{scenario.id[:8]}-{scenario.id[8:12]}-{scenario.id[12:16]}-{scenario.id[16:20]}-{scenario.id[20:]}",
        "status": word, "total_items": len(scenario.items), "completed_items": scenario.count(GOOD),
        "failed_items": scenario.count(BAD), "created_at": text(scenario.created), "completed_at": text(scenario.finished),
        "items": [
            {"status": states[state], "metadata": {}, "data": {}, "errors": [], "entry_id": name(n)}
            for n, state in enumerate(scenario.items)
        ],
    }  # fmt: skip


def nimble(scenario: Story) -> Any:
    done = scenario.count(GOOD) + scenario.count(BAD)
    states = {GOOD: "success", BAD: "error", OPEN: "pending"}
    payload = {
        "status": "success", "id": scenario.id, "completed": scenario.ended, "completed_count": done,
        "progress": done / len(scenario.items), "created_at": text(scenario.created),
        "tasks": [
            {"id": name(n), "state": states[state], "status_url": f"https://sdk.nimbleway.com/v1/tasks/{n}",
             "created_at": text(scenario.created), "input": None, "_query": None,
             **({"error": WHY} if state == BAD else {})}
            for n, state in enumerate(scenario.items)
        ],
    }  # fmt: skip
    return payload | ({"completed_at": text(scenario.finished)} if scenario.finished else {})


def wickson(scenario: Story) -> Any:
    states = {GOOD: "completed", BAD: "failed", OPEN: "pending"}
    moment = text(scenario.created)
    return {
        "success": True, "message": "", "data": {
            "batch_id": scenario.id, "batch_name": "b", "status": "completed" if scenario.ended else "running",
            "progress": {"percentage": 100 * scenario.count(GOOD) / len(scenario.items), "completed": scenario.count(GOOD),
                         "failed": scenario.count(BAD), "pending": scenario.count(OPEN), "processing": 0,
                         "total": len(scenario.items)},
            "timing": {"created_at": moment, "started_at": moment, "updated_at": moment,
                       "completed_at": text(scenario.finished), "estimated_completion": moment, "elapsed_time": 0,
                       "average_item_time": 0},
            "job_details": [
                {"job_id": name(n), "file_path": "f", "media_type": "document", "status": states[state],
                 "progress": 0, "started_at": moment, "completed_at": moment}
                for n, state in enumerate(scenario.items)
            ],
        },
        "metadata": {"request_id": "r", "api_version": "1", "cache_ttl": 30, "cache_remaining": 0},
    }  # fmt: skip


TELL = {"almanac": almanac, "llamacloud": llamacloud, "matil": matil, "nimble": nimble, "wickson": wickson}

FACTS: dict[str, frozenset[str]] = {
    # Nothing of its items but their number, and that they failed, together or not at all.
    "almanac": frozenset({"id", "ended", "total", "created", "finished", "whole outcome"}),
    # Items, but of a file that became a job no more than that; counts once all files are mapped; no end time.
    "llamacloud": frozenset({"id", "ended", "created", "items", "failed items", "total at the end", "all failed",
                             "item ids", "messages"}),
    # The id is a UUID with hyphens. Items that wait have no word of their own.
    "matil": frozenset({"ended", "total", "completed", "failed", "created", "finished", "outcome", "items",
                        "ended items", "failed items", "total at the end", "whole outcome", "all failed",
                        "item ids"}),
    "nimble": frozenset({"id", "ended", "total", "completed", "failed", "pending", "created", "finished", "outcome",
                         "items", "ended items", "failed items", "all items", "total at the end", "whole outcome",
                         "all failed", "item ids", "messages"}),
    "wickson": frozenset({"id", "ended", "total", "completed", "failed", "pending", "created", "finished", "outcome",
                          "items", "ended items", "failed items", "all items", "total at the end", "whole outcome",
                          "all failed", "item ids"}),
}  # fmt: skip
"""What each vendor tells; two vendors are compared on what both do."""

SHARED = {
    "almanac-llamacloud": 3, "almanac-matil": 5, "almanac-nimble": 6, "almanac-wickson": 6, "llamacloud-matil": 7,
    "llamacloud-nimble": 9, "llamacloud-wickson": 8, "matil-nimble": 14, "matil-wickson": 14, "nimble-wickson": 17,
}  # fmt: skip
"""How many facts both vendors of a pair tell: none of the ten pairs is compared on next to nothing."""


def projected(batch: Batch, scenario: Story, fact: str) -> Any:
    states = [str(item.state) for item in batch.items or ()]
    simple = {
        "id": batch.id,
        "ended": batch.terminal,
        "total": batch.counts.total,
        "completed": batch.counts.completed,
        "failed": batch.counts.failed,
        "pending": batch.counts.pending,
        "created": batch.times.created,
        "finished": batch.times.finished,
        "outcome": batch.outcome,
        "whole outcome": batch.outcome if len(set(scenario.items)) == 1 else None,
        "all failed": str(batch.outcome) == "failed" if set(scenario.items) == {BAD} else None,
        "items": len(states),
        "failed items": [state == "failed" for state in states],
        "ended items": [
            state if told != OPEN else None for state, told in zip(states, scenario.items, strict=False)
        ],
        "all items": states,
        "total at the end": batch.counts.total if scenario.ended else None,
        "item ids": [item.id for item in batch.items or ()],
        "messages": [item.error and item.error.message for item in batch.items or ()],
    }
    return simple[fact]


def true(scenario: Story, fact: str) -> Any:
    """What the scenario itself says: what every vendor's batch must say that tells the fact."""
    good, bad = scenario.count(GOOD), scenario.count(BAD)
    states = {GOOD: "completed", BAD: "failed", OPEN: "pending"}
    outcome = "unknown" if not scenario.ended else "succeeded" if not bad else "partial" if good else "failed"
    simple = {
        "id": scenario.id,
        "ended": scenario.ended,
        "total": len(scenario.items),
        "completed": good,
        "failed": bad,
        "pending": scenario.count(OPEN),
        "created": scenario.created,
        "finished": scenario.finished,
        "outcome": outcome,
        "whole outcome": outcome if len(set(scenario.items)) == 1 else None,
        "all failed": scenario.ended if set(scenario.items) == {BAD} else None,
        "items": len(scenario.items),
        "failed items": [state == BAD for state in scenario.items],
        "ended items": [states[state] if state != OPEN else None for state in scenario.items],
        "all items": [states[state] for state in scenario.items],
        "total at the end": len(scenario.items) if scenario.ended else None,
        "item ids": [name(n) for n in range(len(scenario.items))],
        "messages": [WHY if state == BAD else None for state in scenario.items],
    }
    return simple[fact]


@pytest.mark.untraced
@pytest.mark.parametrize("pair", list(combinations(VENDORS, 2)), ids="-".join)
@settings(derandomize=True, database=None, max_examples=40, deadline=None)
@given(scenario=scenario_payloads())
def test_two_vendors_tell_the_same_story(pair, scenario):
    shared = sorted(FACTS[pair[0]] & FACTS[pair[1]])
    assert len(shared) == SHARED["-".join(pair)]
    one, other = (NORMALIZERS[vendor](TELL[vendor](scenario)) for vendor in pair)
    for fact in shared:
        assert projected(one, scenario, fact) == projected(other, scenario, fact), (
            fact,
            to_json(one),
            to_json(other),
        )


@pytest.mark.parametrize("vendor", VENDORS)
@settings(derandomize=True, database=None, max_examples=40, deadline=None)
@given(scenario=scenario_payloads())
def test_what_a_vendor_tells_is_what_happened(vendor, scenario):
    batch = NORMALIZERS[vendor](TELL[vendor](scenario))
    for fact in sorted(FACTS[vendor]):
        assert projected(batch, scenario, fact) == true(scenario, fact), (fact, to_json(batch))


@pytest.mark.parametrize("vendor", VENDORS)
@settings(derandomize=True, database=None, max_examples=40, deadline=None)
@given(scenario=scenario_payloads())
def test_the_tellers_speak_as_the_vendors_do(vendor, scenario):
    found = sources.answers(load(vendor))
    assert sorted(found.plan.oracle.faults(TELL[vendor](scenario))) == []


@settings(derandomize=True, database=None, max_examples=60, deadline=None)
@given(scenario=scenario_payloads())
def test_a_story_is_told_in_full_where_a_vendor_tells_all(scenario):
    batch = NORMALIZERS["nimble"](TELL["nimble"](scenario))
    good, bad = scenario.count(GOOD), scenario.count(BAD)
    assert (batch.counts.completed, batch.counts.failed) == (good, bad)
    wanted = "unknown" if not scenario.ended else "succeeded" if not bad else "partial" if good else "failed"
    assert str(batch.outcome) == wanted


def test_every_pair_is_compared_and_a_slip_in_one_shows():
    assert set(SHARED) == {"-".join(pair) for pair in combinations(VENDORS, 2)}
    start = datetime(2024, 1, 1, tzinfo=UTC)
    scenario = Story("a" * 32, True, (GOOD, BAD, BAD), start, start)
    batch = NORMALIZERS["nimble"](TELL["nimble"](scenario))
    swapped = replace(
        batch, counts=replace(batch.counts, completed=batch.counts.failed, failed=batch.counts.completed)
    )
    wrong = {fact for fact in FACTS["nimble"] if projected(swapped, scenario, fact) != true(scenario, fact)}
    assert wrong == {"completed", "failed"}
