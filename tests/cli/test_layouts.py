"""Readers are found where a project keeps them, by every command that runs them."""

from __future__ import annotations

import sys

import pytest

from tests import acme

PLACES = {
    "beside pyproject.toml": (".", ""),
    "in src": ("src", ""),
    "where pytest looks": ("lib/python", '[tool.pytest.ini_options]\npythonpath = ["lib/python"]\n'),
    "where pytest 9 looks": ("lib", '[tool.pytest]\npythonpath = ["lib"]\n'),
    "where pytest looks, as one text": ("lib", '[tool.pytest.ini_options]\npythonpath = "other lib"\n'),
}


STRESS = ("stress", "--explore", "0", "--no-replay")


@pytest.mark.parametrize(
    ("place", "command"),
    [*((place, ("gate",)) for place in PLACES), ("in src", STRESS), ("where pytest 9 looks", STRESS)],
)
def test_a_registered_reader_is_found(place, command, tmp_path, inside, monkeypatch):
    folder, settings = PLACES[place]
    name = f"reader_{abs(hash((place, command)))}"
    acme.write(tmp_path)
    (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / folder / f"{name}.py").write_text("def read(payload):\n    return payload\n")
    consumers = (
        f'[tool.contracts]\nproviders = ["acme"]\n[tool.contracts.consumers]\n"{name}:read" = "acme"\n'
    )
    (tmp_path / "pyproject.toml").write_text(settings + consumers)
    monkeypatch.setattr(sys, "path", sys.path[:])
    code, said, error = inside(*command)
    assert "cannot be imported" not in error
    assert code in {0, 1}, said + error
