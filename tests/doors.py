"""Every door of the project: how it is entered in a project of acme, and what it says there.

A door takes the folder and answers with a secret in each (tests/sinks.py); it yields what it printed by name, and
what it wrote stays in the folder.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import click.testing

sys.path.insert(0, str(Path(__file__).parent / "interactions"))

from hostile import after_another, serving

from contracts.cli import group
from contracts.errors import ContractsError
from contracts.model import Interaction
from contracts.report import FORMATS
from contracts.spec import webhook_path
from contracts.traffic import addon
from contracts.traffic.judge import Judge
from contracts.traffic.passed import Passed
from contracts.traffic.sinks import line

if TYPE_CHECKING:
    import socket

    from tests.sinks import Planted

Said = Iterator[tuple[str, bytes]]
Door = Callable[[Path, list["Planted"]], Said]


def entered(*words: str, data: bytes = b"") -> bytes:
    """Run a command of the shell in this process; give all that it printed."""
    done = click.testing.CliRunner().invoke(group, list(words), input=data)
    fault, said = done.exception, done.output
    if isinstance(fault, ContractsError):
        said += str(fault)
    elif fault is not None and not isinstance(fault, SystemExit):
        raise fault
    return said.encode()


def command(*words: str) -> Door:
    """Give a door that is a command of the shell."""

    def door(root: Path, answers: list[Planted]) -> Said:
        yield " ".join(words), entered(*words)

    return door


def judged(root: Path, answers: list[Planted]) -> Said:
    """Judge what passes, as watch, proxy and web hooks do, with every sink."""
    judge = Judge(root, ("acme",))
    said = []
    for one in answers:
        it = one.answer
        for url in (it.request.url, webhook_path(""), "/hooks/acme"):
            passed = Passed(
                "acme" if url.startswith("/") else "", "GET", url, it.request.headers, 200,
                it.response.headers, it.response.body, 1.0,
            )  # fmt: skip
            found = judge.judge(passed)
            said += [str(found), *(line(finding, 1) for finding in found.findings)]
    judge.files.close()
    yield "watch", "\n".join(said).encode("utf-8", "replace")


class Fields(dict[str, str]):
    """Headers as mitmproxy gives them."""

    @property
    def fields(self) -> list[tuple[bytes, bytes]]:
        """Give names and values in bytes."""
        return [(name.encode(), value.encode("utf-8", "replace")) for name, value in self.items()]


def proxied(root: Path, answers: list[Planted]) -> Said:
    """Let answers pass through the addon of the proxy, and its frames through the proxy's judge."""
    stream = io.BytesIO()
    own = addon.Contracts()
    own.frames = addon.Frames(stream)
    for one in answers:
        it = one.answer
        request = SimpleNamespace(method="GET", url=it.request.url, headers=Fields(it.request.headers))
        response = SimpleNamespace(status_code=200, headers=Fields(it.response.headers))
        flow = SimpleNamespace(request=request, response=response, metadata={})
        own.responseheaders(flow)
        response.stream(it.response.body)
        own.response(flow)
    own.done()
    yield "proxy", entered("proxy", "--judge", "acme", data=stream.getvalue())


def over_the_wire(one: Interaction) -> Callable[[socket.socket, bytes], None]:
    """Give a server's answer that holds what an answer holds; what was asked is told in its body."""
    body, asked = one.response.body, one.request
    if asked.headers or "?" in asked.url or "@" in asked.url or asked.url.count("/") > 5:
        told = {"id": "b", "state": asked.url, "tasks": [], "sent": dict(asked.headers)}
        body = json.dumps(told).encode()
    fields = (*one.response.headers, ("content-length", str(len(body))), ("connection", "close"))
    head = "\r\n".join(("HTTP/1.1 200 OK", *(f"{name}: {value}" for name, value in fields), "", ""))
    return lambda connection, _: connection.sendall(head.encode("utf-8", "replace") + body)


def asking(*words: str, of: str = "--base-url=acme={}") -> Door:
    """Give a door that asks a server, until that has given all its answers."""

    def door(root: Path, answers: list[Planted]) -> Said:
        left = list(answers)
        while left:
            with serving(after_another(*(over_the_wire(one.answer) for one in left))) as server:
                said = entered(*words, of.format(server.url), "--param", "id=b1")
                assert server.requests, said
                left = left[server.requests :]
            yield f"{' '.join(words)} {len(left)}", said

    return door


PYTEST = [
    sys.executable, "-m", "pytest", "--provider=acme", "-vv", "--showlocals", "--tb=long", "-rA", "-p", "no:cacheprovider",
    "-p", "no:randomly", "--log-level=debug", *(f"--contracts-report={form}=r.{form}" for form in FORMATS),
    "--junitxml=j.xml", "--html=h.html", "--report-log=l.jsonl",
]  # fmt: skip
TESTS = """\
import os, pytest
from contracts.check import read_options
from contracts.contract import load

@pytest.mark.parametrize("n", range(COUNT))
def test_answers(n, contract):
    import json, pathlib
    from contracts.auth import find_keys
    from contracts.spec import load as vendor
    found = vendor("acme", pathlib.Path())
    keys = find_keys(found.manifest.carriers, os.environ)
    kept = pathlib.Path("t.jsonl").read_text().splitlines()
    assert not (keys, "shown in a traceback")
"""


