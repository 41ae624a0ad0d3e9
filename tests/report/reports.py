"""Reports to render: one as a team meets it, one of any size, one full of hostile text."""

from __future__ import annotations

from contracts.model import (
    Asking,
    Assessment,
    Coverage,
    Finding,
    Interaction,
    ProviderFacts,
    Report,
    Request,
    Response,
    Severity,
    Source,
    SourceLine,
    Verdict,
)

NIMBLE = ProviderFacts(
    id="nimble",
    title="Nimble",
    provenance="published",
    retrieved="2026-11-21",
    spec_file="specs/nimble/openapi.yaml",
    auth="authorization: Bearer $NIMBLE_API_KEY",
)
MATIL = ProviderFacts(
    id="matil",
    title="Matil",
    provenance="derived",
    retrieved="2026-11-20",
    spec_file="specs/matil/openapi.yaml",
    auth="x-api-key: $MATIL_API_KEY",
)
ASKING = {
    "nimble": Asking(
        servers=("https://sdk.nimbleway.com",),
        query=("limit", "page_token"),
        headers=("accept", "content-type", "x-region"),
        keys=(
            (
                "-H",
                "authorization: Bearer $NIMBLE_API_KEY",
                "authorization: Bearer contracts-wrong-credential",
            ),
        ),
    ),
    "matil": Asking(
        servers=("https://sdk.nimbleway.com",),
        headers=("accept",),
        keys=(("-H", "x-api-key: $MATIL_API_KEY", "x-api-key: contracts-wrong-credential"),),
    ),
}
SPEC = "specs/nimble/openapi.yaml"
URL = "https://sdk.nimbleway.com/v1/batches/b-1"


def finding(rule: str = "enum", severity: Severity = Severity.ERROR, **facts) -> Finding:
    known = {
        "provider": "nimble",
        "operation": "getBatch",
        "status": "200",
        "part": "body",
        "message": "'cancelled' is not 'pending', 'success' or 'error'",
        "provenance": "published",
    }
    return Finding(rule=rule, severity=severity, **(known | facts))


def interaction(status: int = 200, name: str = "running", **facts) -> Interaction:
    known = {
        "request": Request("GET", URL, (("authorization", "Bearer abc"), ("accept", "application/json"))),
        "response": Response(status) if status else None,
        "source": Source.RECORDED,
        "name": name,
        "operation": "getBatch",
        "recorded_at": "2026-11-02T10:00:00Z",
        "origin": SourceLine(f"specs/nimble/cassettes/getBatch/{status}-{name}.json"),
    }
    return Interaction(**(known | facts))


def assessment(*findings: Finding, verdict: Verdict = Verdict.VIOLATES, **facts) -> Assessment:
    known = {
        "provider": "nimble",
        "operation": "getBatch",
        "interaction": interaction(),
        "findings": findings,
        "verdict": verdict,
    }
    known |= {"asking": ASKING.get(facts.get("provider", "nimble"), Asking())}
    return Assessment(**(known | facts))


DESIGNED = (
    finding(
        "type",
        pointer="/completed_count",
        message="'0' is not a number",
        expected="a number",
        found="'0'",
        spec_line=SourceLine(SPEC, 61),
        places=("/completed_count",),
    ),
    finding(
        pointer="/tasks/*/state",
        spec_line=SourceLine(SPEC, 98),
        expected="'pending', 'success' or 'error'",
        found="'cancelled'",
        count=3,
        places=("/tasks/0/state", "/tasks/4/state", "/tasks/9/state"),
    ),
    finding(
        "additionalProperties",
        pointer="/tasks/*/retries",
        message="not in the spec, which closes this object",
        spec_line=SourceLine(SPEC, 84),
        count=10,
    ),
)
"""The findings that the design shows."""


def designed() -> Report:
    """The report that the design shows."""
    return Report((NIMBLE,), (assessment(*DESIGNED),))


