"""Judging what passes through a proxy: frames of the addon in, the same sinks as `watch`, and a table."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final

from contracts.errors import ConfigError
from contracts.model import Finding
from contracts.spec import Provider
from contracts.text import safe_text
from contracts.traffic.judge import JUDGED, NOT_JUDGED, OTHERS, VIOLATES, Judge, Judged
from contracts.traffic.passed import Passed
from contracts.traffic.reporter import Reporter
from contracts.traffic.sinks import line

ADDON: Final = Path(__file__).with_name("addon.py")


def frames(stream: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield the answers that the addon hands over, until it ends."""
    while len(size := stream.read(4)) == 4:
        head = json.loads(stream.read(int.from_bytes(size, "big")))
        yield head, stream.read(head["size"])


def passed(head: dict[str, Any], body: bytes, vendor: str) -> Passed:
    """Put a frame into plain values; the body is as it was on the wire."""
    sent, headers = (tuple((name, value) for name, value in head[key]) for key in ("sent", "headers"))
    return Passed(
        vendor, head["method"], head["url"], sent, head["status"], headers, body, head["at"],
        packed=True, missing=head["missing"],
    )  # fmt: skip


class Table:
    """A sink that counts by operation and remembers the findings, and writes both as a table."""

    def __init__(self) -> None:
        self.rows: dict[str, Counter[str]] = {}
        self.findings: dict[str, tuple[Finding, int]] = {}
        self.reasons: Counter[str] = Counter()
        self.dropped = self.unwritten = 0

    def answered(self, judged: Judged, context: Any) -> None:
        """Count an answer and its findings."""
        name = " ".join(filter(None, (judged.vendor, judged.operation))) or "other hosts"
        self.rows.setdefault(name, Counter())[judged.outcome] += 1
        for one in judged.findings:
            seen = self.findings.get(one.fingerprint, (one, 0))[1]
            self.findings[one.fingerprint] = (one, seen + 1)
        self.unwritten += bool(judged.unwritten)
        if judged.outcome == NOT_JUDGED and judged.reason:
            self.reasons[judged.reason] += 1

    def found(self, finding: Finding, times: int) -> None:
        """Keep no more than `answered` did."""

    def said(self, sentence: str) -> None:
        """Keep no more than `answered` did."""

    def lines(self) -> Iterator[str]:
        """Yield the table: a row an operation, then the findings with how often each was seen."""
        width = max((len(name) for name in self.rows), default=9)
        yield f"{'operation':<{width}}  conforms  violates  not judged"
        for name, counts in sorted(self.rows.items()):
            others = f"  {counts[OTHERS]:,} {OTHERS}" if counts[OTHERS] else ""
            cells = f"{counts[JUDGED]:>8,}  {counts[VIOLATES]:>8,}  {counts[NOT_JUDGED]:>10,}{others}"
            yield f"{safe_text(name):<{width}}  {cells}"
        for finding, times in sorted(self.findings.values(), key=lambda pair: pair[0].sort_key):
            yield f"  {line(finding, times)}"
        for reason, times in sorted(self.reasons.items()):
            yield f"  not judged: {safe_text(reason, 200)}, {times:,} times"
        if self.dropped:
            yield f"  {self.dropped:,} answers were dropped before they could be judged"
        if self.unwritten:
            yield f"  {self.unwritten:,} answers could not be written"


def judge_frames(
    stream: Iterable[tuple[dict[str, Any], bytes]],
    judge: Judge,
    reporter: Reporter,
    vendor: str,
    table: Table,
) -> Iterator[None]:
    """Judge every frame, and yield after each, so that a caller can draw."""
    for head, body in stream:
        table.dropped += head["dropped"]
        reporter.take(judge.judge(passed(head, body, vendor)))
        yield
    judge.files.close()
    reporter.close()


def upstream(provider: Provider) -> str:
    """Give the address that the proxy stands before: the vendor's first one, without a path."""
    for server in provider.spec.servers:
        scheme, mark, rest = server.partition("://")
        if mark and "{" not in rest.partition("/")[0]:
            return f"{scheme}://{rest.partition('/')[0]}"
    raise ConfigError(f"{provider.id} names no server; say where it is with --to URL")


def start(to: str, host: str, port: int) -> subprocess.Popen[bytes]:
    """Start mitmdump as a reverse proxy with the addon; ConfigError says how to get it where it is not."""
    beside = Path(sys.executable).with_name("mitmdump")
    command = str(beside) if beside.is_file() else shutil.which("mitmdump")
    if command is None:
        raise ConfigError(
            "contracts proxy needs mitmproxy, best in an environment of its own: uv tool install mitmproxy or"
            " pipx install mitmproxy (from Python 3.12 on also: pip install 'pytest-contracts[proxy]')"
        )
    words = ["-q", "--mode", f"reverse:{to}", "--listen-host", host, "--listen-port", str(port)]
    return subprocess.Popen(  # noqa: S603 -- the proxy that the user asked for
        [command, *words, "--set", "connection_strategy=lazy", "-s", str(ADDON)],
        stdout=subprocess.PIPE, env=os.environ | {"CONTRACTS_FRAMES": "stdout"},
    )  # fmt: skip
