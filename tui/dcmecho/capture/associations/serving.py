"""The commands of an accepted association: which failed, and where it stopped."""

from __future__ import annotations

from dcmecho.capture.associations.judged import Judged, as_a_check, failed, unknown
from dcmecho.capture.associations.proposed import not_offered, services
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, Seen, Stream, Way
from dcmecho.capture.passed.trace import Asked, Trace, is_failure, is_final
from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import C_ECHO
from dcmecho.diagnosis.observed.service_reasoning import (
    C_STORE,
    AnySuspects,
    after_acceptance,
    by_status,
    likely,
)
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.stages.slowness import SLOW_FROM_MS
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.pdu.commands import DimseCommand
from dcmecho.standard.command_fields import command_words

_RESPONSE = EvidenceKind.ECHO_RESPONSE
_PATIENCE_S = 5.0
_SLOW_FROM_S = SLOW_FROM_MS / 1000
_VERIFICATION = "1.2.840.10008.1.1"


def service_of(asked: Asked | None) -> str:
    """Return the command as reports name it: ``C-STORE``; empty without one."""
    if asked is None or asked.command.field is None:
        return ""
    return command_words(asked.command.field).removesuffix("-RQ")


def judge_commands(
    trace: Trace, conversation: Conversation, around: Surroundings, target: Target
) -> Judged:
    """Return what became of the commands of an association."""
    if trace.failed is not None:
        return _failed(trace.failed, service_of(trace.failed))
    last = trace.last
    if last is None and trace.orphan is not None:
        return _answer_alone(trace.orphan, trace, conversation)
    if last is None:
        return _without_command(trace, conversation, target)
    if not is_final(last.answer):
        return _unanswered(trace, last, conversation, around)
    return _done(trace, conversation, service_of(last))


def stage_of(service: str) -> StageId:
    """Return the stage of a command."""
    return StageId.ECHO if service in {"", C_ECHO} else StageId.SERVICE


def _failed(asked: Asked, service: str) -> Judged:
    answer = asked.answer
    status = answer.status if answer is not None and answer.status is not None else 0
    found = likely(*(cause for cause, _ in by_status(service, status)))
    title = f"{service} answered with 0x{status:04X}"
    data = {"status": status}
    return failed(stage_of(service), _RESPONSE, title, found[:4], data, service)


def _answer_alone(answer: DimseCommand, trace: Trace, conversation: Conversation) -> Judged:
    """Return what an answer tells whose command is not in the capture."""
    service = command_words(answer.field or 0).removesuffix("-RSP")
    if is_failure(answer):
        return _failed(Asked(answer, Way.FROM_CLIENT, Seen(0, None), answer), service)
    if trace.release_request or trace.release_answer:
        return _done(trace, conversation, service)
    title = f"{service} answered with success; the capture does not have the rest"
    return Judged(VerdictStatus.OK, stage_of(service), title, _RESPONSE, service=service)


def _without_command(trace: Trace, conversation: Conversation, target: Target) -> Judged:
    acceptance = trace.acceptance
    if acceptance is not None and trace.request is not None:
        accepted = [each for each in acceptance.answered if each.is_accepted]
        if not accepted:
            return _no_context(trace, target)
    ended = conversation.client.fin or conversation.server.fin or trace.release_request
    if trace.release_request is not None or _ends(trace, conversation) or ended:
        if acceptance is None and trace.request is None and not any(trace.pdus.values()):
            return unknown(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, "nothing readable")
        return _broken_or_done(trace, conversation)
    title = "accepted, and the capture ends before a command"
    return unknown(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, title)


def _broken_or_done(trace: Trace, conversation: Conversation) -> Judged:
    if trace.release_request is not None:
        return _done(trace, conversation, "")
    kind = _breaks(trace, conversation)
    if kind is not None:
        service = C_STORE if _sends_datasets(trace, conversation) else ""
        found = after_acceptance(kind, service)
        title = "ended by the server after the acceptance"
        if trace.acceptance is None:
            title = "ended by the server; the capture does not have how it began"
        return failed(stage_of(service), kind, title, found[:4], service=service)
    title = "accepted, and ended without a command"
    return unknown(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ACCEPTED, title)


