"""Pages as text copied out of a browser: cells line by line, labels glued together, tabs told once."""

from __future__ import annotations

import pytest
from page_facts import extracted, plain, written

from contracts.vendoring import extract

PAGES = {
    "cells stand line by line, and a table is of the type that its title names": (
        """Look up a dive

URI

GET /v2/dives/{dive_id}

Table 1 Path Parameters

Parameter

Mandatory

Type

Description

dive_id

Yes

String

The dive.

Table 2 Request header parameters

Parameter

Mandatory

Type

Description

X-Reef-Token

Yes

String

Issued at the desk.

Response Parameters

Status code: 200

Table 3 Response body parameters

Parameter

Type

Description

depth

Integer

Metres.

gear

DiveGear object

What was worn.

Table 4 DiveGear

Parameter

Type

Description

suit

String

Which suit.

Status code: 404

Table 5 Response body parameters

Parameter

Type

Description

fault_code

String

What went wrong.

Example Requests

GET https://{endpoint}/v2/dives/2b31ed520b
""",
        """op GET /v2/dives/{dive_id}
param path dive_id string!
auth header X-Reef-Token
param header X-Reef-Token string!
200
/depth integer
/gear object
/gear/suit string
404
/fault_code string""",
    ),
    "a table belongs to the object that the line above it names": (
        """List dives
GET /v1/dives
Filter by depth. If omitted, all are returned.Options:
shallow, deepResponse
dives (array)
Each holds:
| Field | Type | Description |
|---|---|---|
dive_id |
string | Which dive |
state | string | Dive state: planned, under, or back |
paging
| Field | Type | Description |
|---|---|---|
total | integer | How many |
""",
        """op GET /v1/dives
200
/dives array
/dives/* object
/dives/*/dive_id string
/dives/*/state string enum(planned, under, back)
/paging object
/paging/total integer""",
    ),
    "each tab's schema is that of its status": (
        """GetDive
GET /v1/dives
Look up one dive.
Query Parameters
- id string required
Which dive
Responses
- 200
- 400
Done
- application/json
- Schema
- Example (from schema)
Schema
dive object required
state string requiredPossible values: [
PLANNED
,BACK
]
where object required
- anyOf
- MOD1
stringWhere it went.
Refused
- application/json
- Schema
- Example (from schema)
Schema
faultCode number required
reason string required
""",
        """op GET /v1/dives
param query id string!
200
/dive object!
/state string! enum(PLANNED, BACK)
/where string!
400
/faultCode number!
/reason string!""",
    ),
    "prose stands between a name and its type": (
        """Get dive

GET

/v1/dives/{id}

id
required
string

Which dive

Responses

200
Dive found

object
dive_id

Which dive it is

string
Example
d-1
depth_m

How deep (once it ended)

integer
nullable
state

Where the dive is

string
Allowed values: planned under back
""",
        """op GET /v1/dives/{id}
param path id string!
200
/dive_id string
/depth_m integer?
/state string enum(planned, under, back)""",
    ),
    "lines are numbered in the code, and the path stands before its method": (
        """Check a dive

Route: /api/dives/{diveId}/get

Action: GET

Response Samples

1{
2 "id": "d-1",
3 "count": 4,
4 "gear": {
5 "suit": "dry"
6 }
7}

Possible codes

404Not Found
""",
        """op GET /api/dives/{diveId}/get
param path diveId string!
200
/id string
/count integer
/gear object
/gear/suit string
404""",
    ),
    "a body follows a list of headers, and a header is called Authentication": (
        """Look up a dive

GET https://api.reef.dev/v4/dives/:id

Path Parameters

Name
Type
Description

id

number

Which dive.

Headers

Name
Type
Description

x-reef-key

string

Your key.

Authentication

string

A token.

{
  "diveId": 48,
  "state": "Back"
}
""",
        """op GET /v4/dives/{id}
server https://api.reef.dev
auth header x-reef-key
param path id number!
param header x-reef-key string
param header Authentication string
200
/diveId integer
/state string""",
    ),
    "statuses are glued behind the bodies before them, and fields in no section are asked": (
        """GET /dive/list List dives
reefstring Facultatif Which reef
limitinteger Facultatif How many
200 Dives
{
"dives": 3
} 401 Unauthorized
{
"fault": "no key",
"hint": "ask"
} 500 Server error
{
"fault": "down",
"hint": "wait"
}
""",
        """op GET /dive/list
param query reef string
param query limit integer
200
/dives integer
401
/fault string
/hint string
500
/fault string
/hint string""",
    ),
    "a tree of names in another language": (
        """潜水查询

  • 请求地址:https://api.reef.dev/v1/dive/query
  • 请求方式:POST

响应参数说明

参数 类型 说明
code int 0- 成功
result object
├─ dive_id string 潜水
├─ state string 状态

示例

  • 请求示例
{
    "dive_id": "d-1"
}
  • 响应示例
{
    "code": 0,
    "result": {
        "dive_id": "d-1",
        "state": "back"
    }
}
""",
        """op POST /v1/dive/query
server https://api.reef.dev
200
/code integer
/result object
/result/dive_id string
/result/state string""",
    ),
    "cells stand on one line, apart by single spaces, and a row goes on below in a list": (
        """getDives

リクエスト

メソッド URI
GET /api/v1/dives

リクエストクエリパラメータ

フィールド タイプ 必須の有無 説明
name String Optional 名前
state String Optional 状態
  • PLANNED | BACK
    • PLANNED: 予定
limit Integer Optional 数

レスポンス

レスポンスボディ

フィールド タイプ 必須の有無 説明
dives Array - 一覧
count Integer - 数

dives

divesの説明

フィールド タイプ 必須の有無 説明
diveId String - 番号
""",
        """op GET /api/v1/dives
param query name string
param query state string
param query limit integer
200
/dives array
/dives/* object
/dives/*/diveId string
/count integer""",
    ),
    "badges are glued before the type, and the headers of the answer are none of its fields": (
        """Get a dive
- HTTP Method:
GET - Endpoint:
/v1/dives/{id} - Authentication: none
PATH PARAMETERS
id
RequiredstringWhich dive
RESPONSE HEADERS
- X-Reef-ID : string
-
The id of the request
RESPONSE SCHEMA : application/json
state
RequiredunknownWhere it is
Value in:
"planned" | "back"
depth
RequiredstringHow deep
seen
stringWhen it was seen
Format:
"date-time"
""",
        """op GET /v1/dives/{id}
param path id string!
200
/state string! enum(planned, back)
/depth string!
/seen string date-time""",
    ),
    "a folding tree is printed with its marks, below tabs of statuses": (
        """List dives
GET /v0/dives/{reef_id}
path Parameters
reef_id required | string Which reef. |
Responses
Response samples
- 200
- 400
- 500
A sample of an answer.
{- "dives": [
- {
- "gear": [
- {
- "suit": "dry"
}
], - "id": "d-1",
- "state": "back"
}
]
}
""",
        """op GET /v0/dives/{reef_id}
param path reef_id string!
200
/dives array
/dives/* object
/dives/*/gear array
/dives/*/gear/* object
/dives/*/gear/*/suit string
/dives/*/id string
/dives/*/state string
400
500""",
    ),
    "a head is glued behind prose, bars cut a type, and a sentence names the object of a table": (
        """Get dives
GET /api/dives/{id}
Always look at the parts too.| Field | Type | Description |
|---|---|---|
total | number | How many |
dives | array | The dives (see below) |
endedAt | string | null | When it ended |
dives represents one dive:
| Field | Type | Description |
|---|---|---|
diveId | string | Which dive |
buddy | string | null | With whom |
""",
        """op GET /api/dives/{id}
param path id string!
200
/total number
/dives array
/dives/* object
/endedAt string?
/dives/*/diveId string
/dives/*/buddy string?""",
    ),
    "headings and badges are Russian, and labels are glued behind values": (
        """Get a dive

GET
https://api.reef.dev/v1/dives/:id

Аутентификация

AuthorizationBearer

Параметры пути

idstringОбязательныйformat: "uuid"

Which dive.

Ответ

The dive.
idstringformat: "uuid"
Which dive.
depthinteger
How deep.
endedAtdatetime or null

Ошибки

404
Not Found Error
""",
        """op GET /v1/dives/{id}
server https://api.reef.dev
auth bearer
param path id string! uuid
200
/id string uuid
/depth integer
/endedAt string? date-time
404""",
    ),
    "method and path stand below their labels, and a table is of one of a list": (
        """Query dives
Request
ENDPOINT
/v2/reef/REEF_KEY/dives/DIVE_KEY/partsMETHOD
GETPath parameters
| Field | Type | Description |
|---|---|---|
reef_key | uuidv4 | Which reef |
dive_key | uuidv4 | Which dive |
Response
STATUS
200Response Body
{
"dive_key": "f2d3e1b9-4a5c-46e7-8f12-9a8b7c6d5e4f",
"parts": [
{
"weight": 2.5
}
]
}
Response Body Params
| Field | Type | Description |
|---|---|---|
dive_key * | uuidv4 | Which dive |
parts * | array | See part object |
part object
| Field | Type | Description |
|---|---|---|
weight * | number | In kilograms |
""",
        """op GET /v2/reef/{reef_key}/dives/{dive_key}/parts
param path reef_key string! uuid
param path dive_key string! uuid
200
/dive_key string! uuid
/parts array!
/parts/* object
/parts/*/weight number!""",
    ),
    "what a field means is no heading": (
        """Get a dive

GET /v1/dives/{id}

Responses
200

Found.

state string OPTIONAL

Response status

seen date-time OPTIONAL

Response time (UTC)

404

Not found.

state string OPTIONAL

Response status

fault string OPTIONAL

Error message
""",
        """op GET /v1/dives/{id}
param path id string!
200
/state string
/seen string date-time
404
/state string
/fault string""",
    ),
    "a table of errors stands between, and a body ends in a comma": (
        """Dives
GET /v2/dives
Headers
Field | Type | Description |
---|---|---|
X-Reef | String | Which reef |
Error Name | Type | Description |
---|---|---|
code | Integer | Error code |
Sample Responses
Code 200 Response
Copy
{
"state": "back",
"deep": flase,
"count": 1
},
Code 401 Response
Copy
{
"fault": "no key"
}
""",
        """op GET /v2/dives
param header X-Reef string
200
/state string
/deep string
/count integer
401
/fault string""",
    ),
    "a parameter of the path stands in no section": (
        """Get dive

GET
/dives/{diveId}

diveId
required
integer

Which dive

Responses

200

The dive

object
state

Where it is

string
""",
        """op GET /dives/{diveId}
param path diveId integer!
200
/state string""",
    ),
    "properties that are all holes of the path are parameters": (
        """# Dives

### Move a dive

```javascript
GET /api/dive/{id}/to/{reef}
```

**Properties**

id *<mark style="color:purple;">integer</mark>*

Which dive

reef *<mark style="color:purple;">integer</mark>*

Where to

**Result**

moved *<mark style="color:purple;">boolean</mark>*

Whether it moved

```json
{"moved": true}
```
""",
        """op GET /api/dive/{id}/to/{reef}
param path id integer!
param path reef integer!
200
/moved boolean""",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_text_copied_out_of_a_page(name):
    page, facts = PAGES[name]
    assert plain(extracted(extract(page.encode(), "dive.txt").document)) == plain(written(facts))


def test_a_key_is_read_from_a_line_of_its_section():
    head = "Look up a dive\n\nGET https://api.reef.dev/v4/dives/{id}\n\n"
    answer = '\n\nResponse\n\n{\n  "state": "back"\n}\n'
    for told, scheme in {
        "Authentication\nX-Reef-Key: sk_test_1": {"type": "apiKey", "in": "header", "name": "X-Reef-Key"},
        "Authorization\n\nApiKeyAuth\nAuthorizationBearer <token>": {"type": "http", "scheme": "bearer"},
        "Security: basicAuth": {"type": "http", "scheme": "basic"},
    }.items():
        document = extract((head + told + answer).encode(), "dive.txt").document
        (found,) = document["components"]["securitySchemes"].values()
        assert {k: v for k, v in found.items() if k in {"type", "in", "name", "scheme"}} == scheme


def test_a_page_that_shows_no_answer_at_all_still_gives_its_parameters():
    page = "Look up a dive GET /v1/dives\n\nParameters\n| Parameter | Required | Type |\n|---|---|---|\n| dive | Yes | String |\n\nExample Response\nHTTP Response\n| HTTP Code | Message |\n|---|---|\n| 200 | Found |\n| 422 | Not valid |\n"
    read = extract(page.encode(), "dive.md")
    assert read.notices == ("dive.md: no body of a successful answer is on this page",)
    assert set(read.document["paths"]["/v1/dives"]["get"]["responses"]) == {"200", "422"}
