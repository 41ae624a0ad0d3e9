"""The page: what it says, how big it gets, what stands in it; a browser's view is in test_html_browser."""

import base64
import hashlib
import re
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest

from contracts.model import Coverage, Report, Severity, SourceLine, Verdict
from contracts.report import html
from contracts.report.excerpt import Line, excerpts
from contracts.report.picture import cells, timeline
from tests.report.reports import NIMBLE, assessment, big, designed, finding, hostile, interaction, sample

ROOT = Path(__file__).parents[2]


def page(report, **options):
    return "\n".join(html.lines(report, **options))


class Reader(HTMLParser):
    """Collects tags, attributes and text, the way a strict reader sees the page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, key, value) for key, value in attrs]

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def test_the_summary_stands_first():
    text = page(sample())
    order = [
        "<h1",
        'class="tiles"',
        'id="operations"',
        'id="findings"',
        "completed_count",
        'id="coverage"',
        'id="timeline"',
    ]
    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    seen = Reader(text).text
    assert (
        "Contracts with Matil, Nimble violates 6 findings in 5 interactions, 1 waived · not judged: 1."
        in seen
    )
    assert "Next: contracts explain type" in seen


def test_a_card_shows_both_sides_and_the_request():
    text = page(designed(), excerpt=excerpts(ROOT, ROOT / "specs"))
    seen = Reader(text).text
    assert "The vendor’s words · specs/nimble/openapi.yaml:61 a number" in seen
    assert "What came found '0'" in seen
    assert "first at /tasks/0/state, /tasks/4/state, /tasks/9/state" in seen
    assert "in specs/nimble/cassettes/getBatch/200-running.json" in seen
    assert "fingerprint 30927433bbe45b1e" in seen
    assert 'Ask again curl -sS -H "authorization: Bearer $NIMBLE_API_KEY"' in seen
    meant = re.findall(r'<span class="meant"><i>(\d+)</i>', text)
    assert meant == ["61", "98", "84"]


def test_drift_shows_old_and_new_side_by_side(tmp_path):
    (tmp_path / "old.yaml").write_text("a: 1\nenum: [A]\nb: 2\n", encoding="utf-8")
    (tmp_path / "new.yaml").write_text("a: 1\nenum: [A, B]\nb: 2\n", encoding="utf-8")
    one = finding(
        "response-enum-widened",
        base=SourceLine("old.yaml", 2),
        revision=SourceLine("new.yaml", 2),
        witness='"B"',
    )
    seen = Reader(page(Report((NIMBLE,), (), (one,)), excerpt=excerpts(tmp_path, ROOT / "specs"))).text
    assert "Before · old.yaml:2 1 a: 1 2 enum: [A] 3 b: 2" in seen
    assert "After · new.yaml:2 1 a: 1 2 enum: [A, B] 3 b: 2" in seen
    assert 'witness "B"' in seen


def test_an_excerpt_comes_from_the_project_or_the_bundle_only(tmp_path):
    root, bundle = tmp_path / "root", tmp_path / "bundle"
    root.mkdir()
    (bundle / "x").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("key: 1\n", encoding="utf-8")
    (bundle / "x" / "openapi.yaml").write_text("  a:\n    b: 1\n  c: 2\n", encoding="utf-8")
    read = excerpts(root, bundle)
    assert read(SourceLine("specs/x/openapi.yaml", 2)) == (
        Line(1, "a:", False),
        Line(2, "  b: 1", True),
        Line(3, "c: 2", False),
        Line(4, "", False),
    )
    for outside in ("../secret.yaml", str(tmp_path / "secret.yaml"), "missing.yaml"):
        assert read(SourceLine(outside, 1)) == ()
    assert read(SourceLine("specs/x/openapi.yaml", 0)) == read(SourceLine("specs/x/openapi.yaml", 99)) == ()


def test_equal_findings_of_many_interactions_are_one():
    ones = tuple(
        assessment(finding(pointer="/status"), interaction=interaction(200, f"n{n}")) for n in range(9)
    )
    seen = Reader(page(Report((NIMBLE,), ones)))
    assert seen.text.count("'cancelled' is not") == 1
    assert "200-n2.json and 6 more" in seen.text


def test_an_empty_report_is_a_page_too():
    seen = Reader(page(Report()))
    assert "no findings" in seen.text
    assert "No interaction was looked at." in seen.text
    assert "fieldset" not in seen.tags


@pytest.mark.parametrize(
    "report", [sample(), big(2000), hostile("<script>alert(1)</script>")], ids=["sample", "big", "odd"]
)
def test_there_is_no_script_and_nothing_to_load(report):
    seen = Reader(page(report))
    assert not {
        "script",
        "img",
        "iframe",
        "object",
        "embed",
        "link",
        "form",
        "base",
        "video",
        "audio",
        "use",
    } & set(seen.tags)
    assert not [
        key
        for _, key, _ in seen.attributes
        if key.startswith("on") or key in {"src", "style", "action", "srcset"}
    ]
    assert all(value.startswith("#") for _, key, value in seen.attributes if key == "href")


def test_the_policy_names_the_very_style():
    text = page(sample())
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert (
        f"content=\"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\""
        in text
    )


def timed(report):
    start = time.process_time()  # of this process alone, whoever else is at work
    return page(report), time.process_time() - start


@pytest.mark.untraced
def test_ten_thousand_findings_take_two_megabytes_and_a_time_in_proportion():
    (_, few), (text, many) = timed(big(1_000)), timed(big(10_000))
    assert many <= 20 * few
    assert len(text.encode()) <= 2_000_000
    assert text.count("<li><code>/tasks/*/field") + text.count('<code class="place">') == 10_000


def test_what_finds_no_room_is_counted():
    wide = tuple(
        finding("type", pointer=f"/{'p' * 100}{n}", message="m" * 160, status=str(n)) for n in range(10_000)
    )
    waived = tuple(finding("type", pointer=f"/w{n}", waived="w" * 150, message="m" * 160) for n in range(600))
    facts = tuple(f"200 /{'f' * 100}{n}" for n in range(3000))
    covered = tuple(
        Coverage(provider="nimble", operation=f"op{n}", seen=facts[:1500], unseen=facts[1500:])
        for n in range(400)
    )
    text = page(Report((NIMBLE,), (assessment(*waived),), wide, covered, ("notice " * 60,) * 60))
    assert len(text.encode()) <= 2_000_000
    more = int(re.search(r"<p>([\d,]+) more findings are in the JSON report", text)[1].replace(",", ""))
    assert more + text.count("<li><code>/pppp") + text.count('<code class="place">/pppp') == 10_000
    assert "101 more operations are in the JSON report." in text


def test_squares_tell_seen_from_unseen():
    rows = cells(Coverage(provider="p", operation="o", seen=("200 /a x", "404 /b x"), unseen=("200 /c x",)))
    assert [(row.label, row.hits, row.total) for row in rows] == [("200", 1, 2), ("404", 1, 1)]
    assert rows[0].seen == "M1 1h8v8h-8z"
    assert rows[0].unseen == "M12 1h8v8h-8z"
    many = tuple(f"200 /{n:04}" for n in range(5000))
    assert (
        sum(row.total for row in cells(Coverage(provider="p", operation="o", seen=many, unseen=()))) == 1200
    )


def test_the_timeline_places_days_in_proportion():
    days = ("2026-01-01", "2026-01-11", "2026-01-02T10:00:00Z", "soon", "")
    found = [
        finding("type", Severity.NOTE, since=day, provider="b" if day.endswith("Z") else "a") for day in days
    ]
    drawn = timeline(found)
    assert [(mark.day, mark.x) for mark in drawn.marks] == [
        ("2026-01-01", 110),
        ("2026-01-02", 169),
        ("2026-01-11", 700),
    ]
    assert [name for _, name in drawn.lanes] == ["a", "b"]
    assert [day for _, day in drawn.ticks] == ["2026-01-01", "2026-01-11"]
    assert timeline(found[3:]) is None


def test_a_conforming_run_is_calm():
    report = Report((NIMBLE,), (assessment(verdict=Verdict.CONFORMS),))
    text = page(report)
    assert '<h1 class="conforms">conforms</h1>' in text
    assert "The spec is published, retrieved 2026-11-21." in text
    assert 'id="findings"' not in text


def test_a_report_of_drift_alone_says_drifted():
    one = finding("response-enum-widened", Severity.WARNING, direction="response", since="2026-11-22")
    text = page(Report((NIMBLE,), (), (one,)))
    assert '<h1 class="inconclusive">drifted</h1>' in text
    assert 'id="operations"' not in text
    assert text.count("<section") == text.count("</section>") == 2


def test_the_answer_stands_beside_the_spec_and_the_next_steps_below():
    one = finding(
        "enum", pointer="/tasks/*/state", spec_pointer="/x/enum", witness='{"tasks":[{"state":"<b>"}]}'
    )
    made = page(Report((NIMBLE,), (assessment(one),)))
    assert '<pre class="answer" tabindex="0"><code>{\n  &#34;tasks&#34;: [\n' in made
    seen = Reader(made).text
    assert '"state": "<b>"' in seen
    for step in ("waive", "correct", "report"):
        assert f"contracts {step} {one.fingerprint}" in seen
