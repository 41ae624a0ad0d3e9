"""A run over parts: equal results by every engine, and what is kept when something goes wrong."""

from __future__ import annotations

import errno
import gzip
import json
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.archive import Partial
from contracts.archive.engines import ArchiveFolder, Progress, combine, judge_parts
from contracts.archive.sources import Part, in_shard, part_named, parts_of, rows_of
from contracts.archive.sources import parts as parts_module
from contracts.cli import group
from contracts.errors import ConfigError
from tests.archive.logs import body, line
from tests.archive.parts import Deadly, job, written


def run(parts, out, workers=0, **more):
    work = job(**more)
    folder = ArchiveFolder(out, work.digest, ("matil",))
    judge_parts(parts, work, folder, workers)
    return folder


def total(folder):
    return Partial.merge(folder.results())


def test_processes_and_shards_count_as_this_process_does(tmp_path):
    parts = parts_of([written(tmp_path / "in")])
    alone = total(run(parts, tmp_path / "alone"))
    assert (alone.rows, sum(one.answers for one in alone.faults.values())) == (12, 3)
    assert total(run(parts, tmp_path / "pool", workers=2)).dump() == alone.dump()
    for shard in (1, 2, 3):
        run(in_shard(parts, shard, 3), tmp_path / f"{shard}")
    joined = combine([tmp_path / str(shard) for shard in (3, 1, 2)], tmp_path / "joined")
    assert total(joined).dump() == alone.dump()
    assert total(ArchiveFolder.open(tmp_path / "joined")).dump() == alone.dump()


def test_every_part_is_of_exactly_one_shard(tmp_path):
    parts = tuple(Part(f"{number}", b"") for number in range(100))
    shards = [in_shard(parts, index, 7) for index in range(1, 8)]
    assert sorted(one.name for shard in shards for one in shard) == sorted(one.name for one in parts)
    assert all(shards)


def test_a_part_that_ends_its_worker_is_given_again_and_at_last_named(tmp_path):
    parts = parts_of([written(tmp_path / "in")])
    whole = total(run(parts[:2], tmp_path / "whole"))
    once, always = tmp_path / "once", tmp_path / "always"
    once.mkdir()
    always.mkdir()
    deadly = Deadly(str(parts[0].place), times=1, count=str(once))
    deadly_parts = (replace(parts[0], place=deadly), parts[1])
    lost = replace(parts[2], place=Deadly(str(parts[2].place), count=str(always)))
    found = total(run((*deadly_parts, lost), tmp_path / "again", workers=1))
    assert found.failed == {parts[2].name: "ended 3 workers that read it"}
    assert len(list(always.iterdir())) == 3
    found.failed.clear()
    assert found.dump() == whole.dump()


def test_a_damaged_part_counts_nothing_and_is_named(tmp_path):
    folder = written(tmp_path / "in")
    damaged = folder / "02.jsonl.gz"
    data = damaged.read_bytes()
    damaged.write_bytes(data[:-8] + b"\0" * 8)
    gone = parts_of([folder])
    (folder / "03.jsonl.gz").unlink()
    found = total(run(gone, tmp_path / "out"))
    assert found.rows == 4
    assert {Path(name).name: why for name, why in found.failed.items()} == {
        "02.jsonl.gz": "cannot be read on: CRC check failed # != #",
        "03.jsonl.gz": "cannot be read: No such file or directory",
    }
    damaged.write_bytes(data)
    assert total(run(parts_of([folder]), tmp_path / "out")).rows == 8


def test_what_stands_before_a_cut_is_counted_when_that_is_asked_for(tmp_path):
    lines = b"".join(
        b'{"url": "https://a.example/%d", "status": 200, "body": "%s"}\n' % (n, b"x" * n) for n in range(900)
    )
    path = tmp_path / "a.jsonl.gz"
    path.write_bytes(gzip.compress(lines)[:-400])
    assert total(run(parts_of([path]), tmp_path / "strict")).rows == 0
    found = total(run(parts_of([path]), tmp_path / "salvaged", salvage=True))
    assert found.others["a.example"] > 100
    assert found.unread["the part breaks off here; what is before it was counted"][0] == 1


def test_nothing_is_judged_twice_and_what_changed_is_judged_again(tmp_path):
    folder = written(tmp_path / "in")
    first = run(parts_of([folder]), tmp_path / "out")
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "out/parts").iterdir()}
    assert len(stamps) == 3
    (tmp_path / "out/manifest.json").unlink()
    assert total(run(parts_of([folder]), tmp_path / "out")).dump() == total(first).dump()
    assert stamps == {path: path.stat().st_mtime_ns for path in (tmp_path / "out/parts").iterdir()}
    (folder / "02.jsonl.gz").write_bytes(gzip.compress(b'{"url": "https://a.example/", "status": 200}\n'))
    changed = run(parts_of([folder]), tmp_path / "out")
    assert total(changed).rows == 9
    (folder / "01.jsonl.gz").unlink()
    assert total(run(parts_of([folder]), tmp_path / "out")).rows == 9
    assert total(run(parts_of([folder]), tmp_path / "out", salvage=True)).rows == 5


