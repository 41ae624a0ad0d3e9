"""What a document of a vendor may try: patterns without end, YAML that multiplies or runs, references to elsewhere."""

from __future__ import annotations

import contextlib
import random
import re
import socket
import sys
import threading
import time
import tracemalloc
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from contracts.errors import SpecError
from contracts.patterns import search, usable
from contracts.spec.document import read_document
from tests import acme
from tests.doors import DOORS
from tests.sinks import batch, project

ROOT = Path(__file__).parents[2]
PIECES = (
    r"(a+)+", r"(a|a)*", r"(a|aa)+", r"(a*)*", r"([a-zA-Z]+)*", r"(\w+\s?)*", r"(.*a){12}", r"(a?){25}a{25}", r"(a+){2,30}",
    r"(?:a+)+(?!b)", r"(?=a)(a+)+b", r"(a+)+\1", r"(x+x+)+y", r"^(([a-z])+.)+[A-Z]([a-z])+",
    r"([0-9]+)*,", r"(a{1,40}){1,40}", r"(\d+)+\D", r"((a|b)*c)*",
    r"(?:(?:a+)b?)+", r"a*a*a*a*a*a*a*a*",
    r"((a+)*b?)*", r"(?<=a)(a+)+b", r"(a.*)+z", r"(\s*\S+\s*)+x", r"(a|b|ab)*c",
)  # fmt: skip
EVIL = [f"{before}{piece}$" for piece in PIECES for before in ("", "^")]
TEXTS = ("a" * 41, "a" * 4_000 + "!", "ab" * 2_000 + "!", "a b" * 1_500, "\u0061\u0301" * 2_000)


@pytest.mark.untraced
def test_fifty_patterns_without_end_are_answered_in_time() -> None:
    assert len(EVIL) == 50
    assert all(map(usable, EVIL))
    slow = []
    for pattern, text in product(EVIL, TEXTS):
        took = min(taken(pattern, text), *(taken(pattern, text) for _ in range(2)))
        if took > 0.05:
            slow.append((pattern, text[:9], round(took, 3)))
    assert slow == []


def taken(pattern: str, text: str) -> float:
    started = time.process_time()
    search(pattern, text)
    return time.process_time() - started


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join(lines).encode()


MERGES = b"a0: &a0 {k: 1}\n" + b"".join(
    b"a%d: &a%d {<<: [%s]}\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 10)
)
CHAIN = b"a0: &a0 [1]\n" + b"".join(b"a%d: &a%d [*a%d, *a%d]\n" % (n, n, n - 1, n - 1) for n in range(1, 60))


@pytest.mark.untraced
@pytest.mark.parametrize(
    "data", [bomb(), MERGES, CHAIN, b"a: &a [*a]"], ids=["nines", "merges", "twos", "itself"]
)
def test_aliases_that_multiply_are_refused_in_a_tenth_of_a_second_and_50_megabytes(data: bytes) -> None:
    read_document("a.yaml", b"a: b")
    started = time.process_time()
    with pytest.raises(SpecError):
        read_document("bomb.yaml", data)
    took = time.process_time() - started
    tracemalloc.start()
    with pytest.raises(SpecError):
        read_document("bomb.yaml", data)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (took < 0.1, most < 50_000_000) == (True, True), (took, most)


WORDS = [
    ("no", "no"), ("Yes", "Yes"), ("on", "on"), ("OFF", "OFF"), ("y", "y"), ("~", None), ("null", None), ("Null", None), ("", None), ("nULL", "nULL"),
    ("true", True), ("False", False), ("tRUE", "tRUE"), ("12:30:45", "12:30:45"), ("1:2", "1:2"), ("2026-01-31", "2026-01-31"), ("2026-01-31T09:00:00Z", "2026-01-31T09:00:00Z"),
    ("1_000", "1_000"), ("0x1F", "0x1F"), ("0b11", "0b11"), ("0o17", "0o17"), ("-0", 0), ("1e3", 1000.0), ("1.", 1.0), (".5", 0.5), (".inf", ".inf"), (".NaN", ".NaN"), ("1.2.3", "1.2.3"),
    ("!!str 12", "12"), ("!!str true", "true"), ("'no'", "no"), ("!!int 7", 7), ("=", "="), ("!!null", None),
]  # fmt: skip


@pytest.mark.parametrize(("word", "value"), WORDS, ids=[word for word, _ in WORDS])
def test_a_plain_word_of_yaml_is_what_json_could_say(word: str, value: Any) -> None:
    found = read_document("a.yaml", f"a: {word}\n".encode()).value["a"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.yaml", "a: 1\nb: 2\na: 3\n"),
        ("a.yaml", "x:\n  {a: 1,\n a: 3}\n"),
        ("a.yaml", "x: &x {b: 1}\na: 1\n? a\n: 3"),
    ],
)
def test_a_key_given_twice_is_an_error_with_its_line(name: str, text: str) -> None:
    with pytest.raises(SpecError, match=r"3.*a"):
        read_document(name, text.encode())


GADGETS = [
    "!!python/object/apply:os.system [touch owned]", "!!python/object/new:subprocess.Popen [[touch, owned]]", "!!python/name:os.system", "!!python/module:os",
    '!<tag:yaml.org,2002:python/object/apply:builtins.eval> [\'open("owned", "w")\']', "a: !!python/object/apply:pathlib.Path.touch [owned]",
    "!!python/object/apply:builtins.exec ['open(\"owned\", \"w\")']", "!!python/object/new:type [z, !!python/tuple [], {extend: !!python/name:exec }]",
    "!!python/object:__main__.X {a: 1}", "!!python/tuple [!!python/object/apply:os.mkdir [owned]]", "? !!python/object/apply:os.mkdir [owned]\n: 1", "%TAG !p! tag:yaml.org,2002:python/\n---\n!p!object/apply:os.mkdir [owned]",
    "&x !!python/object/apply:os.mkdir [owned]\n", "!ruby/object:Gem::Installer {i: x}", "!!js/function 'function(){}'", "!include /etc/passwd",
]  # fmt: skip


