"""The log of a connection in a capture: what passed, with direction and time, as of a live run.

``Direction.SENT`` is what the client sent, who opened the connection.
"""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.capture.conversation import Conversation, Gap, Missing, Repeated, Seen, Stream, Way
from dcmecho.capture.passed.passage import Passage, Passed
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine
from dcmecho.diagnosis.stage import StageId
from dcmecho.dicom.pdu.decode import Readable, readable
from dcmecho.dicom.pdu.framing import HEADER_BYTES
from dcmecho.dicom.pdu.read import Pdu, read_pdu
from dcmecho.standard.pdu_types import PduType

_MOST_REPEATED = 8
_WAYS = {Way.FROM_CLIENT: Direction.SENT, Way.FROM_SERVER: Direction.RECEIVED}
_MISSING = {
    Missing.LOST: "lost on the way before the capture",
    Missing.BY_CAPTURE: "not in the capture, though they were acknowledged",
    Missing.UNKNOWN: "not in the capture",
    Missing.CUT: "cut off by the length limit of the capture",
}

_Line = tuple[Seen, LogLine]


def log_of(conversation: Conversation, passage: Passage) -> tuple[LogLine, ...]:
    """Return the lines in the order of the capture, their times from the first frame on."""
    lines = [*_of_packets(conversation), *_of_passage(conversation, passage)]
    lines.sort(key=lambda each: each[0].frame)
    found = [line for _, line in lines]
    if passage.dropped:
        at = found[-1].at_ms if found else 0.0
        words = f"{count(passage.dropped, 'line')} in between not kept"
        found.append(_line(StageId.SERVICE, at, LogLayer.RUN, Direction.LOCAL, words))
    return tuple(found)


def _line(
    stage: StageId, at_ms: float, layer: LogLayer, direction: Direction, words: str
) -> LogLine:
    return LogLine("", stage, at_ms, layer, direction, words)


def _since(conversation: Conversation, seen: Seen) -> float:
    first = conversation.first.time
    return 0.0 if first is None or seen.time is None else (seen.time - first) * 1000


def _of_packets(conversation: Conversation) -> Iterator[_Line]:
    """Yield what TCP itself did: opened, repeated, closed, reset."""
    for way in Way:
        stream = conversation.stream(way)
        for seen, words in _tcp(stream, is_client=way is Way.FROM_CLIENT):
            at = _since(conversation, seen)
            yield seen, _line(StageId.CONNECT, at, LogLayer.TCP, _WAYS[way], words)
    for error in conversation.icmp[:_MOST_REPEATED]:
        at = _since(conversation, error.seen)
        words = f"ICMP type {error.type} code {error.code} from {error.by}"
        line = _line(StageId.CONNECT, at, LogLayer.TCP, Direction.LOCAL, words)
        yield error.seen, line


def _tcp(stream: Stream, *, is_client: bool) -> Iterator[tuple[Seen, str]]:
    if stream.syn is not None:
        again = f", sent {stream.syns} times" if stream.syns > 1 else ""
        yield stream.syn, f"{'SYN' if is_client else 'SYN-ACK'} from {stream.endpoint}{again}"
    for repeated in stream.repeated[:_MOST_REPEATED]:
        yield repeated.last, _repeated(repeated)
    if stream.zero_window is not None:
        times = f"{stream.zero_window.times} times"
        yield stream.zero_window.first, f"takes no more data (window 0, {times})"
    if stream.fin is not None:
        yield stream.fin, "FIN: sends no more"
    for reset in stream.resets[:_MOST_REPEATED]:
        yield reset.seen, f"RST with TTL {reset.ttl}"


def _repeated(repeated: Repeated) -> str:
    times = "again" if repeated.times == 1 else f"{repeated.times} times more"
    return f"{repeated.length} bytes at {repeated.offset} sent {times}"


def _of_passage(conversation: Conversation, passage: Passage) -> Iterator[_Line]:
    for passed in passage.kept:
        stage, shown, raw = _told(passed)
        at = _since(conversation, passed.seen)
        direction = Direction.LOCAL if passed.gap is not None else _WAYS[passed.way]
        line = LogLine("", stage, at, shown.layer, direction, shown.text, shown.details, raw)
        yield passed.seen, line


def _told(passed: Passed) -> tuple[StageId, Readable, bytes]:
    if passed.gap is not None:
        return StageId.SERVICE, Readable(LogLayer.TCP, _gap(passed.way, passed.gap)), b""
    if passed.note:
        stage = StageId.TLS if passed.layer is LogLayer.TLS else StageId.ASSOCIATE
        return stage, Readable(passed.layer, passed.note), passed.pdu
    if passed.pieces:
        fragments = "fragment" if passed.pieces == 1 else f"in {passed.pieces} fragments"
        words = f"P-DATA-TF  data set {fragments}, {passed.dataset_bytes} bytes, not shown"
        return StageId.SERVICE, Readable(LogLayer.DIMSE, words), b""
    pdu = _pdu(passed)
    return _stage(pdu), readable(pdu), passed.pdu


def _pdu(passed: Passed) -> Pdu:
    if not passed.is_value:
        return read_pdu(passed.pdu)
    length = len(passed.pdu).to_bytes(HEADER_BYTES - 2, "big")
    return read_pdu(b"\4\0" + length + passed.pdu)


def _gap(way: Way, gap: Gap) -> str:
    who = "client" if way is Way.FROM_CLIENT else "server"
    return f"{count(gap.length, 'byte')} of the {who}: {_MISSING[gap.why]}"


def _stage(pdu: Pdu) -> StageId:
    match pdu.kind:
        case PduType.RELEASE_RQ | PduType.RELEASE_RP:
            return StageId.RELEASE
        case PduType.DATA_TF:
            return StageId.SERVICE
        case _:
            return StageId.ASSOCIATE
