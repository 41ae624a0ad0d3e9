"""Stainless pages of SDK languages: the same batch told in seven grammars reads as the same facts."""

from __future__ import annotations

import pytest
from page_facts import extracted

from contracts.vendoring import extract

HEAD = "## Get Batch\n\n`signature`\n\n**get** `/v1/batches/{batch_id}`\n\n### Parameters\n\n"
EXAMPLE = """
#### Response

```json
{"id": "id", "ended_at": "2019-12-27T18:11:19.117Z", "state": "queued", "counts": {"done_items": 0}, "tags": ["x"], "extra": {"foo": "bar"}}
```
"""
PAGES = {
    "python": """- `batch_id: str`

- `expand: Optional[List[str]]`

### Returns

- `class Batch: …`

  - `id: str`

  - `ended_at: Optional[datetime]`

  - `state: Literal["queued", "done"]`

    - `"queued"`

    - `"done"`

  - `counts: Counts`

    - `done_items: int`

  - `tags: List[str]`

  - `extra: Optional[Dict[str, object]]`
""",
    "typescript": """- `batchID: string`

- `query: BatchGetParams`

  - `expand?: Array<string>`

### Returns

- `Batch { id, ended_at, 4 more }`

  - `id: string`

  - `ended_at?: string`

    format: date-time

  - `state: "queued" | "done"`

    - `"queued"`

    - `"done"`

  - `counts: Counts { done_items }`

    - `done_items: integer`

  - `tags: Array<string>`

  - `extra?: Record<string, unknown>`
""",
    "ruby": """- `batch_id: String`

- `expand: Optional[Array[String]]`

### Returns

- `class Batch { id, ended_at, 4 more }`

  - `id: String`

  - `ended_at: Optional[Time]`

  - `state: :queued | :done`

    - `:queued`

    - `:done`

  - `counts: Counts`

    - `done_items: Integer`

  - `tags: Array[String]`

  - `extra: Optional[Hash[Symbol, Any]]`
""",
    "java": """- `BatchGetParams params`

  - `Optional<String> batchId`

  - `Optional<List<String>> expand`

### Returns

- `class Batch:`

  - `String id`

  - `Optional<LocalDateTime> endedAt`

  - `State state`

    - `QUEUED("queued")`

    - `DONE("done")`

  - `Counts counts`

    - `long doneItems`

  - `List<String> tags`

  - `Optional<Map<String, JsonValue>> extra`
""",
    "kotlin": """- `params: BatchGetParams`

  - `batchId: Optional<String>`

  - `expand: Optional<List<String>>`

### Returns

- `class Batch:`

  - `id: String`

  - `endedAt: Optional<LocalDateTime>`

  - `state: State`

    - `QUEUED("queued")`

    - `DONE("done")`

  - `counts: Counts`

    - `doneItems: Long`

  - `tags: List<String>`

  - `extra: Optional<Map<String, JsonValue>>`
""",
}
FACTS = {
    ("op", "GET", "/v1/batches/{batch_id}"),
    ("param", "path", "batch_id"),
    ("param", "path", "batch_id", "required"),
    ("param", "path", "batch_id", "type", ("string",)),
    ("param", "query", "expand"),
    ("param", "query", "expand", "type", ("array",)),
    ("status", "200"),
    ("example", "200"),
    ("prop", "200", ""),
    ("prop", "200", "", "type", ("object",)),
    ("prop", "200", "/id"),
    ("prop", "200", "/id", "required"),
    ("prop", "200", "/id", "type", ("string",)),
    ("prop", "200", "/ended_at"),
    ("prop", "200", "/ended_at", "type", ("string",)),
    ("prop", "200", "/ended_at", "format", "date-time"),
    ("prop", "200", "/state"),
    ("prop", "200", "/state", "required"),
    ("prop", "200", "/state", "type", ("string",)),
    ("prop", "200", "/state", "enum", ("done", "queued")),
    ("prop", "200", "/counts"),
    ("prop", "200", "/counts", "required"),
    ("prop", "200", "/counts", "type", ("object",)),
    ("prop", "200", "/counts/done_items"),
    ("prop", "200", "/counts/done_items", "required"),
    ("prop", "200", "/counts/done_items", "type", ("integer",)),
    ("prop", "200", "/tags"),
    ("prop", "200", "/tags", "required"),
    ("prop", "200", "/tags", "type", ("array",)),
    ("prop", "200", "/tags/*"),
    ("prop", "200", "/tags/*", "type", ("string",)),
    ("prop", "200", "/extra"),
    ("prop", "200", "/extra", "type", ("object",)),
}


@pytest.mark.parametrize("language", PAGES)
def test_a_language_that_marks_what_may_be_missing(language):
    read = extract((HEAD + PAGES[language] + EXAMPLE).encode(), "page.md")
    assert read.notices == ()
    assert extracted(read.document) == FACTS


GO = """- `batchID string`

- `query BatchGetParams`

  - `Expand param.Field[[]string]`

### Returns

- `type Batch struct{…}`

  - `ID string`

  - `EndedAt Time`

  - `State BatchState`

    - `const BatchStateQueued BatchState = "queued"`

    - `const BatchStateDone BatchState = "done"`

  - `Counts BatchCounts`

    - `DoneItems int64`

  - `Tags []string`

  - `Extra map[string, any]`
"""
CSHARP = """- `BatchGetParams parameters`

  - `required string batchID`

  - `IReadOnlyList<string> expand`

### Returns

- `class Batch:`

  - `required string ID`

  - `DateTimeOffset? EndedAt`

  - `required State State`

    - `"queued"Queued`

    - `"done"Done`

  - `required Counts Counts`

    - `required Long DoneItems`

  - `required IReadOnlyList<string> Tags`

  - `JsonElement Type "batch"constant`
"""


def test_go_never_says_what_is_always_there():
    facts = extracted(extract((HEAD + GO + EXAMPLE).encode(), "page.md").document)
    assert facts == {f for f in FACTS if f[-1] != "required" or f[0] == "param"}


def test_csharp_marks_null_and_what_is_required():
    facts = extracted(extract((HEAD + CSHARP + EXAMPLE).encode(), "page.md").document)
    wanted = FACTS | {
        ("prop", "200", "/ended_at", "nullable"),
        ("prop", "200", "/type"),
        ("prop", "200", "/type", "required"),
    }
    wanted |= {("prop", "200", "/type", "type", ("string",)), ("prop", "200", "/type", "enum", ("batch",))}
    assert facts == wanted