def sample() -> Report:
    """A run over two providers with everything that a report can hold."""
    warning = finding(
        "undescribed",
        Severity.WARNING,
        provider="matil",
        status="200",
        pointer="/items/*/confidence",
        message="not in the spec",
        count=12,
        since="2026-11-09",
        provenance="derived",
        spec_line=SourceLine("specs/matil/openapi.yaml", 40),
    )
    waived = finding(
        "type",
        pointer="/success",
        message="'false' is not a boolean",
        waived="known (until 2027-01-31, data)",
    )
    drift = finding(
        "response-enum-widened",
        Severity.WARNING,
        provider="matil",
        pointer="/status",
        message="may now be 'ARCHIVED'",
        direction="response",
        base=SourceLine("specs/matil/openapi.yaml", 31),
        revision=SourceLine("matil-2026-11-22.yaml", 33),
        witness='{"status":"ARCHIVED"}',
        impact=("matil.normalize: degrades, state unknown",),
        since="2026-11-22",
    )
    note = finding(
        "undocumented-status",
        Severity.NOTE,
        provider="matil",
        status="401",
        part="status",
        pointer="",
        message="401 is not in the spec",
        since="2026-10-14",
    )
    live = interaction(
        0,
        "batch",
        source=Source.LIVE,
        origin=None,
        failure="no answer within 30 s",
        recorded_at="",
        elapsed_ms=30000,
    )
    matil = interaction(200, "completed", source=Source.LIVE, origin=None, recorded_at="", elapsed_ms=412)
    return Report(
        (MATIL, NIMBLE),
        (
            assessment(warning, provider="matil", verdict=Verdict.CONFORMS, interaction=matil),
            assessment(
                provider="matil",
                verdict=Verdict.INCONCLUSIVE,
                interaction=live,
                not_checked=("body: no answer",),
            ),
            assessment(
                verdict=Verdict.CONFORMS,
                interaction=interaction(200, "completed"),
                not_checked=("/tasks: no items",),
            ),
            assessment(*DESIGNED, waived),
            assessment(verdict=Verdict.CONFORMS, interaction=interaction(404, "unknown-batch")),
        ),
        (note, drift),
        (
            Coverage(provider="matil", operation="getBatch", seen=_facts("200", 37), unseen=_facts("422", 9)),
            Coverage(
                provider="nimble",
                operation="getBatch",
                seen=_facts("200", 61)[:48] + _facts("404", 4),
                unseen=_facts("200", 61)[48:],
            ),
        ),
        ("wickson: skipped, WICKSON_API_KEY is not set",),
    )


def _facts(status: str, count: int) -> tuple[str, ...]:
    return tuple(f"{status} /field{number:02} present" for number in range(count))


def big(count: int, *, apart: bool = True) -> Report:
    """A report with that many findings, spread over interactions, statuses and places."""
    severities = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
    findings = [
        finding(
            ("type", "enum", "required")[n % 3],
            severities[n % 3],
            status=("200", "404", "500")[n % 3],
            pointer=f"/tasks/*/field{n}" if apart else "/tasks/*/state",
            message=f"'value {n}' is not one of the 3 words that the spec allows here",
            spec_line=SourceLine(SPEC, n % 900 + 1),
            expected="'pending', 'success' or 'error'",
            found=f"'value {n}'",
            count=n % 7 + 1,
            places=(f"/tasks/{n}/field{n}",),
        )
        for n in range(count)
    ]
    blocks = [findings[at : at + 50] for at in range(0, count, 50)]
    made = [assessment(*block, interaction=interaction(200, f"b{n}")) for n, block in enumerate(blocks)]
    return Report((NIMBLE,), tuple(made), (), (sample().coverage[1],))


def hostile(text: str) -> Report:
    """A report whose every text from outside is the given one."""
    bad = Finding(
        rule="enum",
        severity=Severity.ERROR,
        message=text,
        provider=text,
        operation=text,
        status=text,
        part="header",
        pointer=text,
        spec_pointer=text,
        spec_line=SourceLine(text, 3),
        provenance=text,
        expected=text,
        found=text,
        places=(text, text),
        count=2,
        source=text,
        direction=text,
        base=SourceLine(text, 1),
        revision=SourceLine(text, 2),
        witness=text,
        impact=(text,),
        since=text,
    )
    waived = finding(message=text, waived=text)
    request = Request(
        text, text, ((text, text), ("authorization", text)), text.encode("utf-8", "surrogatepass")
    )
    seen = Interaction(
        request=request,
        response=Response(200),
        source=Source.LIVE,
        name=text,
        operation=text,
        origin=SourceLine(text),
        recorded_at=text,
        probe=text,
        failure=text,
        sequence=(text, 1),
    )
    facts = ProviderFacts(id=text, title=text, provenance=text, retrieved=text, spec_file=text, auth=text)
    one = Assessment(
        provider=text,
        operation=text,
        interaction=seen,
        findings=(bad, waived),
        verdict=Verdict.INCONCLUSIVE,
        not_checked=(text,),
        asking=Asking(
            servers=("https://x.test",),
            asked=text,
            query=(text,),
            headers=(text,),
            keys=(("-H", text, text),),
        ),
    )
    seen_facts = Coverage(provider=text, operation=text, seen=(text,), unseen=(text + "x",))
    return Report((facts,), (one,), (bad, waived), (seen_facts,), (text,))
