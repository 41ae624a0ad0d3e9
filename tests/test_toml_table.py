"""TOML of the user's: whatever is wrong with it is one sentence with the file, the table and the nearest name."""

import re

import pytest

from contracts.consumers import read_consumers
from contracts.errors import ConfigError
from contracts.policy import read_policy, read_waivers
from contracts.spec import read_manifest

READERS = {
    "pyproject.toml": read_policy,
    "consumers.toml": read_consumers,
    "waivers.toml": read_waivers,
    "provider.toml": read_manifest,
}
UNREADABLE = {
    "nested": "a = " + "[" * 5000 + "]" * 5000,
    "number": "a = " + "9" * 5000,
    "syntax": "a = 1\nb = \n",
    "twice": "a = 1\na = 2\n",
    "bytes": "a = '\udcff'",
}


@pytest.mark.parametrize("name", READERS)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_every_reader_refuses_what_cannot_be_read_in_one_sentence(tmp_path, name, kind):
    path = tmp_path / name
    path.write_bytes(UNREADABLE[kind].encode("utf-8", "surrogateescape"))
    with pytest.raises(ConfigError, match=rf"{name}: cannot be read: .") as caught:
        READERS[name](path)
    assert "\n" not in str(caught.value)
    if kind in {"syntax", "twice"}:
        assert "line 2" in str(caught.value)


SHAPES = {
    "pyproject.toml": {
        "[tool.contracts]\nprovider = ['matil']": "[tool.contracts]: provider is not a table; did you mean 'providers'?",
        "[tool.contracts]\ncoverage = 2026-01-01": "[tool.contracts] coverage is '2026-01-01'; write a share",
        "[tool.contracts]\nfail-on = nan": "fail-on is NaN; write error or warning or note or never",
        "[tool.contracts]\nmax-body = {a = 1979-05-27T07:32:00}": "max-body is an object of 1; write a number",
        "[tool.contracts]\ncosumers = {}": "no setting 'cosumers'; did you mean 'consumers'?",
        "[tool.contracts.provider.matil]\ncoverge = 1": "[tool.contracts.provider.matil]: no setting 'coverge'; did",
    },
    "consumers.toml": {
        "[tool.contracts.consumers.'json:loads']\nproviders = 'matil'": "no setting 'providers'; did you mean 'provider'?",
        "[tool.contracts.consumers]\n'json:loads' = 2026-01-01": "'json:loads': write a provider id or a table",
    },
    "waivers.toml": {
        "waivers = []": "no table 'waivers'; did you mean 'waiver'?",
        "[[waiver]]\nruel = 'x'": "waivers.toml:1: no key of a waiver 'ruel'; did you mean 'rule'?",
        "waiver = [1]": "'waiver' is not a list of tables; start each with [[waiver]]",
    },
    "provider.toml": {
        "provenance = 'published'\n[auth]\nheadr = 'x'": "provider.toml: auth: no setting 'headr'; did you mean 'header'?",
        "provenance = 'published'\n[[upstream]]\nfile = 3": "provider.toml:2: file is 3; write a text",
        "provenance = 'published'\n[operations.a]\npath = '/a'": "operations: a: method is missing; write a text",
        "provenance = 2026-01-01": "no provenance '2026-01-01'",
    },
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "sentence"), [(name, *row) for name, rows in SHAPES.items() for row in rows.items()]
)
def test_a_wrong_key_or_shape_names_its_place_and_what_to_write(tmp_path, name, text, sentence):
    path = tmp_path / "vendor" / name
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        READERS[name](path)
