"""`contracts archive` from outside: what is printed, what is written, and the exit code."""

from __future__ import annotations

import gzip
import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli import group
from tests.archive.logs import ROOT, body, line
from tests.archive.parts import BROKEN, written


@pytest.fixture
def archive(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    runner = CliRunner()

    def call(*words, code=None):
        done = runner.invoke(group, ["archive", *map(str, words)], catch_exceptions=False)
        assert code is None or done.exit_code == code, done.output
        return done

    return call


def test_a_run_says_what_broke_in_how_many_answers_since_when(archive, tmp_path):
    written(tmp_path / "in", parts=2)
    done = archive("scan", "in", "--provider", "matil", code=1)
    assert re.sub(r"\d+ bytes", "N bytes", done.stdout) == (
        "matil getBatch 200   8 answers, 2026-10-01 to 2026-10-02\n"
        "  error    /status  expected a string, in 2 answers (25.0 %) since 2026-10-01  type  openapi.yaml:55   ×2\n"
        "not checked: the items of /failed_webhooks: the list is empty (8 answers)\n"
        "not checked: the items of /items/*/errors: the list is empty (8 answers)\n"
        "violates: 1 kind of fault in 8 judged answers · 2 of 2 parts · N bytes\n"
    )


def test_what_is_waived_is_counted_apart_and_closes_nothing(archive, tmp_path):
    written(tmp_path / "in", parts=1)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "specs" / "matil").mkdir(parents=True)
    (tmp_path / "specs" / "matil" / "waivers.toml").write_text(
        '[[waiver]]\nrule = "type"\nplace = "matil/getBatch/200/status"\nreason = "r"\nowner = "o"\n'
        f"until = {datetime.now(UTC).date() + timedelta(days=9)}\n"
    )
    done = archive("scan", "in", "--provider", "matil", "--out", "out", code=0)
    assert "conforms: 0 kinds of fault in 4 judged answers, 1 waived · 1 of 1 part" in done.stdout
    (finding,) = json.loads((tmp_path / "out/report.json").read_text("utf-8"))["findings"]
    assert (finding["severity"], finding["waived"][:2]) == ("error", "r ")


def test_the_results_are_written_and_read_again_without_judging(archive, tmp_path):
    written(tmp_path / "in", parts=3)
    first = archive("scan", "in", "--provider", "matil", "--out", "out", code=1)
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names >= {"manifest.json", "observed.json", "parts", "report.html", "report.json"}
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    assert archive("report", "out", code=1).stdout == first.stdout
    document = json.loads(archive("report", "out", "--format", "json", code=1).stdout)
    assert document == json.loads((tmp_path / "out/report.json").read_text("utf-8"))
    (finding,) = document["findings"]
    assert finding["days"] == {f"2026-10-0{day}": [1, 1] for day in (1, 2, 3)}
    assert finding["first"] == {"time": "2026-10-01T10:00:00Z", "part": "in/01.jsonl.gz", "row": 4}
    assert document["parts"] == {"all": 3, "failed": 0, "open": 0}
    for form in ("markdown", "sarif", "gitlab"):
        assert "expected a string, in 3 answers" in archive("report", "out", "--format", form, code=1).stdout


def test_the_sum_of_shards_is_the_whole(archive, tmp_path):
    written(tmp_path / "in", parts=5)
    whole = archive("scan", "in", "--provider", "matil", code=1)
    for shard in (1, 2):
        archive("scan", "in", "--provider", "matil", "--out", f"oct-{shard}", "--shard", f"{shard}/2")
    assert archive("merge", "oct-1", "oct-2", "--out", "oct", code=1).stdout == whole.stdout
    assert archive("merge", "oct", "oct-1", "--out", "once", code=1).stdout == whole.stdout


def test_a_part_that_cannot_be_counted_is_named_and_is_never_a_success(archive, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_bytes(line(body()) + b"\n")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(line(body()) * 50)[:-9])
    done = archive("scan", "in", "--provider", "matil", code=3)
    assert "part not counted: in/b.jsonl.gz: cannot be read on: Compressed file ended" in done.stdout
    assert done.stdout.splitlines()[-1].startswith(
        "inconclusive: 0 kinds of fault in 1 judged answer · 1 of 2 parts"
    )
    (folder / "b.jsonl.gz").unlink()
    assert (
        archive("scan", "in", "--provider", "matil", code=0).stdout.splitlines()[-1].startswith("conforms: ")
    )
    (folder / "a.jsonl").write_bytes(b'{"url": "https://a.example/x", "status": 200}\n')
    done = archive("scan", "in", "--provider", "matil", code=3)
    assert "1 of other hosts skipped: a.example" in done.stdout


