"""Wherever a page states its operation, and however it writes it, method, path and bodies are found."""

from __future__ import annotations

import pytest

from contracts.errors import ContractsError
from contracts.vendoring import extract

SENT = '{\n  "file_url": "https://cdn.reef-files.com/x.csv",\n  "depth": 3\n}'
ANSWER = '{\n  "dive_ref": "d_81",\n  "phase": "queued"\n}'
PATH, SERVER = "/v1/dives/{dive_id}/runs", "https://api.reefdive.io"
LABELS = [
    ("Method", "URL"), ("Type", "Endpoint"), ("HTTP Verb", "Request URL"), ("Operation", "URI"),
    ("Tipo de petición", "Ruta"), ("Tipo de requisição", "Rota"), ("Anfragemethode", "Endpunkt"),
    ("Verbe HTTP", "Point de terminaison"), ("Tipo di richiesta", "Indirizzo"), ("リクエスト方式", "URL"),
    ("请求类型", "请求路径"), ("요청 방식", "요청 URL"), ("Тип запроса", "Адрес"), ("Metoda HTTP", "Adres"),
]  # fmt: skip
LABELLED = {
    "two labelled lines": "**{0}:** POST\n\n**{1}:** `{2}`",
    "two bullets, the address first": "- {1}: {2}\n- {0}: POST",
    "a table of two columns": "| {0} | POST |\n|---|---|\n| {1} | {2} |",
    "a table with the labels as its head": "| {1} | {0} | Text |\n|---|---|---|\n| `{2}` | `POST` | It |",
    "two headings": "## {0}\n\nPOST\n\n## {1}\n\n`{2}`",
    "a heading and a block of code": "### {1}\n\n```\n{2}\n```\n\n### {0}\n\n`POST`",
}
STATED = [
    "POST - {}", "POST → {}", "**POST** – `{}`", "(POST) {}", "[POST] {}", "`{}` (POST)", "{} - POST",
    "{} POST", "Endpoint (POST): {}", "> **POST** `{}`", "🟢 **POST** `{}`", "Method\n:   POST\n\nPath\n:   `{}`",
    "Send a `POST` request to the `{}` endpoint.", "The endpoint is `{}` and accepts `POST` requests.",
    "Envoyez une requête POST à `{}`.", "`{}` に POST リクエストを送信します。", "向 `{}` 发送 POST 请求。",
    "```http\nPOST {} HTTP/1.1\nContent-Type: application/json\n```", "URL: <base_url>{}\nMethod: POST",
    "URL: BASE_URL{}\nMethod: POST", "`POST {{{{ base_url }}}}{}`",
    '```python\nr = requests.post("https://api.reefdive.io/v1/dives/dive_81f2/runs")\n```',
    "```js\nfetch('https://api.reefdive.io/v1/dives/dive_81f2/runs', {{\n  method: 'POST'\n}})\n```",
]  # fmt: skip
TITLES = [
    "Start a run: `{}`\n\n**Method**: POST", "`{}`\n\n## HTTP Method\n\n`POST`", "Start a run (`POST {}`)",
    "Start a run - POST {}", "[POST] Start a run\n\n`{}`", "Start a run `POST`\n\n`{}`",
]  # fmt: skip
HOLES = [":dive_id", "<dive_id>", "[dive_id]", "{{dive_id}}", "${dive_id}", "DIVE_ID", "%7Bdive_id%7D",
         "*dive_id*", "_{dive_id}_", "dive_81f2a9", "12345", "YOUR_DIVE_ID"]  # fmt: skip
WORDS = ["/v1/READ/dives", "/api/v2.1/upload2", "/rest/api/3/dives", "/v1/oauth2/token", "/api/v1/s3-import",
         "/v1/web3/dives", "/v1/text2image", "/v1/iso-27001/reports", "/dives/{dive_id}/SUBMIT"]  # fmt: skip


def _page(statement: str, title: str = "Start a run") -> str:
    return (
        f"# {title}\n\n{statement}\n\n## Request body\n\n```json\n{SENT}\n```\n\n"
        f"## Response\n\n```json\n{ANSWER}\n```\n"
    )


def _read(text: str) -> list[tuple[str, str, list[str], list[str]]]:
    found = extract(text.encode(), "page.md").document
    return [
        (method, path, _members(one["requestBody"]), _members(one["responses"]["200"]))
        for path, item in found["paths"].items()
        for method, one in item.items()
    ]


def _members(part: dict) -> list[str]:
    return sorted(part["content"]["application/json"]["schema"]["properties"])


def _found(path: str = PATH) -> list[tuple[str, str, list[str], list[str]]]:
    return [("post", path, ["depth", "file_url"], ["dive_ref", "phase"])]


@pytest.mark.parametrize("labels", LABELS, ids=" and ".join)
def test_method_and_address_stand_apart_below_labels_of_any_language(labels):
    for form in LABELLED.values():
        assert _read(_page(form.format(*labels, PATH))) == _found(), form
        assert _read(_page(form.format(*labels, SERVER + PATH))) == _found(), form


@pytest.mark.parametrize("form", STATED)
def test_a_line_states_method_and_path_in_any_order(form):
    assert _read(_page(form.format(PATH))) == _found()


@pytest.mark.parametrize("title", TITLES)
def test_a_title_holds_the_path_or_the_method(title):
    assert _read(_page("Starts it.", title.format(PATH))) == _found()


@pytest.mark.parametrize("hole", HOLES)
def test_a_parameter_of_a_path_is_written_in_many_ways(hole):
    assert _read(_page(f"POST {PATH.replace('{dive_id}', hole)}")) == _found()


@pytest.mark.parametrize("path", WORDS)
def test_a_word_of_a_path_is_no_parameter(path):
    assert _read(_page(f"POST {path}")) == _found(path)


@pytest.mark.parametrize("word", ["dive_id", "DiveId", "DIVEID", "dive-id"])
def test_a_word_is_a_parameter_where_the_page_lists_it_as_one(word):
    listed = f"\n\n### Path parameters\n\n| Name | Type |\n|---|---|\n| {word} | string |\n"
    path = f"/v1/dives/{word}/runs"
    assert _read(_page(f"`POST {path}`{listed}")) == _found(path.replace(word, f"{{{word}}}"))


def test_the_pieces_of_an_address_are_put_together():
    text = f"Start a run\nPOST\n/v1/dives/\n{{dive_id}}\n/runs\nRequest body\n{SENT}\nResponse\n{ANSWER}\n"
    assert _read(text) == _found()


def test_an_address_within_a_body_is_no_operation():
    text = f"# Runs\n\n## Response\n\n```json\n{SENT}\n```\n"
    with pytest.raises(ContractsError, match="neither a method with a path nor an address is on this page"):
        extract(text.encode(), "page.md")
