"""Lines for people fit the terminal that they are printed to; in a pipe they stay whole."""

from __future__ import annotations

import sys

import click
import pytest

from contracts.cli.option import fitted, print_text

COLUMNS = "  not asked     renamed-ids, added-item, joined-items: no view"
RED = f"  {click.style('error', fg='red')}  /a/long/place  is now string"


@pytest.mark.parametrize(
    ("line", "width", "parts"),
    [
        (COLUMNS, 80, [COLUMNS]),
        (COLUMNS, 40, ["  not asked     renamed-ids, added-item,", "                joined-items: no view"]),
        ("no column, only words", 12, ["no column,", "  only words"]),
        ("x" * 50, 40, ["x" * 50]),
        (RED, 25, [RED.removesuffix(" is now string").rstrip(), "         is now string"]),
        ("", 40, [""]),
    ],
)
def test_a_line_goes_on_below_its_last_column(line, width, parts):
    assert list(fitted(line, width)) == parts


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_list_of_the_tool_is_wider_than_the_terminal(width, monkeypatch, capsys):
    from contracts.cli import run

    monkeypatch.setenv("COLUMNS", str(width))
    for words in ("explain", "explain enum", "providers", "doctor", "coverage nimble"):
        monkeypatch.setattr(sys, "argv", ["contracts", *words.split()])
        with monkeypatch.context() as patch:
            patch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
            assert run() == 0
        lines = click.unstyle(capsys.readouterr().out).splitlines()
        long = [line for line in lines if len(line) > width and " " in line.strip()]
        assert long == []


def test_a_pipe_gets_whole_lines(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "40")
    print_text([COLUMNS])
    assert capsys.readouterr().out == f"{COLUMNS}\n"
