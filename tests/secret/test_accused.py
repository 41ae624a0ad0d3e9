"""What is hidden and what is accused differ: words under a secret name are hidden, and nobody is accused of them."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli import group
from contracts.interactions import Cleaner, Known, Tokens, leaks
from contracts.secret import accusable
from contracts.secret.accused import spoken

PHRASE = "correct horse battery staple"
HEX = "0f1e2d3c4b5a69788796a5b4c3d2e1f00112233"


def accused(line: str) -> list[str]:
    return [leak.rule for leak in leaks(line.encode(), accusing=True)]


@pytest.mark.parametrize(
    "line",
    [
        '  "x_password": "Enter your password",',
        '"password": "must be at least 8"',
        "password=Mot de passe oublié ?",
        '"apiKey" = "パスワード";',
        "api_key: Used to authenticate requests",
        '"token": "Optional[str]"',
        "passphrase: varchar(255)",
        '"input_token": "NextToken"',
        "export API_KEY=INSERT_KEY_HERE",
        "secretKey: ${{ secrets.GITHUB_TOKEN }}",
        "  DB_PASSWORD: $(cat /run/secrets/db)",
        "session = await client.open_session(url)",
        "password=forms.CharField(label='New password', widget=forms.PasswordInput)",
        "$password = $_POST['confirmPassword'];",
        "?client_secret=process.env.API_KEY&page=3",
        "fetch(u,{headers:{Authorization:`Bearer ${e.access_token}`}})",
        "  p.onToken = function (token) {",
        "options.rejectUnauthorized = process.env.NODE_TLS_REJECT_UNAUTHORIZED !== '0'",
        '"token_endpoint": "https://login.example/oauth2/token"',
        "passwordSecretRef: shop-database-main",
        "existingSecret: THE_SHOP_DATABASE",
        '"auth_method": "oauth2", "token_type": "x509"',
        '<AuthenticationStatement AuthenticationInstant="2002-04-18T16:56:53Z">',
        "<dsig:X509Data/>",
        "see postgres://user:password@localhost/db",
        f"commit {HEX}a",
        f"MD5 (file.tar.gz) = {HEX[:32]}",
        f"https://github.com/acme/shop/commit/{HEX}a",
        f'"batch": "batch_{HEX[:32]}"',
        '"etag": "W/\\"5034e72d-LI1qcQ38i0F9W50dAKxozigqI2a\\""',
        "github.com/acme/shop v1.19.3 h1:WAYY3fnHqOM8zdNLGzKsDeNfSWdhgYW4aFT+QspBzFM=",
        '"resolved": "https://registry.example/pointDoAct/-/goToAct-8.13.4.tgz",',
        "//# sourceMappingURL=data:application/json;base64,eyJ2ZXJzaW9uIjogMywgInNvdXJjZXMiOiBbXX0=",
        "url('../fonts/open-sans-v17-all-charsets-800italic-ba1521ec.woff2')",
        "from gslib.utils import CalculateB64EncodedCrc32cFromContents",
        "-----BEGIN CERTIFICATE-----",
        "class BrandCompareResponse200DataDeltaItemAdCount:",
        "data and sign-extend: svldff1sh_gather_u32index_s32",
        "uses: sigstore/gh-action-sigstore-python@f514d46b907ebcd5bedc05145c03b69c1edd8b46",
        "const fetch = require('npm-registry-fetch')",
        "t.tokenizer.separator=/[\\s\\-]+/,t.tokenizer.load=function(e)",
        '"aws_key": "AKIAIOSFODNN7EXAMPLE", "Signature": "1a23456b78901c23d4ef56gh7EXAMPLE"',
        '"next_page_token": "CAUQAA1x9"',
        '"PrivateKeyCiphertextBlob": "AQIDAHi6LtupRpdKl2aJTzkK6FbhOtQkMlQJJH3PdtHvS/y+hAFF...",',
        '"AuthorizerId": "a1b2c5"',
        "arn:aws:secretsmanager:us-west-2:123456789012:secret:shop-AuthToken-ntSlp6",
        '"arn:aws:dms:us-east-1:123456789012:rep:T3OM7OUB5NM2LCVZF7JPGJRNUE"',
        'index("BfzAADwAAKDw4aDy4aD04aD24QX8wAA8AACg6OGg6uGg7OGg7uEF/MAAPAAAoODhoOLhoOTho")',
        "written by Jane Doe <jane.doe@shop.io> on 8.8.8.8",
    ],
)
def test_nobody_is_accused_of(line: str):
    assert accused(line) == []


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ('"password": "hunter2"', "name"),
        ('"password": "Tiger1234!engine"', "name"),
        ('"password": "1E06Ui$Rc7S^@#"', "name"),
        ("DB_PASSWORD=$BqUBtM9yRrX9u", "name"),
        ("client_secret: abKqTzBvWmPlRsXe", "name"),
        ("passphrase: stone-paper-horse-battery-lamp", "name"),
        ('{"name": "passphrase", "value": "stone-paper-horse-battery"}', "name"),
        ('"password": "the old one was kq7Zp2Xw9vB"', "name"),
        (f"signing_secret = '{HEX}a'", "name"),
        (f"the token is {HEX}a", "shape"),
        ("signature=[h['g'S@[5+)4|pq4idM)5+l2", "name"),
        ("Authorization: Bearer kq7Zp2Xw9vBd", "shape"),
        ("postgres://shop:kq7Zp2Xw9vBd@db.example:5432/main", "url"),
        ("?token=kq7Zp2Xw9vBd&page=2", "url"),
        ("-----BEGIN RSA PRIVATE KEY-----", "shape"),
        (f"- {HEX[:32]}-us7", "shape"),
        ("- sdk-0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0", "shape"),
        ("- kq7Zp2Xw9vBd4Fh6Jm8NrTs3", "entropy"),
        ("MIIEpAIBAAKCAQEA1c7+9z5Pad7OejecsQ0bu3aumKS4r", "shape"),
        ("npm_" + "kq7Zp2Xw9vBd4Fh6Jm8NrTs3kq7Zp2Xw9vBd", "shape"),
        ('"session_id": "kq7Zp2Xw9vBd", "access_key_id": "page_1"', "name"),
    ],
)
def test_accused_by(line: str, rule: str):
    assert accused(line)[:1] == [rule]


def test_data_that_is_broken_into_lines_is_accused_of_nothing_and_what_stands_alone_is():
    rng = random.Random(4)
    data = base64.b64encode(rng.randbytes(170)).decode()
    lines = ["  " + data[at : at + 64] for at in range(0, len(data), 64)]
    assert [len(line) for line in lines] == [66, 66, 66, 38]
    assert accused("\n".join(["-----", *lines, "-----", lines[3]])) == ["entropy"]
    assert accused(lines[0]) == ["entropy"]
    assert accused("\n".join([*lines, "password: hunter2hunter2"])) == ["name"]
    assert accused("\n".join(["MIIEpAIBAAKCAQEA1c7" + lines[0][21:], *lines])) == ["shape"]


def test_what_is_hidden_though_nobody_is_accused_of_it():
    for line in (f'"password": "{PHRASE}"', "?token=horse-staple&a=1", f"MD5 (a) = {HEX}a"):
        assert not accused(line)
        assert Cleaner(Known(), Tokens()).clean(line) != line
    assert [leak.pointer for leak in leaks(json.dumps({"password": PHRASE}).encode())] == ["/password"]


def test_in_recorded_traffic_every_value_of_a_secret_name_is_accused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    said = {"password": PHRASE}
    har = {"log": {"entries": [{"response": {"content": {"text": json.dumps(said)}}}]}}
    Path("a.har").write_text(json.dumps(har))
    Path("de.json").write_text(json.dumps(said))
    done = CliRunner().invoke(group, ["scan", "a.har", "de.json"])
    assert done.exit_code == 1
    assert done.output == (
        "a.har: /log/entries/0/response/content/text: name, 44 characters\n"
        "2 files, 1 place that may hold a secret\n"
    )


@pytest.mark.untraced
@pytest.mark.parametrize("name", ["password", "value", ""])
def test_long_values_are_judged_in_time_that_their_length_deserves(name: str):
    for piece in ("{", "${", "<a ", "a ", "a1", "%a", "[a", "$a", "()", "aB", "$(a"):
        assert isinstance(accusable(name, piece * 30_000), bool)


@pytest.mark.parametrize(("part", "word"), [("getBatchState", True), ("BabAbA", False), ("baBaBaB", False)])
def test_letters_whose_case_turns_more_often_than_words_begin_are_no_words(part: str, word: bool) -> None:
    assert spoken(part) == word
