"""From a judged failure to what is told of it: words, what stays open, and the next thing to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_PORT,
    UNKNOWN_TIME,
    Alike,
    EndedBy,
    NextKind,
    NextStep,
    ObservedAssociation,
    ObservedCause,
)
from dcmecho.diagnosis.observed.command import (
    CALLED_TITLE,
    CALLING_TITLE,
    PORT,
    check_command,
)
from dcmecho.diagnosis.observed.describing import described
from dcmecho.diagnosis.report import Report, Source
from dcmecho.diagnosis.sanitize import PeerText, title_words
from dcmecho.diagnosis.stage import StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.texts.alike import Alike as Group
from dcmecho.diagnosis.texts.judging import Judged, target_of
from dcmecho.diagnosis.texts.knowledge import Side
from dcmecho.diagnosis.texts.wording import title_of
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus

_ZONES, _NEARLY = 15 * 60, 30
"""Seconds: what time zones differ by, and how exact two logs tell it."""
_FIELD = re.compile(r"\{[a-z_*]+\}")
"""In the text of a message a value: it is told apart from it, if at all."""


def observed(group: Group) -> ObservedAssociation:
    """Return what is told of associations that failed alike."""
    judged, seen = group.judged, group.seen
    target = _shown(target_of(seen), one_caller=group.one_caller)
    causes = tuple(_causes(judged, target, seen.values.get("destination", "")))
    status, title = _verdict(judged, group)
    report = Report(
        run_id="",
        started=seen.at or UNKNOWN_TIME,
        elapsed_ms=0.0,
        target=target,
        verdict=Verdict(status, judged.stage, title, judged.kind),
        causes=tuple(c for c in causes if isinstance(c.id, CauseId)),
        stages=(_stage(judged, group, title),),
        proven=tuple(_proven(causes)),
        not_proven=tuple(_open(group, target)),
        source=Source.TEXT,
    )
    return ObservedAssociation(
        report,
        causes,
        service=judged.service,
        client=_address(seen.values.get("client", ""), seen.values.get("client_port", "")),
        server=_address(target.host, "" if target.port == UNKNOWN_PORT else str(target.port)),
        ended_by=_ended_by(judged),
        alike=Alike(group.times, group.since, group.until, tuple(map(_text, group.callers))),
        next_step=_next(group, target, causes),
    )


def _verdict(judged: Judged, group: Group) -> tuple[VerdictStatus, str]:
    own = group.seen.own
    if own is not None and own.verdict is not None:
        return own.verdict.status, f"a report of dcmecho: {title_of(judged)}"
    if group.seen.failure:
        return VerdictStatus.FAILED, title_of(judged)
    return VerdictStatus.UNKNOWN, "it begins, and the text ends"


def _text(value: str) -> str:
    return PeerText(value).brief


def _shown(target: Target, *, one_caller: bool) -> Target:
    calling = _text(target.calling_ae) if one_caller else ""
    return Target(_text(target.host), target.port, _text(target.called_ae), calling)


def _address(host: str, port: str) -> str:
    host = _text(host)
    if not host:
        return ""
    return f"{host}:{port}" if port else host


def _ended_by(judged: Judged) -> EndedBy:
    if judged.kind in (EvidenceKind.ASSOCIATION_REJECTED, EvidenceKind.ECHO_RESPONSE):
        return EndedBy.SERVER
    return EndedBy.UNKNOWN


def _causes(judged: Judged, target: Target, destination: str) -> Iterator[ObservedCause]:
    values = _values(judged, target)
    if destination:
        values["title"] = _text(destination)
    for cause, sure in judged.found:
        yield described(cause, sure, values)


_UNTOLD = {
    "called_ae": CALLED_TITLE,
    "calling_ae": CALLING_TITLE,
    "port": PORT,
    "local_address": "the caller's address",
    "time": "the time in the text",
    "title": "DESTINATION_TITLE",
    "triple": "a code that is not told",
}
"""What stands for a value that the text does not tell: the same as in the command to run."""


def _values(judged: Judged, target: Target) -> dict[str, str]:
    data = judged.data
    values = dict(_UNTOLD)
    if target.called_ae:
        values["called_ae"] = title_words(target.called_ae)
    if target.calling_ae:
        values["calling_ae"] = title_words(target.calling_ae)
    if target.host:
        values["host"] = target.host
    if target.port != UNKNOWN_PORT:
        values["port"] = str(target.port)
    if target.host:
        port = str(target.port) if target.port != UNKNOWN_PORT else ""
        values["peer_address"] = _address(target.host, port)
    if "reason" in data and judged.kind is EvidenceKind.ASSOCIATION_REJECTED:
        values["triple"] = "/".join(str(data.get(n, "?")) for n in ("result", "source", "reason"))
    if judged.status is not None:
        values["status"] = f"0x{judged.status:04X}"
    return values


def _stage(judged: Judged, group: Group, title: str) -> StageResult:
    texts = [_FIELD.sub("...", text) for text in group.seen.shown] or [title]
    first = Evidence(judged.kind, 0.0, texts[0], dict(judged.data))
    others = tuple(Evidence(judged.kind, 0.0, text) for text in texts[1:4])
    return StageResult(judged.stage, Status.FAILED, title, None, (first, *others))


def _proven(causes: tuple[ObservedCause, ...]) -> Iterator[str]:
    yield from (cause.title for cause in causes if cause.confidence is Confidence.PROVEN)


def _open(group: Group, target: Target) -> Iterator[str]:
    """Yield what the text cannot tell."""
    message = group.seen.failure
    if group.seen.own is not None:
        yield "whether it is still so: dcmecho reported it then"
    elif message is None:
        yield "how it ended: the text has no line about that"
    elif message.cannot_tell:
        yield message.cannot_tell
    missing = [
        name
        for name, value in (
            ("the called title", target.called_ae),
            ("the calling title", target.calling_ae if group.one_caller else "several"),
            ("the address", target.host),
        )
        if not value
    ]
    if missing:
        yield ", ".join(missing)
    if group.clock_ahead is not None:
        yield _clocks(group.clock_ahead)
    if group.since is not None:
        yield "the time zone, unless its times have one: dcmecho takes them for UTC"


def _clocks(ahead: timedelta) -> str:
    """Say that the clocks of two logs differ; logs without a zone are taken for UTC."""
    seconds = abs(ahead.total_seconds())
    is_zone = min(seconds % _ZONES, -seconds % _ZONES) < _NEARLY and seconds > _ZONES / 2
    why = "a time zone, by the look of it" if is_zone else "one of the clocks is wrong"
    way = "ahead of" if ahead > timedelta() else "behind"
    return (
        f"when it was: the clock of the log of the side that was called is"
        f" {timedelta(seconds=round(seconds))} (h:mm:ss) {way} the caller's, {why}"
    )


def _next(group: Group, target: Target, causes: tuple[ObservedCause, ...]) -> NextStep | None:
    if causes and causes[0].confidence is Confidence.PROVEN and not causes[0].is_symptom:
        return None
    message, side = group.seen.failure, group.seen.side
    look_for = message.look_for if message is not None else ""
    if side is Side.CALLED:
        words = "in the log of the caller, at that time: what it asked for, and its error"
        other = f"in the log of the other side: {look_for}" if look_for else words
        return NextStep(NextKind.OTHER_LOG, other)
    or_look = f", or look in the log of the other side: {look_for}" if look_for else ""
    return NextStep(NextKind.COMMAND, _why(causes) + or_look, check_command(target))


def _why(causes: tuple[ObservedCause, ...]) -> str:
    ids = {cause.id.value for cause in causes}
    if any(each.startswith("ae.") for each in ids):
        return "a check with experiments tells which title, or the address, is not accepted"
    if any(each.startswith(("store.", "query.", "move.")) for each in ids):
        return "a check of the same peer tells whether it accepts these titles at all"
    return "a check from the caller's machine tells these apart"
