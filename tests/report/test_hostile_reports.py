"""No output carries a control character or a workflow command that came from a vendor."""

import json
import re
import unicodedata
from xml.etree import ElementTree as ET

import pytest

from contracts.report import FORMATS, render
from tests.report.hostility import bodies
from tests.report.reports import hostile

BODIES = bodies()
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
OURS = re.compile(r"::(error|warning|notice) (file=[^:]*,)?title=[^:]*::")


def commands(text):
    """What a CI runner takes for a command: `::` first in a line; `##[`, `##vso[`, `##teamcity[` anywhere."""
    return [
        line for line in text.split("\n") if line.lstrip().startswith("::") or re.search(r"##\w*\[", line)
    ]


@pytest.mark.untraced
@pytest.mark.parametrize("name", FORMATS)
def test_every_body_is_inert_in_every_format(name):
    assert len(BODIES) >= 200
    for body in BODIES:
        text = "\n".join(render(name, hostile(body)))
        text.encode("utf-8")
        shown = {char for char in text if unicodedata.category(char) in HIDDEN} - {"\n"}
        assert not shown, (name, body, shown)
        left = [line for line in commands(text) if not (name == "github" and OURS.match(line))]
        assert not left, (name, body)
        assert name != "github" or len(commands(text)) == 3


@pytest.mark.parametrize("body", BODIES[::7])
def test_documents_stay_whole(body):
    report = hostile(body)
    for name in ("json", "sarif", "gitlab"):
        json.loads("\n".join(render(name, report)))
    for line in render("jsonl", report):
        json.loads(line)
    ET.fromstring("\n".join(render("junit", report)))


def test_a_line_is_a_line():
    for body in BODIES[::5]:
        for name in FORMATS:
            assert not any("\n" in line for line in render(name, hostile(body))), (name, body)
