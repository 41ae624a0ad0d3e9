"""Archives where they lie and where they are judged: an object store, a cluster, a log that nginx wrote.

Each needs a service that few machines have, and seconds to start it: `pytest -m benchmark tests/archive`.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from contracts.archive import ArchiveFolder, Partial, judge_parts, parts_of
from contracts.interactions import files_in, read_recordings
from tests.archive.logs import body, line
from tests.archive.parts import job, written

pytestmark = [pytest.mark.benchmark, pytest.mark.filterwarnings("default")]


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def reached(port, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.fixture
def store(tmp_path, monkeypatch):
    """A server that answers as S3 does, and a bucket in it."""
    pytest.importorskip("s3fs")
    pytest.importorskip("moto.server")
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        reached(port)
        for name, value in {
            "AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        }.items():  # fmt: skip
            monkeypatch.setenv(name, value)
        import s3fs

        found = s3fs.S3FileSystem(skip_instance_cache=True)
        found.mkdir("logs")
        yield found
    finally:
        server.terminate()
        server.wait()


def total(parts, out, workers):
    work = job()
    folder = ArchiveFolder(out, work.digest, ("matil",))
    judge_parts(parts, work, folder, workers)
    return Partial.merge(folder.results()), folder


def test_objects_are_judged_by_url_and_only_those_that_changed_again(store, tmp_path):
    local = written(tmp_path / "in", parts=4)
    for path in local.iterdir():
        store.put(str(path), f"logs/2026-10/{path.name}")
    store.pipe("logs/2026-10/_SUCCESS", b"")
    parts = parts_of(["s3://logs/2026-10/"])
    assert [one.name for one in parts] == [f"s3://logs/2026-10/0{n}.jsonl.gz" for n in (1, 2, 3, 4)]
    assert all(one.size and one.version and one.day for one in parts)
    found, _ = total(parts, tmp_path / "out", 2)
    assert (found.rows, found.failed) == (16, {})
    store.pipe("logs/2026-10/02.jsonl.gz", gzip.compress(line(body()) + b"\n"))
    store.invalidate_cache()
    again = parts_of(["s3://logs/2026-10/*.gz"])
    work = job()
    todo = ArchiveFolder(tmp_path / "out", work.digest, ("matil",)).plan(again)
    assert [one.name for one in todo] == ["s3://logs/2026-10/02.jsonl.gz"]
    gone = parts_of(["s3://logs/2026-10/03.jsonl.gz"])
    store.rm("logs/2026-10/03.jsonl.gz")
    failed, _ = total(gone, tmp_path / "gone", 0)
    assert list(failed.failed) == ["s3://logs/2026-10/03.jsonl.gz"]


def test_spark_counts_as_processes_do_files_and_tables(tmp_path, monkeypatch):
    pytest.importorskip("pyspark")
    pytest.importorskip("pandas")
    if shutil.which("java") is None:
        pytest.skip("no Java")
    root = Path(__file__).parents[2]
    monkeypatch.setenv("PYTHONPATH", str(root))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    source = written(tmp_path / "in", parts=3)
    (source / "broken.jsonl.gz").write_bytes(gzip.compress(line(body()) * 9)[:-9])
    alone, _ = total(parts_of([source]), tmp_path / "alone", 0)
    script = tmp_path / "on_spark.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\n"
        "from pyspark.sql import SparkSession\n"
        "from contracts.archive import ArchiveFolder, Partial, judge_files, judge_table\n"
        "from tests.archive.parts import job\n"
        "spark = (SparkSession.builder.master('local[1]').config('spark.ui.enabled', 'false')\n"
        "    .config('spark.driver.bindAddress', '127.0.0.1').getOrCreate())\n"
        "source, out = sys.argv[1:]\n"
        "work = job()\n"
        "folder = ArchiveFolder(Path(out), work.digest, ('matil',))\n"
        "judge_files(spark, [source], work, folder)\n"
        "Path(out, 'total').write_bytes(Partial.merge(folder.results()).dump())\n"
        "rows = spark.read.json(source + '/0*.gz').where('url is not null').select('url', 'status', 'recorded_at', 'body').coalesce(1)\n"
        "table = ArchiveFolder(Path(out, 'table'), work.digest, ('matil',))\n"
        "judge_table(spark, rows, 'answers', work, table)\n"
        "print(Partial.merge(table.results()).rows, sorted(table.entries))\n"
    )
    done = subprocess.run(
        [sys.executable, script, source, tmp_path / "out"],
        cwd=root, capture_output=True, text=True, timeout=400, check=False, env=os.environ | {"PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert (tmp_path / "out/total").read_bytes() == alone.dump()
    assert done.stdout.splitlines()[-1] == "12 ['answers#0']"


NGINX = """
load_module {modules}/ndk_http_module.so;
load_module {modules}/ngx_http_lua_module.so;
pid {home}/nginx.pid; error_log {home}/error.log; worker_processes 1;
events {{}}
http {{
  log_format answers escape=json '{{"time_iso8601":"$time_iso8601","request_method":"$request_method",'
    '"host":"$host","uri":"$request_uri","status":"$status","resp_body":"$resp_body"}}';
  client_body_temp_path {home}/a; proxy_temp_path {home}/b; fastcgi_temp_path {home}/c; uwsgi_temp_path {home}/d;
  scgi_temp_path {home}/e;
  server {{
    listen 127.0.0.1:{port};
    access_log {home}/access.log answers;
    set $resp_body "";
    body_filter_by_lua '
      local chunk = string.sub(ngx.arg[1], 1, 1000)
      ngx.ctx.held = (ngx.ctx.held or "") .. chunk
      if ngx.arg[2] then ngx.var.resp_body = ngx.ctx.held end';
    location / {{ root {home}/www; default_type application/json; }}
  }}
}}
"""


def test_a_log_that_nginx_wrote_is_read_and_its_cut_bodies_are_not_judged(tmp_path):
    modules = Path("/usr/lib/nginx/modules")
    if shutil.which("nginx") is None or not (modules / "ngx_http_lua_module.so").is_file():
        pytest.skip("no nginx with Lua")
    port, www = free_port(), tmp_path / "www/v3/batches"
    www.mkdir(parents=True)
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)  # nginx's workers are another user
    small = json.dumps({"text": 'quotes " and é\n', "n": 1}, ensure_ascii=False)
    (www / "small").write_text(small)
    (www / "large").write_text(json.dumps({"items": ["x" * 50] * 100}))
    conf = tmp_path / "nginx.conf"
    conf.write_text(NGINX.format(home=tmp_path, port=port, modules=modules))
    server = subprocess.Popen(["nginx", "-p", str(tmp_path), "-c", str(conf), "-g", "daemon off;"])
    try:
        reached(port)
        for name in ("small", "large", "nothing"):
            try:
                urlopen(
                    Request(
                        f"http://127.0.0.1:{port}/v3/batches/{name}?a=b", headers={"Host": "api.matil.ai"}
                    )
                ).read()
            except OSError:
                assert name == "nothing"
    finally:
        server.terminate()
        server.wait()
    first, second, third = read_recordings(files_in([tmp_path / "access.log"]))
    assert first.request.url == "https://api.matil.ai/v3/batches/small?a=b"
    assert (first.response.status, first.response.body.decode(), first.response.missing) == (200, small, "")
    assert second.response.missing == "cut, 1,000 bytes were recorded"
    assert third.response.status == 404


@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_the_recipe_of_the_guide_counts_as_processes_do(tmp_path, monkeypatch, engine):
    pytest.importorskip({"dask": "distributed", "ray": "ray"}[engine])
    from tests import pages

    guide = (pages.DOCS / "guides/archives.md").read_text("utf-8")
    (recipe,) = [body for _, title, body in pages.BLOCK.findall(guide) if title == f" file=on_{engine}.py"]
    written(tmp_path / "logs")
    (tmp_path / "on_engine.py").write_text(recipe.replace("parcel", "matil"))
    root = str(Path(__file__).parents[2])
    subprocess.run(
        [sys.executable, "on_engine.py"],
        cwd=tmp_path,
        timeout=200,
        check=True,
        env=os.environ | {"PYTHONPATH": root},
    )
    monkeypatch.chdir(tmp_path)
    alone, _ = total(parts_of(["logs"]), tmp_path / "alone", 0)
    found = Partial.merge(ArchiveFolder.open(tmp_path / f"by-{engine}").results())
    assert found.dump() == alone.dump()
