"""`contracts` as a process: what a shell, a pipe and an impatient user see."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from importlib import metadata

import pytest

from tests.cli.conftest import ENVIRONMENT


def test_the_script_and_the_module_are_one(broken, contracts):
    done = contracts("check")
    assert done.returncode == 1
    assert done.stdout.splitlines()[-4].startswith("violates: 3 findings in 4 interactions")
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("args", "code"), [(["check"], 0), (["check", "acne"], 2), (["check", "--operation", "listBatches"], 3)]
)
def test_exit_codes(project, contracts, args, code):
    assert contracts(*args).returncode == code


def test_version(contracts):
    assert contracts("--version").stdout == f"{metadata.version('pytest-contracts')}\n"


def test_the_reader_of_a_pipe_may_leave(broken):
    command = [sys.executable, "-m", "contracts", "check", "--format", "html"]
    process = subprocess.Popen(
        command, cwd=broken, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


def heed_ctrl_c():
    """Let a child hear Ctrl-C also where the tests run in the background, which ignores it for all children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_stops_in_one_word(project):
    fifo = project / "slow.har"
    os.mkfifo(fifo)
    command = [sys.executable, "-m", "contracts", "check", "acme", "--file", "slow.har"]
    process = subprocess.Popen(
        command,
        cwd=project,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 -- no other thread is started here
    )
    writer = os.open(fifo, os.O_WRONLY)  # waits until the command has opened the other end
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    os.close(writer)
    assert (process.returncode, out, err.strip()) == (130, "", "contracts: stopped")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("more", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colour_only_on_a_terminal_that_wants_it(broken, more, coloured):
    import pty

    ours, theirs = pty.openpty()
    env = {k: v for k, v in ENVIRONMENT.items() if k != "NO_COLOR"} | {"TERM": "xterm"} | more
    command = [sys.executable, "-m", "contracts", "check", "acme", "nimble"]
    process = subprocess.Popen(command, cwd=broken, env=env, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = b""
    try:
        while part := os.read(ours, 65536):
            text += part
    except OSError:
        pass  # the other end is closed
    os.close(ours)
    assert process.wait(60) == 1
    assert (b"\x1b[31m" in text) is coloured


def test_no_colour_in_a_pipe(broken, contracts):
    assert "\x1b" not in contracts("check", "acme").stdout


@pytest.mark.parametrize("locale", ["C", "POSIX"])
def test_a_plain_locale_is_enough(broken, contracts, locale):
    done = contracts("check", LC_ALL=locale, LANG=locale, PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert "violates: 3 findings" in done.stdout
    assert "Traceback" not in done.stderr


def test_hostile_words_stay_words(project, contracts):
    spec = project / "specs" / "acme" / "provider.toml"
    spec.write_text(spec.read_text().replace('"Acme"', '"\\u001b[31mAcme\\n::error::x"'))
    for args in (["providers", "acme"], ["check"], ["check", "\x1b[31m::error::"]):
        done = contracts(*args)
        assert "\x1b" not in done.stdout + done.stderr
        assert not [line for line in (done.stdout + done.stderr).splitlines() if line.startswith("::")]
