"""The page in a browser: no request, no dialog, readable contrast, honest headings, no sideways scrolling."""

from itertools import pairwise
from pathlib import Path

import pytest

from contracts.model import Report
from contracts.report import html
from contracts.report.excerpt import excerpts
from tests.report.hostility import MARKUP
from tests.report.reports import hostile, sample

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="no chromium at /usr/bin/chromium")

CONTRAST = """() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return m.length > 3 ? m : [...m, 1]; };
  const linear = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c[3] > 0.99) return c; } return null; };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const e = node.parentElement;
    if (!node.textContent.trim() || e.closest('title') || !e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(parse(e.closest('svg') ? style.fill : style.color)), light(behind(e))].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), bold = style.fontWeight >= 700;
    const needed = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    if ((a + 0.05) / (b + 0.05) < needed) bad.push([node.textContent.trim().slice(0, 40), ((a + 0.05) / (b + 0.05)).toFixed(2)]);
  }
  return bad;
}"""
HEADINGS = "() => [...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]))"
NAMELESS = """() => [...document.querySelectorAll('a,summary,input,section,[role=region],[role=img],table,fieldset')].filter(e => !(
  e.getAttribute('aria-label') || document.getElementById(e.getAttribute('aria-labelledby'))?.textContent.trim() ||
  (e.labels && e.labels.length) || e.querySelector('caption,legend') || (['A', 'SUMMARY'].includes(e.tagName) && e.textContent.trim()))).map(e => e.outerHTML.slice(0, 90))"""
STRANGERS = "() => document.querySelectorAll('script,img,iframe,object,embed,link,base,form,video,audio,marquee,math,template,xmp,noscript,textarea,button').length"


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def visit(browser, tmp_path):
    """Open a report in a fresh context and count what a page must not do."""
    contexts = []

    def open_page(report, *, width=800, scheme="light", scripts=True):
        path = tmp_path / "report.html"
        path.write_text(
            "\n".join(html.lines(report, excerpt=excerpts(ROOT, ROOT / "specs"))), encoding="utf-8"
        )
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scripts
        )
        contexts.append(context)
        view = context.new_page()
        view.seen = {"request": [], "dialog": [], "console": []}
        view.on("request", lambda r: view.seen["request"].append(r.url))
        view.on("dialog", lambda d: (view.seen["dialog"].append(d.message), d.dismiss()))
        view.on("console", lambda m: view.seen["console"].append(m.text))
        view.goto(path.as_uri())
        return view

    yield open_page
    for context in contexts:
        context.close()


def quiet(view):
    view.wait_for_timeout(150)
    assert view.seen["dialog"] == []
    assert view.seen["console"] == []
    assert len(view.seen["request"]) == 1


def test_forty_injections_are_text(visit):
    assert len(MARKUP) >= 40
    view = visit(Report.merge(map(hostile, MARKUP)))
    for summary in view.locator("summary").all()[:8]:
        summary.focus()
    view.mouse.move(300, 300)
    quiet(view)
    assert view.evaluate(STRANGERS) == 0
    assert view.evaluate("() => document.querySelectorAll('style').length") == 1
    assert "<img src=x onerror=alert(1)>" in view.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 800, 1400])
def test_it_is_readable_at_every_width(visit, width, scheme):
    view = visit(sample(), width=width, scheme=scheme)
    view.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true; })")
    assert view.evaluate(CONTRAST) == []
    assert view.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0
    levels = view.evaluate(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert view.evaluate(NAMELESS) == []
    assert view.evaluate("() => document.documentElement.lang") == "en"
    quiet(view)


def test_it_works_by_keyboard_and_without_scripts(visit):
    view = visit(sample(), scripts=False)
    view.keyboard.press("Tab")
    view.keyboard.press("Enter")
    view.wait_for_url("**#main")
    closed = view.locator("details.finding:not([open]) > summary").first
    closed.focus()
    view.keyboard.press("Enter")
    holds = sync_api.expect  # what a key does is seen a moment later
    holds(view.locator("details.finding:not([open])")).to_have_count(2)
    view.locator("#show-warning").focus()
    view.keyboard.press("Space")
    holds(view.locator(".finding.error:visible")).to_have_count(0)
    holds(view.locator(".finding.warning:visible")).to_have_count(2)
    quiet(view)
