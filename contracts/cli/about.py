"""Commands about the tool itself: providers, explain, init, doctor."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version

import click

from contracts.atomic import write_whole
from contracts.check import find_pyproject
from contracts.cli.option import format_option, print_text
from contracts.cli.output import chosen, root, several
from contracts.decode import MAX_BYTES, MAX_DEPTH
from contracts.errors import ConfigError, UnknownName
from contracts.model import Severity
from contracts.policy import all_rules
from contracts.rules import Rule
from contracts.spec import MAX_DOCUMENT, Provider, folders, load, names, shown
from contracts.text import plural, safe_text


@click.command()
@click.argument("wanted", nargs=-1, metavar="[PROVIDER]...")
@format_option()
def providers(wanted: tuple[str, ...], form: str) -> None:
    """List the vendors: provenance and age of their documents, operations, and the key each one needs."""
    asked = chosen(wanted) if wanted else names(root())
    listed = several(asked, lambda name: load(name, root()))
    if form == "json":
        import json

        click.echo(json.dumps([_facts(one) for one in listed], indent=2, ensure_ascii=False))
    else:
        print_text(line for one in listed for line in _provider_lines(one))


def _facts(one: Provider) -> dict[str, object]:
    manifest = one.manifest
    return {
        "id": one.id,
        "title": manifest.title,
        "provenance": manifest.provenance,
        "retrieved": manifest.retrieved,
        "servers": list(one.spec.servers),
        "key": next(iter(manifest.key_variables), ""),
        "operations": {op.alias: op.title for op in one.spec.operations},
        "cassettes": sum(1 for _ in one.files("cassettes/*/*.json")),
    }


def _provider_lines(one: Provider) -> Iterator[str]:
    manifest = one.manifest
    count = sum(1 for _ in one.files("cassettes/*/*.json"))
    key = "set" if any(os.environ.get(name, "").strip() for name in manifest.key_variables) else "not set"
    spec = f"spec {manifest.provenance}, retrieved {safe_text(manifest.retrieved or 'at an unknown date')}"
    yield f"{one.id:<12} {safe_text(manifest.title)} · {spec} · {plural(count, 'cassette')}"
    servers = safe_text(", ".join(one.spec.servers) or "no server named")
    first = next(iter(manifest.key_variables), "")
    yield f"{'':<12} {f'key {first} ({key})' if first else 'no key'} · {servers}"
    for operation in one.spec.operations:
        yield f"{'':<12} {safe_text(operation.alias):<18} {safe_text(operation.title)}"


@click.command()
@click.argument("rule", required=False)
def explain(rule: str | None) -> None:
    """Explain RULE: what it finds, how bad it is, what to do, an example; without a name, list them all."""
    known = all_rules()
    if rule is None:
        width = max(map(len, known))
        print_text(f"{name:<{width}}  {one.summary}" for name, one in known.items())
    elif rule in known:
        print_text(explained(known[rule]))
    else:
        raise UnknownName("rule", rule, known)


def explained(rule: Rule) -> Iterator[str]:
    """Yield what `contracts explain` prints of a rule; the pages of the documentation show the same lines."""
    inferred = rule.stated and rule.severity is Severity.ERROR
    weaker = "; a warning where the fact was only inferred" if inferred else ""
    yield f"{rule.id}   {rule.severity} by default{weaker}"
    yield from ("", rule.summary, rule.advice, "")
    yield rule.example if "\n" in rule.example else f"Example: {rule.example}"


@click.command()
@click.argument("provider")
def init(provider: str) -> None:
    """Make specs/PROVIDER in your project, for your own cassettes, overlay and waivers of a vendor."""
    home = root() / "specs" / load(provider, root()).id
    if any(home.glob("*")):
        raise ConfigError(f"{shown(home, root())} exists already; nothing was written")
    (home / "cassettes").mkdir(parents=True)
    write_whole(home / "waivers.toml", _WAIVERS.encode())
    made = shown(home, root())
    click.echo(f"made {made}: cassettes/ for your recordings, waivers.toml for what you accept on purpose")
    click.echo(f"next: contracts check {provider}")


_WAIVERS = """\
# What this team accepts on purpose. Unused and expired entries fail.
# [[waiver]]
# rule = "undescribed"
# place = "nimble/getBatch/200/tasks/*/queue"
# reason = "seen since the 0.22 SDK; our reader ignores it"
# owner = "data team"
# until = 2027-03-01
"""


@click.command()
def doctor() -> None:
    """Show versions, limits, folders, and which keys are set; never a key's value."""
    print_text(_doctor_lines())


def _doctor_lines() -> Iterator[str]:
    yield f"python             {platform.python_version()}"
    for name in (
        "pytest-contracts",
        "pytest",
        "jsonschema",
        "jsonschema-rs",
        "openapi-core",
        "hypothesis",
        "httpx2",
        "respx",
    ):
        yield f"{name:<18} {_version(name)}"
    found = find_pyproject(root())
    yield f"settings           {found.name if found else 'no pyproject.toml above this folder'}"
    for folder in folders(root()):
        count = plural(len(list(folder.glob("*/provider.toml"))), "provider")
        yield f"specs              {shown(folder, root())} ({count})"
    yield f"limits             body {MAX_BYTES:,} bytes · depth {MAX_DEPTH} · document {MAX_DOCUMENT:,} bytes"
    yield f"engines            {_engines()}"
    for one in several(names(root()), lambda name: load(name, root())):
        variables = one.manifest.key_variables
        given = next((v for v in variables if os.environ.get(v, "").strip()), "")
        said = f"{variables[0]} is not set" if variables else "none is needed"
        yield f"key                {one.id}: {f'{given} is set' if given else said}"


_EXTRAS = {"openapi-core": "reference", "hypothesis": "explore", "respx": "mock"}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        extra = _EXTRAS.get(name)
        return "not installed" + (f": pip install 'pytest-contracts[{extra}]'" if extra else "")


def _engines() -> str:
    """Ask both engines the same small question."""
    from contracts.schema import compile_schema

    schema = {"type": "string", "format": "date-time"}
    answers = {
        name: (
            compile_schema(schema, name).is_valid("2026-01-01T00:00:00Z"),
            compile_schema(schema, name).is_valid("x"),
        )
        for name in ("fast", "reference")
    }
    return "fast and reference agree" if set(answers.values()) == {(True, False)} else f"disagree: {answers}"
