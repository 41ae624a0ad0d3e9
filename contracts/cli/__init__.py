"""The command `contracts`: each command is its own module, imported when it is called."""

from __future__ import annotations

import difflib
import os
import sys
from importlib import import_module
from typing import Final

import click

from contracts.check import USAGE, guarded, with_aside
from contracts.cli.option import ASIDE
from contracts.cli.working import at_work
from contracts.errors import ConfigError
from contracts.text import safe_text

COMMANDS: Final = {
    "archive": ("contracts.cli.archive:archive", "Judge archives of traffic: what broke, and since when."),
    "check": ("contracts.cli.check:check", "Check vendors against their specifications, offline or live."),
    "correct": (
        "contracts.cli.correct:correct",
        "Correct a vendor's document by a finding, in an overlay with its evidence.",
    ),
    "coverage": ("contracts.cli.check:coverage", "Show which facts of a spec the recordings exercised."),
    "doctor": (
        "contracts.cli.about:doctor",
        "Show versions, limits, folders and keys that are set (never their values).",
    ),
    "drift": (
        "contracts.cli.drift:drift",
        "Compare two versions of a vendor's document, or the vendored one with a new one.",
    ),
    "explain": ("contracts.cli.about:explain", "Explain a rule: what it means, how bad it is, what to do."),
    "gate": (
        "contracts.cli.gate:gate",
        "Run the gate of CI: check offline, write reports, tell the code host.",
    ),
    "history": ("contracts.cli.history:history", "Show when each field of a vendor came, changed and went."),
    "impact": ("contracts.cli.impact:impact", "Run the payloads of each change through your own consumers."),
    "import": ("contracts.cli.import_:import_", "Turn HAR, VCR or JSONL recordings into redacted cassettes."),
    "init": (
        "contracts.cli.about:init",
        "Make a folder for your own cassettes, overlays and waivers of a vendor.",
    ),
    "normalize": ("contracts.cli.normalize:normalize", "Read a vendor's payload as one Batch."),
    "observe": ("contracts.cli.observe:observe", "Summarise real traffic, and compare it with the spec."),
    "providers": ("contracts.cli.about:providers", "List the vendors, their documents and operations."),
    "proxy": ("contracts.cli.proxy:proxy", "Stand before a vendor as a proxy, and check what passes."),
    "record": ("contracts.cli.record:record", "Call a vendor and write the answers as redacted cassettes."),
    "report": ("contracts.cli.report:report", "Write a text about a finding for the vendor; list findings."),
    "scan": ("contracts.cli.scan:scan", "Find secrets in existing cassettes."),
    "serve": ("contracts.cli.serve:serve", "Serve every vendor as a local stub."),
    "stress": ("contracts.cli.stress:stress", "Run edge-case payloads through a function of yours."),
    "vendor": (
        "contracts.cli.vendor:vendor",
        "Turn a vendor's page or document into a spec, and check that the two agree.",
    ),
    "waive": ("contracts.cli.waive:waive", "Accept a finding on purpose, with a reason and an end."),
    "waivers": ("contracts.cli.waivers:waivers", "List what is waived, by the day it ends."),
}
"""Name → (module:attribute, the line that `contracts --help` shows without importing the module)."""


class ReaderLeft(Exception):
    """The reader of our pipe went away; the exit code is then that of other programs, 141."""


class Lazy(click.Group):
    """A group whose commands are imported when they are called."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; a pipe that nobody reads ends it before click takes it for a failure.

        A vendor that had to be set aside gives a run without findings the exit code of a mistake.
        """
        try:
            made, code = super().invoke(ctx), 0
        except click.exceptions.Exit as done:
            made, code = None, done.exit_code
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is buffered goes nowhere
            raise ReaderLeft from None
        code = with_aside(code, tuple(ctx.meta.get(ASIDE, ())))
        if code:
            raise click.exceptions.Exit(code)
        return made

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the names in alphabetical order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command that was named."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        command._help_option = None  # noqa: SLF001 -- click keeps the first, made without -h by a direct call
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest name for one that is not there."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], COMMANDS, n=1, cutoff=0.5)
            hint = f"; did you mean '{near[0]}'?" if near else "; see contracts --help"
            raise click.UsageError(f"no command '{safe_text(args[0], 40)}'{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])


@click.group(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 conforms · 1 findings at or above --fail-on · 2 usage or configuration · "
    "3 inconclusive, or nothing was checked · 70 a fault of contracts · 130 stopped by Ctrl-C.",
)
@click.version_option(package_name="pytest-contracts", message="%(version)s")
def group() -> None:
    """Check the batch APIs that you consume against the specifications of their vendors.

    \b
    contracts check nimble              do our recordings still fit what nimble published?
    contracts check matil --live        does matil still answer so, today?
    contracts drift matil --against f   what did matil change, and what breaks here?
    contracts vendor --add acme f.yaml  hold a contract with one more vendor
    """
    if os.environ.get("FORCE_COLOR") and not os.environ.get("NO_COLOR"):
        click.get_current_context().color = True  # else click takes colours out of what goes into a pipe


def main() -> None:
    """Run the command line and leave with its exit code."""
    sys.exit(run())


def run() -> int:
    """Run the command line; whatever ends it is an exit code and at most one sentence."""
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
    return guarded(_called, lambda text: click.echo(text, err=True))


def _called() -> int:
    """Call the command that is named; a complaint of click's is said like ours."""
    named = next((word for word in sys.argv[1:] if word in COMMANDS), "")
    try:
        with at_work(named):
            code = group.main(prog_name="contracts", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE
    except click.ClickException as error:
        raise ConfigError(_sentence(error)) from None
    except click.Abort:
        raise KeyboardInterrupt from None
    except ReaderLeft:
        return 141
    return code if isinstance(code, int) else 0


def _sentence(error: click.ClickException) -> str:
    """Make click's complaint one sentence like ours, with the help that fits."""
    text = error.format_message().rstrip(".")
    context: click.Context | None = getattr(error, "ctx", None)
    more = f"; see {context.command_path} --help" if context and "--help" not in text else ""
    return text[:1].lower() + text[1:] + more
