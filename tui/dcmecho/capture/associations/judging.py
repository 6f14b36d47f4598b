"""From what a conversation said to its stage, its causes and who ended it. No I/O."""

from __future__ import annotations

from dcmecho.capture.associations.connecting import judge_connect
from dcmecho.capture.associations.encrypted import judge_tls
from dcmecho.capture.associations.ending import ended_by
from dcmecho.capture.associations.judged import Judged, unknown
from dcmecho.capture.associations.requesting import answered_in_tls, judge_request
from dcmecho.capture.associations.serving import judge_commands
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, Opened, Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.service_reasoning import likely
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target


def judge(heard: Listener, around: Surroundings, target: Target) -> Judged | None:
    """Return what a conversation tells; ``None`` if it is none of DICOM, or a check of a port."""
    conversation = heard.conversation
    assert conversation is not None
    judged = _judge(heard, conversation, around, target)
    if judged is None or judged.ended_by is not None:
        return judged
    return judged._replace(ended_by=ended_by(heard, conversation, around))


def _judge(
    heard: Listener, conversation: Conversation, around: Surroundings, target: Target
) -> Judged | None:
    if not conversation.established:
        return judge_connect(conversation, around)
    trace = heard.trace
    if Way.FROM_CLIENT in heard.tls:
        return judge_tls(heard, conversation, around)
    if Way.FROM_CLIENT in trace.foreign:
        return None
    if Way.FROM_SERVER in heard.tls and trace.pdus[Way.FROM_CLIENT]:
        return answered_in_tls()
    if not _speaks_dicom(heard):
        return _only_opened(conversation, around)
    began_later = conversation.opened is Opened.GUESSED and trace.request is None
    if not began_later or trace.rejection is not None:
        stopped = judge_request(trace, conversation, around, target)
        if stopped is not None:
            return stopped
    return judge_commands(trace, conversation, around, target)


def _speaks_dicom(heard: Listener) -> bool:
    trace = heard.trace
    return bool(any(trace.pdus.values()) or trace.partials)


def _only_opened(conversation: Conversation, around: Surroundings) -> Judged | None:
    """Return what an open connection means on which nothing was said, and that nobody closed."""
    client, server = conversation.client, conversation.server
    is_open = not (client.fin or server.fin or client.resets or server.resets)
    said = client.end or server.end or conversation.opened is Opened.GUESSED
    if said or not is_open or around.facts.damaged:
        return None
    found = likely(FindingId.PATH_LOSES_REQUESTS, CauseId.PEER_SILENT)
    title = "opened, and then nothing"
    return unknown(StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, title, found)
