"""What the reference takes from the code: a page names a part by `<!-- from the code: NAME -->`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from unittest import mock

import click

import contracts
from contracts import plugin, report
from contracts.cli import COMMANDS
from contracts.cli.about import explained
from contracts.consumers import registry
from contracts.drift import RULES as DRIFT
from contracts.policy import all_rules, settings, watching
from contracts.rules import RULES, SECRETS

_MARK = re.compile(r"<!-- from the code: ([\w-]+) -->\n")


def filled(page: str) -> str:
    """Give a page with each mark replaced by the lines of that name."""
    return _MARK.sub(lambda found: "\n".join(PARTS[found[1]]()) + "\n", page)


def version() -> str:
    """Give the installed version."""
    return metadata.version("pytest-contracts")


def _commands() -> Iterator[str]:
    for name in sorted(COMMANDS):
        module, _, attribute = COMMANDS[name][0].partition(":")
        command = getattr(import_module(module), attribute)
        yield from _command(f"contracts {name}", COMMANDS[name][1], command, "##")
        for inner, below in sorted(getattr(command, "commands", {}).items()):
            yield from _command(f"contracts {name} {inner}", below.get_short_help_str(92), below, "###")


def _command(name: str, summary: str, command: click.Command, level: str) -> Iterator[str]:
    context = click.Context(command, info_name=name, max_content_width=92, terminal_width=92)
    yield from (f"{level} {name}", "", summary, "", "```text", command.get_help(context), "```", "")


def _options() -> Iterator[str]:
    yield from ("| option | value | |", "|---|---|---|")
    group = mock.Mock()
    plugin.pytest_addoption(mock.Mock(getgroup=lambda *_: group), mock.Mock(_confcutdir=None))
    for call in group.addoption.call_args_list:
        name, value = call.args[0], call.kwargs.get("metavar") or " or ".join(call.kwargs.get("choices", ()))
        short = (
            f", `{name.replace('contracts-', '')}`"
            if name in {"--contracts-provider", "--contracts-live"}
            else ""
        )
        yield f"| `{name}`{short} | {f'`{value}`' if value else ''} | {call.kwargs['help']} |"
    yield ""


def _settings() -> Iterator[str]:
    for title, module in (("The gate", settings), ("Consumers", registry), ("Watch production", watching)):
        example = (module.__doc__ or "").partition("\n\n")[2].strip()
        yield from (f"## {title}", "", "```toml", example, "```", "")


def _rules() -> Iterator[str]:
    of_answers = {name: rule for name, rule in all_rules().items() if name in RULES}
    laws = {name: rule for name, rule in all_rules().items() if name not in {*RULES, *DRIFT, *SECRETS}}
    drift = {name: rule for name, rule in all_rules().items() if name in DRIFT}
    for title, rules in (
        ("Answers, documents, recordings and traffic", of_answers),
        ("Changes between two documents", drift),
        ("Laws of consumers", laws),
        ("Secrets", dict(SECRETS)),
    ):
        yield from (f"## {title}", "")
        for name, rule in rules.items():
            yield from (f"### {name}", "", "```text", *explained(rule), "```", "")


def _formats() -> Iterator[str]:
    yield from ("| format | |", "|---|---|")
    for name, module in report.FORMATS.items():
        text = (import_module(module).__doc__ or "").partition("\n")[0].rstrip(".")
        yield f"| `{name}` | {text} |"
    yield ""


def _python() -> Iterator[str]:
    for name in contracts.__all__:
        kind = "autoclass" if isinstance(getattr(contracts, name), type) else "autofunction"
        if issubclass(type(getattr(contracts, name)), type) and issubclass(
            getattr(contracts, name), Exception
        ):
            kind = "autoexception"
        yield from ("```{eval-rst}", f".. {kind}:: contracts.{name}")
        yield from (("   :members:", "   :undoc-members:") if kind == "autoclass" else ())
        yield from ("```", "")


PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "commands": _commands,
    "options": _options,
    "settings": _settings,
    "rules": _rules,
    "formats": _formats,
    "python": _python,
}
