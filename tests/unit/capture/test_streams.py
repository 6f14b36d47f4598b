"""However the segments of a known stream are sent and captured, the reader gets that stream."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dcmecho.capture.conversation import Conversation, Gap, Missing, Seen, Way
from dcmecho.capture.read import read_captures
from dcmecho.capture.reader import Meeting
from tests.unit.capture.listening import only
from tests.unit.capture.packets import (
    ACK,
    CLIENT,
    FIN,
    SERVER,
    Packet,
    frames,
    handshake,
    pcap,
    written,
)

ISNS = st.sampled_from([0, 1000, 0x7FFFFFF0, 0xFFFFFFF0, 0xFFFFFFFF])
SERVER_ISN = 9000


def segments(data: bytes, isn: int, sizes: list[int], first: int = 10) -> list[Packet]:
    """Cut a stream into segments of these sizes, the last of which goes on."""
    found, at = [], 0
    for index in range(len(data)):
        size = sizes[min(index, len(sizes) - 1)]
        part = data[at : at + size]
        found.append(
            Packet(CLIENT, SERVER, isn + 1 + at, ACK, SERVER_ISN + 1, part, number=first + index)
        )
        at += size
        if at >= len(data):
            break
    return found


def end(data: bytes, isn: int) -> list[Packet]:
    """Return the FIN of a stream, and that all of it is acknowledged."""
    fin = Packet(CLIENT, SERVER, isn + 1 + len(data), FIN | ACK, SERVER_ISN + 1, number=899)
    return [fin, fin.reply(sequence=SERVER_ISN + 1, flags=ACK, acknowledged=fin.sequence + 1)]


def known(length: int) -> bytes:
    return bytes((index * 7 + index // 251) % 256 for index in range(length))


@st.composite
def sent(draw: st.DrawFn) -> tuple[bytes, int, list[Packet]]:
    """Draw a stream, and its segments: cut twice, repeated, captured twice and out of order."""
    data, isn = known(draw(st.integers(1, 400))), draw(ISNS)
    sizes = st.lists(st.integers(1, 60), min_size=1, max_size=12)
    once = segments(data, isn, draw(sizes))
    again = segments(data, isn, draw(sizes), first=500)
    some = [each for each in again if draw(st.booleans())]
    twice = [each._replace(ttl=63) for each in once if draw(st.booleans())]
    every = once + some + twice
    return data, isn, draw(st.permutations(every))


@given(sent())
def test_order_repetitions_overlaps_and_wrapping_change_nothing(
    tmp_path: Path, drawn: tuple[bytes, int, list[Packet]]
) -> None:
    data, isn, packets = drawn
    every = [*handshake(isn, SERVER_ISN), *packets, *end(data, isn)]
    heard = only(written(tmp_path, pcap(frames(every))))
    assert heard.data_of[Way.FROM_CLIENT] == data
    assert heard.gaps == []
    client = heard.conversation.client
    assert (client.end, client.received, client.acked) == (len(data), len(data), len(data))
    assert client.gaps == ()


@given(sent(), st.data())
def test_what_is_lost_or_cut_is_a_gap_and_nothing_is_invented(
    tmp_path: Path, drawn: tuple[bytes, int, list[Packet]], more: st.DataObject
) -> None:
    data, isn, packets = drawn
    kept = [each for each in packets if more.draw(st.booleans())]
    records = [
        each._replace(captured=more.draw(st.integers(54, len(each.frame)) | st.none()))
        for each in frames(kept)
    ]
    every = [*frames(handshake(isn, SERVER_ISN)), *records, *frames(end(data, isn))]
    heard = only(written(tmp_path, pcap(every)))
    found = heard.bytes_of[Way.FROM_CLIENT]
    assert found == {at: data[at] for at in found}
    assert heard.length(Way.FROM_CLIENT) == len(data)
    stream = heard.conversation.client
    assert stream.received == len(found)
    assert stream.gap_bytes == len(data) - len(found)
    assert all(gap.why in {Missing.BY_CAPTURE, Missing.CUT} for _, gap in heard.gaps)


class Skipping:
    """A reader that skips what it is told to, and notes where it got what."""

    def __init__(self, _meeting: Meeting, skips: list[int]) -> None:
        self.skips = skips
        self.at = 0
        self.found: dict[int, int] = {}

    def data(self, way: Way, _at: Seen, data: bytes) -> int:
        if way is Way.FROM_SERVER:
            return 0
        self.found.update(enumerate(data, self.at))
        return self._skip(len(data))

    def gap(self, _way: Way, _at: Seen, gap: Gap) -> int:
        assert gap.offset == self.at
        return self._skip(gap.length)

    def _skip(self, length: int) -> int:
        skip = self.skips.pop() if self.skips else 0
        self.at += length + skip
        return skip

    def end(self, conversation: Conversation) -> None:
        pass


@given(sent(), st.lists(st.integers(0, 90), max_size=20), st.data())
def test_a_reader_that_skips_goes_on_exactly_behind(
    tmp_path: Path,
    drawn: tuple[bytes, int, list[Packet]],
    skips: list[int],
    more: st.DataObject,
) -> None:
    data, isn, packets = drawn
    kept = [each for each in packets if more.draw(st.booleans())]
    every = [*handshake(isn, SERVER_ISN), *kept, *end(data, isn)]
    readers: list[Skipping] = []

    def listen(meeting: Meeting) -> Skipping:
        readers.append(Skipping(meeting, skips))
        return readers[0]

    read_captures([str(written(tmp_path, pcap(frames(every))))], listen)
    (reader,) = readers
    assert reader.found == {at: data[at] for at in reader.found}
    assert reader.at >= len(data)


def conversation(tmp_path: Path, packets: list[Packet], step: float = 0.001) -> Conversation:
    return only(written(tmp_path, pcap(frames(packets, step)))).conversation
