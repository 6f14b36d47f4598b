"""Connections that were never opened: refused, not answered, prohibited."""

from __future__ import annotations

import errno

from dcmecho.capture.associations.ending import is_foreign
from dcmecho.capture.associations.judged import Judged, failed, unknown
from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, IcmpError
from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import EndedBy
from dcmecho.diagnosis.observed.service_reasoning import AnySuspects, likely
from dcmecho.diagnosis.stage import StageId

_PROHIBITED = {4: frozenset({9, 10, 13}), 6: frozenset({1, 5, 6})}
_UNREACHABLE_TYPE = {4: 3, 6: 1}
_PORT_UNREACHABLE = {4: 3, 6: 4}
_GIVES_UP_S = 0.9
_TCP = EvidenceKind.TCP_FAILED


def judge_connect(conversation: Conversation, around: Surroundings) -> Judged | None:
    """Return what a handshake that was not completed tells."""
    client, server = conversation.client, conversation.server
    if not client.syns:
        return None
    errors = [each for each in conversation.icmp if each.type == _UNREACHABLE_TYPE[each.version]]
    if errors:
        return _prohibited(errors[0])
    if server.resets and client.frames > client.syns:
        title = "reset; the capture does not have what was said before"
        return unknown(StageId.CONNECT, EvidenceKind.PEER_RESET, title)
    if server.resets:
        return _refused(conversation, around)
    if server.frames:
        return None
    waited = around.silence_after(client.syn and client.syn.time)
    found = likely(CauseId.TCP_NO_ANSWER, CauseId.TCP_UNREACHABLE)
    if client.syns == 1 and waited < _GIVES_UP_S:
        words = "a SYN, and the capture ends before an answer can have come"
        return unknown(StageId.CONNECT, _TCP, words, found)
    times = "once" if client.syns == 1 else f"{client.syns} times"
    title = f"no answer to the SYN, sent {times}"
    return failed(StageId.CONNECT, _TCP, title, found)


def _prohibited(error: IcmpError) -> Judged:
    if error.code in _PROHIBITED[error.version]:
        found = likely(CauseId.TCP_PROHIBITED, CauseId.TCP_UNREACHABLE)
        title = f"{error.by} says: administratively prohibited"
    elif error.code == _PORT_UNREACHABLE[error.version]:
        found = likely(CauseId.TCP_PROHIBITED, CauseId.TCP_REFUSED)
        title = f"{error.by} says: port unreachable"
    else:
        found = likely(CauseId.TCP_UNREACHABLE, CauseId.TCP_PROHIBITED)
        title = f"{error.by} says: unreachable"
    return failed(StageId.CONNECT, _TCP, title, found)._replace(ended_by=EndedBy.NETWORK)


def _refused(conversation: Conversation, around: Surroundings) -> Judged:
    reset = conversation.server.resets[0]
    found: AnySuspects = likely(CauseId.TCP_REFUSED, CauseId.TCP_PROHIBITED)
    title = "refused: RST in answer to the SYN"
    if is_foreign(reset, conversation.server, around):
        title += f", with a TTL ({reset.ttl}) that the server does not have: a firewall's"
    return failed(StageId.CONNECT, _TCP, title, found, {"errno": errno.ECONNREFUSED})
