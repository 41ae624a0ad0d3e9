"""Pages copied out of a browser: fields one below the other, and which object holds each of them."""

from __future__ import annotations

import pytest
from page_facts import extracted, plain, written

from contracts.vendoring import extract

HEAD = "Get a dive\nGET\n/v1/dives/{dive_id}\n\nPath Parameters\ndive_id\nstring\nrequired\n\n"
OP = "op GET /v1/dives/{dive_id}\nparam path dive_id string!\n200\n"

PAGES = {
    "what an error says has no say on the answer, nor has a list below the type of one field": (
        """Responses

Dive details retrieved successfully

object
tags

Words of the guide

Array<string>
[
"reef"
]
id

Identifier of the dive

string
d-1

Bad request - no such dive

object
error_messages

Array<string>
[
"name is required"
]
{
"error_messages": [
"name is required"
]
}
""",
        "/tags array\n/tags/* string\n/id string",
    ),
    "of statuses with their phrases below them the first is shown; a place has a line of its own": (
        """Parameters
season
query
integer
optional

Responses
200
OK
401
Unauthorized
404
Not Found
application/json
id
string
required
depth
integer
optional
""",
        "/id string!\n/depth integer\n401\n404\nparam query season integer",
    ),
    "the example tells where the members of an object end": (
        """Responses
200
OK
id
string
guide
object
Show child attributes
name
string
rating
number
depth_m
integer

Example
{
  "id": "d_1",
  "guide": {"name": "Ana", "rating": 4.5},
  "depth_m": 30
}
""",
        "/id string\n/guide object\n/guide/name string\n/guide/rating number\n/depth_m integer",
    ),
    "a field that no example shows stands between two members of one object": (
        """Responses
200
OK
guide
object
name
string
nickname
string
rating
number
depth_m
integer

Example
{"guide": {"name": "Ana", "rating": 4.5}, "depth_m": 30}
""",
        "/guide object\n/guide/name string\n/guide/nickname string\n/guide/rating number\n/depth_m integer",
    ),
    "a field at the border of two objects that no example shows is left out": (
        """Responses
200
OK
guide
object
name
string
nickname
string
depth_m
integer

Example
{"guide": {"name": "Ana"}, "depth_m": 30}
""",
        "/guide object\n/guide/name string\n/depth_m integer",
    ),
    "the items of a list open below its type, and an object after them can be of either": (
        """Responses
200
OK
object
id
string
stops
Array<object>
nullable
object
depth_m
integer
minutes
integer
gas
object
name
string
""",
        "/id string\n/stops array?\n/stops/* object\n/stops/*/depth_m integer\n/stops/*/minutes integer",
    ),
    "a name that the object has already belongs further out, and where is not told": (
        """Responses
200
OK
object
data
object
guide
object
id
string
name
string
id
string
site
string
""",
        "/data object\n/data/guide object\n/data/guide/id string\n/data/guide/name string",
    ),
    "the name of an item stands below its list": (
        """Responses
200
OK
object
stops
array of objects
required
stops
object
depth_m
int32
required
""",
        "/stops array!\n/stops/* object\n/stops/*/depth_m integer! int32",
    ),
    "an item whose bracket is written out, and examples that leave it empty": (
        """Responses
200 A dive.
Response Schema: application/json
id
required
string
stops
Array of objects (Stop) [ 1 .. 40 items ]
Array ([ 1 .. 40 items ])
depth_m
required
integer

Response samples
200
{"id": "d_1", "stops": [{}]}
""",
        "/id string!\n/stops array\n/stops/* object\n/stops/*/depth_m integer!",
    ),
    "a list at the root, in bullets that share their line with a field": (
        """Responses

    200

OK

Schema

  • Array [

  • id string

    Which dive.

    guide

    object[]

  • Array [

  • name string
    rating number

  • ]

  • depth_m integer

  • ]
""",
        (
            ". array\n/* object\n/*/id string\n/*/guide array\n/*/guide/* object\n/*/guide/*/name string\n"
            "/*/guide/*/rating number\n/*/depth_m integer"
        ),
    ),
    "a model in braces, with marks, formats and allowed words": (
        """Responses
Code\tDescription\tLinks
200\t
A dive

Media type

application/json
Controls Accept header.
Example Value
Schema
Dive{
id*\tstring($uuid)
state*\tstring
Enum:
[ planned, down, up ]
ended_at\tstring($date-time)
nullable: true
stops\t[Stop{
depth_m*\tinteger
gas\tstring
}]
guide\tGuide{
name\tstring
}
}
No links
""",
        (
            "/id string! uuid\n/state string! enum(planned, down, up)\n/ended_at string? date-time\n/stops array\n"
            "/stops/* object\n/stops/*/depth_m integer!\n/stops/*/gas string\n/guide object\n/guide/name string"
        ),
    ),
    "the format stands on a line below its label or its type, and prose is no heading": (
        """Returns
id: string
Dive ID (of a webhook)

format
uuid
ended_at: optional string
Read-only. When the dive ended. Omitted when null.

format
date-time
depth_m: integer
int32
Whether the webhook is called, in metres.

site: string
200
Example
{"id": "d_1", "ended_at": "2026-01-02T03:04:05Z", "depth_m": 3, "site": "Reef"}
""",
        "/id string! uuid\n/ended_at string date-time\n/depth_m integer! int32\n/site string!",
    ),
    "labels with colons, anchors for ears, and an example that no status claims": (
        """Responses
200
Copy link to 200
A dive.
application/json
idCopy link to id
Type: string
Format: uuid
required
Which dive.

state
Copy link to state
Type: string
enum
required
values
planned
downstring
up
tags
Type: array string[]
guide
Copy link to guide
Type: object
name
Copy link to name
Type: string
404
No such dive.
application/json
Request Example for
get
/v1/dives/{dive_id}
Shell Curl
curl https://api.reef.dev/v1/dives/1

Test Request
(get /v1/dives/{dive_id})
Status: 200
Status: 404
{"id": "d_1", "state": "up", "tags": ["reef"], "guide": {"name": "Ana"}}
""",
        """server https://api.reef.dev
/id string! uuid
/state string! enum(planned, downstring, up)
/tags array
/tags/* string
/guide object
/guide/name string
404""",
    ),
    "allowed words on one line below the prose": (
        """Responses
200
OK
object
state
string
enum
required
Where it is.

planned down up

id
int64
required
""",
        "/state string! enum(planned, down, up)\n/id integer! int64",
    ),
    "plain members take one line, so what has its type below it has members, and lists stand beside it": (
        """Responses

    200

OK

Schema

    id uuidrequired

    guide

    object

    name string

    stops

    object[]

  • Array [

  • depth_m integer

  • ]
""",
        "/id string! uuid\n/guide object\n/guide/name string\n/stops array\n/stops/* object\n/stops/*/depth_m integer",
    ),
    "the line Array above the first name opens a list at the root, and a name can be `name`": (
        """Responses
200 All dives.
Response Schema: application/json
Array
id
required
integer <int64>
name
required
string = 2 characters ^[A-Z]{2}$
stops
Array of objects
Array
depth_m
required
integer [ 1 .. 40 ]
404 No dives.
""",
        """. array
/* object
/*/id integer! int64
/*/name string!
/*/stops array
/*/stops/* object
/*/stops/*/depth_m integer!
404""",
    ),
    "below an object whose own place is not known nothing is placed": (
        """Responses
200
OK
stops
Array of objects
Array
depth_m
integer
gas
object (Gas)
name
string
""",
        "/stops array\n/stops/* object\n/stops/*/depth_m integer",
    ),
    "the members of an object are counted": (
        """Responses
200
OK
guide
object
Hide 2 properties
name
string
rating
number
depth_m
integer
""",
        "/guide object\n/guide/name string\n/guide/rating number\n/depth_m integer",
    ),
    "members with a description are not of the list whose members have none": (
        """Responses
200
OK
object
id

Which dive

string
Example
d_1
site

Where it is

string
stops
Array<object>
object
depth_m
integer
Example
7
minutes
integer
ended_at

When it ended

string format: date-time
""",
        """/id string
/site string
/stops array
/stops/* object
/stops/*/depth_m integer
/stops/*/minutes integer
/ended_at string date-time""",
    ),
    "a constraint is glued to its value, and a page that marks what it requires marks nothing here": (
        """Responses
200
OK
object
id
string
formatuuid
maxLength36
site
string

Where it is.

Example
{"id": "d_1", "site": "Reef"}
""",
        "/id string uuid\n/site string",
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_every_field_stands_in_the_object_that_holds_it(name):
    page, facts = PAGES[name]
    listed = written(OP + facts)
    assert plain(extracted(extract((HEAD + page).encode(), "dive.txt").document), listed) == plain(
        listed, listed
    )


def test_a_field_that_nothing_places_is_told():
    page, _ = PAGES["a field at the border of two objects that no example shows is left out"]
    line = (HEAD + page).split("\n").index("nickname") + 1
    told = [notice for notice in extract((HEAD + page).encode(), "dive.txt").notices if "nickname" in notice]
    assert told == [f"dive.txt:{line}: nothing tells which object holds nickname: it was left out"]


def test_an_object_put_beside_the_one_before_it_is_told_as_a_guess():
    body = "id\nstring\nowner\nobject\nname\nstring\nIts name.\naddress\nobject\nstreet\nstring\n"
    page = f"GET /v1/dives/{{id}}\n\nResponses\n200\nOK\nobject\n{body}"
    guess = "nothing tells which object holds address: this is a guess"
    assert f"dive.txt:14: {guess}" in extract(page.encode(), "dive.txt").notices


def test_labels_that_a_style_sets_apart_are_apart():
    page = """<!doctype html><body><h1>Get a dive</h1>
<div><span class="Method">get</span><span class="Url">https://api.reef.dev/v1/dives/{dive_id}</span></div>
<h3>Responses</h3><p>200</p><p>object</p><ul>
<li><span class="Param-name">id</span><span class="Param-type">int64</span><span class="Param-required">required</span></li>
<li><span class="Param-name">state</span><span class="Param-type">string</span><span class="Param-type">enum</span></li>
</ul></body>"""
    found = extracted(extract(page.encode(), "dive.html").document)
    assert ("op", "GET", "/v1/dives/{dive_id}") in found
    assert {f[2] for f in found if f[0] == "prop"} == {"", "/id", "/state"}
    assert ("prop", "200", "/id", "format", "int64") in found


def test_tabs_of_statuses_start_the_answers_where_no_heading_does():
    page = """<!doctype html><body><h1>Get a dive</h1><pre>GET https://api.reef.dev/v1/dives/{dive_id}</pre>
<h2>Request</h2><details><summary><h3>Query Parameters</h3></summary><p><b>deep</b> <span class="type">boolean</span></p></details>
<ul><li>200</li><li>404</li></ul><p>The dive</p><ul><li>application/json</li></ul>
<details><summary><strong>Schema</strong></summary><p><strong>id</strong><span class="schema__name">uuid</span></p></details>
</body>"""
    found = extracted(extract(page.encode(), "dive.html").document)
    assert {f[1:3] for f in found if f[0] == "param"} == {("path", "dive_id"), ("query", "deep")}
    assert {f[2] for f in found if f[0] == "prop"} == {"", "/id"}


def test_a_listed_format_is_kept_where_the_example_shows_another():
    page = (
        f"{HEAD}Responses\n200\nOK\nstarted\nstring <date-time>\nrequired\nExample:\n2026-01-02\n\n"
        '{"started": "2026-01-02"}\n'
    )
    read = extract(page.encode(), "dive.txt")
    assert ("prop", "200", "/started", "format", "date-time") in extracted(read.document)
    assert [n for n in read.notices if "started is listed with format date-time" in n]


def test_an_entry_of_a_menu_does_not_set_the_operation_below_it_aside():
    page = "Sites\nWebhooks\nRead a dive\nhttps://mock.reef.dev/m1\n" + HEAD.partition("\n")[2]
    page += "Request samples\ncurl --request GET 'https://mock.reef.dev/m1/v1/dives/xyz-123'\n"
    page += "Path Params\nResponses\n200\nBody\nid\nenum<string>\nrequired\nAllowed values:\na1\nb2\n"
    found = extracted(extract(page.encode(), "dive.txt").document)
    assert ("op", "GET", "/v1/dives/{dive_id}") in found
    assert ("prop", "200", "/id", "required") in found


def test_where_a_parameter_is_marked_as_required_an_unmarked_member_need_not_be_there():
    page, _ = PAGES[
        "a constraint is glued to its value, and a page that marks what it requires marks nothing here"
    ]
    found = extracted(extract((HEAD + page).encode(), "dive.txt").document)
    assert not [f for f in found if f[0] == "prop" and f[3:4] == ("required",)]


def test_a_command_does_not_choose_the_reader_where_method_and_address_stand_above_it():
    page = """Get a dive
get
https://api.reef.dev/v1/dives/{dive_id}

Path Params
dive_id
uuid
required

Headers
Reef-Version
string
required

Responses
200
Response body
object
id
uuid
required

Request
curl --request GET \\
     --url https://api.reef.dev/v1/dives/dive_id
Response
Examples
"""
    found = extracted(extract(page.encode(), "dive.txt").document)
    assert ("op", "GET", "/v1/dives/{dive_id}") in found
    assert ("param", "header", "Reef-Version", "required") in found
    assert ("prop", "200", "/id", "format", "uuid") in found