def test_a_preview_shows_how_records_are_read(archive, tmp_path):
    known = line(body(), url="https://api.matil.ai/v3/batches/b1?key=hidden&page=2")
    (tmp_path / "a.jsonl").write_bytes(known + b'\n{"req": {"uri": "x"}, "code": 200}\n')
    done = archive("scan", "a.jsonl", "--dry-run", code=0)
    assert re.sub(r"[\d,]+ bytes", "N bytes", done.stdout) == (
        "1 part, N bytes, from a.jsonl\n"
        "a.jsonl, row 1\n"
        "  asked   GET https://api.matil.ai/v3/batches/b1?key=&page=\n"
        "  answer  200, 1 header, body N bytes\n"
        "  time    2026-10-14T10:00:00Z\n"
        "  judged  by matil getBatch\n"
        "a.jsonl, row 2\n"
        "  not read: a.jsonl:2 entry 2 at /url: expected a URL\n"
        "  its members: req.uri, code\n"
        "  say where the facts stand: --map url=PLACE,status=PLACE,body=PLACE\n"
    )


def test_results_inside_of_the_archive_are_no_part_of_it_and_an_empty_file_is_nothing(archive, tmp_path):
    written(tmp_path / "in", parts=2)
    (tmp_path / "in/quiet.jsonl").touch()
    first = archive("scan", "in", "--provider", "matil", "--out", "in/results", code=1).stdout
    assert "3 of 3 parts" in first
    assert "not read" not in first
    assert archive("scan", "in", "--provider", "matil", "--out", "in/results", code=1).stdout == first


def test_a_shard_without_parts_is_no_failure(archive, tmp_path):
    written(tmp_path / "in", parts=1)
    codes = [
        archive("scan", "in", "--provider", "matil", "--out", f"{n}", "--shard", f"{n}/2").exit_code
        for n in (1, 2)
    ]
    assert sorted(codes) == [0, 1]
    assert (
        archive("merge", "1", "2", "--out", "both", code=1)
        .stdout.splitlines()[-1]
        .startswith("violates: 1 kind")
    )
    assert (
        archive("scan", "in", "--dry-run", "--shard", f"{codes.index(0) + 1}/2", code=0).stdout == "no part\n"
    )


def test_a_part_may_have_any_name(archive, tmp_path):
    pyarrow = pytest.importorskip("pyarrow.parquet")
    folder = written(tmp_path / "in", parts=1)
    Path(os.fsdecode(bytes(folder) + b"/01.jsonl.gz")).rename(
        os.fsdecode(bytes(folder) + b"/\xff\x1b[31m\n::error::.gz")
    )
    done = archive("scan", "in", "--provider", "matil", "--out", "out", "-v", code=1)
    assert "\x1b" not in done.stdout
    assert "first in in/\\udcff\\x1b[31m\\n::error::.gz, row 4" in done.stdout
    assert pyarrow.read_table("out/findings.parquet").to_pylist()[0]["first_row"] == 4


def test_what_is_missing_and_what_is_new_are_said_in_words(archive, tmp_path):
    value = body() | {"new": 1}
    del value["status"]
    (tmp_path / "a.jsonl").write_bytes(line(value) + b"\n")
    said = archive("scan", "a.jsonl", "--provider", "matil", code=1).stdout
    assert "error    /status  required, and missing, in 1 answer (all) since 2026-10-14" in said
    assert "warning  /new  not in the spec, in 1 answer (all) since 2026-10-14" in said


def test_an_archive_without_bodies_is_said_to_be_one_at_once(archive, tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'{"url": "https://api.matil.ai/v3/batches/b1", "status": 200}\n' * 3)
    said = "no record of the first 3 holds a body: only undocumented statuses and operations can be judged"
    assert said in archive("scan", "a.jsonl", "--dry-run", code=0).stdout
    assert said in archive("scan", "a.jsonl").stderr


