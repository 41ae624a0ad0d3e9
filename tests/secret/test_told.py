"""Keys that nobody told of, as systems emit them: found by the name beside them, in markup, code, forms and logs."""

from __future__ import annotations

import json

import pytest

from contracts.interactions import Cleaner, Known, Tokens, leaks
from contracts.interactions.redaction.allowance import Allowance
from contracts.interactions.redaction.body import redact_json
from contracts.model import Json
from contracts.secret import mask, secret_items

KEY = "kq7Zp2Xw9vBd4Fh6Jm8N"
EMITTED = [
    "<r><apiKey>{}</apiKey></r>",
    '<wsse:Password Type="http://docs.example/x#PasswordText">{}</wsse:Password>',
    "<password><![CDATA[{}]]></password>",
    '<auth user="a" apiKey="{}"/>',
    '<add key="ApiKey" value="{}"/>',
    "<entry><key>api_key</key><value>{}</value></entry>",
    "&lt;apiKey&gt;{}&lt;/apiKey&gt;",
    "<tr><td>HTTP_AUTHORIZATION</td><td>{}</td></tr>",
    "<th>X-Api-Key</th>\n<td><code>{}</code></td>",
    "<dt>X-Api-Key</dt><dd>{}</dd>",
    '<input type="hidden" name="csrf_token" value="{}">',
    '<meta name="csrf-token" content="{}">',
    "<li><b>Authorization:</b> {}</li>",
    '--b\r\nContent-Disposition: form-data; name="api_key"\r\n\r\n{}\r\n--b--',
    '--b\r\nContent-Disposition: form-data; name="password"\r\nContent-Type: text/plain\r\n\r\n{}\r\n--b--',
    "user[password]={}&a=1",
    "user%5Bpassword%5D={}&a=1",
    "{{b'api_key': b'{}'}}",
    '{{"api_key" => "{}"}}',
    "array('api_key' => '{}')",
    '["api_key"]=>\n  string(20) "{}"',
    "[api_key] => {}",
    'a:1:{{s:7:"api_key";s:20:"{}";}}',
    '["apiKey": Optional("{}")]',
    'Config {{ api_key: Some("{}") }}',
    "map[X-Api-Key:[{}] Host:[a]]",
    "- name: API_KEY\n  value: {}",
    "api_key: |\n  {}",
    "curl -u me:{} https://a.example",
    "redis://:{}@h:6379",
    "WWW-Authenticate: Negotiate {}",
    "Authorization: ApiKey {}",
    '["X-Api-Key","{}","Host","a"]',
    '[["X-Api-Key","{}"],["Host","a"]]',
    '{{"k":"api_key","v":"{}"}}',
    '{{"label":"Password","value":"{}"}}',
    "| api_key | {} |",
    "API key provided: {}. You can find",
    "Incorrect API key provided: {}",
    "using credentials {}",
    "AUTH_KEY', '{}'",
    '#define API_KEY "{}"',
    "ENV API_KEY {}",
    "storePassword '{}'",
]


@pytest.mark.parametrize("emitted", EMITTED)
def test_a_key_is_found_by_the_name_beside_it(emitted: str) -> None:
    text = emitted.format(KEY)
    assert KEY not in Cleaner(Known(), Tokens()).clean(text)
    assert KEY not in Cleaner(Known(), Tokens()).clean(json.dumps({"note": text}))
    assert list(leaks(text.encode(), accusing=True)) != []


@pytest.mark.parametrize("emitted", [one for one in EMITTED if not one.startswith('{{"k"')])
def test_a_message_masks_it(emitted: str) -> None:
    assert KEY not in mask(emitted.format(KEY))


@pytest.mark.parametrize(
    "text",
    [
        "<th>token</th><td>string</td>",
        "apt\tpasswd\t1:4.13+dfsg1-1+deb12u1",
        "<token_expires_at>2026-01-31T09:00:00Z</token_expires_at>",
        "<tokenUrl>https://a.example/oauth2/v1b</tokenUrl>",
        "<session>550e8400-e29b-41d4-a716-446655440000</session>",
        "unauthorized: kq7Zp2Xw9v",
        '"next_page_token": "CAUQAA1x9"',
        "the token of batch-2026 is old",
        "token_count: 12ab34cd56ef",
    ],
)
def test_what_is_no_key_is_not_accused(text: str) -> None:
    assert list(leaks(text.encode(), accusing=True)) == []


def test_values_of_a_list_in_which_names_and_values_take_turns() -> None:
    assert secret_items(["X-Api-Key", KEY, "Host", "a1b2c3d4"]) == {1}
    assert secret_items(["token", "password"]) == secret_items(["token", KEY, "a"]) == frozenset()
    assert secret_items([1, KEY]) == secret_items(["token", 12345678]) == secret_items([]) == frozenset()
    found = leaks(json.dumps({"headers": [["Cookie", KEY]]}).encode(), accusing=True)
    assert [leak.pointer for leak in found] == ["/headers/0/1"]


@pytest.mark.parametrize(
    "said",
    [
        {"loc": ["body", "api_key"], "input": KEY, "msg": "a"},
        {"param": "token", "rejectedValue": KEY},
        {"op": "replace", "path": "/user/api_key", "value": KEY},
        {"instancePath": "/auth.client_secret", "actual": KEY},
        {"username": "me", "pass": KEY},
        {"args": ["run", "--token", KEY]},
        {"ssh_key": KEY}, {"recovery_codes": [KEY]}, {"seedPhrase": KEY}, {"security_answer": KEY}, {"passkey": KEY},
    ],
)  # fmt: skip
def test_a_key_is_found_by_what_stands_beside_it(said: dict[str, Json]) -> None:
    clean, _ = redact_json(said, Cleaner(Known(), Tokens()), Allowance())
    assert KEY not in str(clean)
    assert list(leaks(json.dumps(said).encode(), accusing=True)) != []


def test_a_path_names_no_secret() -> None:
    said = {"/oauth/token": {"tags": ["ntp1a"]}, "oauth_token": {"tags": ["ntp1a"]}}
    assert [leak.pointer for leak in leaks(json.dumps(said).encode())] == ["/oauth_token/tags/0"]
