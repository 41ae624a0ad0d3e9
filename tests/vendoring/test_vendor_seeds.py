"""The five bundled vendors: reproduced byte for byte, the same by HTML, by indentation, by order and by Python."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml
from page_facts import extracted

from contracts.model import Severity
from contracts.spec.manifest import read_manifest
from contracts.vendoring import Source, compose_sources, dump, extract, vendor_check
from contracts.vendoring.checking import compose_folder, upstream_files

ROOT = Path(__file__).parents[2]
SPECS = ROOT / "specs"
SEEDS = {
    "almanac": "upstream/source-batch.md",
    "llamacloud": "upstream/get-batch.md",
    "matil": "upstream/get-batch.txt",
    "nimble": "upstream/get-batch-details.md",
    "wickson": "upstream/batch-status.txt",
}


def seed(name: str) -> str:
    return (SPECS / name / SEEDS[name]).read_bytes().decode()


def facts(text: str) -> set:
    return extracted(extract(text.encode(), "page").document)


@pytest.mark.parametrize("name", SEEDS)
def test_every_spec_is_what_its_upstream_makes(name):
    found = list(vendor_check(SPECS / name))
    assert [f.message for f in found if f.severity is not Severity.NOTE] == []


def test_every_difference_between_page_and_document_is_written_down():
    told = (Path(__file__).parent / "differences.md").read_text("utf-8")
    for name, count in (("llamacloud", 22), ("nimble", 0)):
        folder = SPECS / name
        sources = [
            (u, d)
            for u, d in upstream_files(folder, read_manifest(folder / "provider.toml"))
            if d is not None
        ]
        found = compose_folder(sources).differences
        assert len(found) == count
        for one in found:
            assert f"| `{one.place}` | {one.first} | {one.later} |" in told
    assert told.count("\n| `/") == 22


def test_the_page_wins_where_two_documents_speak():
    page = (SPECS / "llamacloud" / SEEDS["llamacloud"]).read_bytes()
    document = yaml.safe_load((SPECS / "llamacloud/openapi.yaml").read_bytes())
    alone = compose_sources([Source("get-batch.md", page)]).document
    path = "/api/v2/batches/{batch_id}"
    assert document["paths"][path] == alone["paths"][path]
    assert set(document["paths"]) == {path, "/api/v2/batches"}


def test_published_pages_are_taken_as_they_stand():
    for name in ("nimble", "almanac"):
        text = seed(name)
        block = text[text.index("openapi: 3") : text.rindex("````")]
        assert extract(text.encode(), "page").document == yaml.safe_load(block)


# -- twins


def twin_of_markdown(text: str) -> str:
    markdown_it = pytest.importorskip("markdown_it")
    body = markdown_it.MarkdownIt().render(text)
    return f"<!doctype html><html><head><title>x</title></head><body><nav>GET</nav><main>{body}</main><script>'<p>'</script></body></html>"


def twin_of_rendered(text: str) -> str:
    out, lines = [], text.split("\n")
    while lines:
        line = lines.pop(0)
        block = [line]
        if line.startswith("curl"):
            while block[-1].endswith("\\"):
                block.append(lines.pop(0))
        elif line == "{":
            while block[-1] != "}":
                block.append(lines.pop(0))
        tag = "pre" if len(block) > 1 else "div"
        out += [f"<{tag}><span>{html.escape(chr(10).join(block))}</span></{tag}>"] if line else []
    return f"<html><body>{chr(10).join(out)}</body></html>"


def twin_of_mkdocs(text: str) -> str:
    out, lines = [], text.split("\n")
    while lines:
        line = lines.pop(0)
        if line.endswith("¶"):
            out.append(f'<h2>{html.escape(line[:-1])}<a class="headerlink" href="#x">¶</a></h2>')
        elif line == "{" or line.startswith(("curl", "import requests")):
            block = [line]
            while lines and not lines[0].endswith("¶"):
                block.append(lines.pop(0))
            out.append(f"<div><pre><code>{html.escape(chr(10).join(block))}</code></pre></div>")
        else:
            out.append(f"<p>{html.escape(line)}</p>")
    return f"<!DOCTYPE html><html><body>{chr(10).join(out)}</body></html>"


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("almanac", twin_of_markdown),
        ("nimble", twin_of_markdown),
        ("llamacloud", twin_of_markdown),
        ("matil", twin_of_rendered),
        ("wickson", twin_of_mkdocs),
    ],
)
def test_html_twins_read_the_same(name, twin):
    text = seed(name)
    read = extract(twin(text).encode(), "page.html")
    assert read.platform == extract(text.encode(), "page").platform
    assert extracted(read.document) == facts(text)


def test_indentation_does_not_matter():
    text = seed("llamacloud")
    wide = re.sub(r"^( +)(?=- `|[A-Z])", lambda m: m[1] * 2, text, flags=re.MULTILINE)
    assert wide != text
    assert facts(wide) == facts(text)
    for name in ("wickson", "matil"):
        flat = "\n".join(line.strip() for line in seed(name).split("\n"))
        assert facts(flat) == facts(seed(name))
    block = seed("nimble")
    start, end = block.index("openapi: 3"), block.rindex("````")
    again = yaml.safe_dump(yaml.safe_load(block[start:end]), indent=4, sort_keys=True)
    assert (
        extract((block[:start] + again + block[end:]).encode(), "p").document
        == extract(block.encode(), "p").document
    )


def test_order_does_not_matter():
    text = seed("llamacloud")
    start, end = text.index("- `id: string`\n\n  Unique"), text.index("### Example")
    members = re.split(r"\n(?=- `)", text[start:end].rstrip("\n"))
    assert facts(text[:start] + "\n\n".join(reversed(members)) + "\n\n" + text[end:]) == facts(text)
    text = seed("matil")
    start = text.index("batch_id\nstring<uuid>\nrequired\n\nID of the batch")
    fields = re.split(r"\n\n(?=[a-z_]+\n(?:string|integer|Batch|Webhook))", text[start:])
    assert len(fields) == 12
    assert facts(text[:start] + "\n\n".join(reversed(fields))) == facts(text)


def test_bodies_on_one_line_read_the_same():
    text = seed("wickson")
    start = text.index('{\n"success": true')
    end = text.index("Error Responses")
    line = json.dumps(json.loads(text[start:end]))
    assert facts(f"{text[:start]}{line}\n{text[end:]}") == facts(text)


# -- other Pythons

SCRIPT = """
import hashlib, pathlib, sys
from contracts.vendoring import dump, extract
total = hashlib.sha256()
for file in sorted(pathlib.Path(sys.argv[1]).glob('*/*.txt')) + [pathlib.Path(a) for a in sys.argv[2:]]:
    read = extract(file.read_bytes(), file.name)
    total.update(dump(read.document) + repr((read.platform, read.reason, read.unread, read.notices)).encode())
