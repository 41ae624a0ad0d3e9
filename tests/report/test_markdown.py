"""Markdown for people on a code host: readable, bounded, and inert."""

import re
from itertools import pairwise

import pytest
from markdown_it import MarkdownIt

from contracts.model import Coverage, Report, Severity, Verdict
from contracts.report import markdown
from tests.report.reports import NIMBLE, assessment, big, designed, finding, hostile, interaction, sample

EXPECTED = """\
### Contracts: violates

3 findings in 1 interaction.

| provider | operation | conforms | violates | inconclusive | of the spec seen |
|---|---|--:|--:|--:|--:|
| `nimble` | `getBatch` | 0 | 1 | 0 | – |

| | where | what | rule | spec |
|---|---|---|---|---|
| error | `nimble getBatch 200` `/completed_count` | `'0' is not a number` | `type`<br>`34909eabad408383` | `specs/nimble/openapi.yaml:61` |
| error | `nimble getBatch 200` `/tasks/*/state` | `'cancelled' is not 'pending', 'success' or 'error'` ×3 | `enum`<br>`30927433bbe45b1e` | `specs/nimble/openapi.yaml:98` |
| error | `nimble getBatch 200` `/tasks/*/retries` | `not in the spec, which closes this object` ×10 | `additionalProperties`<br>`6af2dc806fc5f64f` | `specs/nimble/openapi.yaml:84` |

<details><summary>Ask again</summary>

```sh
curl -sS -H "authorization: Bearer $NIMBLE_API_KEY" -H 'accept: application/json' https://sdk.nimbleway.com/v1/batches/b-1
```

</details>

Next: `contracts explain type`, or `contracts waive FINGERPRINT --reason REASON --until DAY` to accept one on purpose.
"""


def text(report, **options):
    return "".join(f"{line}\n" for line in markdown.lines(report, **options))


def test_reads_like_this():
    assert text(designed()) == EXPECTED


def test_what_else_is_known_stands_with_the_finding():
    shown = text(sample())
    assert (
        "`may now be 'ARCHIVED'`<br>since `2026-11-22`<br>impact `matil.normalize: degrades, state unknown`"
        in shown
    )
    assert '<br>witness `{"status":"ARCHIVED"}`' in shown
    assert "| `matil` | `getBatch` | 1 | 0 | 1 | 80% |" in shown
    assert "- `wickson: skipped, WICKSON_API_KEY is not set`" in shown


@pytest.mark.parametrize(("limit", "count"), [(900 * 1024, 10_000), (60_000, 10_000), (60_000, 400)])
def test_it_is_cut_on_a_row_border_and_counts_the_rest(limit, count):
    shown = text(big(count), limit=limit)
    assert len(shown.encode()) <= limit
    rows = [line for line in shown.splitlines() if re.match(r"\| (error|warning|note) ", line)]
    assert all(row.endswith(" |") and row.count(" | ") == 4 for row in rows)
    more = int(re.search(r"\*\*([\d,]+) more\*\*", shown)[1].replace(",", ""))
    assert len(rows) + more == count
    levels = [row.split(" ")[1] for row in rows]
    order = {"error": 0, "warning": 1, "note": 2}
    assert all(order[a] <= order[b] for a, b in pairwise(levels))


def test_a_long_list_of_operations_is_counted_too():
    ones = tuple(
        assessment(operation=f"op{n:03}", verdict=Verdict.CONFORMS, interaction=interaction())
        for n in range(130)
    )
    shown = text(
        Report((NIMBLE,), ones, (), (Coverage(provider="nimble", operation="op000", seen=("a",), unseen=()),))
    )
    assert "| 30 more operations | | | | | |" in shown
    assert "| `op000` | 1 | 0 | 0 | 100% |" in shown


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "![x](https://evil.example/x.png)",
    "@octocat please look",
    "fixes #1, org/repo#2, GH-3",
    "`code` ``more`` ```fence",
    "a | b | c",
    "***bold*** ~~gone~~ __x__",
    "<!-- hidden -->",
    "</details></summary>",
    "https://evil.example",
    "- [ ] task",
    "$math$ $$x$$",
    ":tada: &lt; &#64;",
    "\n\n# heading\n\n---\n",
    "`",
    "\\`x\\`",
    "```\n```",
)


@pytest.mark.parametrize("hostility", MARKUP)
def test_text_from_outside_never_leaves_its_code(hostility):
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text(hostile(hostility)))
    inline = [child for token in tokens for child in (token.children or [])]
    allowed = {"text", "code_inline", "html_inline", "softbreak", "strong_open", "strong_close"}
    assert {child.type for child in inline} <= allowed
    assert {child.content for child in inline if child.type == "html_inline"} <= {"<br>"}
    assert {t.content.strip() for t in tokens if t.type == "html_block"} <= {
        "<details><summary>Ask again</summary>",
        "</details>",
    }
    plain = " ".join(child.content for child in inline if child.type == "text")
    assert not re.search(r"[@#<`]|https?:|evil", plain.replace("Contracts:", ""))


def test_a_fence_is_longer_than_what_it_holds():
    assert list(markdown.fenced(["a ```` b"])) == ["`````", "a ```` b", "`````"]


def test_a_title_can_be_given():
    assert text(Report((NIMBLE,), (assessment(finding()),)), title="Drift of nimble").startswith(
        "### Drift of nimble: violates\n"
    )


def test_a_report_without_interactions_is_about_drift_or_nothing():
    one = finding("response-enum-widened", Severity.WARNING, direction="response")
    assert text(Report((NIMBLE,), (), (one,)), title="What nimble changed").startswith(
        "### What nimble changed: drifted\n\n1 finding.\n"
    )
    assert (
        text(Report(notices=("the page is laid out otherwise",)))
        == "### Contracts: no findings\n\n- `the page is laid out otherwise`\n"
    )
