"""A version of a reader in a process of its own, asked one payload after the other."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from contracts.consumers.consumer import TIME_LIMIT, Consumer, Manner
from contracts.consumers.samples import Sample
from contracts.errors import ConfigError
from contracts.model import Json
from contracts.text import safe_text

GRACE: Final = 10.0
"""Seconds beyond the limit of a reader after which its process is ended: C code hears no signal."""
ZONE: Final = "Asia/Kathmandu"
"""Where both versions run: where local time is not UTC, reading one for the other tells."""
_SCRIPT: Final = str(Path(__file__).with_name("child.py"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one version made of one payload: an answer as plain data, or the exception it raised."""

    manner: str
    view: Json = None
    error: str = ""
    message: str = ""
    line: str = ""

    @property
    def answered(self) -> bool:
        """Whether there is an answer."""
        return self.manner == Manner.ANSWERED

    @property
    def key(self) -> str:
        """Tell outcomes apart: 1, 1.0 and true are three answers; all declared refusals are one."""
        return json.dumps([self.manner, "" if self.manner == Manner.REFUSED else self.error, self.view])


class Reader:
    """One version of a reader; `ask` gives its outcome, and starts the process anew when it has died."""

    def __init__(self, settings: Mapping[str, Any], path: Sequence[str], folder: Path) -> None:
        self.settings = {**settings, "path": list(path)}
        self.folder = folder
        self.file, self.forks = "", False
        self._start()

    def _start(self) -> None:
        self.process = subprocess.Popen(  # noqa: S603 -- this Python, our own script
            [sys.executable, "-X", "utf8", _SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env={
                **os.environ,
                "PYTHONHASHSEED": "0",
                "TZ": ZONE,
                "PYTHONPATH": "",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            text=True,
            encoding="ascii",
            start_new_session=True,
        )
        self._ready(self._exchange(self.settings))

    def _ready(self, said: dict[str, Any] | None) -> None:
        if said is None or said["absent"]:
            self.close()
            raise ConfigError(safe_text(said["absent"] if said else "its process ended at the start", 300))
        self.file, self.forks = said["file"], said["forks"]

    def again(self) -> None:
        """Begin with a process that has met nothing."""
        said = self._exchange({"again": True}) if self.forks and self.process.poll() is None else None
        if said:
            self._ready(said)
        else:
            self.close()
            self._start()

    def ask(self, sample: Sample) -> Outcome:
        """Give what it makes of a payload."""
        body = sample.body
        asked = {"value": sample.value} if body is None else {"body": base64.b64encode(body).decode()}
        said = self._exchange(asked)
        if said is None or "manner" not in said:
            self.again()
            return Outcome(Manner.CRASHED, None, "ProcessDied", "its process ended, or did not come back")
        return Outcome(**said)

    def _exchange(self, asked: Mapping[str, Any]) -> dict[str, Any] | None:
        assert self.process.stdin
        assert self.process.stdout
        timer = threading.Timer(TIME_LIMIT + GRACE, self._kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except (BrokenPipeError, OSError):
            line = ""
        finally:
            timer.cancel()
        return json.loads(line) if line else None

    def _kill(self) -> None:
        """End the process with its forks, which are in a session of its own."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.kill()

    def close(self) -> None:
        """End the process."""
        self._kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout):
            if stream:
                try:
                    stream.close()
                except BrokenPipeError:
                    continue


def settings_of(consumer: Consumer) -> dict[str, Any]:
    """Give a consumer by names, as another process can build it."""
    return {
        "name": consumer.id,
        "provider": consumer.provider,
        "refuses": [f"{kind.__module__}:{kind.__qualname__}" for kind in consumer.refuses],
        "takes": consumer.takes,
        "view": "" if consumer.view is None else f"{consumer.view.__module__}:{consumer.view.__qualname__}",
        "unknown": list(consumer.unknown),
    }


@contextmanager
def reader_of(consumer: Consumer, path: Sequence[str], folder: Path) -> Iterator[Reader]:
    """Run a version of a consumer for a while; ConfigError says why it cannot be built."""
    made = Reader(settings_of(consumer), path, folder)
    try:
        yield made
    finally:
        made.close()
