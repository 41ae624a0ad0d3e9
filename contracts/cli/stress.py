"""`contracts stress`: edge-case payloads through a function of the user's, law by law."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from contracts.check import consumers_of, find_pyproject
from contracts.cli.option import format_option, json_text, print_lines, print_text, reads_option
from contracts.cli.output import notice, options, refuse_with, root, several, style
from contracts.consumers import (
    TAKES,
    Consumer,
    LawBroken,
    Sample,
    against_approved,
    behaviours,
    bundled,
    consumer_named,
    make_importable,
    quietly,
    read_consumers,
    sources,
    write_approved,
)
from contracts.consumers import report as telling
from contracts.consumers import run as running
from contracts.errors import ConfigError, need
from contracts.spec import load
from contracts.text import plural

EVERY = 0.1
"""Seconds between two messages about the progress."""
UNKNOWN = ("unknown",)
REPLAYS = "replays"
"""The folder, beside a provider's cassettes, where reduced failures are kept."""


def _drawable(context: click.Context, option: click.Parameter, count: int) -> int:
    """Refuse random payloads that were asked for and cannot be drawn; by default, say that none is."""
    if not count:
        return 0
    try:
        need("hypothesis", "explore", "random payloads need Hypothesis")
    except ConfigError as error:
        if context.get_parameter_source(str(option.name)) is not ParameterSource.DEFAULT:
            raise
        notice(f"note: none is drawn; {error}")
        return 0
    return count


@click.command()
@click.argument("functions", nargs=-1, metavar="[MODULE:FUNCTION]...")
@click.option("--provider", "-p", default="", metavar="PROVIDER", help="Whose payloads the functions read.")
@reads_option
@click.option(
    "--refuses",
    multiple=True,
    metavar="MODULE:EXCEPTION",
    help="How it refuses; any other exception is a crash (repeatable).",
)
@click.option("--takes", type=click.Choice(TAKES), default="json", show_default=True, help="What it takes.")
@click.option(
    "--view",
    default="",
    metavar="MODULE:FUNCTION",
    help="From its result to a mapping with id, state, items (id, state), counts, progress.",
)
@click.option(
    "--unknown",
    multiple=True,
    default=UNKNOWN,
    show_default=True,
    metavar="WORD",
    help="A word that means unknown in its answer (repeatable); None always does.",
)
@click.option(
    "--explore",
    type=click.IntRange(0),
    default=200,
    show_default=True,
    metavar="N",
    callback=_drawable,
    help="How many random payloads.",
)
@click.option(
    "--base",
    is_flag=False,
    flag_value="",
    default=None,
    metavar="[REV]",
    help="Compare with another version: a git revision, a folder, or package==1.2. Without a value: the "
    "merge base with the main branch.",
)
@click.option("--approve", is_flag=True, help="Write what it answers now as its approved behaviour.")
@click.option(
    "--suspect",
    type=click.Choice(("note", "error")),
    default="note",
    show_default=True,
    help="Whether what its answers make suspect fails the run.",
)
@click.option(
    "--equations",
    is_flag=True,
    help="Propose what each part of its answer is made of, to be confirmed in pyproject.toml.",
)
@click.option("--points", is_flag=True, help="List the coverage points that were not or cannot be shown.")
@click.option("--no-replay", is_flag=True, help="Write no replay files.")
@format_option()
def stress(
    functions: tuple[str, ...],
    *,
    provider: str,
    operation: str,
    refuses: tuple[str, ...],
    takes: str,
    view: str,
    unknown: tuple[str, ...],
    explore: int,
    base: str | None,
    approve: bool,
    suspect: str,
    equations: bool,
    points: bool,
    no_replay: bool,
    form: str,
) -> None:
    """Run edge-case payloads through FUNCTIONS and report what they tolerate, refuse or fabricate.

    Without FUNCTIONS, the consumers of [tool.contracts.consumers] are run; with only --provider, ours of it.

    \b
    contracts stress myapp.matil:parse --provider matil --refuses myapp.matil:NotABatch
    contracts stress myapp.models:Batch --provider nimble --refuses pydantic:ValidationError

    With --base, each runs in two processes, one a version, over the same payloads, and is told where the
    answers differ; what --approve has written to specs/<vendor>/behaviour/ is accepted, and is the base of
    its own where no other is named.

    Laws about ids, items and counts are asked of answers that are a Batch, or have these by name: --view.

    With --equations, what each part of an answer is made of is proposed, where it held for all payloads:
    `"/left" = "/total - /done"`. Confirmed in [tool.contracts.consumers], each is a law from then on.

    A line `suspected` is what its answers depart from where nearly all of them agree: it may be meant.

    Exit code 1 when a law is broken, or behaviour differs that is not approved, 3 when nothing was run.
    """
    make_importable(Path.cwd(), root())
    if functions and not provider:
        raise click.UsageError("whose payloads do they read? Name the provider: --provider")
    if not functions and (refuses or view or takes != "json" or unknown != UNKNOWN):
        raise click.UsageError("--refuses, --takes, --view and --unknown are for functions named here")
    asked = {"operation": operation, "refuses": refuses, "takes": takes, "view": view, "unknown": unknown}
    chosen = _chosen(functions, provider, asked)
    if equations:
        _propose(chosen, explore, form)
        return
    base = options().policy.base if base is None else base
    if base is not None or approve:
        differ = _compare(chosen, base, explore, form, approve=approve)
        raise click.exceptions.Exit(int(differ))
    broken = [
        _run(one, explore, form, write=not no_replay, points=points, strict=suspect == "error")
        for one in chosen
    ]
    raise click.exceptions.Exit(int(any(broken)))


