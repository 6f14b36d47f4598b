"""What passed on a connection, in order, for the log: bounded, without datasets and secrets."""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from dcmecho.capture.conversation import Gap, Seen, Way
from dcmecho.capture.passed.masking import masked_beginning, masked_command, masked_pdu
from dcmecho.diagnosis.events import LogLayer
from dcmecho.dicom.pdu.framing import HEADER_BYTES
from dcmecho.dicom.pdu.read import Pdu
from dcmecho.standard.pdu_types import PduType

_MOST_FIRST = _MOST_LAST = 128
"""How many entries are kept of a connection: the first ones and the last ones."""
_ENTRY_BYTES = 200


class Room:
    """How many bytes the passages of all connections may take together."""

    def __init__(self, left: int) -> None:
        """Begin with so many bytes; without any, nothing is kept."""
        self.left = left


class Passed(NamedTuple):
    """One PDU, or datasets one after the other, or a gap, or a note."""

    way: Way
    seen: Seen
    pdu: bytes = b""
    """A PDU, or its beginning, or of P-DATA-TF with more than a command that command's value."""
    is_value: bool = False
    """``pdu`` is a presentation data value without the header of its PDU."""
    dataset_bytes: int = 0
    pieces: int = 0
    """Of a dataset, in how many fragments it came."""
    gap: Gap | None = None
    note: str = ""
    """In words, printable."""
    layer: LogLayer = LogLayer.TLS
    """Of a note."""


class Passage:
    """What passed on one connection."""

    __slots__ = ("_first", "_last", "_room", "total")

    def __init__(self, room: Room) -> None:
        """Keep nothing yet."""
        self.total = 0
        self._room = room
        self._first: list[Passed] = []
        self._last: deque[Passed] | None = None

    @property
    def kept(self) -> tuple[Passed, ...]:
        """What is kept, in the order of the capture."""
        return tuple(sorted((*self._first, *(self._last or ())), key=lambda each: each.seen.frame))

    @property
    def dropped(self) -> int:
        """How many entries are not kept."""
        return self.total - len(self._first) - len(self._last or ())

    def pdu(self, way: Way, seen: Seen, pdu: Pdu) -> None:
        """Take a whole PDU other than P-DATA-TF."""
        if self._room.left > 0:
            self._add(Passed(way, seen, masked_pdu(pdu)))

    def beginning(self, way: Way, seen: Seen, kind: int, data: bytes) -> None:
        """Take the beginning of a PDU whose rest is missing."""
        if self._room.left > 0:
            words = f"{len(data)} bytes of an unfinished {PduType(kind).words} PDU"
            shown = masked_beginning(kind, data)
            self._add(Passed(way, seen, shown, note=words, layer=LogLayer.ACSE))

    def command(self, way: Way, seen: Seen, value: bytes, *, is_alone: bool) -> None:
        """Take a presentation data value with (a part of) a command."""
        if self._room.left <= 0:
            return
        shown = masked_command(value)
        if is_alone:
            header = b"\4\0" + len(shown).to_bytes(HEADER_BYTES - 2, "big")
            shown = header + shown
        self._add(Passed(way, seen, shown, is_value=not is_alone))

    def dataset(self, way: Way, seen: Seen, length: int) -> None:
        """Take a fragment of a dataset: only its length."""
        if self._room.left <= 0:
            return
        kept: list[Passed] | deque[Passed] = self._last or self._first
        last = kept[-1] if kept else None
        if last is not None and last.pieces and last.way is way:
            kept[-1] = last._replace(
                dataset_bytes=last.dataset_bytes + length, pieces=last.pieces + 1
            )
            return
        self._add(Passed(way, seen, dataset_bytes=length, pieces=1))

    def gap(self, way: Way, seen: Seen, gap: Gap) -> None:
        """Take missing bytes."""
        if self._room.left > 0:
            self._add(Passed(way, seen, gap=gap))

    def note(self, way: Way, seen: Seen, layer: LogLayer, words: str) -> None:
        """Take a note, in printable words."""
        if self._room.left > 0:
            self._add(Passed(way, seen, note=words, layer=layer))

    def _add(self, passed: Passed) -> None:
        self.total += 1
        if len(self._first) < _MOST_FIRST:
            self._first.append(passed)
            self._room.left -= len(passed.pdu) + _ENTRY_BYTES
            return
        if self._last is None:
            self._last = deque(maxlen=_MOST_LAST)
        self._last.append(passed)
