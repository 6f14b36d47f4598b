"""The stages that an association passed, each with its time, and the one where it ended."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.capture.associations.judged import Judged
from dcmecho.capture.associations.serving import service_of, stage_of
from dcmecho.capture.conversation import Conversation, Seen, Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.capture.passed.trace import Trace
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.standard.statuses import status_words

_ORDER = tuple(StageId)


def climb(
    heard: Listener, judged: Judged, evidence: tuple[Evidence, ...]
) -> tuple[StageResult, ...]:
    """Return the stages up to the one that ``judged`` is about, which has the evidence."""
    conversation = heard.conversation
    assert conversation is not None
    end = _ORDER.index(judged.stage)
    passed = [each for each in _passed(heard, conversation) if _ORDER.index(each.id) < end]
    took = _time_at(judged.stage, heard.trace, conversation)
    last = StageResult(judged.stage, _status(judged.status), judged.title, took, evidence)
    return (*passed, last)


def _status(status: VerdictStatus) -> Status:
    if status is VerdictStatus.OK:
        return Status.PASSED
    return Status.FAILED if status is VerdictStatus.FAILED else Status.NOT_REACHED


def _passed(heard: Listener, conversation: Conversation) -> Iterator[StageResult]:
    trace = heard.trace
    if conversation.client.syn and conversation.server.syn:
        yield _stage(
            StageId.CONNECT,
            f"opened to {conversation.server.endpoint}",
            EvidenceKind.TCP_CONNECTED,
            _time_at(StageId.CONNECT, trace, conversation),
        )
    if trace.acceptance is not None:
        yield _stage(
            StageId.ASSOCIATE,
            _accepted(trace, conversation),
            EvidenceKind.ASSOCIATION_ACCEPTED,
            _time_at(StageId.ASSOCIATE, trace, conversation),
        )
        answers = trace.acceptance.answered
        accepted = sum(each.is_accepted for each in answers)
        if accepted:
            words = f"{accepted} of {count(len(answers), 'presentation context')} accepted"
            yield _stage(StageId.CONTEXT, words, EvidenceKind.ASSOCIATION_ACCEPTED, None)
    yield from _commands(trace, conversation)


def _stage(stage: StageId, words: str, kind: EvidenceKind, took: float | None) -> StageResult:
    return StageResult(stage, Status.PASSED, words, took, (Evidence(kind, 0.0, words),))


def _accepted(trace: Trace, conversation: Conversation) -> str:
    """Tell network and application apart: acknowledged by TCP, answered by the program."""
    asked, answered = trace.requested, trace.accepted or trace.rejected
    acknowledged = _acknowledged(trace, conversation)
    took = _between(asked, acknowledged)
    words = "accepted" if trace.acceptance is not None else "answered"
    if took is None or acknowledged is None or answered is None:
        return words
    if acknowledged.frame >= answered.frame:
        return f"{words}; the answer acknowledged the request"
    return f"{words}; TCP acknowledged the request after {took:.2g} ms"


def _acknowledged(trace: Trace, conversation: Conversation) -> Seen | None:
    """Return when the server had acknowledged all of the request."""
    if not trace.request_bytes:
        return None
    acks = conversation.client.acks
    return next((each.seen for each in acks if each.offset >= trace.request_bytes), None)


def _commands(trace: Trace, conversation: Conversation) -> Iterator[StageResult]:
    last = trace.last
    if last is None or last.answer is None or last.answer.status is None:
        return
    service = service_of(last)
    words = f"{service} answered with 0x{last.answer.status:04X}"
    words += f" {status_words(last.answer.status)}"
    if trace.commands > 1:
        words = f"{trace.commands} commands, the last: {words}"
    stage = stage_of(service)
    yield _stage(stage, words, EvidenceKind.ECHO_RESPONSE, _time_at(stage, trace, conversation))


def _time_at(stage: StageId, trace: Trace, conversation: Conversation) -> float | None:
    """Return how long a stage took, in milliseconds; ``None`` where the capture does not tell."""
    match stage:
        case StageId.CONNECT:
            return _between(conversation.client.syn, conversation.server.syn)
        case StageId.ASSOCIATE | StageId.AE_TITLE:
            aborted = next(
                (noted.seen for noted, _ in trace.aborts if noted.way is Way.FROM_SERVER), None
            )
            return _between(trace.requested, trace.accepted or trace.rejected or aborted)
        case StageId.ECHO | StageId.SERVICE:
            asked = trace.failed or trace.last
            return _between(asked.seen, asked.answered) if asked is not None else None
        case StageId.RELEASE:
            asked_at, answer = trace.release_request, trace.release_answer
            return _between(asked_at and asked_at.seen, answer and answer.seen)
        case _:
            return None


def _between(one: Seen | None, other: Seen | None) -> float | None:
    if one is None or other is None or one.time is None or other.time is None:
        return None
    took = (other.time - one.time) * 1000
    return took if took >= 0 else None
