"""Where the parts of a page go: its operations, and the place of each section within one."""

from __future__ import annotations

import pytest
from page_facts import extracted, plain, written

from contracts.vendoring import extract
from contracts.vendoring.documents import kind_of
from contracts.vendoring.platforms.prose.sections import kind_of as section_of

ANSWER = '```json\n{"dive_id": "d1", "state": "up"}\n```\n'
PAGES = {
    "a label in bold and its status behind a dash start an answer; Spanish heads name the columns": (
        """# Crear una inmersión

`GET /dives`

## Parámetros de la solicitud

| Nombre del parámetro | Tipo de dato | Descripción del parámetro |
|---|---|---|
| reef | cadena | Lugar |

**Response** — `202 Accepted`

| Property | Type | Description |
|---|---|---|
| `dive_id` | `string` | Id |
""",
        """op GET /dives
param query reef string
202
/dive_id string""",
    ),
    "a page that ends within its example is read as far as it goes": (
        """# A dive

`GET /dives`

Which may yield a response like below:

{
    "dive_id": "d1",
    "stats": {
        "depth": 3
    },
    "reefs": [
        {"name": "north"},
        {"name": "south"}
    ],
    "url": "https://files.reef.dev/d1?key=94ms
""",
        """op GET /dives
200
/dive_id string
/stats object
/stats/depth integer
/reefs array
/reefs/* object
/reefs/*/name string
/url string""",
    ),
    "allowed words that run together and cannot be told apart are none": (
        """# A dive

`GET /dives`

## Response

application/json
idstring · uuidRequired
statusstring · enumRequiredPossible values: queueddivingdonefailed
depthinteger · min: 0Optional
""",
        """op GET /dives
200
/id string uuid
/status string
/depth integer""",
    ),
    "a table about the operation lists no fields; a table of URL parameters names the holes": (
        f"""# A dive

| Method | GET |
|---|---|
| URL or Endpoint | /reefs/reefId/dives/id |
| Parameters | reefId, id |
| Body | Not applicable |

| URL Parameter Name | Mandatory | Type | Description |
|---|---|---|---|
| reefId | Yes | string | Number of the reef |
| id | Yes | string | Number of the dive |

## Response

{ANSWER}
""",
        """op GET /reefs/{reefId}/dives/{id}
param path reefId string!
param path id string!
200
/dive_id string
/state string""",
    ),
    "a heading is read by its words, whatever their language and order": (
        f"""# Eine Tauchfahrt

`GET https://api.reef.dev/dives/{{dive_id}}`

## Beispiel der Antwort (JSON)

{ANSWER}
## Rückgabewerte der Antwort

| Parameter | Typ | Beschreibung |
|---|---|---|
| dive_id | string | Nummer |
| depth | number | Tiefe |
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/dive_id string
/state string
/depth number""",
    ),
    "what stands beside the operations is of none of them; keys and errors hold for all": (
        f"""# Introduction

Every request needs the header `Reef-Key`.

## Start a dive

`POST https://api.reef.dev/dives`

### Response

```json
{{"dive_id": "dv_81"}}
```

## Look up a dive

`GET https://api.reef.dev/dives/{{dive_id}}`

### Response

{ANSWER}
## Dive message

We send a `POST` request to your address when a dive ends.

| Field | Type |
|---|---|
| event | string |
| depth_max | number |

# Errors

| Code | Meaning |
|---|---|
| 404 | No such dive |
""",
        """op POST /dives
server https://api.reef.dev
auth header Reef-Key
200
/dive_id string
404
op GET /dives/{dive_id}
auth header Reef-Key
param path dive_id string!
200
/dive_id string
/state string
404""",
    ),
    "an object that is described once is read where the examples show it": (
        f"""# Dives

### JSON format

| Name | Type | Description |
|---|---|---|
| dive_id | string | The id |
| state | string | One of "up", "down" |
| depth | number | Metres |

### Look up a dive

`GET https://api.reef.dev/dives/{{dive_id}}`

#### Example response

{ANSWER}
### Count dives

`GET https://api.reef.dev/count`

#### Example response

```json
{{"dives": 3, "open": 1}}
```
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/dive_id string
/state string enum(up, down)
/depth number
op GET /count
200
/dives integer
/open integer""",
    ),
    "a request with values below its template is an example of it": (
        f"""# Dives

## Look up a dive

```
GET /dives/{{dive-id}}/stops/{{stop}}
```

### Response attributes

| Name | Type |
|---|---|
| state | string |

***
For example:

```http
GET /dives/197/stops/first HTTP/1.1
Host: api.reef.dev
```

{ANSWER}
## Count dives

```
GET /count
```

### Response attributes

| Name | Type |
|---|---|
| dives | integer |
""",
        """op GET /dives/{dive-id}/stops/{stop}
server https://api.reef.dev
param path dive-id string!
param path stop string!
200
/dive_id string
/state string
op GET /count
200
/dives integer""",
    ),
    "a heading that starts with the method, and the address below it": (
        f"""## GET Dive by number

`{{{{base_url}}}}/dives/:number`

### Example response

{ANSWER}
## POST Book a dive

`{{{{base_url}}}}/dives`

### Example response

```json
{{"dive_id": "d2"}}
```
""",
        """op GET /dives/{number}
param path number string!
200
/dive_id string
/state string
op POST /dives
200
/dive_id string""",
    ),
    "path and method as labels, and two methods for one path": (
        f"""# Dive

- **Interface Path**: `/dives/state`
- **Method**: `GET/POST`

**Endpoints**

- https://api.reef.dev/rest

**Response sample**

{ANSWER}""",
        """op GET /dives/state
server https://api.reef.dev/rest
200
/dive_id string
/state string""",
    ),
    "a page that starts with HTML, and a hole that holds several segments": (
        f"""<div align="right"><a href="/">Home</a></div>

# Dives

## Look up a dive

`GET https://api.reef.dev/v1/{{name=sites/*/dives/*}}`

### Response

{ANSWER}""",
        """op GET /v1/{name}
server https://api.reef.dev
param path name string!
200
/dive_id string
/state string""",
    ),
    "the names of listed parameters in the path, and a word that ends in a digit": (
        f"""DescribeDive

GET /api/LogStep1/DiveId?withStops=WithStops HTTP/1.1

URI Request Parameters

DiveId
The number of the dive.

Required: Yes

WithStops
Whether stops are wanted.

Response Syntax

{ANSWER}""",
        """op GET /api/LogStep1/{DiveId}
param path DiveId string!
param query withStops string
200
/dive_id string
/state string""",
    ),
    "a type that tables name is described below a heading of its own": (
        """# Dives

## Look up a dive

`GET https://api.reef.dev/dives/{dive_id}`

### Responses

| Status | Type | Description |
|---|---|---|
| 200 OK | [Dive](#dive) | The dive |
| 404 | [Problem](#problem) | None |

## Models

| Name | Description |
|---|---|
| Dive | A dive |
| Stop | A stop |

### Dive

| Name | Type |
|---|---|
| depth | integer |
| state | [DiveState](#divestate) |
| stops | [ [Stop](#stop) ] |

### Stop

| Name | Type |
|---|---|
| minutes | integer |

### DiveState

| Value | Description |
|---|---|
| up | On board |
| down | Below |

### Problem

| Name | Type |
|---|---|
| title | string |
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/depth integer
/state string enum(up, down)
/stops array
/stops/* object
/stops/*/minutes integer
404
/title string""",
    ),
    "one path above several methods": (
        f"""# Dives

**Servers:** https://api.reef.dev/v1

### /dives/{{dive_id}}

#### GET

##### Responses

{ANSWER}
#### DELETE

##### Responses

| Code | Description |
|---|---|
| 204 | Gone |
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev/v1
param path dive_id string!
200
/dive_id string
/state string
op DELETE /dives/{dive_id}
param path dive_id string!
204""",
    ),
    "the sentence above a table says where it goes": (
        """# Dives

The service offers:

```
POST /dives
```

It accepts JSON with the following members:

| Request field | Type | Required |
|---|---|---|
| reef | string | YES |

It produces JSON with the following members:

| Name | Type | Always present |
|---|---|---|
| dive_id | string | YES |

### Environment variables

| Name | Type | Description |
|---|---|---|
| REEF_PORT | integer | Where to listen |
""",
        """op POST /dives
200
/dive_id string!""",
    ),
    "what a vendor sends to its user is no answer": (
        f"""# Dive

`GET https://api.reef.dev/dives/{{dive_id}}`

## Réponse

{ANSWER}
## Avis

Nous appelons votre adresse à la fin :

```json
{{"avis": "fin"}}
```

## MQTT-Push

### Beispiel

```json
{{"tiefe": 3}}
```
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/dive_id string
/state string""",
    ),
    "the headers of an answer and of a program are no members": (
        f"""# Dive

`GET https://api.reef.dev/dives/{{dive_id}}`

## Example response

*200 OK*

{ANSWER}
Headers

| Key | Value |
|---|---|
| Content-Type | application/json |
| X-Request-Id | 4a |
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/dive_id string
/state string""",
    ),
    "a body below its label is sent, and attributes of a GET are asked": (
        """# Dives

## POST Book a dive

`/dives`

**Body** *raw (json)*

```json
{"reef": "north"}
```

**Example Response**

*201 Created*

```json
{"dive_id": "d2"}
```

## GET Dives

`/dives`

### Optional request attributes

| Attribute | Type |
|---|---|
| limit | integer |

### Response

```json
{"dives": 3}
```

### Errors

- **401** – no key
- **410** – gone
""",
        """op POST /dives
201
/dive_id string
op GET /dives
param query limit integer
200
/dives integer
401
410""",
    ),
    "blocks of GitBook's older kind, with a base that has a path": (
        """# Dives

{% api-method method="get" host="https://api.reef.dev/v2" path="/dives/:dive\\_id" %}
{% api-method-summary %}
Look up a dive
{% endapi-method-summary %}
{% api-method-spec %}
{% api-method-request %}
{% api-method-headers %}
{% api-method-parameter name="X-Reef-Key" type="string" required=true %}
Your key
{% endapi-method-parameter %}
{% endapi-method-headers %}
{% api-method-query-parameters %}
{% api-method-parameter name="with\\_stops" type="boolean" required=false %}
Stops too
{% endapi-method-parameter %}
{% endapi-method-query-parameters %}
{% endapi-method-request %}
{% api-method-response %}
{% api-method-response-example httpCode=200 %}
```javascript
{"state": "up"}
```
{% endapi-method-response-example %}
{% api-method-response-example httpCode=404 %}
```javascript
{"error": "none"}
```
{% endapi-method-response-example %}
{% endapi-method-response %}
{% endapi-method-spec %}
{% endapi-method %}
""".replace("\\\\", "\\"),
        """op GET /dives/{dive_id}
server https://api.reef.dev/v2
auth header X-Reef-Key
param header X-Reef-Key string!
param path dive_id string!
param query with_stops boolean
200
/state string
404
/error string""",
    ),
    "the path is a heading, the method stands below another, and fields are required ones of a body": (
        f"""# Dives

## `/dives/book` Endpoint

### Endpoint Description

Books a dive.

### HTTP Method

`POST`

### Request Body

#### Required Fields

| Field | Type |
|---|---|
| reef | string |

### Response

#### Success Response

- **Status Code:** `201 Created`
- **Response Body:**

{ANSWER}
## `/dives/count` Endpoint

### HTTP Method

`GET`

### Response

```json
{{"dives": 3}}
```
""",
        """op POST /dives/book
201
/dive_id string
/state string
op GET /dives/count
200
/dives integer""",
    ),
    "a table of the operations stands above them": (
        f"""# Dives

## Overview

| Method | Path | Auth |
|---|---|---|
| POST | `/dives` | Bearer |
| GET | `/dives/:id` | Bearer |

## POST /dives

### Response

**201 Created**:

```json
{{"dive_id": "d2"}}
```

## GET /dives/:id

### Response

{ANSWER}""",
        """op POST /dives
201
/dive_id string
op GET /dives/{id}
param path id string!
200
/dive_id string
/state string""",
    ),
    "commands to several addresses, each with its answer": (
        f"""# Quickstart

### 1. Book a dive

```bash
curl -X POST https://api.reef.dev/v2/dives -d '{{"reef": "north"}}'
```

```json
{{"dive_id": "dv_81"}}
```

### 2. Look at it

```bash
curl https://api.reef.dev/v2/dives/dv_81
```

{ANSWER}""",
        """op POST /v2/dives
server https://api.reef.dev
200
/dive_id string
op GET /v2/dives/{dive_id}
param path dive_id string!
200
/dive_id string
/state string""",
    ),
    "the line of an operation stands behind its fields, and a list of all before them": (
        """Dives
get
/v1/dives/{id}
post
/v1/dives

Get a dive
Path Parameters
id
Type: integer
required
Responses

200
OK
state
Type: string
required
Request Example for
get
/v1/dives/{id}
curl https://api.reef.dev/v1/dives/42

{
  "state": "up"
}

Book a dive
Body
application/json
reef
Type: string
required
Responses

201
Created
id
Type: integer
required
Request Example for
post
/v1/dives
curl https://api.reef.dev/v1/dives -d '{}'

{
  "id": 43
}
""",
        """op GET /v1/dives/{id}
server https://api.reef.dev
param path id integer!
200
/state string
op POST /v1/dives
201
/id integer""",
    ),
    "errors under the last heading of a page hold for all, and the server of production is taken": (
        f"""Dives

1. Staging
https://staging.reef.dev/api/dives/count
2. Production
https://api.reef.dev/api/dives/count

## Count dives

GET /api/dives/count

```json
{{"dives": 3}}
```

## Look up a dive

GET /api/dives/{{dive_id}}

{ANSWER}
## Errors

| HTTP | Meaning |
|---|---|
| 403 | Wrong key |
""",
        """op GET /api/dives/count
server https://api.reef.dev
200
/dives integer
403
op GET /api/dives/{dive_id}
param path dive_id string!
200
/dive_id string
/state string
403""",
    ),
    "common headers and an object above the operations": (
        """# Dives

Base URL: https://api.reef.dev/v3

## Common headers

| Header | Required |
|---|---|
| X-Reef | yes |

## The dive object

| Attribute | Type |
|---|---|
| dive_id | string |
| state | string |
| depth | integer |

## Retrieve a dive

GET /dives/{id}

```json
{"dive_id": "d1", "state": "up"}
```

## List dives

GET /dives

### Parameters

- `limit` integer, optional. How many.

Returns a list of dives.

```json
{"data": [{"dive_id": "d1", "state": "up"}]}
```
""",
        """op GET /dives/{id}
server https://api.reef.dev/v3
param header X-Reef any!
param path id string!
200
/dive_id string
/state string
/depth integer
op GET /dives
param query limit integer
200
/data array
/data/* object
/data/*/dive_id string
/data/*/state string""",
    ),
    "headings of one word": (
        """# Dive

`GET` `https://api.reef.dev/dives/{dive_id}`

## Path

| Name | Description |
|---|---|
| dive_id | The dive |

## Result

| Key | Type |
|---|---|
| state | string |

## Callback

We POST this to your address at the end:

| Key | Type |
|---|---|
| event | string |
""",
        """op GET /dives/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/state string""",
    ),
    "a path whose parameters have no marks, in a table of two columns": (
        f"""# Dive

| Method | GET |
|---|---|
| URL or Endpoint | /api/sites/siteId/dives/id |

## URL parameters

| Name | Type |
|---|---|
| siteId | string |
| id | string |

## Response

{ANSWER}""",
        """op GET /api/sites/{siteId}/dives/{id}
param path siteId string!
param path id string!
200
/dive_id string
/state string""",
    ),
    "a word in capitals beside a marked parameter, and what is called back": (
        f"""# Dive

GET https://api.reef.dev/dives/READ/{{dive_id}}

## 响应

{ANSWER}
## 2 回调通知

```json
{{"event": "end"}}
```
""",
        """op GET /dives/READ/{dive_id}
server https://api.reef.dev
param path dive_id string!
200
/dive_id string
/state string""",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_part_of_a_page_goes_where_it_belongs(name):
    page, facts = PAGES[name]
    assert plain(extracted(extract(page.encode(), "dive.md").document)) == plain(written(facts))


@pytest.mark.parametrize(
    ("told", "scheme"),
    [
        (
            "```bash\ncurl https://api.reef.dev/dives/d1 -u sk_test:\n```",
            {"type": "http", "scheme": "basic"},
        ),
        (
            "Send the header `X-Reef-Key` with every request.",
            {"type": "apiKey", "in": "header", "name": "X-Reef-Key"},
        ),
        (
            "## Security\n\n### Reef-Subscription-Key\n\n**Type:** apiKey\n**In:** header",
            {"type": "apiKey", "in": "header", "name": "Reef-Subscription-Key"},
        ),
        (
            "Auth: header Authorization, as `Token <yours>`",
            {"type": "apiKey", "in": "header", "name": "Authorization"},
        ),
        (
            "**Key**: put `?token=YOURTOKEN` on every address",
            {"type": "apiKey", "in": "query", "name": "token"},
        ),
        ("## Security\n\nreef_auth\n\nType: oauth2", {"type": "http", "scheme": "bearer"}),
        (
            "Version 2 · Send your key as `X-Reef-Key`.",
            {"type": "apiKey", "in": "header", "name": "X-Reef-Key"},
        ),
        (
            "| Headers | Authorization |\n|---|---|\n| Body | None |",
            {"type": "apiKey", "in": "header", "name": "Authorization"},
        ),
        ("#### Basic Authentication\n\nWith name and password.", {"type": "http", "scheme": "basic"}),
    ],
)
def test_how_the_key_travels_is_read(told, scheme):
    page = f"# A dive\n\n`GET /dives/{{dive_id}}`\n\n{told}\n\n## Response\n\n{ANSWER}"
    (found,) = extract(page.encode(), "dive.md").document["components"]["securitySchemes"].values()
    assert {k: v for k, v in found.items() if k in {"type", "in", "name", "scheme"}} == scheme


@pytest.mark.parametrize(
    "told", ["Responses have the header `X-Reef-Key`.", "Send the header `Idempotency-Key` to try again."]
)
def test_a_header_that_carries_no_key_is_none(told):
    page = f"# A dive\n\n`GET /dives/{{dive_id}}`\n\n{told}\n\n## Response\n\n{ANSWER}"
    assert "components" not in extract(page.encode(), "dive.md").document


def test_a_page_that_starts_with_a_tag_of_liquid_is_no_document():
    assert kind_of(b"{% method %}\n\n## Look up a dive\n") == ""
    assert kind_of(b'{ "type": "object" }') == "json-schema"


def test_a_table_that_nothing_speaks_for_is_refused_with_its_line():
    table = "| Name | Type | Description |\n|---|---|---|\n| REEF_PORT | integer | Where to listen |\n"
    page = f"# A dive\n\n`GET /dives`\n\n## Response\n\n{ANSWER}\n## Settings\n\n{table}"
    read = extract(page.encode(), "dive.md")
    schema = read.document["paths"]["/dives"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert set(schema["properties"]) == {"dive_id", "state"}
    said = (
        "dive.md:13: no heading says what is listed here, and no example shows it: it was not used; a heading"
        " above it such as `Response fields` or `Query parameters` says it"
    )
    assert read.notices == (said,)


def test_a_number_that_is_no_status_of_http_is_none():
    page = f"# A dive\n\n`GET /dives`\n\n## Response\n\n{ANSWER}\nNumber of the reef:\n\n330\n"
    assert set(extract(page.encode(), "dive.md").document["paths"]["/dives"]["get"]["responses"]) == {"200"}


@pytest.mark.parametrize(
    ("stated", "operation"),
    [
        ("URL\n/CT/UID/READ/{dive_id}\nMétodo HTTP\nDELETE", ("delete", "/CT/UID/READ/{dive_id}")),
        ("Ruta\n/dives/{dive_id}\nVerbo HTTP\nDELETE", ("delete", "/dives/{dive_id}")),
        ("Pfad: /dives\n\nHTTP-Methode: PUT", ("put", "/dives")),
        ("Chemin : /dives\n\nMéthode HTTP : POST", ("post", "/dives")),
        ("**Caminho:** `/dives`\n\n**Método HTTP:** `POST`", ("post", "/dives")),
        ("**URL de la requête**\n\n/dives\n\n**Méthode**\n\nPOST", ("post", "/dives")),
        ("Percorso: /dives\n\nMetodo: POST", ("post", "/dives")),
        ("URL: /dives\n\nМетод: POST", ("post", "/dives")),
        ("**请求URL：** `/dives`\n\n**请求方式：** POST", ("post", "/dives")),
        ("エンドポイント\n\n/dives\n\nHTTPメソッド\n\nPOST", ("post", "/dives")),
        ("요청 URL: /dives\n\n요청 방식: POST", ("post", "/dives")),
        ("Verb: PUT\n\nResource: /dives", ("put", "/dives")),
        ("API Endpoint: `/dives` (POST)", ("post", "/dives")),
        ("| Request URL | Method |\n|---|---|\n| /dives | POST |", ("post", "/dives")),
    ],
)
def test_method_and_address_are_read_below_their_labels(stated, operation):
    page = f"# A dive\n\n{stated}\n\n## Response\n\n{ANSWER}"
    paths = extract(page.encode(), "dive.md").document["paths"]
    assert [(m, p) for p, item in paths.items() for m in item] == [operation]


def test_a_table_of_paths_beside_the_operation_adds_none():
    table = "| Path | Method | Role |\n|---|---|---|\n| /dives | POST | writer |\n"
    page = f"# A dive\n\n`GET /dives/{{id}}`\n\n## Permissions\n\n{table}\n## Response\n\n{ANSWER}"
    assert set(extract(page.encode(), "dive.md").document["paths"]) == {"/dives/{id}"}


def test_a_bracket_at_the_end_of_a_page_is_no_example():
    page = f"# A dive\n\n`GET /dives`\n\n## Response\n\n{ANSWER}\n[\n\n"
    read = extract(page.encode(), "dive.md")
    answer = read.document["paths"]["/dives"]["get"]["responses"]["200"]["content"]["application/json"]
    assert set(answer["schema"]["properties"]) == {"dive_id", "state"}
    assert not read.notices


def test_an_example_that_the_page_cuts_short_is_said_to_be_read_loosely():
    page = '# A dive\n\n`GET /dives`\n\n## Response\n\n{\n  "dive_id": "d1",\n  "state": "u'
    (said,) = extract(page.encode(), "dive.md").notices
    assert said == "dive.md:7: the example is no JSON; it was read loosely"


def test_the_end_of_a_page_says_nothing_of_an_example_on_its_first_line():
    page = b'{"id": "a"}\n\n`GET https://api.reef.dev/dives`\n\n``` json 404'
    document = extract(page, "page.md").document
    assert list(document["paths"]["/dives"]["get"]["responses"]) == ["200"]


def _schemes(text: str) -> list[tuple[str, ...]]:
    found = extract(f"# A dive\n\n{text}\n\n## Response\n\n{ANSWER}".encode(), "dive.md").document
    schemes = found.get("components", {}).get("securitySchemes", {}).values()
    return [tuple(one.get(key, "") for key in ("type", "in", "name", "scheme")) for one in schemes]


@pytest.mark.parametrize(
    ("text", "scheme"),
    [
        (
            "`GET /dives`\n\n| Authentification | En-tête `X-Recif-Cle` |\n|---|---|",
            ("header", "X-Recif-Cle"),
        ),
        ("```http\nGET /dives\nX-Riff-Schluessel: geheim\n```", ("header", "X-Riff-Schluessel")),
        (
            "`GET /dives`\n\n### Header\n\n| Identifier | Value |\n|---|---|\n| X-API-KEY | [key] |",
            ("header", "X-API-KEY"),
        ),
        ("`GET /dives`\n\n### Headers\n\nName\nValue\n\nx-api-key\n\nyour_key", ("header", "x-api-key")),
        (
            "`GET /dives`\n\n## Authorization\n\nSend the token in a cookie called reef_key.",
            ("cookie", "reef_key"),
        ),
        ('`GET /dives`\n\n### Headers\n\n```json\n{"X-Reef-Token": "abc"}\n```', ("header", "X-Reef-Token")),
    ],
)
def test_the_key_is_named_in_a_table_a_request_a_list_or_a_sentence(text, scheme):
    assert _schemes(text) == [("apiKey", *scheme, "")]


def test_a_label_in_the_language_of_the_page_names_the_scheme():
    assert _schemes("`GET /dives`\n\nAnmeldung: HTTP Basic (Benutzer und Kennwort)") == [
        ("http", "", "", "basic")
    ]


def _answers(page: str) -> dict[str, list[str]]:
    found = extract(page.encode(), "dive.md").document["paths"]
    (operation,) = (one for item in found.values() for one in item.values())
    return {
        status: sorted(one["content"]["application/json"]["schema"]["properties"])
        for status, one in operation["responses"].items()
        if "content" in one
    }


def test_tabs_give_their_statuses_to_the_bodies_in_order():
    page = f'# A dive\n\n`GET /dives`\n\n## Response\n\n200\n\n404\n\n{ANSWER}\n```json\n{{"reason": "gone"}}\n```\n'
    assert _answers(page) == {"200": ["dive_id", "state"], "404": ["reason"]}


def test_a_status_with_its_reason_starts_an_example_in_any_order():
    example = "Example Response\nBody\nHeaders (7)\njson\n"
    page = (
        f"A dive\nPOST\nhttps://api.reef.io/dives\nRequest\ncurl --location https://api.reef.io/dives -d 1\n409 Conflict\n{example}"
        f'{{"reason": "gone"}}\n200 OK\n{example}{{"dive_id": "d1"}}\n'
    )
    assert _answers(page) == {"200": ["dive_id"], "409": ["reason"]}


def test_the_sentence_above_a_body_says_that_it_is_sent():
    page = f'# A dive\n\n`POST /dives`\n\nNeeds a body:\n\n```json\n{{"depth": 3}}\n```\n\nAnswers `202 Accepted`:\n\n{ANSWER}'
    assert _answers(page) == {"202": ["dive_id", "state"]}


def test_chapters_with_numbers_are_headings():
    page = (
        "REEF SERVICE\n============\n\n1. General\n----------\n\nAll calls go to https://api.reef.io.\n\n"
        "2. Get a dive\n\n    GET /dives/{no}\n\n2.1  Path parameters\n\n| Name | Type |\n|---|---|\n| no | integer |\n\n"
        "2.2  Query parameters\n\n| Name | Type |\n|---|---|\n| deep | boolean |\n\n"
        "2.3  Response fields (HTTP 200)\n\n| Name | Type |\n|---|---|\n| depth | integer |\n\n2.4  Errors\n\n404  Gone\n"
    )
    found = extract(page.encode(), "dive.txt").document["paths"]["/dives/{no}"]["get"]
    sent = [(one["in"], one["name"], one["schema"]["type"]) for one in found["parameters"]]
    assert sent == [("path", "no", "integer"), ("query", "deep", "boolean")]
    assert _answers(page) == {"200": ["depth"]}


def test_a_heading_of_an_answer_names_the_operation_in_brackets():
    part = "## {0} ({1})\n\n| Field | Type |\n|---|---|\n| {2} | string |\n\n"
    page = (
        "# Models\n\n"
        + part.format("DiveStatusResponse", "GET /dives/{id}", "state")
        + part.format("DiveAcceptedResponse", "POST /dives", "dive_id")
    )
    found = extract(page.encode(), "dive.md").document["paths"]
    names = {
        (method, path): sorted(one["responses"]["200"]["content"]["application/json"]["schema"]["properties"])
        for path, item in found.items()
        for method, one in item.items()
    }
    assert names == {("get", "/dives/{id}"): ["state"], ("post", "/dives"): ["dive_id"]}


def test_a_document_on_one_line_of_a_page_is_the_vendors_word():
    value = '{"openapi":"3.0.3","info":{"title":"Reef","version":"1"},"paths":{"/dives":{"get":{"responses":{"200":{"description":"OK"}}}}}}'
    page = f"# Reef\n\n## A dive\n\n```json\n{value}\n```\n\n# Help\n\n```\nGET https://docs.reef.io/dives.md?ask=<question>\n```\n"
    assert set(extract(page.encode(), "dive.md").document["paths"]) == {"/dives"}


def test_a_body_that_shares_no_member_with_the_answer_and_is_led_to_as_another_thing_is_left_out():
    page = f'# A dive\n\n`GET /dives`\n\n## Response\n\n{ANSWER}\n### Contents of a log\n\n```json\n{{"depth": 3}}\n```\n'
    assert _answers(page) == {"200": ["dive_id", "state"]}
    (said,) = extract(page.encode(), "dive.md").notices
    assert said == "dive.md:14: no status says whose example body this is"


def test_a_page_about_webhooks_describes_operations():
    page = f"# Webhook endpoints\n\n`GET /webhooks/{{id}}`\n\n## Response\n\n{ANSWER}"
    assert _answers(page) == {"200": ["dive_id", "state"]}


def _operations(page: str) -> dict[tuple[str, str], list[str]]:
    found = extract(page.encode(), "dive.txt").document["paths"]
    return {
        (method, path): sorted(one["responses"]["200"]["content"]["application/json"]["schema"]["properties"])
        for path, item in found.items()
        for method, one in item.items()
    }


def test_two_operations_whose_addresses_follow_their_fields_are_two_though_curl_shows_fillers():
    part = (
        "GET\n{title}\nRequest\nPath parameters\nid\n\nstring\n\nResponses\n\n200\nGET\n{path}\ncurl\n"
        'curl --request GET \\\n  --url \'http://{{base}}{path}\'\n200\nResponse\n{{\n  "{name}": "<string>"\n}}\n'
    )
    page = part.format(title="Get a dive", path="/dives/{id}", name="state") + part.format(
        title="Get dives", path="/dives", name="total"
    )
    assert _operations(page) == {("get", "/dives/{id}"): ["state"], ("get", "/dives"): ["total"]}


def test_statuses_with_their_reason_on_the_next_line_belong_to_the_operation_above():
    part = (
        'GET {path}\nResponse\n200\nOK\n{{\n  "{name}": "x"\n}}\n400\nBad Request\n503\nService Unavailable\n'
    )
    page = part.format(path="/dives/{id}", name="state") + part.format(path="/dives", name="total")
    found = extract(page.encode(), "dive.txt").document["paths"]
    assert [list(one["get"]["responses"]) for one in found.values()] == [["200", "400", "503"]] * 2


def test_a_body_below_the_tabs_of_a_request_sample_is_the_answer():
    page = 'A dive\nGET\n/dives/{id}\ncURL\nPython\ncurl -X GET "https://api.reef.io/dives/d1"\n200\n404\n{\n  "dive_id": "d1"\n}\n'
    assert _answers(page) == {"200": ["dive_id"]}


def test_a_key_in_the_address_of_a_command_is_no_parameter():
    page = f'# A dive\n\n```bash\ncurl "https://api.reef.io/dives?api_key=YOUR_KEY&no=7"\n```\n\n## Response\n\n{ANSWER}'
    found = extract(page.encode(), "dive.md").document
    assert [one["name"] for one in found["paths"]["/dives"]["get"]["parameters"]] == ["no"]
    assert found["components"]["securitySchemes"]["api_key"]["in"] == "query"


def test_an_operation_that_lists_its_authorization_has_the_key_of_the_page():
    stated = {"GET /dives/{id}": "Header: X-Reef", "GET /dives": "reefAuth"}
    page = "".join(
        f"## {line}\n\n`{line}`\n\n### Authorization\n\n{key}\n\n### Response\n\n{ANSWER}\n"
        for line, key in stated.items()
    )
    found = extract(page.encode(), "dive.md").document["paths"]
    assert [one["get"]["security"] for one in found.values()] == [[{"X-Reef": []}]] * 2


def test_a_body_with_escaped_quotes_is_read():
    assert _answers("# A dive\n\nGET /dives\n\nRESPONSES\n\n{&quot;dive_id&quot;:&quot;d1&quot;}\n") == {
        "200": ["dive_id"]
    }


@pytest.mark.parametrize(
    ("heading", "place"), [("Header参数", "header"), ("Body参数", "body"), ("レスポンスプロパティ", "fields")]
)
def test_a_heading_mixes_two_scripts(heading, place):
    assert section_of(heading) == place


@pytest.mark.parametrize(
    ("stated", "operation"),
    [
        ("GET Reefs/StateOfDiveAsync/{DiveId}", "/Reefs/StateOfDiveAsync/{DiveId}"),
        (
            "The base URL of all calls is: <host>/ocs/dives/\n\nMethod: GET\n\nEndpoint: /types",
            "/ocs/dives/types",
        ),
        ("GET /v1/bulkRequest", "/v1/bulkRequest"),
    ],
)
def test_an_address_stands_without_a_slash_or_below_a_base_whose_host_is_open(stated, operation):
    assert _operations(f'A dive\n\n{stated}\n\nResponse\n\n{{\n  "dive_id": "d1"\n}}\n') == {
        ("get", operation): ["dive_id"]
    }


def test_of_several_bases_the_one_of_production_is_the_server():
    table = "Environment\tBase URL\nUAT\thttps://uat.reef.io/p\nProduction\thttps://hub.reef.io/p\n"
    page = f'A dive\n\n{table}\nGET /v2/dives\n\nResponse\n\n{{\n  "dive_id": "d1"\n}}\n'
    assert extract(page.encode(), "dive.txt").document["servers"] == [{"url": "https://hub.reef.io/p"}]


def test_a_page_that_needs_no_authentication_has_no_key():
    assert _schemes("`GET /dives` (no authentication required)\n\nHeader: `Authorization: Bearer x`") == []


def test_statuses_below_the_parameters_start_the_answers():
    row = "  **{0}**{1}required\n\n"
    page = (
        "# A dive\n\n```\nGET https://api.reef.io/dives/:id\n```\n\n## Request\n\n### Query Parameters\n\n"
        + row.format("deep", "boolean")
        + "- 200\n\n- 404\n\nThe dive\n\n- application/json\n\n- Schema\n\n**Schema**\n\n"
        + row.format("state", "string")
    )
    assert _answers(page) == {"200": ["state"]}


def test_a_lone_status_above_a_body_ends_a_table_of_lone_cells():
    cells = "Name\nType\nDescription\n\ndeep\n\nboolean\n\nGoes deep"
    page = f'A dive\nGET https://api.reef.io/dives\n\nRequest Body\n\n{cells}\n\n200\n{{\n  "dive_id": "d1"\n}}\n'
    assert _answers(page) == {"200": ["dive_id"]}


def test_comments_within_html_part_no_address():
    page = (
        "<html><body><h1>A dive</h1><span>get</span><span>https://api.reef.io/v3<!-- -->/dives<wbr>/{id}</span>"
        f"<h2>Response</h2><pre>{ANSWER.strip('`json' + chr(10))}</pre></body></html>"
    )
    assert set(extract(page.encode(), "dive.html").document["paths"]) <= {"/v3/dives/{id}", "/dives/{id}"}


@pytest.mark.parametrize("title", ["## Message object fields", "Each `note` has the following keys:"])
def test_members_stand_below_the_member_that_holds_such_objects(title):
    name = "notes" if title.startswith("Each") else "data"
    page = (
        "# Notes\n\n`GET /notes`\n\n# Response\n\n| Field | Type | Description |\n|---|---|---|\n"
        f"| {name} | array | List of message objects. |\n| total | integer | All |\n\n{title}\n\n"
        "| Field | Type | Description |\n|---|---|---|\n| text | string | Text |\n"
    )
    found = extract(page.encode(), "notes.md").document["paths"]["/notes"]["get"]["responses"]["200"]
    schema = found["content"]["application/json"]["schema"]
    assert list(schema["properties"][name]["items"]["properties"]) == ["text"]
    assert sorted(schema["properties"]) == sorted([name, "total"])


def test_a_path_of_a_title_is_completed_by_the_request_below_it():
    page = (
        "# Dives\n\n## POST /dives/csv\n\n### Request\n\n```bash\nPOST /api/v1/dives/csv\nAuthorization: Bearer <token>\n```\n\n"
        f"### Response\n\n{ANSWER}\n## GET /dives\n\n### Request\n\n```bash\nGET /api/v1/dives\n```\n\n### Response\n\n{ANSWER}"
    )
    assert set(_operations(page)) == {("post", "/api/v1/dives/csv"), ("get", "/api/v1/dives")}


@pytest.mark.parametrize("between", ["}{", "}\n\n{", "}\n202 Accepted\n{"])
def test_the_first_of_two_bodies_is_sent_where_only_the_second_has_what_a_service_gives(between):
    page = f'Create a dive\nPOST /dives\n{{\n"depth": 3\n{between}\n"dive_id": "d1",\n"state": "up"\n}}02Other formats\nThree ways to dive:\n'
    (operation,) = extract(page.encode(), "dive.txt").document["paths"]["/dives"].values()
    assert list(operation["requestBody"]["content"]["application/json"]["schema"]["properties"]) == ["depth"]
    (answers,) = _answers(page).values()
    assert answers == ["dive_id", "state"]


def test_what_runs_on_behind_a_path_or_a_command_is_parted():
    page = (
        "Dive\nPOST\n/dives/async For divers that are slow to answer and need more time.\nRequest\n"
        'curl -X POST https://api.reef.io/dives/async \\\n-d \'{"depth": 3}\' Response\n{\n"dive_id": "d1"\n}\n'
    )
    assert _operations(page) == {("post", "/dives/async"): ["dive_id"]}


def test_a_piece_of_a_document_is_taken_as_it_stands():
    page = (
        "# Reef\n\nPart of our definition:\n\n```yaml\n/dives/{id}:\n  get:\n    parameters:\n      - {in: path, name: id, required: true}\n"
        "    responses:\n      '200': {description: OK, content: {application/json: {schema: {type: object, properties: {state: "
        "{type: string, nullable: true}}}}}}\n```\n"
    )
    found = extract(page.encode(), "dive.md").document["paths"]["/dives/{id}"]["get"]["responses"]["200"]
    assert found["content"]["application/json"]["schema"]["properties"]["state"]["type"] == ["string", "null"]


def test_stored_blocks_of_readme_are_tables_and_code():
    table = '{\n "data": {\n  "h-0": "Field",\n  "h-1": "Type",\n  "0-0": "`state`",\n  "0-1": "string"\n },\n "cols": 2,\n "rows": 1\n}'
    code = (
        '{\n "codes": [\n  {\n   "code": "{\\n\\"state\\": \\"up\\"\\n}",\n   "language": "json"\n  }\n ]\n}'
    )
    page = f"`GET /dives`\n\n# Response\n\n[block:parameters]\n{table}\n[/block]\n\n[block:code]\n{code}\n[/block]\n"
    assert _answers(page) == {"200": ["state"]}


def test_the_counts_of_a_viewer_of_json_are_dropped():
    page = 'A dive\n\nGET /dives\n\nResponse\n\n{2 Eigenschaften\n"state": "up",\n"log": {1 item\n"depth": 3\n}\n}\n'
    assert _answers(page) == {"200": ["log", "state"]}


def test_a_link_and_a_mark_of_other_markup_are_no_bodies():
    page = f'# A dive\n\n[![build](https://img.reef.io/badge)](#)\n\n`GET /dives`\n\n## Response\n\n[cols="1,1"]\n\n{ANSWER}'
    assert _answers(page) == {"200": ["dive_id", "state"]}


def test_a_table_of_statuses_is_above_no_body():
    page = (
        "A dive\nGET https://api.reef.io/dives/:id\nResponse\nStatus Codes\nStatus Code\tDescription\n200 OK\tFound\n500 Error\tBroken\n"
        'Pending Dive Response\n{\n"state": "up"\n}\nCompleted Dive Response\n{\n"state": "down",\n"depth": 3\n}\n'
    )
    assert _answers(page) == {"200": ["depth", "state"]}


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("GET dive/{id}", "GET api/rest/dive/13?deep=all"),
        (
            "Use GET {baseURL}/api/rest/dive/{id} to look.",
            "curl 'http://localhost/web/api/rest/dive/66ebd18d3d6200007e000d8c'",
        ),
    ],
)
def test_an_operation_is_told_once_with_its_base_and_once_without(stated, shown):
    page = f'Get a dive\n\n{stated}\n\nExample\n\n{shown}\n\nResponse:\n\n{{\n  "dive_id": 13\n}}\n'
    assert _operations(page) == {("get", "/api/rest/dive/{id}"): ["dive_id"]}


def test_a_body_in_the_section_on_keys_is_no_answer():
    page = f'# A dive\n\n## Authentication\n\nThe token holds:\n\n```json\n{{\n"user": "u"\n}}\n```\n\n## Get\n\nEndpoint:\n\nGET /dives\n\nResponse:\n\n{ANSWER}'
    assert _answers(page) == {"200": ["dive_id", "state"]}


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("201 - Webhook subscription created", "response"),
        ("404 – No such dive", "errors"),
        ("Paramètres URL", "path"),
    ],
)
def test_a_heading_starts_with_a_status_or_names_the_url(heading, place):
    assert section_of(heading) == place


