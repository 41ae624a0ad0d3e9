"""Waivers: read strictly, matched by place, ended by the calendar, refused when they cover nothing."""

import re
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.errors import ConfigError
from contracts.model import Report, Severity, SourceLine, Verdict
from contracts.policy import (
    Waiver,
    covering,
    read_waivers,
    waive,
    waive_report,
    waiver_findings,
    waivers_of,
    write_waivers,
)
from contracts.policy.covering import Index, _Node
from contracts.policy.waivers import place
from contracts.spec import load
from tests.report.reports import assessment, finding

TODAY = date(2026, 11, 22)
ONE = """\
# what we live with
[[waiver]]
rule = "enum"
place = "nimble/getBatch/200/tasks/*/state"
reason = "cancelled is on its way into their documents"
owner = "payments"
until = 2027-02-01
link = "https://example.com/1"
"""


def waiver(where="nimble/getBatch/200/tasks/*/state", rule="enum", until=date(2027, 2, 1), **facts):
    return Waiver(
        rule=rule,
        place=where,
        reason="known",
        owner="data",
        until=until,
        origin=SourceLine("waivers.toml", 2),
        **facts,
    )


@pytest.fixture
def read(tmp_path):
    path = tmp_path / "waivers.toml"

    def read_text(text):
        path.write_text(text, encoding="utf-8")
        return read_waivers(path)

    return read_text


def test_a_file_is_read_with_its_lines(read, tmp_path):
    assert read(ONE) == (
        Waiver(
            rule="enum",
            place="nimble/getBatch/200/tasks/*/state",
            reason="cancelled is on its way into their documents",
            owner="payments",
            until=date(2027, 2, 1),
            link="https://example.com/1",
            origin=SourceLine(str(tmp_path / "waivers.toml"), 2),
        ),
    )
    assert read_waivers(tmp_path / "missing.toml") == ()
    assert read("# nothing is waived\n") == ()


MISTAKES = {
    "": "waivers.toml: the file is empty; write a waiver or remove it",
    "\n \n": "the file is empty",
    "[[waiver]\n": "waivers.toml: cannot be read: ",
    "[[waivers]]\nrule = 'enum'\n": "no table 'waivers'; did you mean 'waiver'?",
    "waiver = 1\n": "'waiver' is not a list of tables; start each with [[waiver]]",
    "waiver = [1]\n": "'waiver' is not a list of tables",
    ONE.replace("owner", "ownr"): "waivers.toml:2: no key of a waiver 'ownr'; did you mean 'owner'?",
    ONE.replace('owner = "payments"\n', ""): "waivers.toml:2: owner is missing; write a text",
    ONE.replace(
        'reason = "cancelled is on its way into their documents"\n', ""
    ): "reason is missing; write a text",
    ONE.replace("until = 2027-02-01\n", ""): "until is missing; write a day",
    ONE.replace(
        "2027-02-01", '"2027-02-01"'
    ): "until is '2027-02-01'; write a day without quotes, such as 2027-02-01",
    ONE.replace("2027-02-01", "2027-02-01T00:00:00Z"): "write a day without quotes",
    ONE.replace("2027-02-01", "2027-02-30"): "cannot be read",
    ONE.replace('"payments"', '" "'): "waivers.toml:2: owner is ' '; write a text",
    ONE.replace('"payments"', "7"): "owner is 7; write a text",
    ONE.replace('"https://example.com/1"', '""'): "link is ''; write a text",
    ONE.replace(
        "nimble/getBatch/200/tasks/*/state", "nimble"
    ): "place is 'nimble'; write provider/operation/status/pointer",
    ONE.replace("nimble/getBatch/200/tasks/*/state", "**/x/y"): "write provider/operation/status/pointer",
    ONE.replace(
        "nimble/getBatch/200/tasks/*/state", "*/*/**"
    ): "place covers everything; name at least the provider",
    ONE + ONE: "waivers.toml:10: the same rule and place as line 2; keep one of them",
}


