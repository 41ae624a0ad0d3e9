"""Schemas drawn at random: one verdict of both engines and of the two libraries alone; redaction keeps it."""

from __future__ import annotations

import pytest

from tests.validate.three_engines import differing, unlawful


@pytest.mark.untraced
def test_verdicts_on_random_schemas_are_those_of_both_libraries_alone() -> None:
    judged, found = differing(250, 20, seed=5)
    assert judged == 5000
    assert found == []


@pytest.mark.untraced
def test_redaction_keeps_payloads_of_random_schemas_as_valid_as_they_were() -> None:
    judged, refused, found = unlawful(60, 10, seed=6)
    assert found == []
    assert refused <= judged // 100
