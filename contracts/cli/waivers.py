"""`contracts waivers`: what is accepted on purpose, by the day it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from itertools import chain

import click

from contracts.check import current_day
from contracts.cli.option import format_option, print_lines, print_text
from contracts.cli.output import chosen, root, several
from contracts.policy import Waiver, check_dates, waivers_of
from contracts.spec import load
from contracts.text import plural, safe_text


@click.command()
@click.argument("providers", nargs=-1)
@format_option()
def waivers(providers: tuple[str, ...], form: str) -> None:
    """List what is waived, by the day it ends; exit code 1 when one has ended."""
    listed = several(chosen(providers or ("all",)), lambda name: waivers_of(load(name, root())))
    ordered = sorted(chain(*listed), key=lambda one: (one.until, one.place, one.rule))
    check_dates(ordered, current_day())
    if form == "json":
        print_lines(_as_json(ordered))
    else:
        print_text(_as_text(ordered, current_day()))
    raise click.exceptions.Exit(int(any(one.until < current_day() for one in ordered)))


def _as_text(found: list[Waiver], now: date) -> Iterator[str]:
    if not found:
        yield "nothing is waived"
        return
    for one in found:
        left = (one.until - now).days
        state = f"{plural(left, 'day')} left" if left > 0 else "the last day" if left == 0 else "ended"
        yield f"{one.until}  {state:<13}  {safe_text(one.rule, 40)}  {safe_text(one.place, 120)}"
        link = f" · {safe_text(one.link, 120)}" if one.link else ""
        yield f"{'':27}{safe_text(one.reason, 160)} ({safe_text(one.owner, 40)}){link} · {one.origin}"
    ended = sum(one.until < now for one in found)
    yield f"{plural(len(found), 'waiver')}, {ended} ended"


def _as_json(found: list[Waiver]) -> Iterator[str]:
    rows = [
        {
            "until": one.until.isoformat(),
            "rule": one.rule,
            "place": one.place,
            "reason": one.reason,
            "owner": one.owner,
            "link": one.link,
            "file": str(one.origin),
        }
        for one in found
    ]
    yield json.dumps(rows, indent=1)