def pytest_run(root: Path, answers: list[Planted]) -> Said:
    """Run pytest in the project: items of recordings, all reports, everything that it can show."""
    done = subprocess.run(PYTEST, cwd=root, capture_output=True, check=False)
    yield "pytest", done.stdout + done.stderr


def pytest_live(root: Path, answers: list[Planted]) -> Said:
    """Run pytest live in the project, against a server that gives the answers."""
    with serving(after_another(*(over_the_wire(one.answer) for one in answers))) as server:
        words = ["--live", f"--contracts-base-url=acme={server.url}", "--contracts-param=id=b1"]
        done = subprocess.run([*PYTEST, *words], cwd=root, capture_output=True, check=False)
        assert server.requests, done.stdout
    yield "pytest live", done.stdout + done.stderr


def on_findings(*words: str) -> Door:
    """Give a door that takes a finding by its fingerprint."""

    def door(root: Path, answers: list[Planted]) -> Said:
        found = json.loads(entered("check", "acme", "--file", "t.jsonl", "--format", "json"))
        findings = [one["fingerprint"] for answer in found["assessments"] for one in answer["findings"]]
        for fingerprint in findings[:12]:
            yield fingerprint, entered(*words, fingerprint, "--file", "t.jsonl")

    return door


def archived(root: Path, answers: list[Planted]) -> Said:
    """Judge the log as an archive, print its results in every format, and keep recordings of it."""
    yield "archive scan", entered("archive", "scan", "t.jsonl", "--out", "oct", "--provider", "acme")
    for form in ("text", "json", "markdown", "html", "sarif", "junit", "github", "gitlab"):
        yield f"archive {form}", entered("archive", "report", "oct", "--format", form)
    yield (
        "archive dry",
        entered("archive", "scan", "t.jsonl", "--out", "dry", "--provider", "acme", "--dry-run"),
    )
    yield "archive keep", entered("archive", "keep", "oct", "--budget", "20")


def annotated(root: Path, answers: list[Planted]) -> Said:
    """Run the gate as a job of GitHub, which annotates and writes a summary."""
    import os

    os.environ |= {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(root / "summary.md")}
    try:
        yield "gate in a workflow", entered("gate", "acme", *REPORTS, "--no-comment")
    finally:
        del os.environ["GITHUB_ACTIONS"], os.environ["GITHUB_STEP_SUMMARY"]


REPORTS = [word for form in FORMATS for word in ("--report", f"{form}=r.{form}")]
NEWER = "newer/openapi.yaml"
DOORS: dict[str, tuple[bool, Door]] = {
    "import": (False, command("import", "t.jsonl", "--provider", "acme")),
    "observe": (False, command("observe", "t.jsonl", "--provider", "acme", "--save", "--overlay")),
    "observe json": (False, command("observe", "t.jsonl", "--provider", "acme", "--format", "json", "--output", "o.json")),
    **{
        f"check {form}": (False, command("check", "acme", "--file", "t.jsonl", "--format", form, "--verbose"))
        for form in FORMATS
    },
    "check recorded": (True, command("check", "acme", "--format", "json", "--verbose")),
    "gate": (True, command("gate", "acme", *REPORTS, "--no-comment")),
    "gate in a workflow": (True, annotated),
    "coverage": (True, command("coverage", "acme", "--unseen", "--format", "json")),
    "stress": (True, command("stress", "-p", "acme", "readers:strict", "--explore", "20")),
    "stress equations": (True, command("stress", "-p", "acme", "readers:strict", "--explore", "20", "--equations", "--approve")),
    "impact": (True, command("impact", "acme", "readers:strict", "--against", NEWER)),
    "drift": (True, command("drift", "acme", "--against", NEWER, "--full", "--format", "html")),
    "drift text": (True, command("drift", "acme", "--against", NEWER, "--full", "--verify")),
    "drift json": (True, command("drift", "acme", "--against", NEWER, "--full", "--format", "json")),
    "drift markdown": (True, command("drift", "acme", "--against", NEWER, "--full", "--format", "markdown")),
    "drift sarif": (True, command("drift", "acme", "--against", NEWER, "--full", "--format", "sarif")),
    "vendor": (False, command("vendor", "--add", "other", NEWER)),
    "update": (False, command("vendor", "--update", "acme", NEWER)),
    "inferred": (False, command("vendor", "--add", "other", "--from", "t.jsonl")),
    "scan": (True, command("scan", "specs", "t.jsonl")),
    "report": (False, on_findings("report")),
    "correct": (False, on_findings("correct")),
    "waive": (False, on_findings("waive", "--reason", "known")),
    "archive": (False, archived),
    "watch": (False, judged),
    "proxy": (False, proxied),
    **{
        f"live {form}": (False, asking("check", "acme", "--live", "--format", form, "--verbose"))
        for form in FORMATS
    },
    "live recording": (False, asking("check", "acme", "--live", "--record")),
    "record": (False, asking("record", "acme", of="--base-url={}")),
    "pytest": (True, pytest_run),
    "pytest live": (True, pytest_live),
}  # fmt: skip
"""Name, whether it reads cassettes that nobody has cleaned, and how it is entered."""
