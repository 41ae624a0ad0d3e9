"""Vendor text through pytest's output: inert, whatever it holds."""

from __future__ import annotations

import json

import pytest

from tests import acme

TEXTS = [
    "\x1b[31mred\x1b]0;title\x07",
    "line\n::error::pwned",
    "::set-output name=x::y",
    "##[error]pwned",
    "a\rb\x08\x9b31m",
    "\u202eevil\u2066",
    "x" * 100_000,
    "\ud800",
    "\u2028::add-mask::x\u2029",
]


def inert(text: str) -> None:
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert not [char for char in text if char in "\x7f\x9b\u202e\u2066\u2028\u2029\ud800"]
    assert not [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert "##[" not in text
    assert max(map(len, text.splitlines())) < 400


@pytest.mark.parametrize("text", TEXTS, ids=ascii)
def test_in_bodies(project, run, text):
    body = {
        text[:60]: text,
        "id": [text],
        "state": text,
        "finished": text,
        "tasks": [{"state": text, text[:50]: 1}],
    }
    acme.add(project / "specs" / "acme", acme.answer(json.dumps(body).encode(), situation="hostile"))
    result = run("--provider=acme", "-v", "-rA")
    result.assert_outcomes(failed=1, passed=5)
    inert("\n".join(line for line in result.outlines if not line.startswith(("cachedir", "rootdir"))))


@pytest.mark.parametrize("text", TEXTS[:4], ids=ascii)
def test_in_settings_and_arguments(project, run, pytester, text):
    pytester.makepyprojecttoml(f"[tool.contracts]\nproviders = [{json.dumps(text)}]")
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    inert(result.stderr.str())
    inert(run(f"--provider={text.replace(',', '')}").stderr.str())


@pytest.mark.parametrize("text", TEXTS[:5], ids=ascii)
def test_in_the_documents_words(project, run, text):
    spec = project / "specs" / "acme" / "openapi.yaml"
    spec.write_text(spec.read_text().replace("[running, done]", f"[{json.dumps(text)}]"))
    result = run("--provider=acme")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    inert("\n".join(line for line in result.outlines if not line.startswith("rootdir")))


@pytest.mark.parametrize(
    "torn",
    [b"", b"\xff\xfe", b"[" * 100_000, b'{"a": 1' * 50_000, b"\x1b[31m"],
    ids=["empty", "utf16", "deep", "torn", "escape"],
)
def test_in_torn_recordings(project, run, torn):
    (project / "specs/acme/cassettes/getBatch/200-torn.json").write_bytes(torn)
    result = run("--provider=acme")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert "unreadable-recording" in result.stdout.str()
    assert "Traceback" not in result.stdout.str()
    inert("\n".join(line for line in result.outlines if "torn" in line))