def _chosen(functions: tuple[str, ...], provider: str, asked: Mapping[str, Any]) -> tuple[Consumer, ...]:
    """Build the consumers that are named, else read those that are registered; ends with 3 where none is."""
    with quietly():  # modules may print when they are imported
        named = tuple(consumer_named(one, provider, **asked) for one in functions)
        chosen = named or _registered(provider, asked["operation"])
    if not chosen:
        click.echo("no consumers: name a function, or register some in [tool.contracts.consumers]", err=True)
        raise click.exceptions.Exit(3)
    vendors = dict.fromkeys(one.provider for one in chosen)
    there = {one.id for one in several(vendors, lambda name: load(name, root()))}
    return tuple(one for one in chosen if one.provider in there)


def _compare(
    chosen: tuple[Consumer, ...], base: str | None, explore: int, form: str, *, approve: bool
) -> bool:
    """Compare with another version, then approve what differs, if asked; say whether some is not approved."""
    refuse_with("a comparison with another version", "points", "no_replay", "suspect")
    found = {one: sources.answers(load(one.provider, root()), one.operation) for one in chosen}
    asked = [(one, partial(_samples, found[one], explore), found[one]) for one in chosen]
    with _progress(form) as progress:
        done = [] if base is None else list(behaviours(base, root(), asked, progress))
    if form == "json":
        click.echo(json_text([one.data() for one in done]))
    else:
        print_text(line for one in done for line in one.lines(style()))
    if approve:
        told = {one.consumer: one for one in done}
        for one in chosen:
            path = write_approved(one, found[one], root(), told.get(one))
            notice(f"approved: {path.relative_to(root()).as_posix()}")
    return not approve and any(one.alters or one.why for one in done)


def _propose(chosen: tuple[Consumer, ...], explore: int, form: str) -> None:
    """Print the equations of each consumer as a table for pyproject.toml, or as JSON."""
    documents = []
    for one in chosen:
        found = sources.answers(load(one.provider, root()), one.operation)
        with _progress(form) as progress, quietly():
            progress("what its answers are made of", 0)
            learnt = running.proposed_of(one, found, explore)
        documents.append({"consumer": one.id, "payloads": learnt.met, "equations": learnt.texts})
        if form == "text":
            print_lines(telling.equation_lines(one.id, learnt))
    if form == "json":
        click.echo(json_text(documents))


def _samples(found: sources.Answers, explore: int) -> list[Sample]:
    return list(running.samples(found, explore))


def _registered(provider: str, operation: str) -> tuple[Consumer, ...]:
    options()  # settings that cannot be used as written are refused here as at every door
    vendor = load(provider, root()) if provider else None
    found = (
        consumers_of(root(), vendor, operation) or bundled(provider)
        if vendor
        else read_consumers(find_pyproject(root()))
    )
    if provider and not found:
        raise ConfigError(
            f"{provider}: no consumer is registered, and we have no normalizer; name a function"
        )
    return tuple(replace(one, operation=operation or one.operation) for one in found)


def _run(one: Consumer, explore: int, form: str, *, write: bool, points: bool, strict: bool) -> bool:
    vendor = load(one.provider, root())
    found = sources.answers(vendor, one.operation)
    folder = root() / "specs" / vendor.id / REPLAYS
    first = _first(form)  # the terminal itself, which `quietly` takes from the consumer
    with _progress(form) as progress, quietly() as printed:
        done = running.run_consumer(
            one, found, explore=explore, folder=folder, write=write, progress=progress, first=first
        )
    with quietly():
        held = against_approved(one, root())
    if form == "json":
        covered = sources.covered(found)
        document = telling.data(done.state, done.reads, done.replays, found.name, covered)
        beside: dict[str, object] = {"suspected": [asdict(each) for each in done.suspected]}
        beside |= {"behaviour": held.data()} if held else {}
        click.echo(json_text({**document, **beside}))
    else:
        print_text(_lines(done, found, printed.lines, points=points))
        print_text(held.lines(style()) if held else ())
    wrong = done.state.stumbles or (held and held.alters) or (strict and done.suspected)
    return bool(wrong)


def _first(form: str) -> Callable[[LawBroken], None]:
    """Show the first failure on a terminal as soon as it is met; the report has it made small."""
    screen = sys.stderr

    def show(one: LawBroken) -> None:
        if form == "text" and screen.isatty():
            screen.write(f"\r\x1b[K{telling.first_line(one)}\n")
            screen.flush()

    return show


def _lines(done: running.Run, found: sources.Answers, printed: int, *, points: bool) -> Iterator[str]:
    paint = style()
    yield paint("heading", telling.heading(done.state, found.name))
    yield from telling.met_lines(done.state)
    yield from telling.cover_lines(sources.covered(found), every=points)
    yield from telling.law_lines(done.state, sources.plainest(found), done.replays, paint)
    yield from telling.suspected_lines(done.suspected)
    yield from telling.read_lines(done.reads)
    if printed:
        yield telling.line("prints", f"{plural(printed, 'line')}, not shown")
    yield paint("violates" if done.state.stumbles else "conforms", telling.closing(done.state))


@contextmanager
def _progress(form: str) -> Iterator[running.Progress]:
    """Show on a terminal how far it is, and take it away at the end; silent in pipes."""
    screen = sys.stderr
    if form != "text" or not screen.isatty():
        yield lambda _, __: None
        return
    shown = [0.0]

    def show(what: str, count: int) -> None:
        now = time.monotonic()
        if now - shown[0] > EVERY:
            shown[0] = now
            screen.write(f"\r{what} {count or ''}\x1b[K")
            screen.flush()

    try:
        yield show
    finally:
        screen.write("\r\x1b[K")
        screen.flush()
