"""`contracts report`: one finding as a text for the vendor's tracker, and the findings of the latest runs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

import click

from contracts.cli.finding import finding_options, found, of_files, remembered
from contracts.cli.option import print_lines, print_text
from contracts.cli.output import root
from contracts.model import Finding
from contracts.report import cleaned, excerpts, place
from contracts.spec import Provider, bundled, load
from contracts.text import plural, safe_text

_MOST: Final = 60
"""Lines of a payload that are written out."""


@click.command()
@click.argument("fingerprint", required=False)
@finding_options
def report(fingerprint: str | None, files: tuple[str, ...], providers: tuple[str, ...]) -> None:
    """Write a text about the finding with FINGERPRINT for the vendor's tracker; without one, list findings.

    \b
    contracts report
    contracts report 30927433bbe45b1e > report.md
    """
    if fingerprint is None:
        listed = of_files(providers, files).all_findings() if files else remembered(providers)
        print_text(_listed([one for one in listed if not one.waived]))
        return
    one = cleaned(found(fingerprint, providers, files))
    print_lines(_text(one, load(one.provider, root())))


def _listed(findings: list[Finding]) -> Iterator[str]:
    for one in findings:
        where = " ".join(safe_text(part, 60) for part in (one.provider, one.operation, one.status) if part)
        yield f"{one.fingerprint}  {one.severity.value:<7}  {where}  {place(one)}  {safe_text(one.rule, 60)}"
    yield (
        f"{plural(len(findings), 'finding')} of the latest runs"
        if findings
        else ("no open finding is known here; run contracts check, pytest, or contracts drift first")
    )


def _text(one: Finding, provider: Provider) -> Iterator[str]:
    """Yield Markdown: what is wrong, what the document says, the smallest part of an answer that shows it."""
    operation = provider.spec.operation(one.operation)
    title = " ".join(filter(None, (operation.title if operation else one.operation, one.status)))
    yield f"# {safe_text(title, 120)}: {place(one)}: {safe_text(one.message, 240)}"
    yield from ("", _opening(one, provider), "")
    yield from _document(one, provider)
    if one.witness is not None:
        yield from (_introduction(one), "", *_block(_pretty(one.witness)), "")
    for word, said in (("Expected", one.expected), ("Found", one.found)):
        if said:
            yield f"- {word}: {safe_text(said, 200)}"
    if one.count > 1:
        yield f"- Times: {one.count:,} in one answer, first at {safe_text(', '.join(one.places[:3]), 200)}"
    yield f"- Rule: {safe_text(one.rule, 60)} at `{safe_text(one.spec_pointer or '/', 300)}`"
    asked = "Which of the two is right: will the answer change, or the document?"
    yield from ("", "Was that meant, and will it stay?" if _undocumented(provider) else asked)


def _introduction(one: Finding) -> str:
    """Say what the payload below is."""
    if one.base or one.revision:
        return "A payload that the new document allows and the old one does not:"
    if one.source == "observed":
        return "The smallest payload that shows it:"
    return "What we received, without the fields that do not matter here:"


def _undocumented(provider: Provider) -> bool:
    """Whether the vendor has no document, and ours was made of what it answered."""
    return provider.manifest.provenance == "observed"


def _opening(one: Finding, provider: Provider) -> str:
    manifest = provider.manifest
    dated = f", retrieved {safe_text(manifest.retrieved, 24)}" if manifest.retrieved else ""
    source = ", ".join(safe_text(each.url or each.file, 120) for each in manifest.upstream)
    if one.base or one.revision:
        return f"Your document changed ({source}{dated}), and our client may meet what it did not expect."
    if _undocumented(provider):
        return f"The answers of your API differ from those that we recorded before{dated}."
    return f"The answers of your API and its document do not agree ({source}{dated})."


def _document(one: Finding, provider: Provider) -> Iterator[str]:
    """Yield the lines of the document: of its own words, or of what was understood of a page."""
    show = excerpts(root(), bundled())
    by_kind = {
        "published": "Your document says, at the place named below:",
        "observed": "They were until now:",
    }
    read = by_kind.get(provider.manifest.provenance, "Your page says, as we understand it:")
    pairs = (
        (read, one.spec_line),
        ("It said, in line {}:", one.base),
        ("It now says, in line {}:", one.revision),
    )
    for words, line in pairs:
        rows = show(line) if line else ()
        if line and rows:
            yield from (words.format(line.line), "", *_block(row.text for row in rows), "")


def _pretty(text: str) -> Iterator[str]:
    """Yield a payload line by line, the first of a long one."""
    lines = json.dumps(json.loads(text), indent=2).split("\n")
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"and {plural(len(lines) - _MOST, 'line')} more"


def _block(lines: Iterable[str]) -> Iterator[str]:
    """Yield a code block by indentation, which no text inside of it can end; every line is made safe."""
    yield from (f"    {safe_text(line, 160)}" for line in lines)