_MUCH = 20_000


def _sends_datasets(trace: Trace, conversation: Conversation) -> bool:
    """Whether a client was sending objects, though its command is not in the capture."""
    return Way.FROM_CLIENT in trace.datasets or conversation.client.end > _MUCH


def _no_context(trace: Trace, target: Target) -> Judged:
    assert trace.acceptance is not None
    assert trace.request is not None
    syntaxes = {each.abstract_syntax for each in trace.request.proposed}
    answers = trace.acceptance.answered
    kind, stage = EvidenceKind.CONTEXT_REFUSED, StageId.CONTEXT
    title = "accepted, but no presentation context"
    if not answers:
        return failed(stage, kind, title, likely(CauseId.PEER_MALFORMED, CauseId.CONTEXT_REFUSED))
    if syntaxes != {_VERIFICATION}:
        asked = services(trace.request)
        found = likely(*not_offered(trace.request))
        return failed(stage, kind, title, found[:4], service=asked[0] if len(asked) == 1 else "")
    found = as_a_check(stage, kind, {"result": answers[0].result}, target)
    return failed(stage, kind, title, found, service=C_ECHO)


def _unanswered(
    trace: Trace, last: Asked, conversation: Conversation, around: Surroundings
) -> Judged:
    service = service_of(last)
    stage = stage_of(service)
    kind = _breaks(trace, conversation)
    if kind is not None:
        found = after_acceptance(kind, service)
        title = f"ended by the other side before it answered {service}"
        return failed(stage, kind, title, found[:4], service=service)
    sender = conversation.stream(last.way)
    if conversation.one_sided:
        title = f"{service}; the capture does not have what the other side sent"
        return unknown(stage, EvidenceKind.PEER_SILENT, title, service=service)
    lost = _lost(sender, conversation.stream(_other(last.way)), service)
    silent = EvidenceKind.PEER_SILENT
    if lost:
        title, found = lost
        return failed(stage, silent, title, found, service=service)
    waited = around.silence_after(conversation.last.time)
    if _ends(trace, conversation) or waited > _PATIENCE_S or trace.release_request:
        if last.answered_another:
            found = likely(CauseId.PEER_MALFORMED, CauseId.ECHO_NO_ANSWER)
            title = f"{service} was answered with the number of another message"
            return failed(stage, EvidenceKind.PEER_MALFORMED, title, found, service=service)
        if sender.gap_bytes or conversation.stream(_other(last.way)).gap_bytes:
            title = f"no answer to {service} in the capture, which has not all bytes"
            return unknown(stage, silent, title, after_acceptance(silent, service), service)
        found = after_acceptance(silent, service)
        return failed(stage, silent, f"no answer to {service}", found[:4], service=service)
    title = f"the capture ends while {service} is under way"
    return unknown(stage, EvidenceKind.ASSOCIATION_ACCEPTED, title, service=service)


def _lost(sender: Stream, receiver: Stream, service: str) -> tuple[str, AnySuspects] | None:
    """Return what packets tell of a command that did not get through."""
    is_store = service == C_STORE
    window = receiver.zero_window
    if window is not None and not window.open_again and window.times > 1:
        title = "the other side takes no more data (TCP window 0): its program hangs"
        first = FindingId.STORE_PEER_STOPS_READING if is_store else CauseId.ECHO_NO_ANSWER
        return title, likely(first)
    acked = sender.acked or 0
    repeats = [each for each in sender.repeated if each.offset + each.length > acked]
    if not repeats or acked >= sender.end or max(each.times for each in repeats) < 2:
        return None
    title = f"{service} is repeated, and TCP does not acknowledge it"
    if not is_store:
        return title, likely(*_no_answer(service), FindingId.PATH_LOSES_REQUESTS)
    if sender.largest_acked < min(each.length for each in repeats[:1]):
        return title, likely(
            FindingId.STORE_BIG_PACKETS_LOST,
            FindingId.PATH_LOSES_BIG_PACKETS,
            FindingId.STORE_PACKETS_LOST,
        )
    return title, likely(FindingId.STORE_PACKETS_LOST, FindingId.STORE_BIG_PACKETS_LOST)


