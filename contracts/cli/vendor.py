"""`contracts vendor`: pages and documents into specs and folders, and the check of what was vendored."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

import click

from contracts.atomic import alone, write_whole
from contracts.check import current_day
from contracts.cli.option import print_text
from contracts.cli.output import chosen, notice, options, root
from contracts.errors import AnswerUnread, ConfigError, ContractsError
from contracts.model import Finding, Severity
from contracts.policy import lines_naming, renamed, settle
from contracts.spec import MANIFEST, check_id, folders, load, shown
from contracts.spec import names as vendors
from contracts.text import plural, safe_text
from contracts.vendoring import (
    OBSERVED,
    PLATFORMS,
    Added,
    Extraction,
    Wanted,
    download,
    is_address,
    page_to_yaml,
    vendor_accept,
    vendor_add,
    vendor_alias,
    vendor_check,
    vendor_contents,
    vendor_remove,
    vendor_rename,
)

_MANY = 12
_FIRST = 10


_FILE = click.Path(exists=True, path_type=Path)


@click.command()
@click.argument("names", nargs=-1, metavar="[FILES|PROVIDERS]")
@click.option(
    "--page",
    metavar="FILE",
    help="Print the OpenAPI document of a page, a file or an https address.",
)
@click.option(
    "--add",
    metavar="NAME",
    help="Make specs/NAME from FILES (pages, documents, recordings, https addresses), or add to it.",
)
@click.option(
    "--from",
    "traffic",
    multiple=True,
    type=_FILE,
    metavar="RECORDING",
    help="With --add: infer operations from this recording or folder of them; may be repeated.",
)
@click.option(
    "--update",
    nargs=2,
    metavar="NAME FILE",
    help="Take a newer document of NAME in, keep the overlay, write HISTORY.md.",
)
@click.option(
    "--accept", metavar="NAME", help="Let what was only observed or inferred of NAME weigh as published."
)
@click.option("--remove", metavar="NAME", help="Remove specs/NAME of your project, with its recordings.")
@click.option("--yes", is_flag=True, help="With --remove: do not ask.")
@click.option("--rename", nargs=2, metavar="OLD NEW", help="Give specs/OLD of your project another name.")
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
@click.option(
    "--alias",
    "aliases",
    multiple=True,
    metavar="ALIAS[=OPERATION]",
    help="What to call an operation; without =OPERATION the one that retrieves by id. May be repeated.",
)
@click.option(
    "--server", "servers", multiple=True, metavar="URL", help="With recordings: the server that counts."
)
def vendor(names: tuple[str, ...], **given: Any) -> None:
    """Turn a vendor's pages, documents or traffic into a spec, and check that they agree.

    \b
    contracts vendor --page get-batch.md          print the OpenAPI document that a page makes
    contracts vendor --add acme get-batch.md      make specs/acme, ready for pytest --provider=acme
    contracts vendor --add acme openapi.json --operation "GET /v1/batches/{id}" --alias getBatch
    contracts vendor --add acme --alias getBatch=op7    call an operation of specs/acme otherwise
    contracts vendor --add acme --from traffic.har      where there is no document: from what was observed
    contracts vendor --update acme openapi.json   take a newer document in, and write HISTORY.md
    contracts vendor --rename acme parcel         the folder, and what the settings and waivers say of it
    contracts vendor --check [PROVIDER...]        any byte of difference is an error
    """
    _refuse(names, given)
    _know_keys()
    with _held(given):
        _enter(names, given)


def _held(given: Mapping[str, Any]) -> AbstractContextManager[None]:
    """Hold the vendor's folder, where the command changes it."""
    named = next((given[door] for door in _DOORS if door not in {"page", "check"} and given[door]), None)
    if named is None:
        return nullcontext()
    return alone(root() / "specs" / check_id(named if isinstance(named, str) else named[0]))


def _enter(names: tuple[str, ...], given: Mapping[str, Any]) -> None:
    if given["page"] is not None or given["add"] is not None:
        try:
            _show(given) if given["page"] else _add(names, given)
        except AnswerUnread as error:
            notice(str(error))
            raise click.exceptions.Exit(1) from None
    elif given["update"] is not None:
        _update(*given["update"])
    elif given["accept"] is not None:
        path = vendor_accept(given["accept"], root() / "specs")
        click.echo(f"accepted {given['accept']}: {shown(path, root())}")
    elif given["remove"] is not None:
        _remove(given["remove"], sure=given["yes"])
    elif given["rename"] is not None:
        _rename(*given["rename"])
    else:
        raise click.exceptions.Exit(_check(chosen(names or ("all",))))


