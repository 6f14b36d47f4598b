"""A report as plain ASCII text for a terminal, mail or ticket, 78 columns at most."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import assert_never

from dcmecho.diagnosis.conclusion.clock import moment_and_utc, time_of_day
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.diagnosis.sanitize import own_text, title_bytes
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.page import Explained, bullets, causes_heading
from dcmecho.report.plain import plain_lines
from dcmecho.report.wrapping import WIDTH, wrap

SLOW_ECHO_MS = 10.0
"""C-ECHO times from here on are explained with TCP figures: network or application?"""


def _mark(result: StageResult) -> str:
    if result.evidence and result.evidence[0].kind is EvidenceKind.DO_NOT_PROBE:
        return "--"
    match result.status:
        case Status.PASSED:
            return "ok"
        case Status.WARNING:
            return "warn"
        case Status.FAILED:
            return "FAIL"
        case Status.SKIPPED | Status.NOT_REACHED:
            return "--"
        case _:
            assert_never(result.status)


def render(report: Report) -> str:
    """Return the whole report; it ends with a newline."""
    lines: list[str] = [*_heading(report), ""]
    lines += [line for result in report.stages for line in _stage(result)]
    lines += ["", *wrap(verdict_line(report), "", "  ")]
    if report.repeats:
        lines += ["", "Associations", *_repeats(report)]
    if report.history is not None:
        from dcmecho.report.history.since import since_lines

        lines += since_lines(report.history, report)
    if report.causes:
        first = report.causes[0].confidence
        lines += ["", causes_heading(report.causes)]
        lines += plain_lines(Explained(c, whole=c.confidence is first) for c in report.causes)
    if report.experiments:
        lines += ["", "Experiments"]
        for each in report.experiments:
            lines += _experiment(each)
    lines += plain_lines(bullets("Proven", report.proven))
    lines += plain_lines(bullets("Not proven", report.not_proven))
    return "\n".join(lines) + "\n" + _services(report)


def _services(report: Report) -> str:
    if report.services is None:
        return ""
    from dcmecho.report.services import render_services

    return render_services(report.services)


def verdict_line(report: Report) -> str:
    """Return ``FAILED at AE titles: rejected 1/1/7: ...``."""
    verdict = report.verdict
    if verdict.is_forbidden:
        return f"NOT CHECKED, forbidden by do_not_probe{verdict.title.removeprefix('not checked')}"
    word = verdict.status.capitals
    if verdict.status is VerdictStatus.OK:
        return f"{word}: {verdict.title}"
    return f"{word} at {verdict.stage.row.label}: {verdict.title}"


def name_of(target: Target) -> str:
    """Return the name of the target, or else its host and port; printable."""
    where = f", from {own_text(target.vantage)}" if target.vantage else ""
    return (target.name or f"{target.shown_host} port {target.port}") + where


def _heading(report: Report) -> Iterator[str]:
    target = report.target
    if target.name:
        yield target.name
    whence = f", from {own_text(target.vantage)}" if target.vantage else ""
    yield (
        f"{title_bytes(target.calling_ae)} -> {title_bytes(target.called_ae)}"
        f" @ {target.shown_host}:{target.port}{whence}"
    )
    yield f"{moment_and_utc(report.started)}, {duration(report.elapsed_ms)}"


def _stage(result: StageResult) -> Iterator[str]:
    head = f"{_mark(result):4}  {result.id.row.label:12}  "
    took = duration(result.elapsed_ms) if result.elapsed_ms else ""
    room = WIDTH - len(head) - (len(took) + 2 if took else 0)
    first, *others = textwrap.wrap(result.summary, room, break_on_hyphens=False) or [""]
    yield f"{head}{first:{room}}  {took}" if took else f"{head}{first}"
    yield from (" " * len(head) + other for other in others)
    if result.status in (Status.FAILED, Status.WARNING):
        shown = {result.summary}
        for evidence in result.evidence:
            if evidence.text in shown:
                continue
            shown.add(evidence.text)
            yield from wrap(evidence.text, " " * len(head), " " * len(head))
    elif result.id is StageId.ECHO and (result.elapsed_ms or 0) >= SLOW_ECHO_MS:
        for evidence in result.evidence:
            if evidence.kind is EvidenceKind.TCP_INFO:
                yield from wrap(evidence.text, " " * len(head), " " * len(head))


def _repeats(report: Report) -> Iterator[str]:
    for number, each in enumerate(report.repeats, start=1):
        word = each.verdict.status.capitals
        lead = f"  {number:2}  {time_of_day(each.started)}  {word:8}"
        yield from wrap(each.verdict.title, lead, " " * len(lead))


def _experiment(result: ExperimentResult) -> Iterator[str]:
    yield from wrap(f"{result.id}: {result.sent}", "  - ", "    ")
    yield from wrap(f"{result.outcome}; {result.split}", "    ", "    ")
