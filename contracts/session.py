"""One pytest run with contracts in it: a plugin object that collects, gathers, closes and prints."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contracts.check import Gate, ProviderCheck
from contracts.collection import PROPERTY, PROPERTY_FINDINGS, findings_of, node_for, properties
from contracts.decode import MAX_BYTES
from contracts.errors import ConfigError, UnknownName
from contracts.model import Assessment, Report
from contracts.policy import exit_code, read_policy
from contracts.report import render
from contracts.report.terminal import lines
from contracts.report.wire import unpack
from contracts.spec.provider import MANIFEST, bundled, load, names
from contracts.text import plural
from contracts.validate.rules import RULES

_STYLES = {
    "error": {"red": True, "bold": True},
    "warning": {"yellow": True},
    "note": {"cyan": True},
    "heading": {"bold": True},
    "dim": {"light": True},
    "conforms": {"green": True, "bold": True},
    "violates": {"red": True, "bold": True},
    "inconclusive": {"yellow": True, "bold": True},
}


def open_session(config: pytest.Config, chosen: Sequence[str]) -> Session:
    """Choose the providers and add their manifests to what pytest collects.

    UnknownName for a provider that is not there, ConfigError for settings that cannot be used.
    """
    root = config.rootpath
    known = names(root)
    listed = [name.strip() for part in chosen for name in part.split(",") if name.strip()]
    wanted = list(known) if "all" in listed else list(dict.fromkeys(listed))
    for name in wanted:
        if name not in known:
            raise UnknownName("provider", name, known)
    gate = Gate(
        policy=read_policy(root / "pyproject.toml", rules=RULES, providers=known),
        today=datetime.now(UTC).date(),
        engine=config.getoption("contracts_engine"),
        max_bytes=config.getoption("contracts_max_body") or MAX_BYTES,
    )
    session = Session(config, gate)
    session.choose(sorted(wanted))
    return session


class Session:
    """The contracts part of a pytest run; registered as a plugin object once a provider is chosen."""

    def __init__(self, config: pytest.Config, gate: Gate) -> None:
        self.config, self.gate = config, gate
        self.checks: dict[Path, ProviderCheck] = {}
        self.assessments: list[Assessment] = []
        self.findings: list[str] = []
        self.shown: dict[tuple[str, str], set[str]] = {}
        self.report = Report()
        self.deselected = False
        self.on_worker = hasattr(config, "workerinput")

    def choose(self, wanted: Sequence[str]) -> None:
        """Put the chosen manifests among the arguments; alone, when only a provider was asked for."""
        config = self.config
        manifests = [load(name, config.rootpath).home / MANIFEST for name in wanted]
        given = [self._argument(arg) for arg in config.args]
        if self.on_worker or config.args_source is pytest.Config.ArgsSource.ARGS:
            config.args = given
            manifests = [path for arg in given if (path := Path(arg.partition("::")[0])).name == MANIFEST]
        else:
            alone = bool(config.getoption("contracts_provider"))
            config.args = [*([] if alone else given), *map(str, manifests)]
        for path in manifests:
            check = ProviderCheck(load(path.parent.name, config.rootpath), self.gate)
            self.checks[(config.invocation_params.dir / path).resolve()] = check

    def _argument(self, arg: str) -> str:
        """Read a pasted node id of a bundled spec: `specs/<id>/provider.toml::...` outside the root."""
        file, sep, rest = arg.partition("::")
        path = Path(file)
        if path.name != MANIFEST or (self.config.invocation_params.dir / path).is_file():
            return arg
        inside = bundled() / path.parent.name / MANIFEST
        return f"{inside}{sep}{rest}" if inside.is_file() else arg

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect a provider.toml that was chosen by name, by setting or by path."""
        check = self.checks.get(file_path.resolve()) if file_path.name == MANIFEST else None
        chosen = tuple(self.config.getoption("contracts_operation") or ())
        return node_for(check, chosen)(file_path, parent) if check else None

    def pytest_report_header(self) -> str:
        """Say in one line which providers are checked, replayed or live, and how old the documents are."""
        ids = ", ".join(check.provider.id for check in self.checks.values())
        oldest = min((c.provider.manifest.retrieved for c in self.checks.values() if c.provider.manifest.retrieved), default="")
        mode = "live" if self.config.getoption("contracts_live") else "offline"
        since = f" · oldest spec {oldest}" if oldest else ""
        return f"contracts: {ids} · {mode} · {plural(len(self.checks), 'spec')}{since} · engine {self.gate.engine}"

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Remember that the run is partial: unused waivers cannot be told then."""
        self.deselected = self.deselected or bool(items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Gather what the items found; with xdist, reports are where the workers' findings meet."""
        if self.on_worker:
            return
        for text in properties(report, PROPERTY):
            assessment, shown = unpack(text)
            self.assessments.append(assessment)
            self.shown.setdefault((assessment.provider, assessment.operation), set()).update(shown)
        self.findings.extend(properties(report, PROPERTY_FINDINGS))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Close the run: add what only the whole can tell, write the reports, set the exit code."""
        if self.on_worker or self.config.option.collectonly:
            return
        before = Report(assessments=tuple(self.assessments), findings=findings_of(self.findings))
        self.report = Report.merge(self._closed(check, before) for check in self.checks.values())
        self._write()
        grew = exit_code(self.report, self.gate.policy) == 1 and exit_code(before, self.gate.policy) != 1
        if session.exitstatus == pytest.ExitCode.OK and grew:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _closed(self, check: ProviderCheck, before: Report) -> Report:
        name = check.provider.id
        part = Report(
            providers=(check.facts,),
            assessments=tuple(one for one in before.assessments if one.provider == name),
            findings=tuple(one for one in before.findings if one.provider == name),
            coverage=tuple(self._coverage(check)),
        )
        return check.close(Report() + part, whole=self._whole())

    def _coverage(self, check: ProviderCheck) -> Iterator[Any]:
        for operation in check.operations():
            if found := self.shown.get((check.provider.id, operation.alias)):
                yield check.coverage(operation, found)

    def _whole(self) -> bool:
        narrowed = any("::" in arg for arg in self.config.args) or self.config.getoption("contracts_operation")
        return not (narrowed or self.deselected or self.config.getoption("maxfail"))

    def _write(self) -> None:
        for wanted in self.config.getoption("contracts_report") or ():
            form, sep, path = wanted.partition("=")
            if not sep or not path:
                raise pytest.UsageError(f"--contracts-report takes FMT=PATH, found '{wanted[:80]}'")
            target = self.config.invocation_params.dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.write_text("".join(f"{line}\n" for line in render(form, self.report)), encoding="utf-8")
            except ConfigError as error:
                raise pytest.UsageError(str(error)) from None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the section `contracts`: what does not conform, where, and the next command to run."""
        if self.on_worker or self.config.option.collectonly or not (self.assessments or self.findings):
            return
        writer = terminalreporter
        writer.section("contracts")
        width = min(writer._tw.fullwidth, 140)  # noqa: SLF001 -- the only place that knows the width
        for line in lines(self.report, width=width, style=self._style(writer)):
            writer.write_line(line)

    def _style(self, writer: pytest.TerminalReporter) -> Any:
        if os.environ.get("NO_COLOR") or not writer.hasmarkup:
            return lambda _role, text: text
        return lambda role, text: writer._tw.markup(text, **_STYLES.get(role, {}))  # noqa: SLF001
