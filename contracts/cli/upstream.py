"""What the doors share when a provider's vendored documents meet newer ones: fetch, compare, take in."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.atomic import write_whole
from contracts.check import consumers_of, current_day, keyless_finding
from contracts.cli.observe import OBSERVED, summary
from contracts.cli.option import print_text
from contracts.cli.output import options, print_report, root
from contracts.drift import (
    Compared,
    Tolerance,
    against,
    beside,
    changelog_lines,
    choose,
    update_upstream,
)
from contracts.errors import ConfigError
from contracts.model import Finding, Report
from contracts.policy import settle, waivers_of
from contracts.report import remember
from contracts.spec import Document, Provider, Upstream, load, read_document, shown
from contracts.text import plural, safe_text
from contracts.vendoring import OBSERVED as OBSERVED_TRAFFIC
from contracts.vendoring import download, part_files, parts_beside, traffic_in

if TYPE_CHECKING:
    from contracts.consumers import impact as effects


def compare_provider(
    name: str,
    file: Path | None,
    tolerance: Tolerance,
    *,
    live: bool,
    verify: bool,
    full: bool,
    form: str,
    today: str,
    impact: bool = True,
) -> tuple[tuple[Finding, ...], bool]:
    """Compare and print; gives the findings and whether everything could be read.

    With `impact`, the changes are first run through the consumers registered, ours among them.
    """
    provider = load(name, root())
    found = [
        _compare(provider, *one, tolerance, today=today, verify=verify)
        for one in _newer(provider, file, live=live)
    ]
    told: list[str] = []
    if impact:
        found, told = _felt(provider, found)
    found = [replace(one, findings=_settled(provider, one.findings)) for one in found]
    findings = tuple(finding for one in found for finding in one.findings)
    if form == "text":
        remember(root(), Report(findings=findings))
        print_text(told)
        for one in found:
            print_text(_lines(provider, one, file, full=full, today=today))
    else:
        notices = tuple(notice for one in found for notice in _notices(one))
        print_report(Report(findings=findings, notices=notices), form)
    return findings, not any(one.unread for one in found)


def _settled(provider: Provider, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Apply the team's severities and the provider's waivers to what drifted."""
    waivers = waivers_of(provider)
    named = (keyless_finding(replace(one, provider=provider.id)) for one in findings)
    return tuple(settle(named, options().policy, waivers, current_day()))


def _felt(provider: Provider, found: list[Compared]) -> tuple[list[Compared], list[str]]:
    """Run the changes through the consumers registered; gives the findings with that, and lines of it."""
    if not any(one.findings for one in found):
        return found, []
    from contracts.consumers import answers, bundled, impact

    listed = (*consumers_of(root(), provider), *bundled(provider.id))
    readers = [(one, answers(provider, one.operation).operation.title) for one in listed]
    told: list[str] = []
    for index, one in enumerate(found):
        if readers and one.findings and not one.unread:
            impacts = list(impact.impact_of(one.findings, readers, impact.Documents(*one.documents)))
            found[index] = replace(one, findings=tuple(_missed(one.findings, impacts)))
            told += impact.lines(impacts)
    return found, [*told, ""] if told else []


def _missed(findings: tuple[Finding, ...], impacts: list[effects.Impact]) -> Iterator[Finding]:
    """Give the findings with their impact; a field that is gone and that a consumer reads is a warning."""
    from contracts.consumers import impact
    from contracts.drift import GONE, missed

    for one, told in zip(findings, impact.with_impact(findings, impacts), strict=True):
        who = sorted({seen.consumer for seen in impacts if seen.finding is one and seen.read})
        gone = one.rule in GONE and one.direction == "response"
        yield missed(told, f"is read by {safe_text(', '.join(who))}") if gone and who else told


def _newer(
    provider: Provider, file: Path | None, *, live: bool
) -> Iterator[tuple[Upstream, bytes, str, Mapping[str, bytes]]]:
    """Yield the vendored documents that have a newer version, with its bytes, name and other files."""
    if file is not None:
        held = next((one for one in provider.manifest.upstream if one.platform == OBSERVED_TRAFFIC), None)
        seen = traffic_in(file, _vendored(provider, held).read_bytes()) if held else None
        if held is not None and seen is not None:
            yield held, seen, str(file), {}
            return
        data = file.read_bytes()
        mine = choose(provider.manifest, file.resolve().as_posix(), data)
        yield mine, data, str(file), parts_beside(file, data).held
        return
    addressed = [one for one in provider.manifest.upstream if one.url]
    where = provider.shown(provider.home / "provider.toml")
    if not live:
        hint = " or --live" if addressed else f" ({where} names no address, so --live has nothing to fetch)"
        raise ConfigError(f"{provider.id}: name the newer document with --against FILE{hint}")
    if not addressed:
        raise ConfigError(f"{where}: no address of a document to fetch; name a file with --against FILE")
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(addressed):
            fetched = download(one.url, Path(folder, str(number)))
            data = fetched.read_bytes()
            yield one, data, one.url, parts_beside(fetched, data).held


