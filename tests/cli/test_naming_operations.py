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


BODY = {"status": "GONE"}


def test_a_bare_body_is_told_the_operations_and_judged_by_each_name(jobs, inside):
    (jobs / "bare.json").write_text(json.dumps(BODY))
    code, _, err = inside("check", "jobs", "--file", "bare.json")
    assert (code, err.endswith(f"for a log; operations: getBatchJobs, postBatchJobs, {ONE}\n")) == (
        2,
        True,
    ), err
    for named in (ONE, f"GET {PATH}/{{id}}", "jobs_api_get_one"):
        for command in (("check", "jobs"), ("observe", "--provider", "jobs")):
            file = ("--file", "bare.json") if command[0] == "check" else ("bare.json",)
            _, out, err = inside(*command, *file, "--operation", named)
            assert "'GONE'" in out, (out, err)
    code, _, err = inside("check", "jobs", "--file", "bare.json", "--operation", "GET /v1/nothing")
    assert code == 2
    assert err.startswith("contracts: no operation 'GET /v1/nothing'")


def test_of_many_operations_the_nearest_to_the_file_are_named(tmp_path, inside):
    paths = {f"/v1/things{n}/{{id}}": DOCUMENT["paths"][f"{PATH}/{{job_id}}"] for n in range(12)}
    paths = {path: json.loads(json.dumps(item).replace("job_id", "id")) for path, item in paths.items()}
    for number, item in enumerate(paths.values()):
        item["get"]["operationId"] = f"getThing{number}"
    (tmp_path / "many.json").write_text(json.dumps(DOCUMENT | {"paths": paths}))
    _, out, _ = inside("vendor", "--add", "many", "many.json")
    assert out.splitlines()[0] == "made specs/many: 12 operations"
    assert out.splitlines()[1] == "  GET /v1/things0/{id}"
    assert out.splitlines()[11] == "  and 2 more; list them with: contracts providers many"
    (tmp_path / "getThing7.json").write_text(json.dumps(BODY))
    _, _, err = inside("check", "many", "--file", "getThing7.json")
    assert "the nearest of 12 operations: getThing7, " in err


def test_a_vendor_that_is_not_there_is_told_with_the_folder_that_was_searched(jobs, inside):
    code, _, err = inside("check", "jbs")
    assert (code, err.endswith(f"Searched: {jobs.name}/specs and the vendors of this package\n")) == (2, True)


def test_a_waived_finding_is_told_with_its_waiver(jobs, inside):
    (jobs / "bare.json").write_text(json.dumps(BODY))
    asked = ("--file", "bare.json", "--operation", ONE)
    assert inside("check", "jobs", *asked)[0] == 1
    _, listed, _ = inside("report")
    mark = listed.split()[0]
    reason = ("--reason", "known", "--owner", "us")
    assert inside("waive", mark, *reason)[0] == 0
    for command in ("correct", "report", "waive"):
        code, _, err = inside(command, mark, *(reason if command == "waive" else ()))
        assert code == 2
        assert f"the finding {mark} is waived by specs/jobs/waivers.toml:1: known (until " in err
