"""Plain forms, reads by perturbation, the registry."""

from __future__ import annotations

import dataclasses
import enum
import textwrap
from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import attrs
import msgspec
import pydantic
import pytest

from contracts.consumers.consumer import Consumer
from contracts.consumers.laws.reads import reads_of
from contracts.consumers.plain import plain_form
from contracts.consumers.registry import bundled, consumer_named, marked, read_consumers
from contracts.errors import ConfigError, NormalizationError, UnknownName
from contracts.providers import normalizer
from tests.providers.payloads import VENDORS, plain


class Lenient(pydantic.BaseModel, extra="allow"):
    a: int
    b: int = 0


@attrs.frozen
class Attrs:
    a: int


@dataclasses.dataclass
class Data:
    a: int


class Struct(msgspec.Struct):
    a: int


class Plain:
    def __init__(self):
        self.a, self._hidden = 1, 2


class Colour(enum.Enum):
    RED = "red"


Pair = namedtuple("Pair", "a b")  # noqa: PYI024


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None), (True, True), ("x", "x"), (1.5, 1.5), (Colour.RED, "red"), ([1, (2, {3})], [1, [2, [3]]]),
        ({1: Data(2)}, {"1": {"a": 2}}), (Attrs(1), {"a": 1}), (Struct(1), {"a": 1}), (Plain(), {"a": 1}),
        (Pair(1, 2), {"a": 1, "b": 2}), (Lenient(a=1, c=9), {"a": 1, "b": 0}), (Lenient.model_construct(c=1), {"b": 0}),
        (datetime(2024, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))), "2024-01-01T00:00:00+00:00"),
        (datetime(2024, 1, 1), "2024-01-01T00:00:00 without a zone"),  # noqa: DTZ001
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=2))), "0001-01-01T00:00:00+02:00"),
        (date(2024, 1, 1), "2024-01-01"), (timedelta(minutes=1), "60.0 s"), (Decimal("1.0"), "1.0"),
        (UUID(int=0), "00000000-0000-0000-0000-000000000000"), (b"x", "b'x'"), (object(), "<object>"),
    ],
)  # fmt: skip
def test_any_result_becomes_plain_data(value, form):
    assert plain_form(value) == form


def test_a_deep_result_is_cut():
    deep: list = []
    for _ in range(200):
        deep = [deep]
    assert "deeper than 64 levels" in repr(plain_form(deep))


def test_a_batch_is_seen_without_what_it_only_carries():
    view = plain_form(normalizer("matil")(plain("matil")))
    assert set(view) == {
        "id",
        "name",
        "state",
        "outcome",
        "counts",
        "progress",
        "times",
        "items",
        "errors",
        "failed_webhooks",
    }
    assert "extra" not in view["items"][0]


# --- reads -----------------------------------------------------------------------------------------------------------


def test_what_is_read_is_found_by_changing_it():
    def mine(payload):
        return {**payload, "rest": None}["a"], [item["id"] for item in payload["items"]]

    one = Consumer(id="mine", provider="x", function=mine)
    found = reads_of(one, [{"a": 1, "b": 2, "items": [{"id": 1, "n": 2}]}])
    assert found.read == ("/a", "/items", "/items/*", "/items/*/id")
    assert found.unread == ("/b", "/items/*/n")
    assert found.reads("/items")
    assert found.reads("/items/*/id")
    assert not found.reads("/items/*/n")
    assert not found.reads("/new")


UNREAD = {
    "almanac": {"/status_label", "/summary", "/wiki_id"},
    "llamacloud": {"/config/job", "/config/job/configuration_id", "/config/job/type", "/project_id",
                   "/source_directory_id", "/results/*/job_reference/type"},
}  # fmt: skip


@pytest.mark.parametrize("vendor", sorted(UNREAD))
def test_what_ours_read(vendor):
    assert set(reads_of(bundled(vendor)[0], [plain(vendor)]).unread) == UNREAD[vendor]


# --- registry --------------------------------------------------------------------------------------------------------


def project(tmp_path, text):
    file = tmp_path / "pyproject.toml"
    file.write_text(textwrap.dedent(text), "utf-8")
    return file


