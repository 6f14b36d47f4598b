"""Who sent the first rejection, abort, release request, alert, FIN or RST."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.capture.associations.surroundings import Surroundings
from dcmecho.capture.conversation import Conversation, Reset, Stream, Way
from dcmecho.capture.passed.listening import Listener
from dcmecho.diagnosis.observed.association import EndedBy

_WHO = {Way.FROM_CLIENT: EndedBy.CLIENT, Way.FROM_SERVER: EndedBy.SERVER}


def ended_by(heard: Listener, conversation: Conversation, around: Surroundings) -> EndedBy:
    """Return who ended an association."""
    endings = sorted(_endings(heard, conversation, around), key=lambda each: each[0])
    if not endings:
        return EndedBy.UNKNOWN
    frame, who = endings[0]
    if conversation.one_sided and conversation.established and frame in _packets(conversation):
        # What the other side said before is not in the capture.
        return EndedBy.UNKNOWN
    return who


def _packets(conversation: Conversation) -> set[int]:
    """Return the frames of each FIN and RST."""
    streams = (conversation.client, conversation.server)
    fins = {stream.fin.frame for stream in streams if stream.fin is not None}
    return fins | {reset.seen.frame for stream in streams for reset in stream.resets}


def _endings(
    heard: Listener, conversation: Conversation, around: Surroundings
) -> Iterator[tuple[int, EndedBy]]:
    trace = heard.trace
    if trace.rejected is not None:
        yield trace.rejected.frame, EndedBy.SERVER
    for partial in trace.partials:
        if partial.kind in {3, 5, 7}:
            yield partial.seen.frame, _WHO[partial.way]
    for noted, _ in trace.aborts:
        yield noted.seen.frame, _WHO[noted.way]
    if trace.release_request is not None:
        yield trace.release_request.seen.frame, _WHO[trace.release_request.way]
    elif trace.release_answer is not None:
        asked = Way.FROM_CLIENT if trace.release_answer.way is Way.FROM_SERVER else Way.FROM_SERVER
        yield trace.release_answer.seen.frame, _WHO[asked]
    for way, tls in heard.tls.items():
        if tls.alert is not None:
            yield tls.alert[1].frame, _WHO[way]
    for way in Way:
        stream = conversation.stream(way)
        if stream.fin is not None:
            yield stream.fin.frame, _WHO[way]
        for reset in stream.resets:
            foreign = is_foreign(reset, stream, around)
            yield reset.seen.frame, EndedBy.NETWORK if foreign else _WHO[way]
    if not conversation.established:
        for error in conversation.icmp:
            yield error.seen.frame, EndedBy.NETWORK


def is_foreign(reset: Reset, stream: Stream, around: Surroundings) -> bool:
    """Whether a RST has a TTL that nothing else has from its sender: a firewall sent it."""
    known = around.ttls.get(stream.endpoint.address, frozenset()) | stream.ttls
    return bool(known) and reset.ttl not in known
