"""A terminal as an SVG: the text and colours that a command gave, in a frame; no fonts or scripts from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

PATH = Path(__file__).parents[1] / "docs/_static/finding.svg"
_SIZE, _ADVANCE, _LINE, _EDGE = 14, 8.43, 21, 20
_COLOURS = {"31": "#ff8b85", "32": "#7ee2a0", "33": "#f2cc60", "34": "#8cc2ff", "36": "#76d6e8"}
"""ANSI colour to one that has a contrast of at least 7 on the ground."""
_GROUND, _TEXT, _DIM = "#0f1720", "#e6edf3", "#aab6c3"
_ESCAPE = re.compile(r"\x1b\[([\d;]*)m")


def svg(command: str, output: str) -> str:
    """Draw a command and what it printed, escape sequences for colours included."""
    lines = [f"$ {command}", *output.rstrip("\n").splitlines()]
    columns = max(len(_ESCAPE.sub("", line)) for line in lines)
    width, height = round(columns * _ADVANCE) + 2 * _EDGE, len(lines) * _LINE + 2 * _EDGE
    rows = "\n".join(_row(number, line) for number, line in enumerate(lines))
    said = escape(" ".join(_ESCAPE.sub("", " ".join(lines)).split()))
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img" aria-label="{said}">
<rect width="100%" height="100%" rx="8" fill="{_GROUND}"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="{_SIZE}" \
fill="{_TEXT}" xml:space="preserve">
{rows}
</g>
</svg>
"""


def _row(number: int, line: str) -> str:
    y = _EDGE + round((number + 0.75) * _LINE, 1)
    return "".join(_words(line, y))


def _words(line: str, y: float) -> Iterator[str]:
    """Yield each run of one colour, cut at wide gaps: its place then never depends on the reader's font."""
    at, style = 0, ""
    for index, part in enumerate(_ESCAPE.split(line)):
        if index % 2:
            style = _style(part, style)
            continue
        for word in re.finditer(r"\S+(?: \S+)*", part):
            x = round(_EDGE + (at + word.start()) * _ADVANCE, 1)
            long = round(len(word[0]) * _ADVANCE, 1)
            yield f'<text x="{x}" y="{y}" textLength="{long}"{style}>{escape(word[0])}</text>'
        at += len(part)


def _style(codes: str, before: str) -> str:
    found = codes.split(";")
    if found in ([""], ["0"]):
        return ""
    colour = next((_COLOURS[one] for one in found if one in _COLOURS), _DIM if "2" in found else "")
    fill = f' fill="{colour}"' if colour and "fill" not in before else ""
    return before + fill + (' font-weight="bold"' if "1" in found else "")
