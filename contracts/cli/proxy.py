"""`contracts proxy`: a reverse proxy in front of a vendor, for programs in any language."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import click

from contracts.cli.output import chosen, options, refuse_with, root
from contracts.errors import ConfigError
from contracts.model import Report
from contracts.policy import fails
from contracts.spec import load
from contracts.traffic import (
    ADDON,
    Judge,
    LogSink,
    Reporter,
    Sink,
    Table,
    TelemetrySink,
    frames,
    judge_frames,
    start,
    upstream,
)


@click.command()
@click.argument("vendor", required=False, default="")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--to", default="", metavar="URL", help="Where the vendor is; by default its first server.")
@click.option("--record", is_flag=True, help="Keep what passes in contracts-traffic/, without secrets.")
@click.option("--judge", is_flag=True, hidden=True, help="Judge the frames of the addon on standard input.")
@click.option("--addon", is_flag=True, help="Print the path of the addon, for mitmdump -s.")
def proxy(vendor: str, *, host: str, port: int, to: str, record: bool, judge: bool, addon: bool) -> None:
    """Stand before VENDOR as a reverse proxy, and hold every answer that passes against its contract.

    \b
    contracts proxy matil --port 8080
    mitmdump -s "$(contracts proxy --addon)" --set contracts_vendor=matil
    """
    if addon:
        refuse_with("--addon, which prints a path and ends", "vendor", "host", "port", "to", "record")
        click.echo(ADDON)
        return
    if not vendor and not judge:
        raise click.UsageError("name the vendor that the proxy stands before")
    names = chosen((vendor,) if vendor else ())
    settings = options().policy.watch
    kept = ("observed", "jsonl") if record else ()
    checking = Judge(root(), names, replace(settings, sinks=(*settings.sinks, *kept)))
    if judge:
        _follow(frames(sys.stdin.buffer), checking, vendor)
        return
    address = to or upstream(load(vendor, root()))
    running = start(address, host, port)
    click.echo(f"http://{host}:{port} stands before {address}; end with Ctrl-C", err=True)
    assert running.stdout is not None
    try:
        _follow(frames(running.stdout), checking, vendor)
    finally:
        running.terminate()
        running.wait(10)
    if running.returncode not in {0, -15}:
        raise ConfigError(f"mitmdump ended with {running.returncode}; is the port {port} free?")


def _follow(stream: Iterator[tuple[dict[str, Any], bytes]], judge: Judge, vendor: str) -> None:
    """Judge until the proxy ends; the table is drawn again on a terminal, and once at the end elsewhere."""
    table, live = Table(), sys.stdout.isatty()
    wanted = options().policy.watch.sinks
    sinks: list[Sink] = [table]
    sinks += [TelemetrySink()] if "otel" in wanted else []
    sinks += [] if live or "log" not in wanted else [LogSink()]
    drawn, due = 0, 0.0
    before = signal.signal(signal.SIGINT, _once)  # the proxy gets it as well, and hands over what it has
    try:
        for _ in judge_frames(stream, judge, Reporter(sinks, options().policy.watch.interval), vendor, table):
            if live and time.monotonic() > due:
                drawn, due = _draw(table, drawn), time.monotonic() + 0.5
    except KeyboardInterrupt:
        judge.files.close()
    finally:
        signal.signal(signal.SIGINT, before)
    _draw(table, drawn)
    report = Report(findings=tuple(finding for finding, _ in table.findings.values()))
    if fails(report, options().policy.fail_on):
        raise click.exceptions.Exit(1)
    if not any(row["conforms"] or row["violates"] for row in table.rows.values()):
        raise click.exceptions.Exit(3)


def _once(_number: int, _frame: object) -> None:
    """Let the first Ctrl-C end the proxy, and the second one this process too."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def _draw(table: Table, drawn: int) -> int:
    """Write the table over the one that was drawn before; give its number of lines."""
    lines = list(table.lines())
    if drawn:
        click.echo(f"\x1b[{drawn}F\x1b[J", nl=False)
    click.echo("\n".join(lines))
    return len(lines)
