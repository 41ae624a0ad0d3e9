"""`contracts vendor`: pages and documents into specs and folders, and the check of what was vendored."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from contracts.check import current_day
from contracts.cli.option import print_lines
from contracts.cli.output import chosen, notice, options, root
from contracts.errors import AnswerUnread
from contracts.model import Finding, Severity
from contracts.policy import settle
from contracts.spec import folders, shown
from contracts.text import plural
from contracts.vendoring import PLATFORMS, Extraction, page_to_yaml, vendor_add, vendor_check

_MANY = 12


@click.command()
@click.argument("providers", nargs=-1)
@click.option(
    "--page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Print the OpenAPI document of a page.",
)
@click.option(
    "--add",
    nargs=2,
    metavar="NAME FILE",
    help="Make specs/NAME from a page, an OpenAPI document or a JSON Schema.",
)
@click.option(
    "--update",
    nargs=2,
    metavar="NAME FILE",
    help="Take a newer document of NAME in, keep the overlay, write HISTORY.md.",
)
@click.option(
    "--check", is_flag=True, help="Check that every spec is exactly what its upstream documents make."
)
@click.option(
    "--platform",
    type=click.Choice([p.name for p in PLATFORMS]),
    help="Read the page as one of this platform.",
)
@click.option(
    "--operation",
    "operations",
    multiple=True,
    metavar='"GET /path"',
    help="An operation to take, by method and path or operationId, * for anything; may be repeated.",
)
def vendor(
    providers: tuple[str, ...],
    page: Path | None,
    add: tuple[str, str] | None,
    update: tuple[str, str] | None,
    check: bool,
    platform: str | None,
    operations: tuple[str, ...],
) -> None:
    """Turn a vendor's page or document into a spec, and check that the two agree.

    \b
    contracts vendor --page get-batch.md          print the OpenAPI document that a page makes
    contracts vendor --add acme get-batch.md      make specs/acme, ready for pytest --provider=acme
    contracts vendor --add acme openapi.json --operation "GET /v1/batches/{id}"
    contracts vendor --update acme openapi.json   take a newer document in, and write HISTORY.md
    contracts vendor --check [PROVIDER...]        any byte of difference is an error
    """
    if sum((page is not None, add is not None, update is not None, check)) != 1:
        raise click.UsageError("one of --page FILE, --add NAME FILE, --update NAME FILE or --check is wanted")
    if operations and page is None and add is None:
        raise click.UsageError("--operation goes with --page or --add only")
    if providers and not check:
        raise click.UsageError("providers are named with --check only")
    if page is not None or add is not None:
        try:
            _show(page, platform, operations) if page else _add(add or ("", ""), platform, operations)
        except AnswerUnread as error:
            notice(str(error))
            raise click.exceptions.Exit(1) from None
    elif update is not None:
        _update(*update)
    else:
        raise click.exceptions.Exit(_check(chosen(providers or ("all",))))


def _show(page: Path, platform: str | None, operations: tuple[str, ...]) -> None:
    text, read = page_to_yaml(page.read_bytes(), page.name, platform, operations)
    click.echo(text.decode(), nl=False)
    _tell(read)


def _add(add: tuple[str, str], platform: str | None, operations: tuple[str, ...]) -> None:
    made = vendor_add(
        add[0], Path(add[1]), root() / "specs", platform=platform, operations=operations, today=current_day()
    )
    _tell(made.extraction)
    click.echo(f"made {shown(made.folder, root())}: {plural(len(made.operations), 'operation')}")
    click.echo(f"next: pytest --provider={add[0]}")


def _update(name: str, file: str) -> None:
    from contracts.cli.upstream import update_provider

    if not Path(file).is_file():
        raise click.UsageError(f"{file[:200]}: no such file")
    print_lines(update_provider(name, Path(file), current_day().isoformat()))


def _tell(read: Extraction) -> None:
    """Say on standard error how the page was read and what was left."""
    notice(f"read as {read.platform}: {read.reason}")
    for text in read.notices:
        notice(f"note: {text}")
    if read.unread:
        notice(f"{plural(len(read.unread), 'line')} not read:")
    for one in read.unread[:_MANY]:
        notice(f"  {one.line}: {one.text}")
    if len(read.unread) > _MANY:
        notice(f"  and {len(read.unread) - _MANY} more")


def _check(names: Iterable[str]) -> int:
    worst = 0
    for name in names:
        home = next(f / name for f in folders(root()) if (f / name / "provider.toml").is_file())
        found = list(settle(vendor_check(home, shown(home, root())), options().policy, (), current_day()))
        errors = [f for f in found if f.severity is Severity.ERROR]
        _print(name, found)
        worst = max(worst, 1 if errors else 0)
    return worst


def _print(name: str, found: list[Finding]) -> None:
    notes = sum(f.severity is Severity.NOTE for f in found)
    errors = len(found) - notes
    extra = f", {plural(notes, 'note')} where documents differ" if notes else ""
    click.echo(f"{name}: {'as vendored' if not errors else plural(errors, 'error')}{extra}")
    for one in found:
        click.echo(f"  {one.severity:<8} {one.message}")
    sys.stdout.flush()
