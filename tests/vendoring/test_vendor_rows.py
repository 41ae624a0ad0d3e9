"""Rows of fields in the forms that pages use: what each says of type, presence, null, format and values."""

from __future__ import annotations

import pytest
from page_facts import lines_of, members

from contracts.vendoring.platforms import extract

TABLE = "| Name | Type | Description |\n|---|---|---|\n"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("`List<String>`", ["a array", "a[] string"]),
        ("`[]string`", ["a array", "a[] string"]),
        ("`[String!]!`", ["a array !", "a[] string"]),
        ("string array", ["a array", "a[] string"]),
        ("repeated string", ["a array", "a[] string"]),
        ("Liste von Objekten", ["a array", "a[] object"]),
        ("arreglo de cadenas", ["a array", "a[] string"]),
        ("对象数组", ["a array", "a[] object"]),
        ("文字列の配列", ["a array", "a[] string"]),
        ("[Item](#item)[]", ["a array", "a[] object"]),
        ("[Item](#item)", ["a any"]),
        ("`map[string]int`", ["a object"]),
        ("`Map<String,Int>`", ["a object"]),
        ("`?int`", ["a integer ?"]),
        ("`int?`", ["a integer ?"]),
        ("`Optional[int]`", ["a integer ?"]),
        ("`Union[str, None]`", ["a string ?"]),
        ('`Literal["x", "y"]`', ["a string =x,y"]),
        ("enum (State)", ["a string"]),
        ("`ID!`", ["a string !"]),
        ("ISO 8601 timestamp", ["a string @date-time"]),
        ("string (ISO 8601)", ["a string @date-time"]),
        ("string (Timestamp format)", ["a string @date-time"]),
        ("Datum/Uhrzeit", ["a string @date-time"]),
        ("Unix timestamp (seconds)", ["a integer"]),
        ("timestamp", ["a string"]),
        ("positive integer", ["a integer"]),
        ("Dezimalzahl", ["a number"]),
        ("AN(36)", ["a string"]),
    ],
)
def test_types_in_a_column_of_types(cell: str, expected: list[str]) -> None:
    """Lists, maps, null, literals and moments are read as their writers write them, in their languages."""
    assert members(f"{TABLE}| a | {cell} | About it |") == expected


@pytest.mark.parametrize(
    "prose",
    [
        "The state. It will be one of `open`, `closed` or `gone`.",
        "Possible values: open, closed, gone",
        "State of the batch: `open`, `closed`, or `gone`.",
        "`open` – still open<br>`closed` – ended<br>`gone` – deleted",
        'Allowed values: `"open"`, `"closed"`, `"gone"`',
        "The state (open, closed, gone).",
        "The state (`open`, `closed`, `gone`)",
        "Values: `open`: still open; `closed`: closed now; `gone`: deleted.",
        'Valid options are "open", "closed" and "gone".',
        "Tells whether it is `open`, `closed` or `gone`.",
        "open/closed/gone",
        "Zulässige Werte: `open`, `closed`, `gone`",
        "可选值：open、closed、gone",
    ],
)
def test_allowed_words_told_in_prose(prose: str) -> None:
    """A list that claims to be the whole one gives the allowed words."""
    assert members(f"{TABLE}| a | string | {prose} |") == ["a string =open,closed,gone"]


@pytest.mark.parametrize(
    "prose",
    [
        "Example: `open`, `closed`",
        "The kind, e.g. `open` or `closed`.",
        "Possible values: `open`, `closed`, etc.",
        "Values include `open`, `closed`.",
        "Empty if the batch is `open` or `closed`.",
        "It cannot be `open` or `closed`.",
        "Currently only `open` is supported.",
        "Name of the sender (first, middle, last).",
        '"open" when nothing has ended.',
    ],
)
def test_words_that_are_no_list_of_allowed_words(prose: str) -> None:
    """Examples, conditions and lists that leave words out close nothing."""
    assert members(f"{TABLE}| a | string | {prose} |") == ["a string"]