def test_what_only_a_newer_document_finds_is_said(archive, tmp_path):
    written(tmp_path / "in", parts=2)
    spec = (ROOT / "specs/matil/openapi.yaml").read_text("utf-8")
    total = "description: Total number of items in the batch\n                    type: "
    newer = spec.replace(f"{total}integer", f"{total}string")
    assert newer != spec
    (tmp_path / "newer.yaml").write_text(newer)
    done = archive("scan", "in", "--provider", "matil", "--against", "newer.yaml", "--out", "out", code=1)
    after = done.stdout.partition("only the newer document finds, on the same answers\n")[2]
    assert after.startswith("  error    /total_items  expected a string, in 8 answers (all) since 2026-10-01")
    assert "only the vendored document finds\n  nothing\n" in after
    assert archive("report", "out", code=1).stdout == done.stdout
    same = archive(
        "scan", "in", "--provider", "matil", "--against", ROOT / "specs/matil/openapi.yaml", code=0
    )
    assert "only the newer document finds, on the same answers\n  nothing\n" in same.stdout


def test_the_recordings_that_show_the_faults_are_kept_redacted(archive, tmp_path):
    written(tmp_path / "in", parts=3)
    archive("scan", "in", "--provider", "matil", "--out", "out", "--keep")
    done = archive("keep", "out", "--budget", "2", code=0)
    assert done.stdout.splitlines()[-1] == "1 written"  # this one shows all that the others do
    (kept,) = (tmp_path / "specs/matil/cassettes").rglob("*.json")
    assert json.loads(kept.read_text("utf-8"))["response"]["json"]["status"] == 7
    for path in (tmp_path / "in").iterdir():
        path.unlink()
    gone = archive("keep", "out", code=3)
    assert "the row is not there" in gone.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("in", "--shard", "0/4"), "--shard is written I/N"),
        (("in", "--shard", "5/4"), "--shard is written I/N"),
        (("nowhere",), "nowhere: no such file"),
        (("in", "--against", "in/01.jsonl.gz"), "--against compares documents of one vendor"),
        (("in", "--since", "2990-01-01"), "no part was written since 2990-01-01"),
        (("in", "--provider", "mattil"), "did you mean 'matil'?"),
        (("s9://bucket/x",), "s9://bucket/x: "),
        (("https://a.example/x.har",), "a page of the web and no store; fetch it first"),
        (("in", "--map", "url=req.uri"), "--map url=req.uri: none of the first records has this place"),
        (("in", "--map", "ulr=req.uri"), "no fact 'ulr' in a line; did you mean 'url'?"),
    ],
)
def test_a_mistake_is_said_in_a_sentence(archive, tmp_path, words, said, capsys, monkeypatch):
    from contracts.cli import run

    written(tmp_path / "in", parts=1)
    monkeypatch.setattr("sys.argv", ["contracts", "archive", "scan", *words])
    assert run() == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_no_value_of_an_answer_is_in_any_file(archive, tmp_path):
    names = [f"Person{number:04}" for number in range(1000)]
    rows = []
    for number, name in enumerate(names):
        value = body() | {"status": name if number % 2 else 7, f"x_{name}": [name]}
        rows.append(line(value, url=f"https://api.matil.ai/v3/batches/{name}?q={name}", token=name))
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(rows) + b"\n" + b'{"url": "' + names[0].encode() + b'"\n')
    done = archive("scan", "in.jsonl", "--provider", "matil", "--out", "out", "-v")
    written_files = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    texts = [gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data for data in written_files]
    found = [name for name in names if any(name.encode() in data for data in (*texts, done.output.encode()))]
    assert found == []


def test_a_page_holds_a_picture_for_each_kind_of_fault(archive, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for day in range(1, 11):
        value = BROKEN if day >= 4 else body()
        (folder / f"{day}.jsonl").write_bytes(line(value, recorded_at=f"2026-10-{day:02}T10:00:00Z") + b"\n")
    page = archive("scan", "in", "--provider", "matil", "--out", "out") and Path("out/report.html").read_text(
        "utf-8"
    )
    assert "<script" not in page
    (bars,) = re.findall(r'<path class="bars" d="([^"]+)"', page)
    assert bars.count("M") == 7
    assert "since 2026-10-04" in page
