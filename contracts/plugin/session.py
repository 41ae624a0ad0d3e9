"""One pytest run with contracts in it: a plugin object that collects, gathers, closes and prints."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from contracts.atomic import write_whole
from contracts.check import (
    CheckOptions,
    ProviderCheck,
    choose_providers,
    find_root,
    idle_consumers,
    narrowed,
    report_targets,
)
from contracts.consumers import Consumer
from contracts.errors import ConfigError, ContractsError, need
from contracts.model import Assessment, Coverage, Finding, Interaction, Report, Verdict
from contracts.plugin.choice import NoGate, is_manifest, refuse_useless, refuse_without_provider, why_no_gate
from contracts.plugin.consumers import registered
from contracts.plugin.fixture import options_of
from contracts.plugin.items import PROPERTY, PROPERTY_FINDINGS, BrokenFile, properties, provider_file
from contracts.plugin.wire import unpack, unpack_findings
from contracts.policy import exit_code, verdict
from contracts.report import ALIASES, FORMATS, remember, render
from contracts.report.terminal import Style, lines, plain
from contracts.spec import MANIFEST, Provider, bundled, folders, load
from contracts.text import plural, safe_text

if TYPE_CHECKING:
    from contracts.plugin.live import LiveRun

_STYLES: Final = {
    "error": {"red": True, "bold": True},
    "warning": {"yellow": True},
    "note": {"cyan": True},
    "heading": {"bold": True},
    "dim": {"light": True},
    "conforms": {"green": True, "bold": True},
    "violates": {"red": True, "bold": True},
    "inconclusive": {"yellow": True, "bold": True},
}


def start(config: pytest.Config) -> None:
    """Register what this run needs of us: the checks of the chosen providers, or why there are none.

    ConfigError and UnknownName for settings, names and options that cannot be used as written.
    """
    refuse_useless(config)
    options = options_of(config)
    asked = tuple(config.getoption("contracts_provider") or ())
    gate = options.policy.providers
    why = why_no_gate(config, gate) if gate and not asked else ""
    chosen = asked or (() if why else gate)
    if chosen or any(map(is_manifest, config.args)):
        made: Session | NoGate = _session(config, options, chosen)
    else:
        refuse_without_provider(config)
        made = NoGate(gate, why)
    config.pluginmanager.register(made, "contracts-session")


def _session(config: pytest.Config, options: CheckOptions, chosen: Sequence[str]) -> Session:
    wanted = tuple(sorted(choose_providers(config.rootpath, chosen, options.policy))) if chosen else ()
    everybody = any("all" in name.split(",") for name in chosen)
    formats = (*FORMATS, *ALIASES)
    reports = report_targets(config.getoption("contracts_report") or (), formats, "--contracts-report")
    placed = tuple((form, config.invocation_params.dir / path) for form, path in reports)
    live = _live(config, options, wanted, () if everybody else wanted)
    session = Session(config, options, placed, live)
    session.choose(wanted)
    return session


def _live(
    config: pytest.Config, options: CheckOptions, wanted: tuple[str, ...], named: tuple[str, ...]
) -> LiveRun | None:
    """Start the live part, and load the HTTP client, only when it is asked for."""
    if not config.getoption("contracts_live"):
        return None
    from contracts.plugin.live import LiveRun

    manifests = [Path(arg.partition("::")[0]).parent.name for arg in config.args if is_manifest(arg)]
    return LiveRun(config, options, (*wanted, *manifests), named)


class Session:
    """The contracts part of a pytest run; registered as a plugin object once a provider is chosen."""

    def __init__(
        self,
        config: pytest.Config,
        gate: CheckOptions,
        reports: tuple[tuple[str, Path], ...],
        live: LiveRun | None = None,
    ) -> None:
        self.config, self.gate, self.reports, self.live = config, gate, reports, live
        self.checks: dict[Path, ProviderCheck] = {}
        self.broken: dict[Path, ContractsError] = {}
        self.consumers: dict[str, tuple[Consumer, ...]] = {}
        self.operations: dict[str, tuple[str, ...]] = {}
        self.assessed: dict[str, tuple[tuple[Assessment, tuple[str, ...]], ...]] = {}
        self.found: dict[str, tuple[Finding, ...]] = {}
        self.report = Report()
        self.on_worker = hasattr(config, "workerinput")
        self.whole = self.asked = True

    def choose(self, wanted: Sequence[str]) -> None:
        """Put the chosen manifests among the arguments; alone, when only a provider was asked for.

        Paths that were given stay, and a manifest or node id among them stands for its provider.
        """
        config = self.config
        given = [self._argument(arg) for arg in config.args]
        named = [Path(arg.partition("::")[0]) for arg in given if is_manifest(arg)]
        by_path = config.args_source is pytest.Config.ArgsSource.ARGS
        if by_path:
            wanted = [name for name in wanted if name not in {path.parent.name for path in named}]
        homes = folders(config.rootpath)
        places = [[home / name / MANIFEST for home in homes] for name in wanted]
        manifests = [next(path for path in some if path.is_file()) for some in places]
        self._load(*named, *manifests)
        alone = not by_path and bool(config.getoption("contracts_provider"))
        asked = [path for path in manifests if path.parent.name in self.operations or path in self.broken]
        config.args = [*([] if alone else given), *map(str, asked)]

    def _load(self, *manifests: Path) -> None:
        """Make the checks of the manifests that have an operation which is wanted."""
        checks: dict[Path, ProviderCheck] = {}
        for path in manifests:
            place = (self.config.invocation_params.dir / path).resolve()
            try:
                provider = self._provider(place)
                checks[place] = self.live.add(provider) if self.live else ProviderCheck(provider, self.gate)
            except ContractsError as fault:
                self.broken[place] = fault
        if self.broken and (self.live or not checks):
            raise next(iter(self.broken.values()))
        chosen = narrowed(checks.values(), tuple(self.config.getoption("contracts_operation") or ()))
        self.operations = {check.provider.id: mine for check, mine in chosen}
        self.checks = {place: one for place, one in checks.items() if one.provider.id in self.operations}
        if self.live:
            self.live.refuse_unused(self.operations)
        else:
            self._find_consumers()

    def _find_consumers(self) -> None:
        """Find the project's consumers before anything runs: one that leads nowhere ends the run."""
        root = self.config.rootpath
        self.consumers = {one.provider.id: registered(one, root) for one in self.checks.values()}
        for option in ("explore", "base"):
            given = self.config.getoption(f"contracts_{option}")
            if given not in {None, 0} and not any(self.consumers.values()):
                known = ", ".join(self.consumers)
                raise ConfigError(f"--contracts-{option} is of no use: no consumer of {known} is registered")
        if self.config.getoption("contracts_explore"):
            need("hypothesis", "explore", "random payloads need Hypothesis")

    def _argument(self, arg: str) -> str:
        """Read a pasted node id of a bundled spec: `specs/<id>/provider.toml::...` outside the root."""
        file, sep, rest = arg.partition("::")
        path = Path(file)
        if not is_manifest(arg) or (self.config.invocation_params.dir / path).is_file():
            return arg
        inside = bundled() / path.parent.name / MANIFEST
        return f"{inside}{sep}{rest}" if inside.is_file() else arg

    def _provider(self, place: Path) -> Provider:
        """Load the provider of a manifest; one outside the root brings its own `specs` folder."""
        name, specs, root = place.parent.name, place.parents[1], self.config.rootpath
        if specs not in {(root / "specs").resolve(), bundled().resolve()}:
            if specs.name != "specs":
                raise ConfigError(f"{safe_text(str(place))}: a manifest must be in a folder specs/<name>")
            root = specs.parent
        return load(name, root)

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect a provider.toml that was chosen by name, by setting or by path."""
        if file_path.resolve() in self.broken:
            return BrokenFile.of(self.broken[file_path.resolve()], file_path, parent)
        check = self.checks.get(file_path.resolve()) if file_path.name == MANIFEST else None
        if check is None:
            return None
        chosen = self.operations[check.provider.id]
        if self.live is not None:
            return self.live.collect(check, chosen, file_path, parent)
        return provider_file(check, chosen, self.consumers[check.provider.id], path=file_path, parent=parent)

    def pytest_report_header(self) -> list[str]:
        """Say which vendors are checked, how, from how old documents, and which consumers are not run."""
        providers = [check.provider for check in self.checks.values()]
        oldest = min((one.manifest.retrieved for one in providers if one.manifest.retrieved), default="")
        kept = sum(1 for one in providers for _ in one.files("cassettes/*/*.json"))
        mode = self.live.header() if self.live else f"{plural(kept, 'recording')} · offline"
        since = f" · oldest spec {oldest}" if oldest else ""
        ids = ", ".join(dict.fromkeys(one.id for one in providers))
        count = plural(len(providers), "vendor")
        head = f"contracts: {count} ({ids}) · {mode}{since}"
        asked = self.config.getoption("contracts_provider")
        idle = () if asked or self.live else idle_consumers(self.config.rootpath, self.operations)
        line = f"contracts: not run, since their providers are not checked: {', '.join(idle)}"
        return [f"{head} · engine {self.gate.engine}", *[line] * bool(idle)]

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Mark what is ours, so that `-m "not contracts"` leaves it out."""
        if any(type(node).__module__.startswith("contracts.plugin.") for node in item.listchain()):
            item.add_marker("contracts")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather what the items found; with xdist, reports are where the workers' findings meet."""
        if self.on_worker:
            return
        if judged := tuple(map(unpack, properties(report, PROPERTY))):
            self.assessed[report.nodeid] = judged
        if found := tuple(map(unpack_findings, properties(report, PROPERTY_FINDINGS))):
            self.found[report.nodeid] = tuple(finding for group in found for finding in group)
        if self.live is not None:
            self.live.gather(report)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep the order of live items, which is part of their manners."""
        if self.live is not None:
            self.live.order(items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Hand the folder of the shared budgets to an xdist worker."""
        if self.live is not None:
            self.live.share(node.workerinput)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the run: add what only the whole can tell, write the reports, set the exit code."""
        if self.on_worker or self.config.option.collectonly:
            return
        before = Report(
            assessments=tuple(one for one, _ in self._judged()),
            findings=tuple(finding for group in self.found.values() for finding in group),
        )
        self.report = Report.merge(self._closed(check, before) for check in self.checks.values())
        remember(find_root(self.config.rootpath), self.report)
        self._write(session)
        grew = exit_code(self.report, self.gate.policy) == 1 and exit_code(before, self.gate.policy) != 1
        if session.exitstatus == pytest.ExitCode.OK and grew:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if session.exitstatus == pytest.ExitCode.OK and self.live is not None:
            session.exitstatus = self.live.exit_status(before.assessments)
        elif session.exitstatus == pytest.ExitCode.OK and self._saw_nothing():
            session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED

    def _saw_nothing(self) -> bool:
        """Whether all that was asked for was run and nothing of it was an answer: no gate is green then."""
        return (
            self.asked and not any(self.consumers.values()) and verdict(self.report) is Verdict.INCONCLUSIVE
        )

    def _judged(self) -> Iterator[tuple[Assessment, tuple[str, ...]]]:
        for judged in self.assessed.values():
            yield from judged

    def _closed(self, check: ProviderCheck, before: Report) -> Report:
        name = check.provider.id
        part = Report(
            providers=(check.facts,),
            assessments=tuple(one for one in before.assessments if one.provider == name),
            findings=tuple(one for one in before.findings if one.provider == name),
            coverage=tuple(self._coverage(check)),
        )
        whole = self.live is None and _whole(check, part)
        self.asked = self.asked and (whole or _whole(check, part, self.operations[name]))
        self.whole = self.whole and whole
        return check.close(Report() + part, whole=whole)

    def _coverage(self, check: ProviderCheck) -> Iterator[Coverage]:
        for operation in check.operations():
            place = (check.provider.id, operation.alias)
            seen = [shown for one, shown in self._judged() if (one.provider, one.operation) == place]
            if seen:
                yield check.coverage(operation, {fact for shown in seen for fact in shown})

    def _write(self, session: pytest.Session) -> None:
        for form, path in self.reports:
            try:
                text = "".join(f"{line}\n" for line in render(form, self.report, session.config.rootpath))
                write_whole(path, text.encode("utf-8", "backslashreplace"))
            except OSError as error:
                where = safe_text(path.name, 80)
                notice = f"the {form} report could not be written to {where}: {error.strerror}"
                self.report += Report(notices=(notice,))
                session.exitstatus = pytest.ExitCode.USAGE_ERROR

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the section `contracts`: what does not conform, where, and the next command to run."""
        if self.config.option.collectonly or self.report == Report():
            return
        writer = terminalreporter
        writer.ensure_newline()
        writer.section("contracts")
        width = min(writer._tw.fullwidth, 140)  # noqa: SLF001 -- the only place that knows the width
        verbose = self.config.get_verbosity() > 0
        left_out = not (self.live or self.whole or self.report.assessments or self.report.findings)
        said = ["not checked: no recording was selected"]
        report = lines(self.report, width=width, style=_style(writer), verbose=verbose)
        for line in said if left_out else report:
            writer.write_line(line)
        for line in self.live.closing() if self.live else ():
            writer.write_line(line)

    def pytest_unconfigure(self) -> None:
        """Tidy up what the run shared between its workers."""
        if self.live is not None:
            self.live.close()


def _whole(check: ProviderCheck, part: Report, asked: Sequence[str] = ()) -> bool:
    """Whether everything recorded was judged: only then a waiver can be unused, or coverage be thin.

    With `asked`, everything that was recorded of these operations.
    """
    seen = [one.interaction for one in part.assessments]
    judged = {(one.operation, _status(one), one.name) for one in seen}
    try:
        recorded = [one for operation in check.operations(asked) for one in check.interactions(operation)]
    except ContractsError:
        return False  # a recording that cannot be read has failed its collector already
    return all((one.operation, _status(one), one.name) in judged for one in recorded)


def _status(interaction: Interaction) -> int:
    return interaction.response.status if interaction.response else 0


def _style(writer: pytest.TerminalReporter) -> Style:
    if os.environ.get("NO_COLOR") or not writer.hasmarkup:
        return plain

    def styled(role: str, text: str) -> str:
        marks: dict[str, Any] = _STYLES.get(role, {})
        return writer._tw.markup(text, **marks)  # noqa: SLF001 -- the terminal's own colours

    return styled