def test_a_limit_is_no_allowed_word_and_one_word_in_brackets_is() -> None:
    """Docusaurus writes limits of a text behind the same label as its allowed words, which stand in brackets."""
    said = "version stringrequired\n\nPossible values: [1.0]\n\nname stringrequired\n\nPossible values: non-empty"
    assert members(f"Schema\n\n{said}") == ["version string =1.0 !", "name string !"]


def test_numbers_with_their_meanings() -> None:
    """Numbers that are told one by one are the allowed values of a number."""
    assert members(f"{TABLE}| a | integer | 0 = open, 1 = closed |\n| b | integer | Levels: 1, 2 or 3 |") == [
        "a integer =0,1",
        "b integer =1,2,3",
    ]


def test_a_table_whose_cells_start_with_the_type() -> None:
    """Where a table has no column of types, its prose starts with them; [] behind a name makes it a list."""
    rows = "| Fields | |\n|---|---|\n| `name` | `string` Output only. The name. |\n| `notes[]` | `string` Notes. |"
    assert members(rows) == ["name string", "notes array", "notes[] string"]


def test_columns_of_marks_for_presence_and_for_null() -> None:
    """A column tells presence and another one null; a cell may repeat the head of its column."""
    rows = (
        "| Campo | Tipo | Obligatoria | Nullable |\n|---|---|---|---|\n"
        "| id | cadena | Obligatoria | ❌ |\n| nota | cadena | | ✔️ |"
    )
    assert members(rows) == ["id string !", "nota string ?"]


def test_labels_below_a_name() -> None:
    """Labels on lines of their own say type, values and presence of the name above."""
    rows = (
        "**jobId**\n\nThe job.\n\nType: String\n\nRequired: Yes\n\n"
        "**state**\n\nIts state.\n\nType: String\n\nValid Values: `OPEN | CLOSED`\n\nRequired: No"
    )
    assert members(rows) == ["jobId string !", "state string =OPEN,CLOSED"]


def test_a_moment_that_the_example_shows_as_a_number() -> None:
    """The word timestamp tells no JSON type; the example does."""
    rows = f'{TABLE}| at | timestamp | When it ended |\n\n```json\n{{"at": 1680652800}}\n```'
    assert members(rows) == ["at integer !"]


def test_tables_of_values_with_their_meanings() -> None:
    """The head of a table of values, the prose above it or the title of its section names the field."""
    rows = (
        f"{TABLE}| a | string | A |\n| kind | string | B |\n| c | string | C |\n| d | string | D |\n\n"
        "| a | Meaning |\n|---|---|\n| x1 | first |\n| x2 | second |\n\n"
        "The values of `kind` are:\n\n| Value | Description |\n|---|---|\n| y1 | first |\n| y2 | second |\n\n"
        "#### Enumerated Values\n\n| Property | Value |\n|---|---|\n| c | z1 |\n| c | z2 |\n\n"
        "### D values\n\n| Value | Description |\n|---|---|\n| w1 | first |\n| w2 | second |"
    )
    assert members(rows) == ["a string =x1,x2", "kind string =y1,y2", "c string =z1,z2", "d string =w1,w2"]


def test_a_whole_row_in_one_cell() -> None:
    """A table of one column holds lines: name, type and badge, then prose and labels."""
    rows = (
        "| Name, Type, Description |\n|---|\n| `id` string **Required**<br>The id. |\n"
        "| `order` string<br>The order.<br>Can be one of: `asc`, `desc` |"
    )
    assert members(rows) == ["id string !", "order string =asc,desc"]


def test_titles_of_columns_that_only_a_word_tells() -> None:
    """A title that is not known as a whole is told by a word of it, and its "no" beats the example."""
    rows = (
        "| Attribute key | JSON type | Always there? |\n|---|---|---|\n| id | string | ✅ |\n| n | integer | ❌ |"
        '\n\n```json\n{"id": "a", "n": 1}\n```'
    )
    assert members(rows) == ["id string !", "n integer"]