def test_consumers_are_read_from_the_settings(tmp_path):
    file = project(tmp_path, """
        [tool.contracts.consumers]
        "tests.consumers.readers:almanac_with_cattrs" = "almanac"
        [tool.contracts.consumers."tests.consumers.readers:MatilBatch"]
        provider = "matil"
        operation = "getBatch"
        refuses = ["pydantic:ValidationError", "ValueError"]
        takes = "json"
        view = "tests.consumers.readers:as_it_is"
        unknown = ["?"]
    """)  # fmt: skip
    first, second = read_consumers(file)
    assert (first.id, first.provider, first.takes) == (
        "tests.consumers.readers:almanac_with_cattrs",
        "almanac",
        "json",
    )
    assert (second.refuses, second.unknown, second.operation) == (
        (pydantic.ValidationError, ValueError),
        ("?",),
        "getBatch",
    )
    assert second.function.__name__ == "model_validate"
    assert second.view(1) == 1
    assert read_consumers(None) == read_consumers(tmp_path / "no.toml") == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('"x" = 3', "pyproject.toml: [tool.contracts.consumers] 'x': write a provider id or a table"),
        ('"nope:f" = "matil"', "pyproject.toml: [tool.contracts.consumers] 'nope:f': 'nope:f' cannot be imported: No module named 'nope'"),
        ('"json" = "matil"', "pyproject.toml: [tool.contracts.consumers] 'json': 'json' is not written module:name"),
        ('"json:lods" = "matil"', "pyproject.toml: [tool.contracts.consumers] 'json:lods': 'json:lods': json has no 'lods'; did you mean 'loads'?"),
        ('"json:__name__" = "matil"', "pyproject.toml: [tool.contracts.consumers] 'json:__name__': 'json:__name__' cannot be called"),
        ('"json:loads" = {takes = "text"}', "pyproject.toml: [tool.contracts.consumers] 'json:loads': provider is missing; write a text"),
        ('"json:loads" = {provider = "matil", takes = "text"}',
         "pyproject.toml: [tool.contracts.consumers] 'json:loads': takes is 'text'; write 'json', 'bytes' or 'response'"),
        ('"json:loads" = {provider = 3}', "pyproject.toml: [tool.contracts.consumers] 'json:loads': provider is 3; write a text"),
        ('"json:loads" = {provider = "matil", refuses = "ValueError"}',
         "pyproject.toml: [tool.contracts.consumers] 'json:loads': refuses is 'ValueError'; write a list of texts"),
        ('"json:loads" = {provider = "matil", refuses = ["json:loads"]}',
         "pyproject.toml: [tool.contracts.consumers] 'json:loads': 'json:loads' is not an exception"),
        ('"json:loads" = {provider = "matil", refuse = []}',
         ("pyproject.toml: [tool.contracts.consumers] 'json:loads': no setting 'refuse'; did you mean 'refuses'? "
         "Known: equations, operation, provider, refuses, takes, unknown, view")),
    ],
)  # fmt: skip
def test_a_mistake_in_the_settings_is_named(tmp_path, text, message):
    file = project(tmp_path, f"[tool.contracts.consumers]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        read_consumers(file)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [("tool = 3", "pyproject.toml: tool is not a table"),
     ("[tool.contracts]\nconsumers = 3", "pyproject.toml: [tool.contracts.consumers] is not a table"),
     ("[", "pyproject.toml: cannot be read")],
)  # fmt: skip
def test_a_file_that_is_no_settings_is_named(tmp_path, text, message):
    with pytest.raises(ConfigError) as caught:
        read_consumers(project(tmp_path, text))
    assert str(caught.value).startswith(message)


def test_a_test_is_a_consumer_by_its_marker():
    one = marked(len, "test_it", "matil", refuses=TypeError, takes="bytes")
    assert (one.refuses, one.takes, one.provider) == ((TypeError,), "bytes", "matil")
    with pytest.raises(UnknownName, match="test_it: no option of the marker 'refuse'"):
        marked(len, "test_it", "matil", refuse=TypeError)
    with pytest.raises(ConfigError, match="test_it: takes is 'text'"):
        marked(len, "test_it", "matil", takes="text")


def test_ours_are_consumers():
    assert [bundled(vendor)[0].refuses for vendor in VENDORS] == [(NormalizationError,)] * 5
    assert bundled("acme") == ()
    assert consumer_named("json:loads", "matil", refuses=["ValueError"]).refuses == (ValueError,)