def _know_keys() -> None:
    """Read all manifests, so that the keys which they name are known and no document with one is kept."""
    for name in vendors(root()):
        with suppress(ContractsError):
            load(name, root())


_DOORS: Final = {
    "page": "--page FILE",
    "add": "--add NAME FILE",
    "update": "--update NAME FILE",
    "accept": "--accept NAME",
    "remove": "--remove NAME",
    "rename": "--rename OLD NEW",
    "check": "--check",
}


def _refuse(names: tuple[str, ...], given: Mapping[str, Any]) -> None:
    """Refuse what does not go together, before anything is read."""
    doors = [door for door in _DOORS if given[door] not in {None, False}]
    if len(doors) != 1:
        *most, last = _DOORS.values()
        raise click.UsageError(f"one of {', '.join(most)} or {last} is wanted")
    if given["operations"] and doors[0] not in {"page", "add"}:
        raise click.UsageError("--operation goes with --page or --add only")
    for key, option in (("traffic", "--from"), ("aliases", "--alias"), ("servers", "--server")):
        if given[key] and doors[0] != "add":
            raise click.UsageError(f"{option} goes with --add only")
    if given["yes"] and doors[0] != "remove":
        raise click.UsageError("--yes goes with --remove only")
    if names and doors[0] not in {"check", "add"}:
        raise click.UsageError("providers are named with --check only")
    if doors[0] == "add" and not names and not given["traffic"] and not given["aliases"]:
        raise click.UsageError("--add NAME wants FILES, or recordings with --from")


def _show(given: Mapping[str, Any]) -> None:
    with _at_hand([given["page"]]) as (files, _):
        page = files[0]
        if not page.is_file():
            raise click.UsageError(f"{safe_text(given['page'], 200)}: no such file")
        text, read = page_to_yaml(page.read_bytes(), page.name, given["platform"], given["operations"])
    click.echo(text.decode(), nl=False)
    _tell(read)


def _add(files: tuple[str, ...], given: Mapping[str, Any]) -> None:
    aliases: dict[str, str] = {}
    for text in given["aliases"]:
        alias, _, words = text.partition("=")
        if aliases.setdefault(alias, words) != words:
            raise click.UsageError(
                f"--alias {safe_text(alias, 60)} is given twice; an alias means one operation"
            )
    name, home = given["add"], root() / "specs"
    if not files and not given["traffic"]:
        _call(name, aliases)
        return
    options_ = (given["platform"] or "", given["operations"], aliases, given["traffic"], given["servers"])
    with _at_hand(files) as (found, addresses):
        made = vendor_add(name, found, home, Wanted(*options_, addresses), today=current_day())
    for file, read in zip(made.names, made.extractions, strict=True):
        _tell(read, f"{safe_text(file, 100)}: " if len(made.names) > 1 else "")
    count = plural(len(made.operations), "operation")
    where = shown(made.folder, root())
    click.echo(f"made {where}: {count}" if made.new else f"added to {where}: {count}")
    print_text(_operations(name, made, aliases))
    _before_bundled(name, made.folder)
    _say_key(made)
    seen = all(read.platform == OBSERVED for read in made.extractions)
    click.echo(
        f"next: contracts check {name} --file RECORDING" if seen else f"next: pytest --provider={name}"
    )


def _call(name: str, aliases: Mapping[str, str]) -> None:
    """Call operations of a vendor otherwise, and name what still speaks of them."""
    folder, made = vendor_alias(name, aliases, root() / "specs")
    for before, now in made.items():
        click.echo(f"called {before} {now} in {shown(folder, root())}")
        word = re.compile(rf"(?<![\w-]){re.escape(before)}(?![\w-])")
        text = _settings(root() / "pyproject.toml").splitlines()
        if lines := tuple(number for number, line in enumerate(text, 1) if word.search(line)):
            notice(f"note: pyproject.toml names {before} in {_lines(lines)}; write {now} there")