def test_a_sentence_names_parameters_of_the_query():
    page = f"# Dives\n\n`GET /dives`\n\nThe following query parameters are supported: from, to, and deep. With ?log=true you also get the log.\n\n## Response\n\n{ANSWER}"
    found = extract(page.encode(), "dive.md").document["paths"]["/dives"]["get"]
    assert [one["name"] for one in found["parameters"]] == ["from", "to", "deep"]
    page = page.replace("The following query parameters are supported: from, to, and deep. ", "")
    found = extract(page.encode(), "dive.md").document["paths"]["/dives"]["get"]
    assert [one["name"] for one in found["parameters"]] == ["log"]


def test_a_labelled_method_far_below_its_address_is_no_header():
    page = 'Dives\n\nEndpoint\n\n/dives/{id}\n\nHeaders\n\nA token is needed.\n\nAuthorization: Bearer T\nX-Deep: 3\n\nDive Request\n\nText.\n\nMethod: PUT\nResponse: 200 OK\n\n{\n"dive_id": "d1"\n}\n'
    assert _operations(page) == {("put", "/dives/{id}"): ["dive_id"]}
    found = extract(page.encode(), "dive.txt").document["paths"]["/dives/{id}"]["put"]["parameters"]
    assert [one["name"] for one in found] == ["id", "X-Deep"]


