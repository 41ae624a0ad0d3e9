"""Verdicts on schemas drawn at random against jsonschema alone and jsonschema-rs alone, and the law of redaction.

`CONTRACTS_SCHEMAS=5000 pytest -m benchmark tests/benchmarks/generated_schemas.py`
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.validate.three_engines import differing, unlawful

COUNT = int(os.environ.get("CONTRACTS_SCHEMAS", "500"))


@pytest.mark.benchmark
@pytest.mark.timeout(0)
def test_verdicts_are_those_of_both_libraries_alone() -> None:
    judged, found = differing(COUNT, 20, seed=1)
    print(f"{judged:,} verdicts on {COUNT:,} schemas, {len(found)} differ")
    assert found == []


@pytest.mark.benchmark
@pytest.mark.timeout(0)
def test_redaction_keeps_what_is_valid_valid() -> None:
    judged, refused, found = unlawful(COUNT, 10, seed=2)
    print(f"{judged:,} payloads of {COUNT:,} schemas, {refused} refused, {len(found)} changed their validity")
    assert found == []