def _vendored(provider: Provider, one: Upstream) -> Path:
    path = next((folder / one.file for folder in provider.folders if (folder / one.file).is_file()), None)
    if path is None:
        raise ConfigError(
            f"{provider.shown(provider.home / one.file)} is missing; it is what drift is compared with"
        )
    return path


def vendored_parts(provider: Provider, one: Upstream) -> dict[str, bytes]:
    """Read the other files of a vendored document, in the folder that holds it."""
    home = next((folder for folder in provider.folders if (folder / one.file).is_file()), None)
    return part_files(home, one) if home and one.parts else {}


def _compare(
    provider: Provider,
    one: Upstream,
    data: bytes,
    name: str,
    parts: Mapping[str, bytes],
    tolerance: Tolerance,
    *,
    today: str,
    verify: bool,
) -> Compared:
    vendored = _vendored(provider, one)
    found = against(
        provider.manifest,
        one,
        vendored.read_bytes(),
        data,
        name,
        base_name=provider.shown(vendored),
        tolerance=tolerance,
        today=today,
        verify=verify,
        parts=(vendored_parts(provider, one), parts),
    )
    return replace(found, findings=tuple(_three_way(provider, found.findings)))


def _three_way(provider: Provider, findings: tuple[Finding, ...]) -> Iterator[Finding]:
    """Say of each change whether traffic showed it already, by the summary of it that is kept.

    Of fields that are gone, recordings are asked too where no summary holds them.
    """
    from contracts.drift import GONE, three_way
    from contracts.vendoring import merged, read_observed

    kept = [folder / OBSERVED for folder in provider.folders if (folder / OBSERVED).is_file()]
    seen = merged(read_observed(provider.shown(path), path.read_bytes()) for path in kept)
    told = list(three_way(findings, seen))
    if any(one.rule in GONE and not one.found for one in told):
        recorded = summary(provider.files("cassettes/*/*.json"), provider)
        again = three_way((one for one in told if one.rule in GONE and not one.found), recorded)
        told = [next(again) if one.rule in GONE and not one.found else one for one in told]
    yield from told


def _lines(provider: Provider, one: Compared, file: Path | None, *, full: bool, today: str) -> Iterator[str]:
    newer = file or one.upstream.url
    title = f"{provider.id}   {one.upstream.file}, retrieved {one.upstream.retrieved or 'unknown'} → {newer}"
    if one.unread:
        yield title
        yield f"not understood, so nothing was compared: {one.unread}"
        yield from one.diff
        return
    apart = _apart(one)
    yield from changelog_lines(one.findings, title, full=full, due=one.due, today=today, apart=apart)
    if one.others:
        yield _others(one)
    yield from (f"note: {notice}" for notice in one.notices)


def _notices(one: Compared) -> Iterator[str]:
    """Yield what a report says beside the findings: what was not read, not compared or left out."""
    if one.unread:
        yield f"not understood, so nothing was compared: {one.unread}"
        return
    yield from filter(None, (_apart(one), _others(one) if one.others else "", *one.notices))


def _apart(one: Compared) -> str:
    return beside(*one.documents, found=bool(one.findings or one.others))


def _others(one: Compared) -> str:
    return f"{plural(one.others, 'finding')} about operations that this contract does not name"


def update_provider(name: str, file: Path, today: str) -> Iterator[str]:
    """Take a newer document into the user's `specs/<name>/`, the history first; yields what was done."""
    from contracts.drift import TOLERANT

    provider = load(name, root())
    data = file.read_bytes()
    one = choose(provider.manifest, file.resolve().as_posix(), data)
    parts = parts_beside(file, data).held
    compared = _compare(provider, one, data, str(file), parts, TOLERANT, today=today, verify=False)
    texts = {u.file: _vendored(provider, u).read_bytes() for u in provider.manifest.upstream}
    texts |= {
        path.name: path.read_bytes()
        for path in provider.files("*")
        if path.name in {"provider.toml", "HISTORY.md"}
    }
    held = {other.file: vendored_parts(provider, other) for other in provider.manifest.upstream}
    made = update_upstream(
        provider.manifest,
        texts,
        compared,
        data,
        today=today,
        overlays=tuple(_overlays(provider)),
        parts={**held, one.file: parts},
    )
    home = root() / "specs" / name
    for relative, content in sorted({**texts, **made.files}.items()):
        write_whole(home / relative, content)
    count = plural(len(compared.findings), "finding")
    yield f"took {one.file} into {shown(home, root())}: {count}, see HISTORY.md"
    yield from (f"note: {notice}" for notice in compared.notices)


def _overlays(provider: Provider) -> Iterator[Document]:
    for folder in reversed(provider.folders):
        if (folder / "overlay.yaml").is_file():
            yield read_document(
                provider.shown(folder / "overlay.yaml"), (folder / "overlay.yaml").read_bytes()
            )
