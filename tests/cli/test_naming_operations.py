"""Vendors with several operations: how one is named, in settings and in options, and what is said where none is."""

from __future__ import annotations

import json

import pytest

PATH = "/v1/batch/jobs"
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Jobs", "version": "1"},
    "servers": [{"url": "https://api.jobs.example"}],
    "paths": {
        PATH: {
            method: {
                "operationId": f"jobs_api_{method}",
                "responses": {"200": {"description": "The jobs.", "content": {"application/json": {}}}},
            }
            for method in ("get", "post")
        },
        f"{PATH}/{{job_id}}": {
            "get": {
                "operationId": "jobs_api_get_one",
                "parameters": [
                    {"name": "job_id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {
                    "200": {
                        "description": "The job.",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "required": ["status"],
                                    "properties": {"status": {"enum": ["QUEUED", "DONE"]}},
                                }
                            }
                        },
                    }
                },
            }
        },
    },
}
ONE = "retrieveJob"


@pytest.fixture
def jobs(tmp_path, inside):
    """A project with a vendor of three operations, a reader of one, and a newer document."""
    (tmp_path / "pyproject.toml").write_text("[tool.contracts]\n")
    (tmp_path / "jobs.json").write_text(json.dumps(DOCUMENT))
    newer = json.dumps(DOCUMENT).replace('"DONE"', '"DONE", "GONE"')
    (tmp_path / "newer.json").write_text(newer)
    (tmp_path / "jobs_reader.py").write_text(
        "def read(job):\n    return {'QUEUED': 0, 'DONE': 1}[job['status']]\n"
    )
    inside("vendor", "--add", "jobs", "jobs.json", "--alias", f"{ONE}=GET {PATH}/{{job_id}}")
    return tmp_path


def registers(jobs, entry):
    (jobs / "pyproject.toml").write_text(f'[tool.contracts.consumers]\n"jobs_reader:read" = {entry}\n')


def test_a_consumer_that_does_not_say_what_it_reads_is_told_what_to_write(jobs, inside):
    registers(jobs, '"jobs"')
    code, _, err = inside("impact", "jobs", "--against", "newer.json")
    line = f'"jobs_reader:read" = {{provider = "jobs", operation = "{ONE}"}}'
    assert (code, f"Write {line} in [tool.contracts.consumers] of pyproject.toml" in err) == (2, True), err
    registers(jobs, f'{{provider = "jobs", operation = "{ONE}"}}')
    assert "KeyError" in inside("impact", "jobs", "--against", "newer.json")[1]


@pytest.mark.parametrize("named", [ONE, f"GET {PATH}/{{job_id}}", f"get {PATH}/{{}}", "jobs_api_get_one"])
def test_an_operation_is_named_by_alias_by_method_and_path_or_by_its_id(jobs, inside, named):
    code, out, err = inside(
        "impact", "jobs", "jobs_reader:read", "--against", "newer.json", "--operation", named
    )
    assert (code, "KeyError" in out) == (1, True), err
    stress = ("stress", "jobs_reader:read", "-p", "jobs", "--explore", "0", "--no-replay")
    assert "retrieveJob" in inside(*stress, "--operation", named)[1]


def test_a_function_without_an_operation_is_told_the_option(jobs, inside):
    for command in (
        ("impact", "jobs", "jobs_reader:read", "--against", "newer.json"),
        ("stress", "jobs_reader:read", "-p", "jobs"),
    ):
        code, _, err = inside(*command)
        assert code == 2
        assert f"Name it: --operation {ONE}" in err
