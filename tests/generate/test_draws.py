"""Random leaves stay inside their domain, and only those who draw pay for Hypothesis."""

import subprocess
import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.generate.leaves import draws, numbers, texts
from contracts.generate.leaves.domains import Number, Text
from contracts.generate.leaves.strings import numbers_for

DOMAINS = [
    Number(integer=True, formats=("int32",)), Number(formats=("float",), low=Fraction(-1)), Number(fraction=True),
    Number(integer=True, not_steps=(Fraction(2),)), Number(excluded=(0, 1.5)), Number(step=Fraction(1, 100), low=Fraction(0)),
    Number(low=Fraction(1, 4), high=Fraction(1, 2), low_open=True, high_open=True), Number(low=Fraction(10**400)),
    Number(low=Fraction(1, 3), high=Fraction(10**400)), Number(low=Fraction(-(10**400)), high=Fraction(0), high_open=True),
    Text(low=2, high=3), Text(excluded=("a",)), Text(patterns=("^[a-c]{2,4}$", "b")), Text(patterns=("^(?!a)\\w+$",)), Text(formats=("uuid",)),
    Text(not_formats=("date",)),
]  # fmt: skip


@pytest.mark.parametrize("domain", DOMAINS, ids=repr)
def test_what_is_drawn_is_allowed(domain):
    text = isinstance(domain, Text)
    source = draws.text(domain) if text else draws.number(domain)
    seen = set()

    @settings(max_examples=40, derandomize=True, database=None, deadline=None)
    @given(source)
    def check(value):
        seen.add(repr(value))
        assert (texts if text else numbers).allows(domain, value)

    check()
    assert len(seen) > 5


def test_a_domain_without_values_is_nothing():
    assert draws.number(Number(step=Fraction(5), low=Fraction(1), high=Fraction(4))).is_empty
    assert draws.number(Number(low=Fraction(1, 4), high=Fraction(1, 2), integer=True)).is_empty
    assert draws.number(Number(low=Fraction(10**400), fraction=True)).is_empty
    assert draws.number(Number(high=Fraction(-(10**400)), fraction=True)).is_empty
    assert draws.number(Number(low=Fraction(-1), high=Fraction(-1), low_open=True)).is_empty
    assert draws.text(Text(patterns=("^(?i:qq)$",))).is_empty
    assert draws.text(Text(formats=("uuid",), high=3)).is_empty


def test_a_pattern_that_only_the_engine_reads_is_met_by_its_examples():
    assert _some(draws.text(Text(patterns=("^(?i:a)$",), examples=("A",)))) == {"A", "a"}


def test_numbers_of_a_telling_name_are_drawn():
    usual = draws.number(Number(integer=True), numbers_for("http_status"))
    assert 429 in _some(usual)


def _some(source):
    found = set()

    @settings(max_examples=200, derandomize=True, database=None, deadline=None)
    @given(st.one_of(source))
    def take(value):
        found.add(value)

    take()
    return found


def test_hypothesis_is_loaded_only_to_draw():
    script = (
        "import sys; from contracts import generate; generate.covering({'type': 'string'});"
        "assert 'hypothesis' not in sys.modules; generate.payloads({'type': 'string'});"
        "assert 'hypothesis' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)