@pytest.mark.parametrize(
    ("prose", "null"),
    [
        ("The end, otherwise null.", True),
        ("Ende, sonst null", True),
        ("Null when nothing ended.", True),
        ("Puede ser nulo", True),
        ("It is never null.", False),
        ("Cannot be null.", False),
        ("Format of the text.", False),
    ],
)
def test_prose_about_null(prose: str, null: bool) -> None:
    """Prose says that null may come, or that it never does."""
    assert members(f"{TABLE}| a | string | {prose} |") == ["a string ?" if null else "a string"]


def test_labels_that_give_values_line_by_line() -> None:
    """Values stand below a label, each with or without its meaning, until the next field."""
    rows = (
        "code\nnullable enum\nWhy it failed.\nPossible enum values\nno_money\nThe balance is too small.\n"
        "closed\nThe account is closed.\n\nlive\nboolean\nWhether it is real.\n\n"
        "state\nenum\nThe state.\nPossible enum values\nopen\ndone\n"
    )
    assert members(rows, "Response fields") == [
        "code string =no_money,closed ?",
        "live boolean",
        "state string =open,done",
    ]


def test_a_badge_between_the_name_and_the_type() -> None:
    """Name, badge and type by lines keep their order, and a badge "enum" is no field."""
    rows = (
        "id\nrequired\nstring <uuid>\nstate\nrequired\nstring\nsize\ninteger\n"
        "kind\nstring\nenum\nrequired\nsmall big_one\n"
    )
    assert members(rows, "Response fields") == [
        "id string @uuid !",
        "state string !",
        "size integer",
        "kind string =small,big_one !",
    ]


def test_a_title_between_the_rows_of_a_table() -> None:
    """A row that holds one bold cell parts the rows, and is no field; stars and underscores mark no name."""
    rows = (
        "| Name | Type | Description |\n|---|---|---|\n| **Wind** | | |\n| speed | _number_ | Speed |\n"
        '| kind | string | *Enum:* `"a"`, `"b"` |\n| rows | [ [Row](#row) ] | Rows |'
    )
    assert members(rows) == ["speed number", "kind string =a,b", "rows array", "rows[] object"]


def test_members_written_as_tags_of_docusaurus() -> None:
    """Tags state the operation, its parameters as JSON, statuses as tabs, and members with their schemas."""
    page = (
        '# Get a job\n\n<MethodEndpoint method={"get"} path={"/v1/jobs/{id}"}></MethodEndpoint>\n\n'
        '<ParamsItem param={{"name":"deep","in":"query","required":true,"schema":{"type":"boolean"}}}></ParamsItem>\n\n'
        '<TabItem label={"200"} value={"200"}><div>\n\n'
        '<SchemaItem name={"id"} required={true} schema={{"type":"string","format":"uuid"}}></SchemaItem>\n\n'
        "<SchemaItem collapsible={true}><details><summary><strong>source</strong><span> object</span></summary>\n\n"
        '<SchemaItem name={"url"} required={false} schema={{"type":"string"}}></SchemaItem>\n\n'
        "</details></SchemaItem>\n\n</div></TabItem>\n"
    )
    operation = extract(page.encode(), "page.mdx").document["paths"]["/v1/jobs/{id}"]["get"]
    assert [(p["name"], p["in"], p["required"], p["schema"]) for p in operation["parameters"]][1:] == [
        ("deep", "query", True, {"type": "boolean"})
    ]
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert list(lines_of(answer, "")) == ["id string @uuid !", "source object", "source.url string"]


def test_comments_behind_the_members_of_an_example() -> None:
    """A comment says type, null and values of the member before it; the example alone says less."""
    rows = (
        '```jsonc\n{\n  "sum": "…",  // string, hex\n  "next": 5,  // integer | null, what comes next\n'
        '  "parts": [  // newest first\n    { "state": "open" }  // an item\n  ],\n'
        '  "state": "open"  // "open" | "lost"\n}\n```'
    )
    assert members(rows) == [
        "sum string !",
        "next integer ? !",
        "parts array !",
        "parts[] object",
        "parts[].state string !",
        "state string =open,lost !",
    ]


