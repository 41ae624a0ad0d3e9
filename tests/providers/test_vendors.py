"""What each vendor means, as its pages and recordings say it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from contracts.batch import BatchState, Counts, Failure, Item, Outcome, Times
from contracts.errors import NormalizationError, UnknownName
from contracts.providers import almanac, llamacloud, matil, nimble, normalizer, wickson
from contracts.spec.document import read_document
from contracts.spec.provider import load
from tests.providers.payloads import VENDORS, items_of, plain

SPECS = Path(__file__).parents[2] / "specs"


def refused(vendor, payload):
    with pytest.raises(NormalizationError) as caught:
        normalizer(vendor)(payload)
    return str(caught.value)


# --- words -----------------------------------------------------------------------------------------------------------


def enum_at(vendor, *path):
    node = read_document("openapi.yaml", (SPECS / vendor / "openapi.yaml").read_bytes(), lines=False).value
    for key in ("components", "schemas", *path):
        node = node[key]
    return set(node)


def words_of(vendor, *path):
    """The enum at a property of the vendored answer, our corrections included."""
    found = load(vendor)
    operation = found.spec.operation("getBatch")
    node = found.spec.resolve(next(at for at in operation.responses["200"].content.values() if at))[0]
    for name in path:
        node = node["properties"][name]
    return set(node["enum"])


def test_the_words_are_the_specs_words_both_ways():
    assert words_of("llamacloud", "status") == set(llamacloud.STATES)
    assert words_of("wickson", "data", "status") == set(wickson.STATES)
    task = ("BatchGetResponse", "properties", "tasks", "items", "anyOf", 0, "properties", "state", "enum")
    assert enum_at("almanac", "HostedSourceBatchStatus", "enum") == set(almanac.STATES) == set(almanac.COARSE)
    assert enum_at("nimble", *task) == set(nimble.STATES)


@pytest.mark.parametrize("vendor", ["almanac", "llamacloud", "matil", "wickson"])
def test_an_unknown_word_is_unknown_and_kept(vendor):
    for word in ("EXPIRED", "succeeded", "Completed", "completed ", "", "complete"):
        still_open = {"completed_at": None} if vendor == "matil" else {}
        batch = normalizer(vendor)(plain(vendor, status=word, **still_open))
        assert (batch.state, batch.raw_state, batch.terminal) == (BatchState.UNKNOWN, word, False)
        assert batch.outcome is Outcome.UNKNOWN


# --- not a batch -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_page_of_html_is_not_a_batch(vendor):
    text = refused(vendor, "<html><body>502 Bad Gateway</body></html>")
    assert text == "/: expected an object, found '<html><body>502 Bad Gateway</body></html>'"


@pytest.mark.parametrize(
    ("vendor", "payload", "text"),
    [
        (
            "almanac",
            {"error": "not_found", "message": "", "request_id": "req_1"},
            "/status: expected a string, found nothing",
        ),
        ("llamacloud", {"detail": []}, "/status: expected a string, found nothing"),
        (
            "matil",
            {"error": "NOT_FOUND", "message": "", "details": None},
            "/status: expected a string, found nothing",
        ),
        (
            "nimble",
            {"status": "failed", "error": "Batch not found"},
            "/status: expected 'success', found 'failed'",
        ),
        (
            "nimble",
            {"success": "false", "task_id": "t", "message": ""},
            "/status: expected a string, found nothing",
        ),
        (
            "wickson",
            {"success": False, "message": "", "code": "not_found"},
            "/success: expected true, found false",
        ),
        ("wickson", {"success": "true", "data": {}}, "/success: expected a boolean, found 'true'"),
        ("matil", [], "/: expected an object, found an empty list"),
        ("matil", None, "/: expected an object, found null"),
    ],
)
def test_an_error_body_is_not_a_batch(vendor, payload, text):
    assert refused(vendor, payload) == text


@pytest.mark.parametrize(
    ("vendor", "key", "value", "text"),
    [
        ("almanac", "source_count", "2", "/source_count: expected an integer, found '2'"),
        ("almanac", "source_count", 2.5, "/source_count: expected an integer, found 2.5"),
        ("almanac", "source_count", True, "/source_count: expected an integer, found true"),
        ("almanac", "source_count", None, "/source_count: expected an integer, found null"),
        ("almanac", "batch_id", 7, "/batch_id: expected a string, found 7"),
        ("llamacloud", "created_at", "2019-12-27", "/created_at: expected an RFC 3339 date-time, found '2019-12-27'"),
        ("llamacloud", "results", {}, "/results: expected a list, found an empty object"),
        ("llamacloud", "results", [{}], "/results/0/source_directory_file_id: expected a string, found nothing"),
        ("llamacloud", "config", None, "/config: expected an object, found null"),
        ("matil", "items", [{}, 3], "/items/1: expected an object, found 3"),
        ("matil", "failed_webhooks", [{"attempt_count": "3"}],
         "/failed_webhooks/0/attempt_count: expected an integer, found '3'"),
        ("nimble", "completed", 1, "/completed: expected a boolean, found 1"),
        ("nimble", "progress", "50%", "/progress: expected a number, found '50%'"),
        ("wickson", "progress", {"total": "200"}, "/data/progress/total: expected an integer, found '200'"),
        ("wickson", "error_summary", [{"affected_files": [1]}],
         "/data/error_summary/0/affected_files/0: expected a string, found 1"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_with_its_place(vendor, key, value, text):
    assert refused(vendor, plain(vendor, **{key: value})) == text


def test_an_unknown_vendor_has_no_normalizer():
    with pytest.raises(UnknownName, match="no normalizer 'matl'; did you mean 'matil'"):
        normalizer("matl")


# --- almanac ---------------------------------------------------------------------------------------------------------


def test_almanac_completes_without_a_finish_time():
    batch = almanac.normalize(plain("almanac", finished_at=None))
    assert (batch.state, batch.outcome, batch.times.finished) == (
        BatchState.COMPLETED,
        Outcome.SUCCEEDED,
        None,
    )
    assert batch.doubts == ()


def test_almanac_fails_without_an_error():
    batch = almanac.normalize(plain("almanac", status="failed", status_state="failed"))
    assert (batch.state, batch.outcome, batch.errors) == (BatchState.FAILED, Outcome.FAILED, None)
    assert almanac.normalize(plain("almanac", error="no plan")).errors == (Failure(message="no plan"),)


def test_almanac_queued_is_running_since_the_worker_may_run():
    batch = almanac.normalize(plain("almanac", status="queued", status_state="running", finished_at=None))
    assert (batch.state, batch.raw_state, batch.doubts) == (BatchState.RUNNING, "queued", ())
    assert batch.counts == Counts(total=2)


def test_almanac_words_that_contradict_each_other_prove_nothing():
    batch = almanac.normalize(plain("almanac", status_state="failed"))
    assert batch.outcome is Outcome.UNKNOWN
    assert batch.doubts == ("status is 'completed', and status_state is not 'ready'",)
    assert batch.extra["/status_state"] == "failed"
    assert almanac.normalize(plain("almanac", error="x")).outcome is Outcome.UNKNOWN


def test_almanac_times_have_no_format_so_any_text_is_within_its_word():
    batch = almanac.normalize(plain("almanac", created_at="yesterday", updated_at="2024-01-15T10:30:00"))
    assert (batch.times.created, batch.times.updated) == (None, None)
    assert (batch.extra["/created_at"], batch.extra["/updated_at"]) == ("yesterday", "2024-01-15T10:30:00")


# --- llamacloud ------------------------------------------------------------------------------------------------------


def test_llamacloud_completed_means_mapped_not_succeeded():
    batch = llamacloud.normalize(plain("llamacloud"))
    assert (batch.state, batch.outcome, batch.counts) == (BatchState.COMPLETED, Outcome.UNKNOWN, Counts(2))
    assert [item.state for item in batch.items] == [BatchState.UNKNOWN, BatchState.FAILED]
    assert batch.items[0].result == "pjb-1"
    assert batch.items[1].error == Failure(message="no such file")


def test_llamacloud_without_any_job_has_failed():
    payload = plain("llamacloud")
    payload["results"] = payload["results"][1:] * 3
    batch = llamacloud.normalize(payload)
    assert (batch.outcome, batch.counts.failed, batch.counts.completed) == (Outcome.FAILED, 3, 0)


def test_llamacloud_results_not_asked_for_are_not_the_empty_list():
    absent = plain("llamacloud")
    del absent["results"]
    assert llamacloud.normalize(absent) == llamacloud.normalize(plain("llamacloud", results=None))
    assert llamacloud.normalize(absent).items is None
    assert llamacloud.normalize(absent).counts == Counts()
    assert llamacloud.normalize(plain("llamacloud", results=[])).items == ()


def test_llamacloud_counts_nothing_while_files_are_being_mapped():
    batch = llamacloud.normalize(plain("llamacloud", status="RUNNING"))
    assert (batch.counts, len(batch.items)) == (Counts(), 2)


def test_llamacloud_a_file_with_job_and_error_is_unknown():
    payload = plain("llamacloud")
    payload["results"][0]["error_message"] = "odd"
    item = llamacloud.normalize(payload).items[0]
    assert (item.state, item.result, item.error) == (BatchState.UNKNOWN, "pjb-1", Failure(message="odd"))


def test_llamacloud_failed_is_about_the_orchestration():
    assert llamacloud.normalize(plain("llamacloud", status="FAILED", results=None)).outcome is Outcome.FAILED
    assert llamacloud.normalize(plain("llamacloud", status="CANCELLED")).outcome is Outcome.UNKNOWN


# --- matil -----------------------------------------------------------------------------------------------------------


def test_wickson_counts_items_in_process_among_the_pending_or_apart():
    def counts(**progress):
        given = {"total": 200, "completed": 85, "failed": 3, "percentage": 42.5, **progress}
        return wickson.normalize(plain("wickson", progress=given)).counts

    assert (counts(pending=112, processing=5).pending, counts(pending=112, processing=5).running) == (107, 5)
    assert (counts(pending=107, processing=5).pending, counts(pending=107, processing=5).running) == (107, 5)


def test_matil_a_partly_failed_batch_is_completed():
    batch = matil.normalize(plain("matil"))
    assert (batch.state, batch.outcome, batch.counts) == (
        BatchState.COMPLETED,
        Outcome.PARTIAL,
        Counts(2, 1, 1),
    )
    hook = batch.failed_webhooks[0]
    assert (hook.id, hook.attempts, hook.http_status, hook.delivered) == ("w-1", 3, 500, None)
    assert hook.extra == {"/item_metadata": {"row": 1}}


def test_matil_has_ended_when_time_and_counts_say_so_whatever_the_word():
    batch = matil.normalize(plain("matil", status="EXPIRED"))
    assert (batch.state, batch.terminal, batch.outcome) == (BatchState.COMPLETED, True, Outcome.PARTIAL)
    assert batch.raw_state == "EXPIRED"
    lost = matil.normalize(plain("matil", status="over", completed_items=0, failed_items=2))
    assert (lost.state, lost.outcome) == (BatchState.FAILED, Outcome.FAILED)
    for still_open in (
        {"completed_at": None},
        {"completed_items": 0},
        {"total_items": 0, "completed_items": 0, "failed_items": 0},
    ):
        assert matil.normalize(plain("matil", status="over", **still_open)).state is BatchState.UNKNOWN


def test_matil_success_needs_every_item_and_no_errors():
    one = {"status": "completed", "entry_id": "e", "errors": None}
    good = plain("matil", completed_items=2, failed_items=0, items=[one, one])
    assert matil.normalize(good).outcome is Outcome.SUCCEEDED
    good["items"][0]["status"] = "completed_with_errors"
    assert matil.normalize(good).outcome is Outcome.PARTIAL
    assert matil.normalize(plain("matil", completed_items=1, failed_items=0)).outcome is Outcome.UNKNOWN
    assert matil.normalize(plain("matil", completed_items=0, failed_items=2)).outcome is Outcome.FAILED
    none = plain("matil", total_items=0, completed_items=0, failed_items=0, items=[])
    assert matil.normalize(none).outcome is Outcome.UNKNOWN


def test_matil_counts_that_do_not_add_up_are_unknown():
    batch = matil.normalize(plain("matil", total_items=2, completed_items=3))
    assert batch.counts == Counts(total=2)
    assert batch.extra["/completed_items"] == 3
    assert batch.doubts == ("the completed and failed items are more than the total",)
    below = matil.normalize(plain("matil", failed_items=-1))
    assert (below.counts, below.extra["/failed_items"]) == (Counts(2, 1, None), -1)


def test_matil_lists_that_are_not_given_are_not_empty():
    batch = matil.normalize(plain("matil", items=None, failed_webhooks=[]))
    assert (batch.items, batch.failed_webhooks) == (None, ())


# --- nimble ----------------------------------------------------------------------------------------------------------


def test_nimble_a_wholly_failed_batch_says_success():
    payload = plain("nimble")
    payload["tasks"][0]["state"] = "error"
    batch = nimble.normalize(payload)
    assert (batch.state, batch.outcome, batch.counts) == (
        BatchState.COMPLETED,
        Outcome.FAILED,
        Counts(2, 0, 2, 0, 0),
    )


def test_nimble_counts_are_numbers():
    assert nimble.normalize(plain("nimble", completed_count=2.0)) == nimble.normalize(plain("nimble"))
    half = nimble.normalize(plain("nimble", completed_count=0.5))
    assert (half.counts, half.extra["/completed_count"]) == (Counts(2, 1, 1, 0, 0), 0.5)


@pytest.mark.parametrize(
    ("count", "states", "progress", "state"),
    [(0, ["pending"], 0, "pending"), (0, [], 0, "pending"), (1, ["pending"], 0, "running"),
     (0, ["pending", "error"], 0, "running"), (0, ["pending"], 0.25, "running")],
)  # fmt: skip
def test_nimble_runs_once_anything_has_ended(count, states, progress, state):
    task = items_of("nimble", plain("nimble"))[0]
    tasks = [task | {"state": word} for word in states]
    batch = nimble.normalize(
        plain(
            "nimble",
            completed=False,
            completed_count=count,
            progress=progress,
            tasks=tasks,
            completed_at=None,
        )
    )
    assert (batch.state, batch.outcome) == (state, Outcome.UNKNOWN)


def test_nimble_a_task_may_be_null():
    payload = plain("nimble")
    payload["tasks"][1] = None
    batch = nimble.normalize(payload)
    assert batch.items[1] == Item(None, BatchState.UNKNOWN, extra={})
    assert (batch.counts, batch.outcome) == (Counts(total=2), Outcome.UNKNOWN)


def test_nimble_more_completed_than_tasks_means_that_the_list_is_not_whole():
    batch = nimble.normalize(plain("nimble", completed_count=9))
    assert (batch.counts, batch.doubts) == (Counts(), ("completed_count is more than there are tasks",))


def test_nimble_the_example_of_its_own_page_contradicts_itself():
    payload = plain("nimble", completed_count=1)
    payload["tasks"] = [payload["tasks"][0] | {"state": "pending"}]
    batch = nimble.normalize(payload)
    assert batch.counts == Counts(1, None, 0, 1, 0)
    assert batch.doubts == (
        "completed_count is not what the tasks' states add up to",
        "the batch is completed, and 1 item is still open",
    )


def test_nimble_a_progress_off_the_scale_is_unknown():
    batch = nimble.normalize(plain("nimble", progress=42.5))
    assert (batch.progress, batch.extra["/progress"]) == (None, 42.5)


# --- wickson ---------------------------------------------------------------------------------------------------------


def test_wickson_pending_includes_processing():
    batch = wickson.normalize(plain("wickson"))
    assert (batch.counts, batch.progress) == (Counts(200, 85, 3, 107, 5), 0.425)
    assert batch.name == "Monthly Reports Processing"
    assert batch.times == Times(
        datetime(2024, 12, 18, 10, tzinfo=UTC),
        datetime(2024, 12, 18, 10, 1, 15, tzinfo=UTC),
        datetime(2024, 12, 18, 11, 30, tzinfo=UTC),
        None,
        datetime(2024, 12, 18, 13, 45, tzinfo=UTC),
    )
    assert batch.errors == (
        Failure(type="format_error", count=2, affected=("reports/a.xlsx",),
                resolution="Ensure file is in a supported format"),
    )  # fmt: skip
    error = Failure(message="Unsupported file format", code="format_error")
    assert (batch.items[0].error, batch.items[0].progress) == (error, 0.235)


def test_wickson_counts_beyond_the_total_are_unknown():
    progress = {"total": 2, "completed": 2, "failed": 1, "pending": 0, "processing": 0}
    assert wickson.normalize(plain("wickson", progress=progress)).counts == Counts(total=2)
    progress = {"total": 9, "completed": 2, "failed": 1, "pending": 1, "processing": 2}
    assert wickson.normalize(plain("wickson", progress=progress)).counts == Counts(total=9)
    progress = {"total": 9, "completed": 2, "pending": 1}
    batch = wickson.normalize(plain("wickson", progress=progress))
    assert (batch.counts, batch.extra["/data/progress/pending"]) == (Counts(9, 2), 1)


def test_wickson_data_may_be_shrunk_to_a_few_fields():
    batch = wickson.normalize({"success": True, "data": {"batch_id": "b", "status": "paused"}})
    assert (batch.id, batch.state, batch.counts, batch.items) == ("b", BatchState.PAUSED, Counts(), None)
    assert refused("wickson", {"success": True, "data": {"batch_id": "b"}}) == (
        "/data/status: expected a string, found nothing"
    )


def test_wickson_completed_is_judged_by_its_counts():
    def outcome(**progress):
        return wickson.normalize(
            plain("wickson", status="completed", progress=progress, job_details=[])
        ).outcome

    rest = {"pending": 0, "processing": 0}
    assert outcome(total=3, completed=3, failed=0, **rest) is Outcome.SUCCEEDED
    assert outcome(total=3, completed=2, failed=1, **rest) is Outcome.PARTIAL
    assert outcome(total=3, completed=0, failed=3, **rest) is Outcome.FAILED
    assert outcome(total=3, completed=1, failed=0, **rest) is Outcome.UNKNOWN
    assert outcome() is Outcome.UNKNOWN


def test_wickson_a_failed_batch_may_have_done_some():
    progress = {"total": 9, "completed": 2, "failed": 1, "pending": 6, "processing": 0}
    assert wickson.normalize(plain("wickson", status="failed", progress=progress)).outcome is Outcome.PARTIAL
    assert wickson.normalize(plain("wickson", status="failed", progress={})).outcome is Outcome.FAILED
    whole = {"total": 2, "completed": 2, "failed": 0, "pending": 0, "processing": 0}
    assert wickson.normalize(plain("wickson", status="failed", progress=whole)).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("change", "doubt"),
    [
        ({"timing": {"created_at": "2024-12-18T10:00:00Z", "completed_at": "2024-12-18T09:00:00Z"}, "status": "completed",
          "progress": {}}, "the batch finished before it began"),
        ({"timing": {"completed_at": "2024-12-18T09:00:00Z"}},
         "the batch is running, and has a time at which it finished"),
        ({"status": "completed"}, "the batch is completed, and 112 items are still open"),
        ({"progress": {"total": 0}}, "the list holds 1 item, more than the total of 0"),
        ({"progress": {"failed": 0}}, "1 item of the list failed, more than the 0 that are counted"),
        ({"progress": {"failed": 1}, "job_details": [{"status": "failed"}] * 3},
         "3 items of the list failed, more than the 1 that are counted"),
        ({"status": "failed", "job_details": [], "progress": {"total": 2, "completed": 2, "failed": 0}},
         "the batch failed, and all its items are counted as completed"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_named(change, doubt):
    assert wickson.normalize(plain("wickson", **change)).doubts == (doubt,)


@pytest.mark.parametrize(
    "change",
    [{"status": "failed", "job_details": [], "progress": {"total": 0, "completed": 0, "failed": 0}},
     {"status": "failed", "job_details": [], "progress": {"total": 3, "completed": 2, "failed": 1}},
     {"progress": {"failed": 1}, "job_details": [{"status": "failed"}]},
     {"progress": {"total": 2}, "job_details": [{}, {}]},
     {"progress": {"total": 2, "completed": 2, "failed": 0, "percentage": 50}, "job_details": []},
     {"status": "completed", "progress": {},
      "timing": {"created_at": "2024-12-18T10:00:00Z", "completed_at": "2024-12-18T10:00:00Z"}}],
)  # fmt: skip
def test_what_may_be_true_at_once_is_no_contradiction(change):
    assert wickson.normalize(plain("wickson", **change)).doubts == ()
