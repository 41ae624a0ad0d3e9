"""`contracts record`: ask a vendor now, and keep the answers as redacted cassettes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import click

from contracts.check import LiveCheck, LiveSettings, pairs, refuse_unused, summary
from contracts.cli.option import place_option, print_text
from contracts.cli.output import notice, options, refuse_without, root
from contracts.errors import ConfigError
from contracts.interactions import Kept
from contracts.model import Interaction
from contracts.spec import load
from contracts.text import safe_text


@click.command()
@click.argument("provider")
@click.option(
    "--operation",
    "aliases",
    multiple=True,
    metavar="OPERATION",
    help="Only this operation: alias, 'GET /path' or operationId (repeatable).",
)
@click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="A parameter, such as batch_id=VALUE (repeatable).",
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
@click.option(
    "--wait",
    type=click.FloatRange(0),
    default=0.0,
    metavar="S",
    help="Wait at most S seconds for a server that starts.",
)
@click.option("--poll", "polling", is_flag=True, help="Follow the batch to its end.")
@click.option(
    "--every", type=click.FloatRange(0), help="Seconds between polls: 5, and no pause on this machine."
)
@click.option(
    "--no-credential-probes", is_flag=True, help="Leave out the requests without and with a wrong key."
)
@click.option(
    "--max-body", type=click.IntRange(1), metavar="BYTES", help="The largest answer that is kept; 5 MiB."
)
@place_option
def record(
    provider: str,
    aliases: tuple[str, ...],
    params: tuple[str, ...],
    base_url: str,
    budget: int,
    rate: float,
    wait: float,
    polling: bool,
    every: float | None,
    no_credential_probes: bool,
    places: tuple[str, ...],
    max_body: int | None,
) -> None:
    """Ask PROVIDER with your key, and write the answers below specs/<provider>/cassettes.

    The key comes from the environment only; it is never written, printed or put on a command line.

    \b
    MATIL_API_KEY=KEY contracts record matil --param batch_id=VALUE
    """
    refuse_without("--poll", *(() if polling else ("every",)))
    found = load(provider, root())
    settings = LiveSettings(
        params=pairs(params, "--param"),
        base_urls={found.id: base_url},
        budget=budget,
        rate=rate,
        wait=wait,
        follow=polling,
        every=every,
        credentials=not no_credential_probes,
        places=places,
        door="recording",
    )
    check = LiveCheck(found, options(max_body=max_body), settings, os.environ)
    check.live.told = notice
    refuse_unused([(check, aliases)])
    if check.missing_key:
        raise ConfigError(check.missing_key)
    kept: list[Kept] = []
    seen: list[Interaction] = []
    try:
        for answer in _answers(check, aliases):
            seen.append(answer)
            kept += check.keep((answer,))
            click.echo(f"asked     {safe_text(answer.name)}  {_said(answer)}", err=True)
    finally:  # also when it is interrupted: what was seen so far is written and said
        print_text(summary(kept, Path.cwd()))
    check.refuse_unmet()
    missed = list(_missed(seen))
    for sentence in missed:
        notice(sentence)
    raise click.exceptions.Exit(0 if not missed and any(one.path for one in kept) else 3)


def _missed(seen: list[Interaction]) -> Iterator[str]:
    """Say what was asked for and not seen: an answer that gives it, the end of a batch."""
    plain = [one.response for one in seen if not one.probe and one.response is not None]
    if all(one.status >= 400 for one in plain):
        yield "what was asked for was never given; check the key and the parameters"
    polls = [one for one in seen if one.response is None and one.name.startswith("poll")]
    for one in polls[-1:]:
        why = one.failure.removeprefix("not followed to its end: ")
        yield f"the batch was not followed to its end: {why}"


def _answers(check: LiveCheck, aliases: tuple[str, ...]) -> Iterator[Interaction]:
    for operation in check.operations(aliases):
        for answers in check.answers(operation):
            yield from answers


def _said(interaction: Interaction) -> str:
    if interaction.response is None:
        return interaction.failure
    return f"{interaction.response.status} in {interaction.elapsed_ms} ms"