def test_fields_that_run_together_on_one_line() -> None:
    """Every field of a line starts where the badge of the one before it ends; a quoted word is a value."""
    rows = "idstringoptionalThe id.\nobject'file'optionalbytesintegerrequiredstatestringoptionalIts state."
    assert members(rows) == ["id string", "object string =file", "bytes integer !", "state string"]


def test_rows_in_korean_with_circles_and_crosses() -> None:
    """A circle is a yes and a cross a no; the words behind a list close it."""
    rows = (
        "| 이름 | 타입 | 설명 | 필수 |\n|---|---|---|---|\n| id | 문자열 | 작업 ID | O |\n"
        "| state | String | 상태, `OPEN`, `DONE` 중 하나 | X |"
    )
    assert members(rows, "응답") == ["id string !", "state string =OPEN,DONE"]


def test_numbers_as_people_write_them() -> None:
    """Leading zeros, a plus and a bare point make a number all the same."""
    rows = '```javascript\n{\n  "id": 00001,\n  "share": .5,\n  "name": "a"\n}\n```'
    assert members(rows) == ["id integer !", "share number !", "name string !"]


def test_types_of_typescript_that_are_lists_of_words() -> None:
    """A type or an enum of words is the type of the members that name it, wherever it is declared."""
    rows = (
        "```ts\ninterface Job {\n  /** where it is */\n  state: State\n  kinds: Kind[]\n}\n\n"
        "type State = 'open' | 'done'\n\nenum Kind { A = 'a', B = 'b' }\n```"
    )
    assert members(rows) == ["state string =open,done !", "kinds array !", "kinds[] string =a,b"]


def test_tables_about_something_else_and_captions_before_heads() -> None:
    """Settings are no members; a caption that is glued before the head of a table is no column."""
    rows = (
        "| Configuration parameter | Required |\n|---|---|\n| job.retry.max | no |\n\n"
        "Job| Name | Type |\n|---|---|\n| file | object |\n| &emsp;size | integer |"
    )
    assert members(rows) == ["file object", "file.size integer"]


def test_a_second_column_of_names_holds_members() -> None:
    """A name in the column of child names belongs to the last name before it."""
    rows = (
        "| Attribute name | Child attribute name | Description | Type |\n|---|---|---|---|\n"
        "| state | | The state | string |\n| details | | The details | object |\n| | size | Its size | integer |"
    )
    assert members(rows) == ["state string", "details object", "details.size integer"]


def test_prose_that_says_list_of() -> None:
    """Where nothing else tells a type, "List of" at the start of the prose does."""
    rows = "| Field | Description |\n|---|---|\n| errors | List of errors |\n| size | How many |"
    assert members(rows, "Response fields") == ["errors array", "size any"]


def test_a_list_of_parameters_below_an_example() -> None:
    """An example of an answer holds no list of parameters: what follows it is about the request."""
    page = (
        "# Jobs\n\n`GET https://api.acme.dev/v1/jobs/{job_id}`\n\n**Example response**:\n\n"
        '```json\n{"job_id": 12}\n```\n\nParameters:\n\n- **job_id** (integer) – Number of the job.\n'
    )
    operation = extract(page.encode(), "page.md").document["paths"]["/v1/jobs/{job_id}"]["get"]
    assert operation["parameters"][0]["schema"] == {"type": "integer"}


def test_bars_inside_the_last_cell_of_a_row_apart_by_tabs() -> None:
    """Bars in a cell part words of it and no columns."""
    rows = "Name\tType\tMandatory\tDescription\nstate\tEnum\tY\tOPEN | RUNNING | DONE\nsize\tLong\tN\tSize\n"
    assert members(rows, "Response 200") == ["state string =OPEN,RUNNING,DONE !", "size integer @int64"]