def _no_answer(service: str) -> tuple[CauseId | FindingId, ...]:
    return tuple(cause for cause, _ in after_acceptance(EvidenceKind.PEER_SILENT, service))


def _breaks(trace: Trace, conversation: Conversation) -> EvidenceKind | None:
    """Return how the server ended it, ``None`` if it did not do so first."""
    client, server = conversation.client, conversation.server
    ours = [noted.seen for noted, _ in trace.aborts if noted.way is Way.FROM_CLIENT]
    ours += [each.seen for each in client.resets]
    ours += [client.fin] if client.fin is not None else []
    first_of_client = min((each.frame for each in ours), default=None)
    theirs: list[tuple[int, EvidenceKind]] = []
    for noted, _ in trace.aborts:
        if noted.way is Way.FROM_SERVER:
            theirs.append((noted.seen.frame, EvidenceKind.ASSOCIATION_ABORTED))
    theirs += [(each.seen.frame, EvidenceKind.PEER_RESET) for each in server.resets]
    if server.fin is not None:
        theirs.append((server.fin.frame, EvidenceKind.PEER_CLOSED))
    if not theirs:
        return None
    frame, kind = min(theirs, key=lambda each: each[0])
    if conversation.one_sided and kind is not EvidenceKind.ASSOCIATION_ABORTED:
        # What the client sent before is not in the capture.
        return None
    return kind if first_of_client is None or frame < first_of_client else None


def _ends(trace: Trace, conversation: Conversation) -> bool:
    client, server = conversation.client, conversation.server
    return bool(client.fin or client.resets or server.fin or server.resets or trace.aborts)


def _done(trace: Trace, conversation: Conversation, service: str) -> Judged:
    """Return an association of which every command was answered well."""
    kind, found = EvidenceKind.RELEASE_RESPONSE, _slow(trace, conversation, service)
    if trace.release_request is not None or trace.release_answer is not None:
        answered = trace.release_answer is not None
        missing = () if answered else likely(CauseId.RELEASE_NO_ANSWER)
        title = "released" if answered else "release requested, and not answered"
        if not answered:
            kind = EvidenceKind.RELEASE_MISSING
        return Judged(
            VerdictStatus.OK, StageId.RELEASE, title, kind, missing or found, service=service
        )
    what = f"{service} answered with success" if service else "accepted"
    stage = stage_of(service)
    return Judged(VerdictStatus.OK, stage, what, _RESPONSE, found, service=service)


def _slow(trace: Trace, conversation: Conversation, service: str) -> AnySuspects:
    """Return the causes of an answer after seconds, as ``causes/slow_reasoning.py`` has them."""
    lost = conversation.client.retransmissions or conversation.server.retransmissions
    lossy = (CauseId.TCP_SLOW,) if lost else ()
    answer_s = _between(trace.last.seen, trace.last.answered) if trace.last else None
    echo_is_slow = service == C_ECHO and answer_s is not None and answer_s >= _SLOW_FROM_S
    if (_between(trace.requested, trace.accepted) or 0.0) >= _SLOW_FROM_S:
        causes = (CauseId.PEER_NAME_LOOKUP, CauseId.PEER_SLOW)
        return likely(*lossy, *(causes[::-1] if echo_is_slow or answer_s is None else causes))
    return likely(*lossy, CauseId.PEER_SLOW) if echo_is_slow else ()


def _between(first: Seen | None, then: Seen | None) -> float | None:
    if first is None or then is None or first.time is None or then.time is None:
        return None
    return then.time - first.time


def _other(way: Way) -> Way:
    return Way.FROM_SERVER if way is Way.FROM_CLIENT else Way.FROM_CLIENT
