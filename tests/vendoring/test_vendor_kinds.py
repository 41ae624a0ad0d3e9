"""Pages by the kind of their layout: glued tables, types before names, front matter, API Blueprint and others."""

from __future__ import annotations

import json

import pytest
from page_facts import extracted, plain, written

from contracts.vendoring import extract

PAGES = {
    "the cells of a table are glued together, its head too": (
        """Look up a dive

DescriptionOne dive
Request Path{{base}}/dives/{{dive_id}}/
MethodGet

Request Parameters

ParameterData TypePositionRequiredDescription
AuthorizationStringHeaderYesA token: Authorization: JWT {token}
dive_idStringURLYesThe dive

Response Parameters

ParameterDescriptionNullable
stateWhere the diver isNo
depth_nowMetres of waterNo

If there is no such dive, the response to this would be 404 Not Found.
""",
        """op GET /dives/{dive_id}
auth header Authorization
param path dive_id string!
200
/state any
/depth_now any
404""",
    ),
    "heads of tables cut a section, and the line above names an object or a type": (
        """GET/dives/{diveId}

HTTP Request

GEThttps://api.reef.dev/v1/dives/{diveId}

Path Parameters

ParameterTypeDescription
diveId string

The dive

required

Response

HTTP 200

PropertyTypeDescription
dive object (dive)

The dive

dive

PropertyTypeDescription
divers array (Diver)

Who dives

gas string

What is breathed

  • AIR: from the shore
  • NITROX: mixed on board

Allowed values : AIR, NITROX
buddy string or null

Who else

  • nobody: on a dive alone

ended string

nullable : true

Diver

PropertyTypeDescription
diverId string

Diver ID

gas string

Allowed values : AIR, TRIMIX
""",
        """op GET /dives/{diveId}
server https://api.reef.dev/v1
param path diveId string!
200
/dive object
/dive/divers array
/dive/divers/* object
/dive/divers/*/diverId string
/dive/divers/*/gas string enum(AIR, TRIMIX)
/dive/gas string enum(AIR, NITROX)
/dive/buddy string?
/dive/ended string?""",
    ),
    "the type stands above the name, the badge below it": (
        """Look up a dive

GET https://api.reef.dev/dives/{id}
Path Parameters
string
id
Required

Responses
200

Returns "dive Object"
string
gas
Optional

gas

Possible values are : AIR, NITROX,
string As date-time As date-time
left-at
Required

left-at

array of object
stops
Optional

404

No such dive
""",
        """op GET /dives/{id}
server https://api.reef.dev
param path id string!
200
/gas string enum(AIR, NITROX)
/left-at string! date-time
/stops array
/stops/* object
404""",
    ),
    "the path stands above the method, and members are shown as their schemas": (
        """/dives/{id}
GET
Look up a dive
Parameters
id/string/required
The dive.
Responses
200
Found.
{
"id": {
"type": "string",
"nullable": true,
"example": "d1"
},
"depth": {
"type": "number",
"description": "Metres"
}
}
404
None.
""",
        """op GET /dives/{id}
param path id string!
200
/id string?
/depth number
404""",
    ),
    "bodies are glued behind a command": (
        """Look up a dive
Authorization
ApiKeyAuth x-reef-key<token>
In: header
Path Parameters
id*string
Response Body
application/json
application/json
curl -X GET "https://example.com/dives/string"{ "success": true, "data": { "id": "string", "depth": 4.5 }}{ "success": false, "error": { "code": "string" }}{ "success": false, "error": { "code": "string" }}
""",
        """op GET /dives/{id}
auth header x-reef-key
param path id string!
200
/success boolean
/data object
/data/id string
/data/depth number""",
    ),
    "the schemas of other operations follow, each below its name and the word object": (
        """Look up a dive

get
https://api.reef.dev/dives/{diveId}

Path Parameters

diveIdstringrequired

Response

application/json

Dive

idstringrequired

depthnumber(float)required

gasstring

Dive

object
idstringrequired

depthnumber(float)required

NewDive

object
depthnumber(float)required
""",
        """op GET /dives/{diveId}
server https://api.reef.dev
param path diveId string!
200
/id string!
/depth number! float
/gas string""",
    ),
    "front matter states the operation, and a default answer is none of the successes": (
        """---
name: Look up a dive
url: https://api.reef.dev
method: GET
route: /dives/{diveId}

parameters:
  path:
    - name: diveId
      type: string
---

# One dive

## Responses

### `200` Found

| Field | Type | Req |
|-------|------|-----|
| `id` | string | ✓ |

### `default` Fault

| Field | Type | Req |
|-------|------|-----|
| `code` | integer | |
""",
        """op GET /dives/{diveId}
server https://api.reef.dev
param path diveId string!
200
/id string!
default
/code integer""",
    ),
    "API Blueprint with a body and with attributes": (
        """# Group Dives

## Dive [/dives/{reef}/{id}{?unit}]

+ Parameters
    + reef: `great barrier` (string, required) - The reef.
    + id: `7` (number, required)

### Look up [GET]

+ Response 200 (application/json)

    + Attributes
        + gas: `air` (string, required) - What is breathed.

    + Body

            {
                "gas": "air",
                "depth": 12,
            }
""",
        """op GET /dives/{reef}/{id}
param path reef string!
param path id number!
200
/gas string!
/depth integer""",
    ),
    "tags of two operations stay with their operation": (
        """# Dives

{% swagger baseUrl="https://api.reef.dev" path="/dives/:id" method="get" summary="One" %}
{% swagger-parameter name="id" type="string" required="true" in="path" %}
{% endswagger-parameter %}
{% swagger-response status="200" description="Found." %}
```javascript
{
  "state": "up"
}

{
  "state": "lost"
}
```
{% endswagger-response %}
{% endswagger %}

{% swagger baseUrl="https://api.reef.dev" path="/dives/:id/log" method="get" summary="Log" %}
{% swagger-parameter name="id" type="integer" required="true" in="path" %}
{% endswagger-parameter %}
{% swagger-response status="200" description="Found." %}
```javascript
{
  "lines": []
}
```
{% endswagger-response %}
{% endswagger %}
""",
        """op GET /dives/{id}
server https://api.reef.dev
param path id string!
200
/state string
op GET /dives/{id}/log
param path id integer!
/lines array""",
    ),
    "braces are escaped, and prose tells what a list is of": (
        """GET /dives/\\{id\\}

Responses

200
Dive, an object with the following properties:

gases

array

array<string> of names

404 No such dive
""",
        """op GET /dives/{id}
param path id string!
200
/gases array
/gases/* string
404""",
    ),
    "bullets lie within bullets, and their prose says schema": (
        """Look up a dive

GET /dives/{diveid}

Path parameters

  • diveid string Required

    Unique identifier of the request schema

Responses

  • 200 application/json

    Get dive schema

    Hide response attributes Show response attributes object
    • gas string

      What is breathed

    • files array[object]
      Hide files attributes Show files attributes object
    • ended string(date-time) Required

  • 404 application/json

    Not there

    Hide response attributes Show response attributes object
    • code string Required
""",
        """op GET /dives/{diveid}
param path diveid string!
200
/gas string
/files array
/files/* object
/ended string! date-time
404
/code string!""",
    ),
    "an answer is a list, its members stand in brackets and below stars, headers before them": (
        """Look up all dives

GET/dives/
v2

Request

Responses

Response-Header

  • X-Total-Countinteger

    How many

application/json
  • Array[
    • *object
      • diverIdstring (≥ 1 characters)
        required
      • stopsarray of object
        required
        • Array[
          • *object
            • depthnumber
              required
          ]
      • boatobject
        • namestring
    ]
""",
        """op GET /dives
200
. array
/* object
/*/diverId string!
/*/stops array!
/*/stops/* object
/*/stops/*/depth number!
/*/boat object
/*/boat/name string""",
    ),
    "members follow their object, a type stands below the prose, a map ends where it is told": (
        """Get a dive

GET
/dives/{dive_id}

Path Parameters

dive_id
required
string

Responses

200

Found

object
meta

More about the answer

object
key
additional properties
string
data

The document

object
id
required

Unique ID

string
links

Where to go on

object
self
required

This one

string
meta

More about the answer, again

object

404

Not found
""",
        """op GET /dives/{dive_id}
param path dive_id string!
200
/meta object
/data object
/data/id string!
/data/links object
/data/links/self string!
404""",
    ),
    "two members are of one type, whose table follows": (
        """Look up a dive

GET /dives/one/{diveId}/state

Response Parameters
| Field | Type | Description |
|---|---|---|
| state | string | How it goes: down/stop/up. |
| first | object / DiverData | Who leads |
| others | array / DiverData | Who follows |
DiverData object
| Field | Type | Description |
|---|---|---|
| name | string | Who |
| gas | string / null | What |
""",
        """op GET /dives/one/{diveId}/state
param path diveId string!
200
/state string enum(down, stop, up)
/first object
/first/name string
/first/gas string?
/others array
/others/* object
/others/*/name string
/others/*/gas string?""",
    ),
    "titles are repeated behind the mark of an anchor, and all is glued": (
        """Dives API
List Dives
Section titled “List Dives”GET /api/dives?page=1&gas=airQuery Parameters
Section titled “Query Parameters”| Parameter | Type | Default | Description |
|---|---|---|---|
page | int | 1 | Page number |
gas | string | all | Filter |
Response
Section titled “Response”{ "data": [ { "id": "d1" } ], "total": 127 }Get Dive
Section titled “Get Dive”GET /api/dives/:idReturns full details.
""",
        """op GET /api/dives
param query page integer =1
param query gas string =all
200
/data array
/data/* object
/data/*/id string
/total integer
op GET /api/dives/{id}
param path id string!""",
    ),
    "a path without a slash, rows of tables broken behind cells, and a head glued to a type's name": (
        """GET api/v{version}/dives/{id}?key={key}
URI Parameters
Name | Description | Type | Additional information |
---|---|---|---|
key |
The API key |
string |
Required |
version | string |
None. |
Response Information
DiveOutName | Description | Type | Additional information |
---|---|---|---|
Deep | boolean |
None. |
|
Gas |
What is breathed. |
string |
None. |
Stops |
All of them. |
Collection of StopOut |
None. |
""",
        """op GET /api/v{version}/dives/{id}
param path version string!
param path id string!
param query key string!
200
/Deep boolean
/Gas string
/Stops array
/Stops/* object""",
    ),
    "the column of types holds places, and examples of fields are no bodies": (
        """Look up dives

GET /dives

Request Parameters
name type description constraints
gas query what
limit query how many int

## Response 200 fields (application/json):

  - `items` (array)
    All.
    Example: [{"deep":false,"gas":"air"}]

  - `items.deep` (boolean)
    Example: false
""",
        """op GET /dives
param query gas any
param query limit any
200
/items array
/items/* object
/items/*/deep boolean""",
    ),
    "an equals sign in a path, and a type told above": (
        """Get dive by name

Get
/dives/name={name}

Security
HTTP
Type basic
Path parameters
name
stringRequired
Examplegreat_reef
Responses
200
Default
{
  "depth": "9"
}
object

depth
number

Metres

gas
string

The gas. Available values AIR,NITROX, TRIMIX
""",
        """op GET /dives/name={name}
auth basic
param path name string!
200
/depth number
/gas string enum(AIR, NITROX, TRIMIX)""",
    ),
    "operations stated in a row share what follows": (
        """# Dives

## Authentication

```
Authorization: Token YOUR_TOKEN
```

## Endpoint

Both work:

```
GET https://api.reef.dev/dives/{id}/find/?code={code}
POST https://api.reef.dev/dives/{id}/find/
```

### Path Parameters

| Parameter | Type | Status | Description |
|---|---|---|---|
| `id` | Integer | Required | The dive |

### Query Parameters (GET) / Request Body (POST)

| Parameter | Type | Status | Description |
|---|---|---|---|
| `code` | String | Required | The code |
| `gas` | String | Optional | The gas |

### Response Fields

| Field | Description |
|---|---|
| `state` | Where it is |
""",
        """op GET /dives/{id}/find
server https://api.reef.dev
auth header Authorization
param path id integer!
param query code string!
param query gas string
200
/state any
op POST /dives/{id}/find""",
    ),
    "a sentence is glued behind the path, and programs stand between": (
        """Estado de un buceo
GET
/buceos/estado/:numero_unicoEste endpoint da el estado.
Encabezados
| Parámetro | Tipo | Requerido | Descripción |
|---|---|---|---|
Authorization | string | ✅ Sí | Token Bearer |
Ejemplos
curl -X GET https://api.reef.dev/buceos/estado/B1 \
-H "Authorization: Bearer TOKEN"
const response = await fetch(
`https://api.reef.dev/buceos/estado/${numeroUnico}`,
{
method: 'GET',
headers: {
'Authorization': 'Bearer TOKEN'
}
}
);
Respuestas
200Éxito - Estado del buceo
{
"estado": "arriba"
}
404No encontrado
{
"error": "nada"
}
""",
        """op GET /buceos/estado/{numero_unico}
server https://api.reef.dev
auth bearer
param path numero_unico string!
200
/estado string
404
/error string""",
    ),
    "members have prose only, in bullets, and nothing shows them": (
        """You can look up a dive:

  • /api/dives/{diveid} - One of them
  • /api/dives/of/{diver} - Those of a diver

Body Response

  • dive: What was found:
    • id: Its name
    • gas : What is breathed. Possible values:
      • AIR
      • NITROX
    • buddy: Who else
      • name : The name
      • gas: (Optional) The gas
""",
        """op GET /api/dives/{diveid}
param path diveid string!
200
/dive object
/dive/id any
/dive/gas string enum(AIR, NITROX)
/dive/buddy object
/dive/buddy/name any
/dive/buddy/gas any""",
    ),
    "Sphinx in Spanish, and a heading above a heading names the object": (
        """GET HOST/v1/dives/(int: id)/
Parámetros:
  • id (int) – El buceo.

Objeto JSON de respuesta:
  • id (int) – El buceo.

  • diver (obj) – Quien bucea.

diver object:

Objeto JSON de respuesta:
  • id (int) – Su número.

  • name (string) – Su nombre.
""",
        """op GET /v1/dives/{id}
param path id integer!
200
/id integer
/diver object
/diver/id integer
/diver/name string""",
    ),
    "types, badges and names are glued line by line, and the path stands below its base": (
        """Create a dive
POST
https://api.reef.dev/v1
/dives
Headers
X-Reef-ID
stringWhere to dive
Responses
guide
objectgear
object[]state
stringoptionalendedAt
stringoptional
""",
        """op POST /dives
server https://api.reef.dev/v1
param header X-Reef-ID string
200
/guide object
/gear array
/gear/* object
/state string
/endedAt string""",
    ),
    "examples stand before the next name, and a second body follows": (
        """Get a dive
GET /dives/{id}
Parameters
Section titled “ Parameters ”Path Parameters
Section titled “Path Parameters ” id
required
string
The dive
Responses
Section titled “ Responses ”Found
object
dive_gas
What is breathed
string
AIR dive_ended
When it ended
string format: date-time
2025-12-11T16:24:36Z total_cost
object
unit
string
Bad request - invalid label
object
fault_messages
required
What is wrong
Array<string>
""",
        """op GET /dives/{id}
param path id string!
200
/dive_gas string
/dive_ended string date-time
/total_cost object
/total_cost/unit string""",
    ),
    "objects are collapsed, and a badge stands below the prose": (
        """get
/dives/{dive-id}
Authorization
apiKey - x-reef-key
Responses
Schema
dive_id
string
label
object
guide
object
required
payment
object
For a dive at night mode
and depth
are not required and will be set
accordingly.
required
gear
array[object]
stops
array[object]
required
rma_id
string
""",
        """op GET /dives/{dive-id}
auth header x-reef-key
param path dive-id string!
200
/dive_id string
/label object
/guide object!
/payment object!
/gear array
/gear/* object
/stops array!
/stops/* object
/rma_id string""",
    ),
    "rows go on without bars, columns are told by their cells, and bullets are broken": (
        """Get Dive
GET /dives/[diveId]
Headers
Header Name | Description | Required | Values |
---|---|---|---|
X-Reef | The desk | Required |
Reef [token]
where [token] is a string |
X-Boat | The boat | Optional | a/b+json |
Parameters
- night (
string, query, required): At night. - depth (
integer, query): Metres. - boat (
string, header): The boat.
Result
Name | Value | Description |
---|---|---|
id | String | The dive. |
String | The mail of the guide. | |
links | Object | Where to go |
Response Codes
Code Media type Description
200 application/json Fine.
404 application/json No such dive.
""",
        """op GET /dives/{diveId}
param path diveId string!
param header X-Reef any!
param header X-Boat any
param query night string!
param query depth integer
param header boat string
200
/id string
/links object
404""",
    ),
    "glued rows hold words that are types, and the key's header is named": (
        """Get Dive

Endpoint

  • URL: /dives/{dive_id}
  • Method: GET

Path Parameters

ParameterTypeDescription
dive_idstringThe dive.

Authentication

  • Header: reefToken
  • Type: Bearer Token

Main Response Fields

FieldTypeDescription
successbooleanWhether it worked.
dataobjectThe dive.

Dive Object (data)

FieldTypeDescription
phoneNumberstringContact number of the guide.
isNightbooleanWhether it is dark.
""",
        """op GET /dives/{dive_id}
auth header reefToken
param path dive_id string!
200
/success boolean
/data object
/data/phoneNumber string
/data/isNight boolean""",
    ),
    "no heading is left on the page": (
        """Get dive

GET
/dives/{diveId}

Get dive by ID

diveId
required
integer

ID of the dive

Successfully retrieved dive

object
data
Dive

Object representing a dive

object
id

Internal ID

integer
endedAt

Date of the end

date

404 Not there
""",
        """op GET /dives/{diveId}
param path diveId integer!
200
/data object
/data/id integer
/data/endedAt string date
404""",
    ),
    "a title stands behind the method, and properties keep the status above them": (
        """get Return the dive.

/api/dives/last
last

Antworten

200

OK. Here it is.
Content Type:
application/json
  • Schema
  • Example
  • object
    Beispiel: {"gas":"air"}
    Eigenschaften:
    • gas
      string
      Gas

401

Nicht erlaubt.
Content Type:
application/json
  • Schema
  • object
    Eigenschaften:
    • message
      string
      Erforderlich
      Error message
""",
        """op GET /api/dives/last
200
/gas string
401
/message string!""",
    ),
    "French sections, data behind headers, and words listed behind a body": (
        """Statistiques d'une plongée

URL

https://api.reef.dev/v2/dives/533c14d5e4b05d2efeb66c00/status

HTTP METHOD

GET

Paramètres particuliers

ChampsTypeDescription
unitstringMètres ou pieds

Retour de l'API

HEADERS

HTTP/1.1 200 OK Date: Fri, 08 Jan 2016 15:11:02 GMT

DATA

{ "depth": 130,
"state": "up"
}Valeurs possibles pour le champ « state »

  • up
  • down
""",
        """op GET /v2/dives/{dive_id}/status
server https://api.reef.dev
param path dive_id string!
param query unit string
200
/depth integer
/state string enum(up, down)""",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_this_kind_is_read_as_a_reader_reads_it(name):
    page, facts = PAGES[name]
    listed = written(facts)
    assert plain(extracted(extract(page.encode(), "dive.md").document), listed) == plain(listed, listed)


def test_a_type_that_holds_itself_is_described_so_many_times_and_no_more():
    head = "| Field | Type |\n|---|---|\n"
    table = f"DiverData object\n{head}| name | string |\n| buddy | object / DiverData |\n"
    page = f"GET /dives\n\nResponse Parameters\n{head}| first | object / DiverData |\n" + table * 40
    document = extract(page.encode(), "dive.md").document
    first = document["paths"]["/dives"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(first["properties"]["first"]["properties"]["buddy"]["properties"]) == {"name", "buddy"}


def test_lists_of_a_type_that_holds_itself_share_nothing():
    types = (
        "interface Dive {\n  stops: Stop[];\n}\n\ninterface Stop {\n  depth: number;\n  stops: Stop[];\n}\n"
    )
    page = f"GET https://api.reef.dev/dives/{{id}}\n\n### Response\n\n```typescript\n{types}```\n"
    document = extract(page.encode(), "dive.md").document
    assert len(json.dumps(document)) < 20_000
