"""What a reader sees in a terminal: wording and layout are interface."""

import re

from contracts.model import Report, Severity, Source, SourceLine, Verdict
from contracts.report import terminal
from contracts.text import safe_text
from tests.report.reports import DESIGNED, NIMBLE, assessment, big, designed, finding, interaction, sample

WIDE = """\
nimble getBatch 200   specs/nimble/cassettes/getBatch/200-running.json
  error    /completed_count  '0' is not a number                                 type                  openapi.yaml:61
  error    /tasks/*/state    'cancelled' is not 'pending', 'success' or 'error'  enum                  openapi.yaml:98   ×3, first at 0, 4, 9
  error    /tasks/*/retries  not in the spec, which closes this object           additionalProperties  openapi.yaml:84   ×10
violates: 3 findings in 1 interaction · spec published, retrieved 2026-11-21 · contracts explain type
accept:  contracts waive 34909eabad408383 --reason "WHY"
report:  contracts report 34909eabad408383
"""

AT_80 = """\
nimble getBatch 200   specs/nimble/cassettes/getBatch/200-running.json
  error    /completed_count  '0' is not a number
                             type  openapi.yaml:61
  error    /tasks/*/state    'cancelled' is not 'pending', 'success' or 'error'
                             enum  openapi.yaml:98  ×3, first at 0, 4, 9
  error    /tasks/*/retries  not in the spec, which closes this object
                             additionalProperties  openapi.yaml:84  ×10
violates: 3 findings in 1 interaction · spec published, retrieved 2026-11-21 · contracts explain type
accept:  contracts waive 34909eabad408383 --reason "WHY"
report:  contracts report 34909eabad408383
"""

SAMPLE = """\
matil getBatch 200   live
  warning  /items/*/confidence  not in the spec
                                undescribed  openapi.yaml:40  ×12
           since 2026-11-09
  curl -sS -H "x-api-key: $MATIL_API_KEY" -H 'accept: application/json' https://sdk.nimbleway.com/v1/batches/b-1
matil getBatch no answer   live
  inconclusive  no answer within 30 s
nimble getBatch 200   specs/nimble/cassettes/getBatch/200-running.json
  error    /completed_count  '0' is not a number
                             type  openapi.yaml:61
  error    /tasks/*/state    'cancelled' is not 'pending', 'success' or 'error'
                             enum  openapi.yaml:98  ×3, first at 0, 4, 9
  error    /tasks/*/retries  not in the spec, which closes this object
                             additionalProperties  openapi.yaml:84  ×10
matil getBatch 401
  note     status  401 is not in the spec  undocumented-status
           since 2026-10-14
matil getBatch 200
  warning  /status  may now be 'ARCHIVED'
                    response-enum-widened  matil-2026-11-22.yaml:33
           since 2026-11-22 · matil.normalize: degrades, state unknown
           witness {"status":"ARCHIVED"}
not checked: /tasks: no items
wickson: skipped, WICKSON_API_KEY is not set
violates: 6 findings in 5 interactions, 1 waived · not judged: 1 · contracts explain type
accept:  contracts waive 34909eabad408383 --reason "WHY"
report:  contracts report 34909eabad408383
"""


def text(report, **options):
    return "".join(f"{line}\n" for line in terminal.lines(report, **options))


def test_reads_as_designed():
    assert text(designed(), width=150) == WIDE
    assert text(designed()) == AT_80


def test_everything_a_run_can_say():
    assert text(sample()) == SAMPLE


def test_colour_adds_nothing_but_colour():
    coloured = text(sample(), style=lambda _, shown: f"\x1b[1m{shown}\x1b[0m")
    assert re.sub(r"\x1b\[\d+m", "", coloured) == SAMPLE
    roles = set()
    text(sample(), style=lambda role, shown: roles.add(role) or shown)
    assert roles >= {"error", "warning", "note", "heading", "place", "dim", "violates", "inconclusive"}


def test_a_finding_takes_six_lines_at_most_and_eighty_columns():
    long = finding(
        "additionalProperties",
        pointer="/" + "/".join(f"segment{n}" for n in range(20)),
        message="word " * 80,
        spec_line=SourceLine("specs/nimble/" + "x" * 90 + ".yaml", 7),
        count=12345,
        places=("/a",) * 3,
        since="2026-11-01",
        impact=("parse: breaks " * 20,) * 3,
        witness="{" * 300,
    )
    for width in (40, 60, 80, 100):
        block = list(terminal.rows([long], width, terminal.plain))
        assert len(block) <= 6
        assert max(map(len, block)) <= width
    shown = [line for line in terminal.lines(big(50)) if not line.startswith(("nimble ", "violates: "))]
    assert max(map(len, shown)) <= 80


def test_nothing_troubled_is_one_line():
    quiet = Report((NIMBLE,), (assessment(verdict=Verdict.CONFORMS),))
    assert text(quiet) == "conforms: 1 interaction · spec published, retrieved 2026-11-21\n"
    assert text(Report()) == "inconclusive: 0 interactions\n"
    assert text(quiet, verbose=True).splitlines()[1] == "  conforms"


def test_waived_findings_show_when_asked_for():
    waived = finding(pointer="/status", waived="they fix it in May (until 2027-01-31, data)")
    report = Report((NIMBLE,), (assessment(waived, verdict=Verdict.CONFORMS),))
    assert text(report) == "conforms: 1 interaction, 1 waived · spec published, retrieved 2026-11-21\n"
    assert "  waived   /status  " in text(report, verbose=True)
    assert "waived: they fix it in May (until 2027-01-31, data)" in text(report, verbose=True)
    assert "           fingerprint 30927433bbe45b1e\n" in text(designed(), verbose=True)


def test_the_next_command_follows_the_worst():
    about = finding("waiver-unused", pointer="/enum", message="the waiver for enum covers nothing; remove it")
    assert text(Report((), (), (about,))).endswith("violates: 1 finding · contracts waivers\n")
    both = Report((), (), (finding("undescribed", Severity.WARNING), finding("enum")))
    assert "\nviolates: 2 findings · contracts explain enum\n" in text(both)


def test_a_live_block_shows_how_to_ask_again():
    live = interaction(source=Source.LIVE, origin=None)
    report = Report((NIMBLE,), (assessment(DESIGNED[0], interaction=live),))
    command = """curl -sS -H "authorization: Bearer $NIMBLE_API_KEY" -H 'accept: application/json' https://sdk.nimbleway.com/v1/batches/b-1"""
    assert f"\n  {command}\n" in text(report)
    assert command not in text(designed())
    assert command in text(designed(), verbose=True)


def test_a_reason_that_nothing_came_wraps_and_is_cut():
    one = assessment(verdict=Verdict.INCONCLUSIVE, interaction=interaction(0, failure="why " * 200))
    shown = text(Report((), (one,))).splitlines()
    assert len(shown) == 6
    assert all(line == safe_text(line, 100) and len(line) <= 80 for line in shown)
