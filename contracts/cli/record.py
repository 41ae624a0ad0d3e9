"""`contracts record`: ask a vendor now, and keep the answers as redacted cassettes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from contracts.check import pairs, store, summary
from contracts.cli.output import print_lines, root
from contracts.errors import ConfigError
from contracts.interactions import Kept
from contracts.live import SAFE_METHODS, Live, RequestBudget, find_key, loopback, parameters, poll, probes_of
from contracts.live import base_url as address_of
from contracts.model import Interaction
from contracts.providers import NORMALIZERS
from contracts.spec import Operation, Provider, load
from contracts.text import safe_text


@click.command()
@click.argument("provider")
@click.option(
    "--operation", "aliases", multiple=True, metavar="ALIAS", help="Only this operation (repeatable)."
)
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter, such as batch_id=… (repeatable).",
)
@click.option(
    "--base-url", default="", help="Ask this address instead of the vendor's: a gateway or a test server."
)
@click.option(
    "--budget",
    default=25,
    show_default=True,
    type=click.IntRange(1),
    help="Requests at most, retries counted.",
)
@click.option(
    "--rate",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0),
    help="Requests a second; no limit on this machine.",
)
@click.option("--poll", "polling", is_flag=True, help="Follow the batch to its end.")
@click.option(
    "--every", default=5.0, show_default=True, type=click.FloatRange(0), help="Seconds between polls."
)
@click.option(
    "--no-credential-probes", is_flag=True, help="Leave out the requests without and with a wrong key."
)
@click.option(
    "--place",
    "places",
    multiple=True,
    metavar="POINTER",
    help="Always replace what is here in bodies (repeatable).",
)
def record(
    provider: str,
    aliases: tuple[str, ...],
    params: tuple[str, ...],
    base_url: str,
    budget: int,
    rate: float,
    polling: bool,
    every: float,
    no_credential_probes: bool,
    places: tuple[str, ...],
) -> None:
    """Ask PROVIDER with your key, and write the answers below specs/<provider>/cassettes.

    The key comes from the environment only; it is never written, printed or put on a command line.

    \b
    MATIL_API_KEY=… contracts record matil --param batch_id=…
    """
    found = load(provider, root())
    live = _live(found, base_url, budget, rate)
    keeper = store(found, secrets=(live.key,) if live.key else (), places=places)
    values = pairs(params, "--param")
    kept: list[Kept] = []
    pace = every if polling else None
    answers = _answers(live, _operations(found, aliases), values, pace, credentials=not no_credential_probes)
    try:
        for interaction in answers:
            kept.append(keeper.keep(interaction, live.note))
            click.echo(f"asked     {safe_text(interaction.name)}  {_said(interaction)}", err=True)
    finally:  # also when it is interrupted: what was seen so far is written and said
        print_lines(summary(kept, Path.cwd()))
    raise click.exceptions.Exit(0 if any(one.path for one in kept) else 3)


def _live(provider: Provider, override: str, budget: int, rate: float) -> Live:
    address = address_of(provider, override)
    key = find_key(provider.manifest, os.environ)
    if key is None:
        auth = provider.manifest.auth
        sent = f"sent as {auth.header or f'the cookie {auth.cookie}'}{provider.see_manifest}"
        raise ConfigError(f"recording needs {provider.manifest.key_variables[0]} ({sent})")
    return Live(provider, address, key, ledger=RequestBudget(budget, 0 if loopback(address) else rate))


def _operations(provider: Provider, aliases: tuple[str, ...]) -> tuple[Operation, ...]:
    listed = {op.alias: op for op in provider.spec.operations if op.method in SAFE_METHODS}
    for alias in aliases:
        if alias not in listed:
            known = ", ".join(sorted(listed))
            raise ConfigError(f"{provider.id}: no operation {alias[:40]!r} that may be asked; known: {known}")
    return tuple(listed[alias] for alias in aliases or sorted(listed))


def _answers(
    live: Live,
    operations: Iterable[Operation],
    given: dict[str, str],
    every: float | None,
    *,
    credentials: bool,
) -> Iterator[Interaction]:
    for operation in operations:
        values = parameters(operation, given, os.environ)
        read = NORMALIZERS.get(live.provider.id)
        if every is not None and read and operation.alias == "getBatch":
            yield from poll(live, operation, values, read, every=every)
        yield from probes_of(live, operation, values, credentials=credentials)


def _said(interaction: Interaction) -> str:
    if interaction.response is None:
        return interaction.failure
    return f"{interaction.response.status} in {interaction.elapsed_ms} ms"