@pytest.mark.parametrize(
    ("text", "sentence"), MISTAKES.items(), ids=[sentence[:40] for sentence in MISTAKES.values()]
)
def test_a_mistake_says_where_and_what_to_do(read, text, sentence):
    with pytest.raises(ConfigError, match=re.escape(sentence)):
        read(text)


def test_no_bytes_that_are_not_text(tmp_path):
    (tmp_path / "waivers.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="cannot be read"):
        read_waivers(tmp_path / "waivers.toml")


STATE = finding(pointer="/tasks/*/state")
HEADER = finding("missing-header", part="header", pointer="retry-after")
PLACES = [
    (STATE, "nimble/getBatch/200/tasks/*/state", True),
    (finding(pointer="/tasks/3/state"), "nimble/getBatch/200/tasks/*/state", True),
    (STATE, "nimble/getBatch/200/tasks/*/*", True),
    (STATE, "nimble/getBatch/*/tasks/*/state", True),
    (STATE, "nimble/getBatch/2*/tasks/*/state", True),
    (STATE, "nimble/*/200/**", True),
    (STATE, "nimble/getBatch/200/**", True),
    (STATE, "*/getBatch/200/tasks/*/state", True),
    (STATE, "nimble/getBatch/200", False),
    (STATE, "nimble/getBatch/200/tasks/*", False),
    (STATE, "nimble/getBatch/200/tasks/state", False),
    (STATE, "nimble/getBatch/404/tasks/*/state", False),
    (STATE, "nimble/getBatch/200/tasks/*/state/x", False),
    (STATE, "matil/getBatch/200/tasks/*/state", False),
    (STATE, "nimble/getBatch/200/tasks/?/state", False),
    (finding(pointer="/a.b"), "nimble/getBatch/200/axb", False),
    (finding(pointer="/a~1b"), "nimble/getBatch/200/a~1b", True),
    (finding(pointer=""), "nimble/getBatch/200", True),
    (finding(pointer="", status=""), "nimble/getBatch/-", True),
    (finding(operation="GET /a/b"), "nimble/GET ~1a~1b/200", True),
    (
        finding("missing-header", part="header", pointer="retry-after"),
        "nimble/getBatch/200/retry-after",
        True,
    ),
    (HEADER, "nimble/getBatch/200:header/retry-after", True),
    (HEADER, "nimble/getBatch/*:header/*", True),
    (HEADER, "nimble/getBatch/200:status/retry-after", False),
    (STATE, "nimble/getBatch/200:header/tasks/*/state", False),
]


def covers(one, found):
    return Index([one]).covering(found) == [one]


@pytest.mark.parametrize(("one", "where", "covered"), PLACES)
def test_a_place_covers_what_it_names(one, where, covered):
    assert covers(waiver(where, rule=one.rule), one) is covered


@pytest.mark.parametrize(
    ("part", "name", "covered"),
    [("ab*ba", "abba", True), ("ab*ba", "aba", False), ("ab*ba", "abcba", True), ("a*b*c", "abc", True), ("a*bb*b", "abb", False), ("a*bb*b", "abbb", True),
     ("a*b*b*c", "abc", False), ("*b*", "abc", True), ("*b*", "ac", False), ("a**c", "ac", True), ("*", "", True)],
)  # fmt: skip
def test_texts_around_stars_do_not_overlap(part, name, covered):
    assert covers(waiver(f"nimble/getBatch/200/x/{part}"), finding(pointer=f"/x/{name}")) is covered


def test_another_rule_at_the_place_is_not_covered():
    assert not covers(waiver(rule="type"), STATE)


TEXT = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(TEXT, TEXT, TEXT, st.sampled_from(["", "body", "header"]))
def test_a_finding_is_covered_by_its_own_place(operation, status, key, part):
    one = finding(
        operation=operation, status=status.replace(":", ""), part=part, pointer=f"/{key.replace('/', '~1')}"
    )
    assert covers(waiver(place(one)), one)


def tried(one, found):
    """Whether a waiver covers a finding, by one pattern of its whole place: the law that trees must keep."""
    where = place(found)
    if not one.names_part:
        where = re.sub(r"^([^/]*/[^/]*/[^/:]*)[^/]*", r"\1", where)
    body = "[^/]*".join(map(re.escape, one.place.removesuffix("/**").split("*")))
    rest = "(?:/.*)?" if one.place.endswith("/**") else ""
    return one.rule == found.rule and re.fullmatch(body + rest, where, re.DOTALL) is not None


RULE_NAMES = st.sampled_from(["enum", "type"])
PARTS = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        "aba",
        "*",
        "**",
        "a*",
        "*b",
        "a*b",
        "*ab",
        "a*ab*",
        "*a*a",
        "*ba*a",
        "",
        "?",
        "1",
        "a.b",
        "\n",
    ]
)
STATUSES = st.sampled_from(["200", "2*", "*", "200:header", "*:header", "2*:*", "*r", "**"])
WAIVED = st.builds(
    lambda rule, head, status, rest, last: waiver("/".join([*head, status, *rest]) + last, rule=rule),
    RULE_NAMES,
    st.lists(PARTS, min_size=2, max_size=2),
    STATUSES,
    st.lists(PARTS, max_size=3),
    st.sampled_from(["", "/**"]),
)
FOUND = st.builds(
    lambda rule, head, part, rest: finding(
        rule, provider=head[0], operation=head[1], part=part, pointer="".join(f"/{one}" for one in rest)
    ),
    RULE_NAMES,
    st.lists(PARTS, min_size=2, max_size=2),
    st.sampled_from(["", "body", "header"]),
    st.lists(PARTS, max_size=4),
)


