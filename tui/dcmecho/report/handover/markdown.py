"""A report as Markdown for a ticket: Jira, GitHub and mail programs show it alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from dcmecho.diagnosis.cause import Cause, CauseId, Who
from dcmecho.diagnosis.conclusion.clock import moment, moment_and_utc
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.history.history import State
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import title_bytes
from dcmecho.diagnosis.stage import StageId
from dcmecho.report.diagnose import name_of, verdict_line
from dcmecho.report.handover import message
from dcmecho.report.page import BEHIND, causes_heading

_SPECIAL = re.compile(r"([\\`*\[\]<|#])")
_FENCES = re.compile("`+")
_OTHERS = (Who.NETWORK, Who.PEER)


def render(report: Report) -> str:
    """Return the verdict, what changed, the last states, the causes, and what to ask for."""
    blocks = (
        _heading(report),
        _since(report),
        _states(report),
        _causes(report),
        _proofs(report),
        _services(report),
        _requests(report),
    )
    return "".join(f"{line}\n" for block in blocks for line in block)


def _heading(report: Report) -> Iterator[str]:
    target = report.target
    titles = f"{title_bytes(target.calling_ae)} -> {title_bytes(target.called_ae)}"
    yield f"## DICOM: {_plain(name_of(target))}"
    yield ""
    yield f"**{_plain(verdict_line(report))}**"
    yield ""
    yield f"- {_plain(f'{titles} @ {target.shown_host}:{target.port}')}"
    yield f"- {moment_and_utc(report.started)}, {duration(report.elapsed_ms)}"


def _since(report: Report) -> Iterator[str]:
    if report.history is None:
        return
    from dcmecho.report.history.since import since_lines

    lines = [line for line in since_lines(report.history, report) if line]
    if lines:
        yield from ("", "### Since it last worked", "")
        yield from _verbatim(lines)


def _services(report: Report) -> Iterator[str]:
    if report.services is None:
        return
    from dcmecho.report.services import render_services

    if text := render_services(report.services).strip("\n"):
        yield from ("", "### Services", "")
        yield from _verbatim(text.split("\n"))


def _states(report: Report) -> Iterator[str]:
    if report.history is None or not report.history.latest:
        return
    yield from ("", "### The last states before", "")
    yield "| from | until | checks | result |"
    yield "|---|---|---|---|"
    yield from map(_state, report.history.latest)


def _state(state: State) -> str:
    where = StageId(state.stage).row.label if state.stage else ""
    cause = f": {state.cause}" if state.cause else ""
    result = f"{state.status.upper()} at {where}{cause}" if state.cause else state.status.upper()
    times = f"{moment(state.began)} | {moment(state.ended)}"
    return f"| {times} | {state.ok} of {state.runs} ok | {_plain(result)} |"


def _causes(report: Report) -> Iterator[str]:
    if not report.causes:
        return
    yield from ("", f"### {causes_heading(report.causes)}", "")
    first = report.causes[0].confidence
    for number, cause in enumerate(report.causes, start=1):
        yield from _cause(number, cause, whole=cause.confidence is first)


def _cause(number: int, cause: Cause[CauseId], *, whole: bool) -> Iterator[str]:
    who = "" if cause.is_symptom else f" Who acts: {cause.who.words}."
    yield f"{number}. **{cause.confidence}: {_plain(cause.title)}.**{who}"
    if whole:
        yield f"   {_plain(cause.explanation)}"
    if whole and cause.is_symptom:
        yield ""
        yield f"   {BEHIND}"
        yield from (f"   - {_plain(each.text)} ({each.who.words})" for each in cause.behind)
        yield ""
        yield "   What to do:"
    for action in cause.actions if whole else cause.actions[:1]:
        yield f"   - {_plain(action)}"


def _proofs(report: Report) -> Iterator[str]:
    for title, sentences in (("Proven", report.proven), ("Not proven", report.not_proven)):
        yield from _list(title, sentences)
    tried = (f"{each.sent}: {each.outcome}; {each.split}" for each in report.experiments)
    yield from _list("Experiments", tried)


def _list(title: str, sentences: Iterable[str]) -> Iterator[str]:
    for number, sentence in enumerate(sentences):
        if number == 0:
            yield from ("", f"### {title}", "")
        yield f"- {_plain(sentence)}"


def _requests(report: Report) -> Iterator[str]:
    """Yield what the guide would send to the others who must act."""
    for who in _asked(report.causes):
        causes = [each for each in report.causes if _concerns(each, who)]
        yield from ("", f"### Request to the {who.words}", "")
        yield from _verbatim(_request(report, who, causes))


def _asked(causes: Sequence[Cause[CauseId]]) -> Sequence[Who]:
    """Return the others whom the most likely causes concern, or else the first one at all."""
    others = [[who for who in _OTHERS if _concerns(each, who)] for each in causes]
    likely = [each.confidence is causes[0].confidence for each in causes]
    most = {who for found, is_most in zip(others, likely, strict=True) if is_most for who in found}
    first = next(filter(None, others), [])[:1]
    return [who for who in _OTHERS if who in most] or first


def _request(report: Report, who: Who, causes: Sequence[Cause[CauseId]]) -> Iterable[str]:
    return message.render(report, who, causes, report.started.astimezone()).strip().splitlines()


def _concerns(cause: Cause[CauseId], who: Who) -> bool:
    return cause.who is who or any(each.who is who for each in cause.behind)


def _verbatim(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines to be shown as they are, in a fence that no value among them can end."""
    shown = list(lines)
    longest = max((len(each) for line in shown for each in _FENCES.findall(line)), default=0)
    fence = "`" * max(longest + 1, 3)
    yield from (fence, *shown, fence)


def _plain(text: str) -> str:
    """Return a text with its special characters escaped."""
    return _SPECIAL.sub(r"\\\1", text)