def test_names_keep_their_double_underscores_and_paths_lose_their_spaces():
    page = 'Dives\n\nGET\n/ api/ v1/ dives/ {id}/ logs?id__gt=3\n\nResponse\n\n{\n"dive_id": "d1"\n}\n'
    assert set(_operations(page.replace("?id__gt=3", ""))) == {("get", "/api/v1/dives/{id}/logs")}
    page = 'Dives\n\nGET /dives?id__gt=<id>\n\nResponse\n\n{\n"dive_id": "d1"\n}\n'
    found = extract(page.encode(), "dive.txt").document["paths"]["/dives"]["get"]
    assert [one["name"] for one in found["parameters"]] == ["id__gt"]


def test_a_line_says_where_the_key_is():
    assert _schemes(
        "`GET /dives`\n\n## Authentication\n\n**ReefKey** - API Key in `header` header `x-reef-key`"
    ) == [("apiKey", "header", "x-reef-key", "")]


@pytest.mark.parametrize(
    "text",
    ["- 401 未授权\n- 404 没有", "`401` no key · `404` no such dive", "Status codes: `200`, `401`, `404`.",
     "404 comes back for an unknown dive, 401 for a wrong key.", "- 401 – no key\n- 404 – no such dive"],
)  # fmt: skip
def test_a_list_or_a_sentence_tells_statuses_in_any_section(text):
    page = f"# A dive\n\n`GET /dives/{{id}}`\n\n## Response\n\n{ANSWER}\n## Notes\n\n{text}\n"
    found = extract(page.encode(), "dive.md").document["paths"]["/dives/{id}"]["get"]["responses"]
    assert sorted(found) == ["200", "401", "404"]


