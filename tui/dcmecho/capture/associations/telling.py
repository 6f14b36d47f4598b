"""From a judged conversation to the report on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from dcmecho.capture.associations.climbing import climb
from dcmecho.capture.associations.encrypted import tls_facts
from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.associations.wording import values_of
from dcmecho.capture.conversation import Conversation, Missing, Opened
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.log import log_of
from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import Evidence
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_TIME,
    EndedBy,
    NextKind,
    NextStep,
    ObservedAssociation,
    ObservedCause,
)
from dcmecho.diagnosis.observed.command import check_command
from dcmecho.diagnosis.report import Report, Source
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus


def observed(
    heard: Listener,
    judged: Judged,
    target: Target,
    *,
    sub: Listener | None = None,
    sub_of: int | None = None,
    same_as: int | None = None,
    also: Sequence[str] = (),
) -> ObservedAssociation:
    """Return the report on an association.

    ``sub`` is the sub-association of a C-MOVE; ``sub_of`` tells whose sub-association it is,
    ``same_as`` at which place the same association stands, ``also`` how it looks elsewhere.
    """
    conversation = heard.conversation
    assert conversation is not None
    shown = Target(target.host, target.port, _text(target.called_ae), _text(target.calling_ae))
    causes = tuple(_causes(judged, values_of(heard, judged, shown, sub)))
    first, last = conversation.first, conversation.last
    elapsed = (last.time - first.time) * 1000 if first.time and last.time else 0.0
    report = Report(
        run_id="",
        started=moment_of(first.time),
        elapsed_ms=max(elapsed, 0.0),
        target=shown,
        verdict=Verdict(judged.status, judged.stage, judged.title, judged.kind),
        causes=tuple(cause for cause in causes if isinstance(cause.id, CauseId)),
        stages=climb(heard, judged, tuple(_evidence(heard, judged, also))),
        proven=tuple(cause.title for cause in causes if cause.confidence is Confidence.PROVEN),
        not_proven=tuple(_cannot_tell(heard, conversation, judged)),
        source=Source.CAPTURE,
    )
    return ObservedAssociation(
        report,
        causes,
        service=judged.service,
        client=str(conversation.client.endpoint),
        server=str(conversation.server.endpoint),
        ended_by=judged.ended_by or EndedBy.UNKNOWN,
        next_step=_next(judged, shown, causes),
        sub_of=sub_of,
        same_as=same_as,
        log=log_of(conversation, heard.passage) if heard.passage.total else (),
    )


def moment_of(time: float | None) -> datetime:
    """Return a time of a capture, or ``UNKNOWN_TIME``."""
    if time is None:
        return UNKNOWN_TIME
    try:
        return datetime.fromtimestamp(time, UTC)
    except (OverflowError, ValueError, OSError):
        return UNKNOWN_TIME


def _text(value: str) -> str:
    return PeerText(value).brief


def _causes(judged: Judged, values: dict[str, str]) -> Iterator[ObservedCause]:
    for cause, sure in judged.found:
        if isinstance(cause, FindingId):
            yield FINDINGS.describe(cause, sure, values)
        else:
            yield CAUSES.describe(cause, sure, values)


def _evidence(heard: Listener, judged: Judged, also: Sequence[str]) -> Iterator[Evidence]:
    assert heard.conversation is not None
    yield Evidence(judged.kind, 0.0, judged.title, dict(judged.data))
    twins = (f"the same association is captured twice, also as {each}" for each in also)
    for words in (*twins, *tls_facts(heard), *_facts(heard.conversation)):
        yield Evidence(judged.kind, 0.0, words)


def _facts(conversation: Conversation) -> Iterator[str]:
    """Yield what the packets tell beside the verdict, in words."""
    client, server = conversation.client, conversation.server
    for who, stream in (("client", client), ("server", server)):
        if stream.retransmissions:
            yield f"{stream.retransmissions} segments of the {who} were sent again"
        if stream.zero_window is not None:
            yield f"the {who} announced a TCP window of 0, {stream.zero_window.times} times"
        lost = sum(gap.length for gap in stream.gaps if gap.why is Missing.BY_CAPTURE)
        if lost:
            yield f"the capture does not have {lost} bytes of the {who} that were acknowledged"


def _cannot_tell(heard: Listener, conversation: Conversation, judged: Judged) -> Iterator[str]:
    """Yield what this capture, at its place, cannot tell."""
    yield from judged.cannot_tell
    if conversation.one_sided and conversation.established:
        seen = "client" if conversation.client.frames else "server"
        yield f"what the other side sent: the capture has packets of the {seen} only"
    if conversation.opened is Opened.GUESSED:
        yield "titles and contexts, and who opened the connection: the capture began later"
    elif heard.trace.request is None and heard.trace.acceptance is not None:
        yield "the titles for certain: an acceptance repeats them only by custom"
    gaps = [*conversation.client.gaps, *conversation.server.gaps]
    if any(gap.why is Missing.CUT for gap in gaps):
        yield "what is behind the length at which the capture cut its packets"
    if judged.status is VerdictStatus.UNKNOWN and not judged.cannot_tell:
        yield "how it ended"


def _next(judged: Judged, target: Target, causes: tuple[ObservedCause, ...]) -> NextStep | None:
    if judged.status is not VerdictStatus.FAILED or not causes:
        return None
    why = "a check from the caller's machine tells what is left apart"
    return NextStep(NextKind.COMMAND, why, check_command(target))
