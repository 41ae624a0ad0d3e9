"""`contracts correct`: write the action of an overlay that corrects a document by what was found."""

from __future__ import annotations

from pathlib import Path

import click

from contracts.atomic import alone, write_whole
from contracts.check import current_day
from contracts.cli.finding import finding_options, found
from contracts.cli.output import root
from contracts.errors import ConfigError, SpecError
from contracts.model import Finding, Json
from contracts.spec import Provider, load, read_document, shown
from contracts.text import safe_text

OVERLAY = "overlay.yaml"


@click.command()
@click.argument("fingerprint")
@click.option("--reason", default="", help="Why the document is corrected (default: what was found).")
@click.option(
    "--accept",
    is_flag=True,
    help="Keep what was only observed or inferred: let this fact weigh as published.",
)
@click.option("--dry-run", is_flag=True, help="Print the overlay, and write nothing.")
@finding_options
def correct(
    fingerprint: str,
    *,
    reason: str,
    accept: bool,
    dry_run: bool,
    files: tuple[str, ...],
    providers: tuple[str, ...],
) -> None:
    """Correct the vendor's document by the finding with FINGERPRINT, in specs/PROVIDER/overlay.yaml.

    A word is added to its enum, a type or null to the types, a field or status is described, a name is no
    longer required, a limit is left out. The vendored document itself is never edited.

    \b
    contracts correct 30927433bbe45b1e
    contracts correct 30927433bbe45b1e --accept    the answer is wrong, and the fact was only observed
    """
    from contracts.vendoring import dump

    one = found(fingerprint, providers, files)
    provider = load(one.provider, root())
    made = (_accepted if accept else _overlay)(one, provider, reason.strip())
    if dry_run:
        click.echo(dump(made).decode(), nl=False)
        return
    path = root() / "specs" / provider.id / OVERLAY
    with alone(path.parent):
        before = path.read_bytes() if path.is_file() else None
        write_whole(
            path, dump(made) if before is None else _added(before, made["actions"], shown(path, root()))
        )
        if not accept:
            _proved(one, path, before)
    for action in made["actions"]:
        click.echo(f"{shown(path, root())}: {_done(action, accept=accept)} {action['target']}")
    click.echo(f"next: contracts check {provider.id}")


def _done(action: Json, *, accept: bool) -> str:
    return "accepts" if accept else "removes" if "remove" in action else "corrects"


def _accepted(one: Finding, provider: Provider, reason: str) -> Json:
    """Make the overlay that accepts the fact a finding rests on; ConfigError where it weighs so already."""
    from contracts.drift import acceptance_of

    evidence = f"accepted {current_day()}; finding {one.fingerprint}"
    made = acceptance_of(one, provider.spec.document, reason, evidence)
    if made is None:
        raise ConfigError(f"{provider.id}: this fact weighs as published already; nothing was written")
    return made


def _overlay(one: Finding, provider: Provider, reason: str) -> Json:
    """Make the overlay for one finding; ConfigError where none can be, or where it holds no longer."""
    from contracts.drift import correctable, overlay_of, refuses

    if not correctable(one):
        why = "a change of the vendor's; take the new document with: contracts vendor --update"
        word = (
            f"{why} {provider.id}"
            if one.base or one.revision
            else "no fault of a document that an overlay mends"
        )
        raise ConfigError(f"{one.rule} is {word}; else: contracts waive, or contracts report")
    if not refuses(one, provider.spec.document):
        raise ConfigError(f"{provider.id}: the document says this already; nothing was written")
    times = f" ({one.count:,} times)" if one.count > 1 else ""
    evidence = f"seen in {one.source or 'an answer'}{times}, {current_day()}; finding {one.fingerprint}"
    made = overlay_of([one], provider.spec.document, evidence)
    for action in made["actions"] if reason else ():
        action["x-reason"] = safe_text(reason, 400)
    return made


def _added(before: bytes, actions: list[Json], name: str) -> bytes:
    """Append actions to an overlay, so that its comments and order stay; ConfigError where that cannot be."""
    from contracts.vendoring import dump

    value = read_document(name, before).value
    text = before.decode("utf-8").rstrip("\n")
    known = value.get("actions") if isinstance(value, dict) else None
    dashes = [line for line in text.split("\n") if line.lstrip().startswith("- ")]
    if isinstance(known, list) and dashes and list(value)[-1] == "actions":
        indent = dashes[0][: len(dashes[0]) - len(dashes[0].lstrip())]
        new = dump(actions).decode().rstrip("\n").split("\n")
        grown = "\n".join((text, *(f"{indent}{line}" if line else "" for line in new), "")).encode()
        if _reads(grown, name, {**value, "actions": [*known, *actions]}):
            return grown
    raise ConfigError(
        f"{name}: actions cannot be added after its last line; add by hand what --dry-run prints"
    )


def _reads(data: bytes, name: str, wanted: Json) -> bool:
    try:
        return bool(read_document(name, data).value == wanted)
    except SpecError:
        return False


def _proved(one: Finding, path: Path, before: bytes | None) -> None:
    """Load the document with the correction; undo it where it cannot be loaded or does not take the value."""
    from contracts.drift import refuses

    try:
        if not refuses(one, load(one.provider, root()).spec.document):
            return
        why = "the corrected document does not take the value either"
    except SpecError as error:
        why = str(error)
    if before is None:
        path.unlink()
    else:
        write_whole(path, before)
    raise ConfigError(f"{why}; nothing was written, add by hand what --dry-run prints")
