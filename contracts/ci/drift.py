"""The drift job: newest documents → drift and impact → new recordings → one issue and one draft a provider.

`python -m contracts.ci.drift` fetches each document once and runs the public commands on it, each in a
process of its own, so that what it says is what a developer sees on a workstation. Nothing of a vendor's text
reaches a shell. A document that could not be fetched or understood is never taken for one without drift.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

from contracts.atomic import write_whole
from contracts.check import choose_providers, guarded, read_options
from contracts.ci.actions import Actions, append_summary, read_actions, words
from contracts.ci.gate import Say
from contracts.ci.issues import sync_issue
from contracts.ci.pulls import propose
from contracts.ci.rest import GitHub, HostError
from contracts.errors import ConfigError, ContractsError
from contracts.live import fetch_document
from contracts.model import Report
from contracts.report import markdown
from contracts.report.reading import read_report
from contracts.spec import load
from contracts.text import plural, safe_text
from contracts.vendoring import parts_at

TIMEOUT: Final = 900
"""Seconds for one command of one provider."""


class Answer(NamedTuple):
    """What a command ended with: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


Run: TypeAlias = Callable[[Sequence[str]], Answer]
"""Runs `contracts` with arguments, in the project's root."""

Fetch: TypeAlias = Callable[[str], bytes]
"""Gives the document behind an address of the manifest's; ContractsError when it cannot."""

NEWEST: Final = ".contracts/newest"
"""Where the fetched documents lie meanwhile, below the root."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What the job works on: project root, providers, who runs and who fetches, the environment's keys."""

    root: Path
    providers: tuple[str, ...]
    run: Run
    fetch: Fetch
    env: Mapping[str, str]


def run_drift(job: Job, actions: Actions | None, say: Say) -> int:
    """Look after every provider; 0 when each was looked at and told, 3 when one could not be."""
    code = 0
    for name in job.providers:
        try:
            said, looked = _one(job, name, actions)
            say(f"{name}: {said}")
        except ContractsError as error:
            say(f"{name}: not looked at; {error}")
            looked = False
        code = code if looked else 3
    return code


def _one(job: Job, name: str, actions: Actions | None) -> tuple[str, bool]:
    """Compare and tell; gives what was done, and whether every document was understood."""
    documents = fetched(job, name)
    if not documents:
        return "the manifest names no address to look at", True
    report = newest(job, name, documents)
    rows = list(markdown.lines(report, title=f"What {name} changed"))
    if actions and actions.summary:
        append_summary(actions.summary, "\n".join((*rows, "", "")))
    unread = "".join(f"; {safe_text(notice, 200)}" for notice in report.notices)
    found = plural(sum(not one.waived for one in report.all_findings()), "finding") + unread
    if actions is None or not actions.can_ask:
        return f"{found}; no repository to tell", not unread
    if unread and not report.findings:
        return f"{found}; the issue is left as it is", False
    assert actions.token
    with GitHub(actions.api, actions.repository, actions.token) as host:
        issue = sync_issue(host, name, report, link=actions.run_url)
        wanted = documents if report.findings and not unread else ()
        draft, taken = _draft(job, name, wanted, host=host, actions=actions, rows=rows)
    return f"{found}; issue {issue}; draft {draft}", taken and not unread


def _draft(
    job: Job, name: str, documents: Sequence[str], *, host: GitHub, actions: Actions, rows: list[str]
) -> tuple[str, bool]:
    """Take the documents in and propose them; gives what was done, and whether they could be taken in."""
    try:
        files = update(job, name, documents) if documents else {}
    except ContractsError as error:
        return f"not opened, {error}", False
    return _propose(host, name, files, actions, rows), True


def _propose(
    host: GitHub, name: str, files: Mapping[str, bytes | None], actions: Actions, rows: list[str]
) -> str:
    """Open the draft; that a repository forbids it to workflows does not undo the issue."""
    try:
        return propose(host, name, files, base=actions.branch, text=rows)
    except HostError as error:
        return f"not opened, {error}"


def fetched(job: Job, name: str) -> tuple[str, ...]:
    """Fetch the documents that the manifest gives an address for; gives their names below the root."""
    names_ = []
    for one in load(name, job.root).manifest.upstream:
        if one.url:
            relative = f"{NEWEST}/{name}/{one.name}"
            data = job.fetch(one.url)
            write_whole(job.root / relative, data)
            for other, held in parts_at(one.url, data, job.fetch).items():
                write_whole((job.root / relative).parent / other, held)
            names_.append(relative)
    return tuple(names_)


def newest(job: Job, name: str, documents: Sequence[str]) -> Report:
    """Compare fetched documents with the vendored ones; notices say what was not understood."""
    reports = []
    for document in documents:
        answer = job.run(("drift", name, "--against", document, "--format", "json"))
        if answer.code not in {0, 1, 3}:
            raise ConfigError(_last(answer) or "contracts drift failed")
        reports.append(read_report(answer.out, f"contracts drift {name}"))
    return Report.merge(reports)


def _last(answer: Answer) -> str:
    return safe_text(answer.err.strip().rpartition("\n")[2], 300)


def update(job: Job, name: str, documents: Sequence[str]) -> dict[str, bytes | None]:
    """Take the new documents in, record again where a key is set, and give the files that changed."""
    home = job.root / "specs" / name
    before = snapshot(home)
    for document in documents:
        answer = job.run(("vendor", "--update", name, document))
        if answer.code not in {0, 1}:
            raise ConfigError(f"contracts vendor --update {name}: {_last(answer) or 'failed'}")
    variables = load(name, job.root).manifest.key_variables
    if any(job.env.get(one, "").strip() for one in variables):
        job.run(("record", name))  # what cannot be recorded now stays as it was
    return changed(job.root, home, before)


def snapshot(home: Path) -> dict[Path, str]:
    """Give the digest of every file below a folder."""
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in _files(home)}


def _files(home: Path) -> Iterator[Path]:
    yield from (path for path in sorted(home.rglob("*")) if path.is_file() and not path.is_symlink())


def changed(root: Path, home: Path, before: Mapping[Path, str]) -> dict[str, bytes | None]:
    """Give what differs from a snapshot, by name below the root; None for a file that is gone."""
    now = snapshot(home)
    paths = sorted({*before, *now})
    differing = (path for path in paths if before.get(path) != now.get(path))
    return {
        path.relative_to(root).as_posix(): path.read_bytes() if path in now else None for path in differing
    }


def command_line(root: Path) -> Run:
    """Run `contracts` of this very installation in a project's root."""

    def run(arguments: Sequence[str]) -> Answer:
        words = [sys.executable, "-m", "contracts", *arguments]
        try:
            done = subprocess.run(words, cwd=root, capture_output=True, timeout=TIMEOUT, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            return Answer(2, "", f"contracts {arguments[0]}: no end within {TIMEOUT} s")
        return Answer(
            done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        )

    return run


def main(env: Mapping[str, str], say: Say) -> int:
    """Run the job as the environment says: CONTRACTS_PROVIDERS, CONTRACTS_ROOT."""
    root = Path(env.get("CONTRACTS_ROOT") or ".").resolve()

    def run() -> int:
        chosen = choose_providers(root, words(env.get("CONTRACTS_PROVIDERS", "")), read_options(root).policy)
        job = Job(root=root, providers=chosen, run=command_line(root), fetch=_fetch, env=env)
        return run_drift(job, read_actions(env), say)

    return guarded(run, say)


def _fetch(url: str) -> bytes:
    return fetch_document(url).data


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    sys.exit(main(os.environ, _print))