@settings(derandomize=True, database=None, max_examples=200, deadline=None)
@given(st.lists(WAIVED, max_size=12), st.lists(FOUND, max_size=6))
def test_trees_of_places_answer_as_waivers_tried_one_by_one(waivers, findings):
    index = Index(waivers)
    for found in findings:
        assert index.covering(found) == [one for one in waivers if tried(one, found)]


def work(places):
    """Count the nodes and parts that are tried while a finding at each place of so many waivers is looked up."""
    index, tried_parts = Index([waiver(one) for one in places]), []
    found = [finding(pointer=one.removeprefix("nimble/getBatch/200").replace("*", "3")) for one in places]

    def counting(function):
        return lambda *given: tried_parts.append(1) or function(*given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_Node, "after", counting(_Node.after))
        patch.setattr(covering, "_fits", counting(covering._fits))
        assert all(index.covering(one) for one in found)
    return len(tried_parts)


@pytest.mark.parametrize(
    "place", ["tasks/*/f{}/*/g{}", "tasks/*/f{}_*/g{}", "f{}*_/g{}", "*{}_f{}", "a*{}_f{}*b"]
)
def test_four_times_the_waivers_and_findings_take_four_times_the_work(place):
    few, many = (
        [f"nimble/getBatch/200/{place.format(n % 97, n)}" for n in range(size)] for size in (100, 400)
    )
    assert work(many) <= 4.4 * work(few)


def applied(findings, waivers, today):
    return waive_report(Report(findings=tuple(findings)), waivers, today).findings


def test_a_current_waiver_marks_and_keeps_the_last_day():
    for today in (TODAY, date(2027, 2, 1)):
        marked, *others = applied([STATE], [waiver()], today)
        assert marked.waived == "known (until 2027-02-01, data)"
        assert others == []
    assert marked.fingerprint == STATE.fingerprint


def test_an_expired_waiver_gives_its_finding_back_and_says_so():
    returned, about = applied([STATE], [waiver()], date(2027, 2, 2))
    assert returned.waived == ""
    assert returned.sentence == f"{STATE.message}; its waiver ended on 2027-02-01"
    assert (about.rule, about.severity) == ("waiver-expired", Severity.ERROR)
    assert about.message == "the waiver for enum ended on 2027-02-01"
    assert about.spec_line == SourceLine("waivers.toml", 2)
    assert returned.fingerprint == STATE.fingerprint


def test_a_newer_waiver_outlives_an_expired_one():
    old, new = waiver(until=date(2026, 1, 1)), waiver("nimble/getBatch/200/**")
    assert waive(STATE, [old, new], TODAY).waived