def test_the_head_of_a_table_names_the_place():
    page = f"# Dives\n\n`GET /dives`\n\n| Query | Type | Default |\n|---|---|---|\n| `limit` | integer | 20 |\n\n## Response\n\n{ANSWER}"
    (found,) = extract(page.encode(), "dive.md").document["paths"]["/dives"]["get"]["parameters"]
    assert (found["in"], found["name"], found["schema"]["type"]) == ("query", "limit", "integer")


@pytest.mark.parametrize(
    ("heading", "place"),
    [
        ("Corps de la requête (application/x-www-form-urlencoded)", "body"), ("Request-Body", "body"),
        ("Exemple de Réponse Favorable", "response"), ("Réponse en cas d'erreur", "errors"),
        ("Antwort im Fehlerfall", "errors"), ("Успешный ответ", "response"), ("Ответ с ошибкой", "errors"),
        ("오류 응답 예시", "errors"), ("요청 헤더", "header"),
    ],
)  # fmt: skip
def test_a_heading_of_an_example_says_whether_it_succeeds(heading, place):
    assert section_of(heading) == place


def test_the_body_of_a_webhook_has_no_say_on_the_operation_above_it():
    table = (
        "| Field | Type | Required |\n|---|---|---|\n| dive_id | string | yes |\n| depth | number | no |\n"
    )
    hook = '## Webhook: dive.ready\n\nWe POST this to your URL:\n\n```json\n{"event": "up", "no": 1, "url": "x"}\n```\n'
    page = f"# Dives\n\n## Get a dive\n\n`GET /dives/{{id}}`, every call needs `X-Reef-Key`.\n\n{table}\n404: gone\n\n{hook}"
    assert _answers(page) == {"200": ["depth", "dive_id"]}
    found = extract(page.encode(), "dive.md").document
    assert sorted(found["paths"]["/dives/{id}"]["get"]["responses"]) == ["200", "404"]
    assert list(found["components"]["securitySchemes"]) == ["X-Reef-Key"]


def test_a_body_within_a_sentence_about_errors_is_no_answer():
    page = 'A dive\nGET https://api.reef.io/dives\n\nResponse\n\nPossible error responses: 1. Unknown - {"reason": "gone"}\n\n{\n  "dive_id": "d1"\n}\n'
    assert _answers(page) == {"200": ["dive_id"]}