def test_a_full_disk_ends_the_run_and_keeps_what_is_done(tmp_path, monkeypatch):
    parts = parts_of([written(tmp_path / "in")])
    keep, kept = ArchiveFolder.keep, []

    def full(self, outcome):
        if kept:
            raise OSError(errno.ENOSPC, "No space left on device", "parts")
        kept.append(outcome)
        keep(self, outcome)

    monkeypatch.setattr(ArchiveFolder, "keep", full)
    with pytest.raises(OSError, match="No space left"):
        run(parts, tmp_path / "out")
    monkeypatch.undo()
    states = [row["state"] for row in json.loads((tmp_path / "out/manifest.json").read_bytes())["parts"]]
    assert sorted(states) == ["done", "open", "open"]
    assert total(run(parts, tmp_path / "out")).rows == 12


def test_folders_of_other_jobs_do_not_add_up(tmp_path):
    parts = parts_of([written(tmp_path / "in", parts=1)])
    run(parts, tmp_path / "a")
    run(parts, tmp_path / "b", salvage=True)
    with pytest.raises(ConfigError, match="other documents, settings or options"):
        combine([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    with pytest.raises(ConfigError, match=r"no manifest\.json"):
        combine([tmp_path / "nowhere"], tmp_path / "c")


def test_a_big_log_is_cut_into_pieces_that_hold_each_line_once(tmp_path, monkeypatch):
    lines = [
        line(body(), recorded_at=f"2026-10-{1 + n % 9:02}T10:00:00Z", n="x" * (n * 37 % 301))
        for n in range(60)
    ]
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    whole = total(run(parts_of([path]), tmp_path / "whole"))
    bounds = [path.read_bytes().index(lines[7]), 4096, 10**6]
    for size in (*bounds, bounds[0] - 1, bounds[0] + 1):
        monkeypatch.setattr(parts_module, "PIECE", size)
        parts = parts_of([path])
        assert len(parts) == -(-path.stat().st_size // size)
        rows = [row for part in parts for row in rows_of(part)]
        assert [row.line for row in rows] == lines
        assert all(path.read_bytes()[row.offset :].startswith(row.line) for row in rows)
        assert [row.line for row in rows_of(part_named(parts[-1].name))] == [
            row.line for row in rows_of(parts[-1])
        ]
    monkeypatch.setattr(parts_module, "PIECE", 9000)
    pieces = total(run(parts_of([path]), tmp_path / "pieces"))
    assert (pieces.answers, pieces.profiles) == (whole.answers, whole.profiles)
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(path.read_bytes(), 0))
    assert [one.name for one in parts_of([tmp_path / "b.jsonl.gz"])] == [str(tmp_path / "b.jsonl.gz")]


def test_only_parts_written_since_a_day_are_taken(tmp_path):
    import os
    from datetime import date

    folder = written(tmp_path / "in")
    os.utime(folder / "01.jsonl.gz", (1.7e9, 1.7e9))
    assert len(parts_of([folder], date(2024, 1, 1))) == 2
    with pytest.raises(ConfigError, match="no part was written since 2990-01-01; the last of 3 is of"):
        parts_of([folder], date(2990, 1, 1))


def test_progress_says_parts_speed_and_time_left(capsys):
    now = iter([0.0, 4.0, 4.0, 130.0, 130.0])
    progress = Progress(3, 400_000_000, terminal=True, clock=lambda: next(now))
    progress.step(100_000_000)
    progress.step(100_000_000)
    progress.end()
    first, second = capsys.readouterr().err.split("\r")[1:3]
    assert first == "1 of 3 parts, 25.0 MB/s, 12 s left"
    assert second == "2 of 3 parts, 1.5 MB/s, 2 min 10 s left"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_a_run_that_is_stopped_goes_on_where_it_was(tmp_path, monkeypatch, how):
    written(tmp_path / "in", parts=12, each=60)
    words = [
        sys.executable,
        "-m",
        "contracts",
        "archive",
        "scan",
        "in",
        "--provider",
        "matil",
        "--out",
        "out",
    ]
    process = subprocess.Popen(
        [*words, "--workers", "1"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    kept = tmp_path / "out/parts"
    while process.poll() is None and not (kept.is_dir() and len(list(kept.glob("*.gz"))) > 1):
        time.sleep(0.005)
    process.send_signal(how)
    said, _ = process.communicate(timeout=60)
    done = {path.name: path.stat().st_mtime_ns for path in kept.glob("*.gz")}
    assert 1 < len(done) < 12, said
    if how == signal.SIGINT:
        assert process.returncode == 130
        assert re.search(r"\d+ parts not judged yet; the same command goes on", said)
        assert said.endswith("contracts: stopped\n")
    monkeypatch.chdir(tmp_path)
    whole = total(run(parts_of(["in"]), tmp_path / "whole"))
    code = CliRunner().invoke(group, ["archive", *words[4:], "--workers", "0"]).exit_code
    assert code == 1
    assert total(ArchiveFolder.open(tmp_path / "out")).dump() == whole.dump()
    assert done.items() <= {path.name: path.stat().st_mtime_ns for path in kept.iterdir()}.items()
