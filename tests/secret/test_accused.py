"""What is hidden and what is accused differ: words under a secret name are hidden, and nobody is accused of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.cli import group
from contracts.interactions import Cleaner, Known, Tokens, leaks
from contracts.secret import accusable

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
    ],
)
def test_accused_by(line: str, rule: str):
    assert accused(line)[:1] == [rule]


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


@pytest.mark.parametrize("name", ["password", "value", ""])
def test_long_values_are_judged_in_time_that_their_length_deserves(name: str):
    for piece in ("{", "${", "<a ", "a ", "a1", "%a", "[a", "$a", "()", "aB", "$(a"):
        assert isinstance(accusable(name, piece * 30_000), bool)