def test_an_unused_waiver_is_an_error():
    found = applied([STATE], [waiver(), waiver("nimble/getBatch/404/**")], TODAY)
    assert [(one.rule, one.severity) for one in found[1:]] == [("waiver-unused", Severity.ERROR)]
    assert found[1].message == "the waiver for enum covers nothing; remove it"


def test_a_part_of_a_run_says_nothing_of_unused_waivers():
    unused = waiver("matil/getBatch/200/x")
    assert list(waiver_findings([], [unused], TODAY, ["nimble"])) == []
    assert len(list(waiver_findings([], [unused], TODAY, ["nimble", "matil"]))) == 1
    assert waive(STATE, [unused], TODAY) == STATE


def test_a_waiver_ends_within_180_days():
    near, far = waiver(until=date(2027, 5, 21)), waiver(until=date(2027, 5, 22))
    assert applied([STATE], [near], TODAY)[0].waived
    with pytest.raises(ConfigError, match=r"waivers.toml:2: until is 181 days ahead; 180 is the most"):
        applied([STATE], [far], TODAY)
    with pytest.raises(ConfigError, match="181 days"):
        waive_report(Report(), [far], TODAY)


def test_waivers_come_before_the_verdict():
    violating = assessment(STATE, verdict=Verdict.VIOLATES)
    both = assessment(STATE, finding("type", pointer="/x"), verdict=Verdict.VIOLATES)
    unclear = assessment(STATE, verdict=Verdict.INCONCLUSIVE)
    report = waive_report(Report((), (violating, both, unclear), (STATE,)), [waiver()], TODAY)
    assert [one.verdict for one in report.assessments] == [
        Verdict.CONFORMS,
        Verdict.VIOLATES,
        Verdict.INCONCLUSIVE,
    ]
    assert report.findings[0].waived
    assert len(report.findings) == 1
    ended = waive_report(Report((), (violating,)), [waiver()], date(2027, 3, 1))
    assert ended.assessments[0].verdict is Verdict.VIOLATES
    assert [one.rule for one in ended.findings] == ["waiver-expired"]


@settings(derandomize=True, database=None, max_examples=150, deadline=None)
@given(
    st.lists(
        st.builds(
            lambda r, w, t, u: waiver(f"p/{w}/200/x", rule=r, until=u, link=t), TEXT, TEXT, TEXT, st.dates()
        ),
        max_size=4,
    )
)
def test_what_is_written_reads_back(waivers):
    rows = tomllib.loads("\n".join(write_waivers(waivers))).get("waiver", [])
    back = sorted((row["rule"], row["place"], row.get("link", ""), row["until"]) for row in rows)
    assert back == sorted((one.rule, one.place, one.link, one.until) for one in waivers)


def test_lone_surrogates_do_not_break_the_file():
    assert "\\ud800" not in "\n".join(write_waivers([waiver(rule="\ud800")]))


def test_a_waiver_of_a_rule_that_is_not_there_is_refused_with_the_nearest(read):
    with pytest.raises(ConfigError, match=r"waivers\.toml:2: no rule 'enumm'; did you mean 'enum'\?"):
        read(ONE.replace('"enum"', '"enumm"'))


@pytest.mark.parametrize("named", ["nimble", "*", "nim*"])
def test_a_waiver_of_a_provider_that_is_there_is_taken(tmp_path, named):
    assert waivers_of(vendor(tmp_path, ONE.replace('"nimble/', f'"{named}/')))[0].place.startswith(named)


def test_a_waiver_of_a_provider_that_is_not_there_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(ConfigError, match=r"waivers\.toml:2: no provider 'nimbel'; did you mean 'nimble'\?"):
        waivers_of(vendor(tmp_path, ONE.replace('"nimble/', '"nimbel/')))


def vendor(root, text):
    (root / "specs" / "nimble").mkdir(parents=True)
    (root / "specs" / "nimble" / "waivers.toml").write_text(text, encoding="utf-8")
    return load("nimble", root)
