"""`contracts serve`: every vendor as a stub on one port of this machine."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from contracts.address import read_address
from contracts.cli.output import chosen, refuse_with, refuse_without, root, several
from contracts.errors import ConfigError
from contracts.spec import Provider, load, read_document, read_spec
from contracts.stub import DRIFTS, Vendor, read_chaos, read_drift
from contracts.text import show


@click.command(epilog="Drifts: " + "; ".join(f"{kind}: {what}" for kind, what in DRIFTS.items()))
@click.argument("providers", nargs=-1)
@click.option(
    "--provider", "more", multiple=True, metavar="NAME", help="The same as the argument (repeatable)."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 finds a free one."
)
@click.option(
    "--key", "keys", multiple=True, help="Accept only this stub key (any by default). Never a real one."
)
@click.option(
    "--steps", default=3, show_default=True, type=click.IntRange(0), help="Polls from pending to the end."
)
@click.option(
    "--seconds",
    default=0.0,
    type=click.FloatRange(0),
    help="Seconds from pending to the end, instead of polls.",
)
@click.option(
    "--chaos", default="", metavar="LIST", help="Faults by share: 503:0.3,stall:0.01,truncate:0.01,html:0.01."
)
@click.option(
    "--drift",
    "drifts",
    multiple=True,
    metavar="CHANGE",
    help="A silent change: 'enum+ /status ARCHIVED', 'null /created_at' (repeatable).",
)
@click.option(
    "--drift-from",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Answer by this OpenAPI document (one provider).",
)
@click.option(
    "--webhooks",
    "hooks",
    default="",
    metavar="URL",
    help="Post signed deliveries to URL/PROVIDER when a batch is made or changes its state.",
)
@click.option("--seed", default=0, show_default=True, help="Makes chaos repeatable.")
def serve(
    providers: tuple[str, ...],
    more: tuple[str, ...],
    host: str,
    port: int,
    drift_from: Path | None,
    chaos: str,
    drifts: tuple[str, ...],
    hooks: str,
    **options: Any,
) -> None:
    """Serve PROVIDERS (default: all) as stubs: each at /<provider>, every answer as published.

    \b
    contracts serve nimble --port 8000
    contracts serve --chaos 503:0.3 --drift "enum+ /status ARCHIVED"
    """
    refuse_without("--chaos", *(() if chaos else ("seed",)))
    refuse_with("--seconds", *(() if options["seconds"] is None else ("steps",)))
    names = chosen((*providers, *more) or ("all",))
    if drift_from and len(names) != 1:
        raise ConfigError("--drift-from answers for one provider; name it")
    bent: dict[str, Any] = {"chaos": read_chaos(chaos), "drifts": tuple(map(read_drift, drifts)), **options}
    made = several(names, lambda name: (name, Vendor(provider=_provider(name, drift_from), **bent)))
    vendors = dict(made)
    for drift in bent["drifts"]:
        if not any(vendor.applies(drift) for vendor in vendors.values()):
            raise ConfigError(
                f"drift {drift.told} changes no answer of {', '.join(names)}; is the place right?"
            )
    _refuse_silent(vendors, hooks)
    try:
        listener = socket.create_server((host, port))
    except OSError as error:
        raise ConfigError(
            f"cannot listen on {host}:{port}: {error.strerror}; --port 0 finds a free one"
        ) from None
    with listener:
        _run(vendors, listener, host, hooks)


def _refuse_silent(vendors: dict[str, Vendor], hooks: str) -> None:
    """Refuse an address for deliveries that is none, or to which no vendor would send anything."""
    if not hooks:
        return
    address = read_address(hooks)
    if address.scheme not in {"http", "https"} or address.fault or not address.host:
        raise ConfigError(f"--webhooks {show(hooks)} is no http(s) address")
    if not any(vendor.calls.operations for vendor in vendors.values()):
        raise ConfigError(f"--webhooks: no document of {', '.join(vendors)} describes a webhook")


def _provider(name: str, other: Path | None) -> Provider:
    provider = load(name, root())
    if other is None:
        return provider
    document = read_document(str(other), other.read_bytes())
    return replace(provider, spec=read_spec(document, provider.manifest, []))


def _run(vendors: dict[str, Vendor], listener: socket.socket, host: str, hooks: str) -> None:
    try:
        import uvicorn

        from contracts.stub import describe, make_app
    except ImportError:
        raise ConfigError(
            "contracts serve needs Starlette and uvicorn: pip install 'pytest-contracts[serve]'"
        ) from None
    click.echo(describe(vendors, f"http://{host}:{listener.getsockname()[1]}"))
    for name, vendor in vendors.items() if hooks else ():
        click.echo(f"webhooks     {name}: {vendor.calls.told(hooks)}")
    config = uvicorn.Config(
        make_app(vendors, hooks), log_level="warning", access_log=False, timeout_graceful_shutdown=1
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
