"""What the commands about one finding share: how it is found by its fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

import click

from contracts.check import Intake, ProviderCheck, asked_of, current_day, judged
from contracts.cli.output import chosen, options, root, several
from contracts.errors import ConfigError
from contracts.model import Finding, Report
from contracts.policy import find, waive, waivers_for, waivers_of
from contracts.report import recall
from contracts.spec import load, names

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OPERATION: Final = "contracts.operation"
"""Where the context of a command keeps the operation that was named."""


def finding_options(command: _Command) -> _Command:
    """Give the options that say where a finding is looked for: `files` and `providers`."""
    file = click.option(
        "--file",
        "files",
        multiple=True,
        metavar="PATH",
        help="Judge this recording to find it, instead of asking the latest runs (repeatable).",
    )
    operation = click.option(
        "--operation",
        metavar="OPERATION",
        expose_value=False,
        callback=lambda context, _option, name: context.meta.update({_OPERATION: name}),
        help="With --file: the operation whose bare response body it is.",
    )
    provider = click.option("--provider", "providers", multiple=True, help="Only this provider (repeatable).")
    return file(operation(provider(command)))


def found(fingerprint: str, providers: Sequence[str], files: Sequence[str]) -> Finding:
    """Give the open finding with a fingerprint: of files, of the latest runs here, else of the recordings."""
    if files:
        return find(of_files(providers, files), fingerprint, _waiving)
    recent = Report(findings=tuple(remembered(providers)))
    try:
        return find(recent, fingerprint, _waiving)
    except ConfigError:
        if any(one.fingerprint.startswith(fingerprint) for one in recent.findings):
            raise
    return find(of_recordings(providers), fingerprint, _waiving)


def _waiving(finding: Finding) -> str:
    """Give the line of the waiver that covers a finding."""
    found = waivers_for(finding, waivers_of(load(finding.provider, root())))
    return next((str(one.origin) for one in found if one.until >= current_day()), "")


def remembered(providers: Sequence[str] = ()) -> Iterator[Finding]:
    """Yield the findings of the latest runs in this project, with the waivers of today."""
    found = [one for one in recall(root()) if not providers or one.provider in providers]
    there = {one.provider for one in found} & {*names(root())}  # others were removed since
    waivers = dict(several(sorted(there), lambda name: (name, waivers_of(load(name, root())))))
    for one in found:
        if one.provider in waivers:
            yield waive(one, waivers[one.provider], current_day())


def of_recordings(providers: Sequence[str]) -> Report:
    """Check the recordings of the providers."""
    return Report.merge(one.report() for one in _checks(providers))


def of_files(providers: Sequence[str], files: Sequence[str]) -> Report:
    """Check recordings of any tool against the providers."""
    from contracts.interactions import files_in

    checks, named = _checks(providers), click.get_current_context().meta.get(_OPERATION)
    vendors, wanted = [one.provider for one in checks], (named,) if named else ()
    return judged(checks, files_in(files), Intake(vendors, asked=asked_of(vendors, wanted)), wanted)


def _checks(providers: Sequence[str]) -> list[ProviderCheck]:
    return several(chosen(providers), lambda name: ProviderCheck(load(name, root()), options()))
