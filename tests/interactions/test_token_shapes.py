"""Tokens of well-known services are found and removed wherever they stand; harmless lines are left alone."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest
from adversarial import PIECES, texts
from click.testing import CliRunner
from token_kinds import KINDS, SENTENCES, line, token

from contracts.cli import group
from contracts.interactions import Cleaner, Known, Tokens, leaks
from contracts.interactions.redaction.text import suspicious
from contracts.secret import identity, mask, secret_members, shape_spans

EACH = 3
KNOWN = Known.of(["sk-live-9aBcD3fGh1JkLmN0pQrS"])


def clean(text: str) -> str:
    return Cleaner(KNOWN, Tokens()).clean(text, "note")


def missed(each: int, seed: int) -> dict[str, str]:
    """Give the tokens that a scan does not find or that cleaning leaves, by kind."""
    rng, found = random.Random(seed), {}
    for kind in KINDS:
        for number in range(each):
            value = token(rng, kind)
            text = rng.choice(SENTENCES).format(value)
            data = json.dumps({"note": text}).encode() if number % 2 else text.encode()
            if not list(leaks(data, accusing=True)) or value in clean(text) or value in mask(text):
                found[f"{kind} {number}"] = text
    return found


def test_tokens_of_every_kind_are_found_and_removed():
    assert len(missed(EACH, 1)) <= len(KINDS) * EACH * 0.03, missed(EACH, 1)


def test_harmless_lines_are_left_alone():
    rng = random.Random(1)
    accused = [text for text in (line(rng) for _ in range(1000)) if list(leaks(text, accusing=True))]
    assert len(accused) <= 3, accused


@pytest.mark.benchmark
def test_the_shares_of_many():
    rng, each, lines = random.Random(7), 20, 20_000
    wrong, accused = missed(each, 7), sum(bool(list(leaks(line(rng), accusing=True))) for _ in range(lines))
    print(f"{len(wrong)} of {len(KINDS) * each} tokens missed, {accused} of {lines:,} lines accused")
    assert len(wrong) <= len(KINDS) * each * 0.03
    assert accused <= lines * 0.003


def test_a_service_that_is_named_announces_its_token():
    assert shape_spans("hubspot: 0A1B2C3D-1111-2222-3333-0123456789AB")
    assert shape_spans("0A1B2C3D-1111-2222-3333-0123456789AB", "hubspot_value")
    assert not shape_spans("0A1B2C3D-1111-2222-3333-0123456789AB", "batch")
    assert not shape_spans("travis: abcdefghijklmnopqrstuv")


def test_a_token_longer_than_its_rule_is_taken_whole():
    value = "gl" + "pat-" + "a1B2" * 8
    assert mask(f"x {value} y") == "x [hidden] y"


def test_a_value_is_secret_by_the_name_beside_it():
    pair = {"name": "X-Api-Key", "value": "swordfish", "type": "text"}
    assert secret_members(pair) == {"value"}
    assert secret_members({"Key": "region", "Value": "eu"}) == set()
    assert "swordfish" not in Cleaner(Known(), Tokens()).clean(json.dumps([pair]))
    assert [leak.pointer for leak in leaks(json.dumps({"a": [pair]}).encode())] == ["/a/0/value"]


def test_names_that_announce_an_identifier():
    for name in ("id", "batchId", "sha256", "content_md5", "fileHash", "ETag", "trace-id", "sha256sum"):
        assert identity(name), name
    for name in ("note", "grid", "idea", "id_token", "shape", "hidden"):
        assert not identity(name), name


SPEC = """\
openapi: 3.1.0
info: {title: Bots, version: "1"}
servers: [{url: "https://api.bots.example"}]
paths:
  /bot{token}/send:
    get:
      operationId: send
      parameters: [{name: token, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
  /chats/{chat}:
    get:
      operationId: chat
      parameters: [{name: chat, in: path, required: true, schema: {type: string}}]
      responses: {"200": {description: ok, content: {application/json: {schema: {type: object}}}}}
"""


@pytest.mark.parametrize(
    ("path", "hidden"),
    [
        ("/botswordfish-77/send", "swordfish"),
        ("/chats/" + "987654:A" + "AF0b1c2d3e4f5g6h7i8j9k0lmnopqrstuv", "AF0b1c2d3"),
        ("/chats/" + "shp" + "at_" + "0a1b2c3d" * 4, "0a1b2c3d"),
    ],
)
def test_a_token_in_the_path_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, hidden: str
):
    monkeypatch.chdir(tmp_path)
    Path("bots.yaml").write_text(SPEC)
    url, head = f"https://api.bots.example{path}", {"content-type": "application/json"}
    body = {"asked": path}
    Path("t.jsonl").write_text(json.dumps({"url": url, "status": 200, "headers": head, "body": body}))
    runner = CliRunner()
    assert runner.invoke(group, ["vendor", "--add", "bots", "bots.yaml"]).exit_code == 0
    done = runner.invoke(group, ["import", "t.jsonl", "--provider", "bots"])
    written = [p.read_text() for p in Path("specs/bots/cassettes").rglob("*.json")]
    assert done.exit_code == 0, done.output
    assert len(written) == 1
    assert hidden not in written[0] + done.output


@pytest.mark.untraced
@pytest.mark.parametrize(
    "find", [mask, lambda text: suspicious(text, "", KNOWN), clean], ids=["mask", "scan", "clean"]
)
def test_repeated_pieces_take_no_longer_than_their_length_deserves(find):
    mask("hubspot: 0A1B2C3D-1111-2222-3333-0123456789AB" + " ".join(PIECES))  # compiles what is compiled late
    for piece in PIECES:
        started = time.process_time()
        find(piece * (12_000 // len(piece)))
        assert time.process_time() - started < 0.5, piece


@pytest.mark.untraced
@pytest.mark.benchmark
def test_the_time_is_linear_in_the_length():
    for name, short in texts(100_000):
        took = []
        for text in (short, short * 10):
            started = time.process_time()
            suspicious(text, "", KNOWN)
            clean(text)
            mask(text)
            took.append(time.process_time() - started)
        print(f"{took[0] * 1000:6.0f} ms {took[1] * 1000:6.0f} ms  {name!r}")
        assert took[1] < 2 + 15 * took[0], name
        assert took[1] < 3, name  # 1 MB, three ways


@pytest.mark.parametrize(
    "wrap",
    [
        lambda s: "&".join(f"%{b:02x}" for b in s.encode()).replace("&", "") + "&amp;\\%",
        lambda s: "".join(f"&#x{b:x};" for b in s.encode()).replace("&", "%26"),
        lambda s: "".join(f"\\u{ord(c):04x}" for c in s).replace("\\", "%5C").replace("%", "%25"),
        lambda s: "".join(f"%{ord(c):02x}" for c in "".join(f"\\x{b:02x}" for b in s.encode())),
        lambda s: "".join(f"&#{ord(c)};" for c in "".join(f"%{b:02x}" for b in s.encode())) + "\\ +",
    ],
)
def test_layers_of_escapes_hide_nothing(wrap):
    for value in ("sk-live-9aBcD3fGh1JkLmN0pQrS", "shp" + "at_" + "0a1b2c3d" * 4):
        assert suspicious(f"x {wrap(value)} y", "note", KNOWN), wrap(value)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ('refused: token=a1b2"%Dr+r{O9x;y here', "refused: token=redacted-2 here"),
        ("refused: pwd=x1|y2;z3>w4'v5 & more", "refused: pwd=redacted-1 & more"),
        ("/a?token=abcdefgh1&next=2", "/a?token=redacted-1&next=2"),
        ("<b>token=abcdefgh1</b>", "<b>token=redacted-1</b>"),
        ("{token: abcdefgh1, next: 2}", "{token: redacted-1, next: 2}"),
        ("token=abcdefgh1;next=2", "token=redacted-1;next=2"),
        ("token=" + "a1" * 400, "token=redacted-1"),
        ('password="hunter two" next', 'password="redacted-1" next'),
        (r"pwd: \'ab1;cd2\', a", r"pwd: \'redacted-1\', a"),
        ("Invalid token: expired", "Invalid token: expired"),
        ("refused: signature=[h['g'S@[5+)4|pq", "refused: signature=redacted-1"),
        (r"refused: token=ghp_$N5NWk$Nq\\;A1:#?bFv;Orc.", "refused: token=redacted-2"),
        ("{token: abcdefgh1, next: 2}; x", "{token: redacted-1, next: 2}; x"),
        ('refused: apiKey=AKIA})&0pm=Rg[6mNkgm"cq(@AOB', "refused: apiKey=redacted-2"),
        ("?apiKey=a1b2c3d4&b=2", "?apiKey=redacted-1&b=2"),
        ("tags of auth:[first, second]", "tags of auth:[first, second]"),
        ("refused: signature=pk-<aP/rA/1Va-#.^Uul", "refused: signature=redacted-1"),
        ("<p>token=abcdefgh1<br/>next", "<p>token=redacted-1<br/>next"),
        ("refused: token='I.!mtOJ%o!J#OD", "refused: token='redacted-1"),
        ('{"id": "b", "token": "abcdefgh1 2', '{"id": "b", "token": "redacted-1 2'),
        (r"{\"password\":\"abcdefgh1", r"{\"password\":\"redacted-1"),
        ('api_key = "YOUR_API_KEY"', 'api_key = "YOUR_API_KEY"'),
        ("token: 'expired'", "token: 'expired'"),
    ],
)
def test_a_value_behind_a_secret_name_goes_with_all_its_marks(text, cleaned):
    assert clean(text) == cleaned
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ('refused: token=a1b2"%Dr+r{O9x;y here', "refused: token=[hidden] here"),
        ("password: hunter2hunter2 was wrong", "password: [hidden] was wrong"),
        ("Authorization: Bearer abcdefgh123", "Authorization: Bearer [hidden]"),
        ("Invalid token: expired", "Invalid token: expired"),
        ("session_id=lohcmuTmKcBrbs", "session_id=[hidden]"),
        ("state: abcdefgh123", "state: abcdefgh123"),
    ],
)
def test_a_message_shows_no_value_behind_a_secret_name(text, masked):
    assert mask(text) == masked
