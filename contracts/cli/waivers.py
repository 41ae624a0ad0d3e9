"""`contracts waivers`: what is accepted on purpose, by the day it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from contracts.check import current_day
from contracts.cli.option import format_option, print_lines
from contracts.cli.output import chosen, root
from contracts.policy import Waiver, check_dates, waivers_of
from contracts.spec import load, shown
from contracts.text import plural, safe_text


@click.command()
@click.argument("providers", nargs=-1)
@format_option()
def waivers(providers: tuple[str, ...], form: str) -> None:
    """List what is waived, by the day it ends; exit code 1 when one has ended."""
    listed = [load(name, root()) for name in chosen(providers or ("all",))]
    found = [(one, Path(one.origin.file)) for each in listed for one in waivers_of(each)]
    ordered = sorted(found, key=lambda pair: (pair[0].until, pair[0].place, pair[0].rule))
    check_dates((one for one, _ in ordered), current_day())
    print_lines(_as_json(ordered) if form == "json" else _as_text(ordered, current_day()))
    raise click.exceptions.Exit(int(any(one.until < current_day() for one, _ in ordered)))


def _as_text(found: list[tuple[Waiver, Path]], now: date) -> Iterator[str]:
    if not found:
        yield "nothing is waived"
        return
    for one, path in found:
        left = (one.until - now).days
        state = f"{plural(left, 'day')} left" if left > 0 else "the last day" if left == 0 else "ended"
        yield f"{one.until}  {state:<13}  {safe_text(one.rule, 40)}  {safe_text(one.place, 120)}"
        link = f" · {safe_text(one.link, 120)}" if one.link else ""
        where = f"{shown(path, root())}:{one.origin.line}"
        yield f"{'':27}{safe_text(one.reason, 160)} ({safe_text(one.owner, 40)}){link} · {where}"
    ended = sum(one.until < now for one, _ in found)
    yield f"{plural(len(found), 'waiver')}, {ended} ended"


def _as_json(found: list[tuple[Waiver, Path]]) -> Iterator[str]:
    rows = [
        {
            "until": one.until.isoformat(),
            "rule": one.rule,
            "place": one.place,
            "reason": one.reason,
            "owner": one.owner,
            "link": one.link,
            "file": f"{shown(path, root())}:{one.origin.line}",
        }
        for one, path in found
    ]
    yield json.dumps(rows, indent=1)
