"""One full payload a vendor, as its documentation shows it or its server sent it, for tests to start from."""

from __future__ import annotations

import copy
import json
from typing import Any

_TEXT = {
    "almanac": """{"batch_id": "a7a0da4a", "wiki_id": "66a9e69d", "status": "completed", "status_state": "ready",
        "status_label": "completed", "source_count": 2, "summary": "Imported 2 sources.", "error": null,
        "created_at": "2026-11-22T00:20:41.327550+00:00", "updated_at": "2026-11-22T00:20:41.415360+00:00",
        "finished_at": "2026-11-22T00:20:41.415292+00:00"}""",
    "llamacloud": """{"id": "bat-1", "project_id": "prj-1", "source_directory_id": "dir-1", "status": "COMPLETED",
        "config": {"job": {"configuration_id": "cfg-1", "type": "parse_v2"}},
        "created_at": "2019-12-27T18:11:19.117Z", "updated_at": "2019-12-27T18:11:20.117Z",
        "results": [{"source_directory_file_id": "dfl-1", "error_message": null,
                     "job_reference": {"id": "pjb-1", "type": "parse_v2"}},
                    {"source_directory_file_id": "dfl-2", "error_message": "no such file", "job_reference": null}]}""",
    "matil": """{"batch_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "status": "completed", "total_items": 2,
        "completed_items": 1, "failed_items": 1, "created_at": "2023-11-07T05:31:56Z", "resource_type": "structure",
        "resource_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a", "resource_version_number": 3,
        "completed_at": "2023-11-07T05:41:56Z",
        "items": [{"status": "completed", "metadata": {"row": 1}, "entry_id": "e-1", "data": {"a": [1]}, "errors": []},
                  {"status": "failed", "metadata": {}, "entry_id": "e-2", "data": {}, "errors": [{"x": 1}]}],
        "failed_webhooks": [{"webhook_id": "w-1", "event": "batch.completed", "status": "failed", "attempt_count": 3,
            "created_at": "2023-11-07T05:42:00Z", "http_status": 500, "error_message": "timeout",
            "delivered_at": null, "item_metadata": {"row": 1}}]}""",
    "nimble": """{"status": "success", "id": "4b0a90bf", "completed": true, "completed_count": 2, "progress": 1,
        "created_at": "2024-01-15T10:30:00Z", "completed_at": "2024-01-15T10:36:00Z", "tasks": [
        {"id": "t-1", "state": "success", "status_url": "https://sdk.nimbleway.com/v1/tasks/t-1",
         "download_url": "https://sdk.nimbleway.com/v1/tasks/t-1/results", "output_url": "s3://bucket/t-1",
         "created_at": "2024-01-15T10:30:00Z", "modified_at": "2024-01-15T10:35:00Z", "account_name": "acme",
         "input": {"url": "https://example.com"}, "_query": null, "batch_id": "4b0a90bf", "status_code": 200,
         "api_type": "web"},
        {"id": "t-2", "state": "error", "status_url": "https://sdk.nimbleway.com/v1/tasks/t-2",
         "error": "Connection timeout", "error_type": "timeout_error", "created_at": "2024-01-15T10:30:00Z",
         "input": "https://example.org", "_query": {}}]}""",
    "wickson": """{"success": true, "message": "Batch status retrieved successfully", "data": {
        "batch_id": "batch-abc123", "batch_name": "Monthly Reports Processing", "status": "running",
        "progress": {"percentage": 42.5, "completed": 85, "failed": 3, "pending": 112, "processing": 5, "total": 200},
        "timing": {"created_at": "2024-12-18T10:00:00Z", "started_at": "2024-12-18T10:01:15Z",
            "updated_at": "2024-12-18T11:30:00Z", "completed_at": null, "estimated_completion": "2024-12-18T13:45:00Z",
            "elapsed_time": 5345.5, "average_item_time": 62.8},
        "job_details": [{"job_id": "job-abc456", "file_path": "reports/financial_data.xlsx",
            "media_type": "document", "status": "failed", "progress": 23.5, "started_at": "2024-12-18T10:05:30Z",
            "completed_at": "2024-12-18T10:06:45Z", "error": {"message": "Unsupported file format",
            "code": "format_error", "details": {"format": ".xlsx", "supported_formats": [".pdf"]}}}],
        "error_summary": [{"error_type": "format_error", "count": 2, "affected_files": ["reports/a.xlsx"],
            "resolution": "Ensure file is in a supported format"}],
        "batch_configuration": {"max_concurrent": 5, "priority": "normal", "timeout": 3600}},
        "metadata": {"request_id": "req_1", "api_version": "1.0.0", "cache_ttl": 30, "cache_remaining": 25}}""",
}

VENDORS = tuple(sorted(_TEXT))
ITEMS = {
    "llamacloud": ("results",),
    "matil": ("items",),
    "nimble": ("tasks",),
    "wickson": ("data", "job_details"),
}


def plain(vendor: str, **changes: Any) -> Any:
    """A fresh full payload; keyword arguments replace keys of the object that holds the batch."""
    payload = json.loads(_TEXT[vendor])
    (payload["data"] if vendor == "wickson" else payload).update(copy.deepcopy(changes))
    return payload


def items_of(vendor: str, payload: Any) -> list[Any]:
    """The list of items within a payload."""
    for key in ITEMS[vendor]:
        payload = payload[key]
    return payload
