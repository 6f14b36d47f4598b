"""The findings of what is tested after C-ECHO, with their texts from ``findings.toml``."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType

from dcmecho.diagnosis.cause import Cause
from dcmecho.diagnosis.causes.words import CauseWords


class FindingId(StrEnum):
    """Stable identifiers of the findings after C-ECHO, used in JSON, tests and docs."""

    OBJECT_SOP_CLASS_REFUSED = "object.sop-class-refused"
    OBJECT_USER_REJECTION = "object.user-rejection"
    OBJECT_NO_SYNTAX_TAKEN = "object.no-transfer-syntax-taken"
    OBJECT_NEEDS_DECOMPRESSION = "object.needs-decompression"
    OBJECT_PRIVATE_SYNTAX = "object.private-transfer-syntax"
    OBJECT_VIDEO_REFUSED = "object.video-refused"
    OBJECT_NO_KNOWN_DECODER = "object.no-known-decoder"
    OBJECT_NEEDS_OTHER_ENCODING = "object.needs-other-encoding"
    OBJECT_NEEDS_OTHER_COMPRESSION = "object.needs-other-compression"
    QUERY_NOT_AUTHORISED = "query.not-authorised"
    QUERY_CRASHED = "query.crashed"
    QUERY_STATUS = "query.status"
    QUERY_NO_ANSWER = "query.no-answer"
    QUERY_NOT_OFFERED = "query.not-offered"
    QUERY_KEY_IGNORED = "query.key-ignored"
    QUERY_MALFORMED = "query.malformed"
    PATH_LOSES_BIG_PACKETS = "path.loses-big-packets"
    PATH_LOSES_BIG_ANSWERS = "path.loses-big-answers"
    PATH_LOSES_REQUESTS = "path.loses-requests"
    PEER_LARGE_REQUEST_UNANSWERED = "peer.large-request-unanswered"
    PEER_LARGE_REQUEST_REFUSED = "peer.large-request-refused"
    MOVE_DESTINATION_UNKNOWN = "move.destination-unknown"
    MOVE_NOT_REACHED = "move.not-reached"
    MOVE_LOOPBACK_ONLY = "move.loopback-only"
    MOVE_WRONG_PORT = "move.wrong-port"
    MOVE_WRONG_TITLE = "move.wrong-title"
    MOVE_CALLS_WITH_TLS = "move.calls-with-tls"
    MOVE_NO_REQUEST = "move.no-request"
    MOVE_CANNOT_SEND = "move.cannot-send"
    MOVE_WENT_ELSEWHERE = "move.went-elsewhere"
    MOVE_STUDY_UNKNOWN = "move.study-unknown"
    MOVE_NOTHING_SENT = "move.nothing-sent"
    MOVE_NOT_STORED = "move.not-stored"
    MOVE_NOT_OFFERED = "move.not-offered"
    MOVE_NOT_AUTHORISED = "move.not-authorised"
    MOVE_CRASHED = "move.crashed"
    MOVE_STATUS = "move.status"
    MOVE_NO_ANSWER = "move.no-answer"
    MOVE_MALFORMED = "move.malformed"
    STORE_NOT_OFFERED = "store.not-offered"
    STORE_OUT_OF_RESOURCES = "store.out-of-resources"
    STORE_NOT_UNDERSTOOD = "store.not-understood"
    STORE_NOT_AUTHORISED = "store.not-authorised"
    STORE_STATUS = "store.status"
    STORE_BROKEN_OFF = "store.broken-off"
    STORE_PACKETS_LOST = "store.packets-lost"
    STORE_BIG_PACKETS_LOST = "store.big-packets-lost"
    STORE_PEER_STOPS_READING = "store.peer-stops-reading"
    STORE_NO_ANSWER = "store.no-answer"
    STORE_SLOW = "store.slow"
    STORE_MALFORMED = "store.malformed"


Finding = Cause[FindingId]
"""A cause of a problem found after C-ECHO."""

_NEUTRAL = MappingProxyType(
    {
        "acknowledged": "an unknown number",
        "bytes": "some",
        "call": "nothing came",
        "called_ae": "(called title unknown)",
        "calling_ae": "(calling title unknown)",
        "came_port": "(port unknown)",
        "came_title": "(title unknown)",
        "came_to": "(address unknown)",
        "comment": "",
        "counts": "no counts of sub-operations",
        "elapsed": "some time",
        "ending": "(ending unknown)",
        "ends": "nowhere",
        "mtu": "unknown",
        "object": "this kind of object",
        "pdu": "any number of",
        "port": "(unknown)",
        "rate": "(rate unknown)",
        "registration": "(registration unknown)",
        "retransmits": "unknown",
        "rtt": "unknown",
        "segment": "unknown",
        "size": "some",
        "source": "(address unknown)",
        "status": "no status",
        "syntax": "this transfer syntax",
        "taken": "no transfer syntax",
        "title": "(your title)",
        "tools": "no tool that dcmecho knows",
        "uids": "(UIDs unknown)",
    }
)
"""The placeholders of the texts, and what replaces an unknown value; see ``findings.toml``."""

FINDINGS = CauseWords(FindingId, __package__, "findings.toml", _NEUTRAL)