print(total.hexdigest())
"""


def interpreters() -> list[str]:
    found = [shutil.which(f"python3.{minor}") or "" for minor in (11, 12, 13)]
    home = Path.home() / ".pyenv/versions"
    for minor in (11, 12, 13):
        found += [str(p) for p in sorted(home.glob(f"3.{minor}.*/bin/python"))]
    return sorted({f for f in found if f and "shims" not in f})


@cache
def digest(python: str, seed_: str) -> str:
    paths = [str(ROOT), *(p for p in sys.path if p.endswith("site-packages"))]
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "PYTHONHASHSEED": seed_,
        "LC_ALL": "C",
        "TZ": "Asia/Kathmandu",
    }
    pages = [str(SPECS / n / f) for n, f in SEEDS.items()]
    command = [python, "-X", "utf8=0", "-c", SCRIPT, str(Path(__file__).parent / "pages"), *pages]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True, timeout=120).stdout


def test_same_bytes_for_every_hash_seed():
    assert len({digest(sys.executable, seed_) for seed_ in ("1", "4711")}) == 1


@pytest.mark.parametrize("version", ["3.12", "3.13"])
def test_same_bytes_on_every_python(version):
    python = next((p for p in interpreters() if f"{version}." in p or p.endswith(version)), None)
    if python is None:
        pytest.skip(f"no Python {version} is here")
    assert digest(python, "1") == digest(sys.executable, "1")


def test_upstream_files_are_the_bytes_the_manifest_names():
    for name in SEEDS:
        manifest = read_manifest(SPECS / name / "provider.toml")
        for one in manifest.upstream:
            assert hashlib.sha256((SPECS / name / one.file).read_bytes()).hexdigest() == one.sha256
    assert dump({}) == b"{}\n"