@pytest.mark.parametrize("text", GADGETS, ids=range(len(GADGETS)))
def test_no_tag_makes_an_object(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    kinds = {str, int, float, bool, type(None), list, dict}
    todo: list[Any] = []
    with contextlib.suppress(SpecError):  # such as a key that is no plain text
        found = read_document("a.yaml", text.encode())
        todo = [found.value]
        assert any("the tag " in why for _, why in found.notes)
    while todo:
        one = todo.pop()
        assert type(one) in kinds
        todo += [*one, *one.values()] if isinstance(one, dict) else one if isinstance(one, list) else []
    assert list(tmp_path.iterdir()) == []


SAFE = {"yaml.CSafeLoader", "yaml.SafeLoader"}
"""What may be used of PyYAML to load: neither makes an object."""
PIPES = {"contracts/archive/bundle.py", "contracts/traffic/child.py"}
"""What reads a pickle: of our own processes, over their pipes."""


def test_no_module_loads_yaml_or_a_pickle_by_any_other_way() -> None:
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in (ROOT / "contracts").rglob("*.py")
    }
    found = {
        (path, word)
        for path, text in texts.items()
        for word in re.findall(r"\b(?:yaml|pickle|marshal)\.\w*[lL]oad\w*", text)
    }
    assert {word for _, word in found if word.startswith("yaml")} <= SAFE
    assert {path for path, word in found if not word.startswith("yaml")} == PIPES


class Canary:
    """A server and a file that nobody may ask; the file's words must be in nothing that comes out."""

    def __init__(self, folder: Path) -> None:
        self.hits: list[str] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self.file = folder / "canary.json"
        self.file.write_text('{"type": "object", "description": "canary-7f3a"}')
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.hits.append("server")
            connection.close()


WATCHED: dict[str, Canary] = {}


def heard(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and WATCHED and "canary.json" in str(args[0]):
        WATCHED["now"].hits.append(f"opened {args[0]}")


sys.addaudithook(heard)


@pytest.fixture
def canary(tmp_path: Path) -> Iterator[Canary]:
    (tmp_path / "outside").mkdir()
    WATCHED["now"] = one = Canary(tmp_path / "outside")
    one.hits.clear()
    yield one
    WATCHED.clear()
    one.listener.close()


def baited(canary: Canary) -> str:
    """Give the document of acme with every way to name something elsewhere."""
    targets = [
        f"{canary.url}/a.json", f"{canary.url}/a.json#/x", canary.url.replace("http:", ""), canary.file.as_uri(), canary.file.as_posix(),
        "../outside/canary.json", "../../outside/canary.json#/a", "../../../outside/canary.json", "..%2F..%2F..%2Foutside%2Fcanary.json",
        f"file:{canary.file.as_posix()}", f"FILE://localhost{canary.file.as_posix()}",
    ]  # fmt: skip
    fields = "".join(f"\n        x{n}: {{$ref: '{target}'}}" for n, target in enumerate(targets))
    more = f"""
        y1: {{$dynamicRef: '{canary.url}/d'}}
        y2: {{$schema: '{canary.url}/s', type: string}}
        y3: {{$id: '{canary.url}/id/', properties: {{a: {{$ref: other.json}}}}}}
        y4: {{oneOf: [{{type: string}}], discriminator: {{propertyName: a, mapping: {{b: '{canary.url}/m'}}}}}}
        y5: {{example: {{$ref: '{canary.file.as_uri()}'}}, externalDocs: {{url: '{canary.url}'}}}}"""
    examples = (
        f"examples: {{a: {{externalValue: '{canary.url}/e'}}, b: {{$ref: '{canary.file.as_uri()}'}}}}, "
    )
    return (
        acme.SPEC.replace("        finished:", f"{more[1:]}{fields}\n        finished:", 1)
        .replace("application/json: ", f"application/json: {{{examples}", 1)
        .replace("parameters:", f"parameters:\n        - {{$ref: '{canary.url}/p'}}", 1)
        .replace(
            "paths:",
            f"jsonSchemaDialect: '{canary.url}/dialect'\npaths:\n  /other: {{$ref: '{canary.file.as_uri()}'}}",
            1,
        )
    )


QUICK = (
    "import", "observe", "check text", "check html", "coverage", "impact", "drift text", "vendor", "update", "scan", "report", "correct", "waive", "watch", "proxy",
)  # fmt: skip


@pytest.mark.parametrize("door", QUICK)
def test_no_door_fetches_or_reads_what_a_document_names(
    canary: Canary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, door: str
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    answers = batch(random.Random(3), "k9-aBcD3fGh1JkLmN0pQrS", 2)
    project(root, answers, recorded=DOORS[door][0])
    for folder in ("specs/acme", "specs/acme/upstream", "newer"):
        (root / folder).mkdir(exist_ok=True)
        (root / folder / "openapi.yaml").write_text(baited(canary))
    (root / "specs/acme/link.yaml").symlink_to(canary.file)
    monkeypatch.chdir(root)
    monkeypatch.syspath_prepend(str(root))
    said = [data for _, data in DOORS[door][1](root, answers)]
    sys.modules.pop("readers", None)
    said += [path.read_bytes() for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    assert canary.hits == []
    assert [one for one in said if b"canary-7f3a" in one] == []
    assert said[0] != b""