@contextmanager
def _at_hand(words: Iterable[str]) -> Iterator[tuple[list[Path], dict[Path, str]]]:
    """Give the files that are meant, those of addresses fetched, and the address of each of these."""
    with tempfile.TemporaryDirectory() as folder:
        files: list[Path] = []
        addresses: dict[Path, str] = {}
        for number, word in enumerate(words):
            if is_address(word):
                file = download(word, Path(folder, str(number)))
                addresses[file] = word
                notice(f"fetched {safe_text(word, 200)}: {file.stat().st_size:,} bytes")
            files.append(file if is_address(word) else Path(word))
        yield files, addresses


def _operations(name: str, made: Added, aliases: Container[str]) -> Iterator[str]:
    """Yield the new operations by method and path, with an alias that was asked for; of many ten."""
    titles = {one.alias: f"{one.method} {one.path}" for one in made.manifest.operations}
    for alias in made.operations[:_FIRST]:
        yield f"  {safe_text(titles[alias])}" + (f"  as {safe_text(alias)}" if alias in aliases else "")
    if (more := len(made.operations) - _FIRST) > 0:
        yield f"  and {more:,} more; list them with: contracts providers {name}"


def _say_key(made: Added) -> None:
    """Say how the key travels, and from which variable it is read."""
    for one in made.manifest.carriers:
        word = f"{one.word} " if one.word else ""
        notice(f"key: {safe_text(one.shown)}: {safe_text(word)}${one.variables[0]}" if one.variables else "")
    if not made.manifest.carriers:
        notice("key: none; if one is needed, write [auth] in provider.toml")


def _rename(name: str, other: str) -> None:
    folder, variables = vendor_rename(name, other, root() / "specs")
    click.echo(f"renamed {name}: {shown(folder, root())}")
    _before_bundled(other, folder)
    for before, now in variables.items():
        notice(f"note: {now} is read in place of {before}")
    settings = root() / "pyproject.toml"
    text = _settings(settings)
    lines, made = lines_naming(text, name), renamed(text, name, other)
    if made != text:
        write_whole(settings, made.encode("utf-8", "surrogateescape"))
        notice(f"note: {settings.name} says {other} in {_lines(lines)} now")
    elif lines:
        notice(f"note: {settings.name} names {name} in {_lines(lines)}; write {other} there")
    click.echo(f"next: pytest --provider={other}")


def _remove(name: str, *, sure: bool) -> None:
    """Say what goes, ask where nobody has said yes, and name what still speaks of the vendor."""
    specs, settings = root() / "specs", root() / "pyproject.toml"
    held = vendor_contents(name, specs)
    click.echo(f"{shown(specs / name, root())} holds {', '.join(held) or 'nothing but its manifest'}")
    if not sure and not (sys.stdin.isatty() and click.confirm("remove all of it?")):
        raise ConfigError("nothing was removed; --yes removes it")
    click.echo(f"removed {shown(vendor_remove(name, specs), root())}")
    if lines := lines_naming(_settings(settings), name):
        again = name in vendors(root())
        what = f" and means the {name} of this package now" if again else "; take it out there"
        notice(f"note: {settings.name} names {name} in {_lines(lines)}{what}")


def _settings(path: Path) -> str:
    """Give the text of a pyproject.toml, "" where there is none; every byte comes back when it is written."""
    return path.read_bytes().decode("utf-8", "surrogateescape") if path.is_file() else ""


def _lines(numbers: tuple[int, ...]) -> str:
    *most, last = map(str, numbers)
    return f"lines {', '.join(most)} and {last}" if most else f"line {last}"


def _before_bundled(name: str, folder: Path) -> None:
    """Say that a vendor of the user's takes the place of one that comes with this package."""
    if any((other / name / MANIFEST).is_file() for other in folders(root())[1:]):
        notice(f"note: {shown(folder, root())} stands before the {name} that comes with this package")


def _update(name: str, file: str) -> None:
    from contracts.cli.upstream import update_provider

    with _at_hand([file]) as (files, _):
        if not files[0].is_file():
            raise click.UsageError(f"{file[:200]}: no such file")
        print_text(update_provider(name, files[0], current_day().isoformat()))


def _tell(read: Extraction, file: str = "") -> None:
    """Say on standard error how the page was read and what was left; `file` begins the line."""
    notice(f"{file}read as {read.platform}: {read.reason}")
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
