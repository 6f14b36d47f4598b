"""One direction of a conversation, cut into PDUs; datasets are skipped unread."""

from __future__ import annotations

from functools import lru_cache

from dcmecho.capture.conversation import Gap, Seen, Way
from dcmecho.capture.passed.passage import Passage
from dcmecho.capture.passed.trace import Noted, Partial, Trace
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.dicom.pdu.commands import CommandAssembler, Fragment
from dcmecho.dicom.pdu.framing import HEADER_BYTES, PduFault, is_pdu
from dcmecho.dicom.pdu.read import Associate, Pdu, read_whole_pdu
from dcmecho.standard.pdu_types import PduType

_LONGEST_OF_OTHERS = 1 << 20
"""No PDU but P-DATA is longer."""
_LONGEST_DATA = 1 << 28
_VALUE_HEADER_BYTES = 6
_COMMAND, _LAST = 1, 2
_LONGEST_COMMAND = 1 << 16


class PduFraming:
    """Cuts a direction into PDUs, notes what they say."""

    def __init__(self, way: Way, trace: Trace, passage: Passage, *, is_lost: bool) -> None:
        """Note in ``trace``; ``is_lost``: the stream began before, perhaps inside a PDU."""
        self._way = way
        self._trace = trace
        self._passage = passage
        self._buffer = b""
        self._began = Seen(0, None)
        self._left_of_data = 0
        """Bytes of the P-DATA-TF that are to come."""
        self._is_first_value = True
        self._assembler = CommandAssembler()
        self._is_lost = is_lost
        self.is_dicom = False

    def data(self, seen: Seen, data: bytes) -> int:
        """Take the next bytes. Returns how many of those behind them need not be seen."""
        if self._is_lost and not self._finds_a_pdu(data):
            return 0
        if not self._buffer:
            self._began = seen
        self._buffer += data
        while self._buffer:
            if self._left_of_data:
                skip = self._value(seen)
            elif self._way in self._trace.foreign or not is_dicom(self._buffer):
                self._trace.add_foreign(self._way, self._buffer)
                self._buffer = b""
                return 0
            else:
                skip = self._pdu(seen)
            if skip is not None:
                return skip
        return 0

    def gap(self, seen: Seen, gap: Gap) -> int:
        """Take missing bytes. Returns how many behind them need not be seen."""
        if self._way not in self._trace.foreign:
            self._passage.gap(self._way, seen, gap)
        if self._left_of_data or not self._buffer:
            self._lose()
            return 0
        claimed = _claimed(self._buffer)
        self._partial(seen, claimed)
        rest = -1 if claimed is None else claimed - len(self._buffer) - gap.length
        self._lose()
        self._is_lost = not 0 <= rest < _LONGEST_OF_OTHERS
        return 0 if self._is_lost else rest

    def finish(self, seen: Seen) -> None:
        """Note what is left at the end."""
        if self._buffer and not self._left_of_data:
            self._partial(seen, _claimed(self._buffer))

    def _partial(self, seen: Seen, claimed: int | None) -> None:
        kind = self._buffer[0]
        self._trace.partials.append(Partial(self._way, kind, self._buffer, seen, claimed))
        self._passage.beginning(self._way, self._began, kind, self._buffer)

    def _lose(self) -> None:
        self._buffer, self._left_of_data, self._is_lost = b"", 0, True
        self._assembler = CommandAssembler()

    def _finds_a_pdu(self, data: bytes) -> bool:
        claimed = _claimed(data)
        found = is_dicom(data) and (claimed is None or claimed < _LONGEST_OF_OTHERS)
        self._is_lost = not found
        return found

    def _pdu(self, seen: Seen) -> int | None:
        """Read a PDU from the buffer. Returns ``None`` to go on, or how much to skip."""
        buffer = self._buffer
        claimed = _claimed(buffer)
        if claimed is None:
            return 0
        self.is_dicom = True
        if buffer[0] == PduType.DATA_TF:
            if claimed > _LONGEST_DATA:
                return self._malformed(seen)
            self._trace.pdus[self._way] += 1
            self._left_of_data = claimed - HEADER_BYTES
            self._is_first_value = True
            self._buffer = buffer[HEADER_BYTES:]
            return None
        if claimed > _LONGEST_OF_OTHERS:
            return self._malformed(seen)
        if len(buffer) < claimed:
            return 0
        self._buffer = buffer[claimed:]
        self._note(seen, buffer[:claimed])
        self._began = seen
        return None

    def _malformed(self, seen: Seen) -> int:
        self._trace.malformed.append(Noted(self._way, seen))
        self._buffer = b""
        self._is_lost = True
        return 0

    def _value(self, seen: Seen) -> int | None:
        """Read a presentation data value from the buffer, or skip it."""
        buffer = self._buffer
        if len(buffer) < _VALUE_HEADER_BYTES:
            return 0
        length = int.from_bytes(buffer[:4], "big")
        whole = 4 + length
        if length < 2 or whole > self._left_of_data:
            return self._malformed(seen)
        control = buffer[5]
        is_command = bool(control & _COMMAND)
        if is_command and whole > _LONGEST_COMMAND:
            return self._malformed(seen)
        if is_command and len(buffer) < whole:
            return 0
        self._left_of_data -= whole
        self._buffer = buffer[whole:]
        is_alone = self._is_first_value and not self._left_of_data
        self._is_first_value = False
        if is_command:
            self._passage.command(self._way, seen, buffer[:whole], is_alone=is_alone)
            self._command(seen, buffer, whole)
            return None
        self._passage.dataset(self._way, seen, length - 2)
        if control & _LAST:
            self._trace.datasets[self._way] = True
        return whole - len(buffer) if whole > len(buffer) else None

    def _command(self, seen: Seen, buffer: bytes, whole: int) -> None:
        data = buffer[_VALUE_HEADER_BYTES:whole]
        fragment = Fragment(buffer[4], True, bool(buffer[5] & _LAST), data)
        try:
            command = self._assembler.add(fragment)
        except PduFault:
            self._trace.malformed.append(Noted(self._way, seen))
            self._assembler = CommandAssembler()
            return
        if command is not None:
            self._trace.add_command(self._way, seen, command)

    def _note(self, seen: Seen, pdu: bytes) -> None:
        trace, way = self._trace, self._way
        trace.pdus[way] += 1
        read = _read(pdu)
        self._passage.pdu(way, seen, read)
        kind, content = read.kind, read.content
        if isinstance(content, Associate):
            self._associate(seen, kind, content, len(pdu))
        elif isinstance(content, Rejection):
            trace.rejection, trace.rejected = content, seen
        elif isinstance(content, Abort):
            trace.aborts.append((Noted(way, seen), content))
        elif kind is PduType.RELEASE_RQ:
            trace.release_request = trace.release_request or Noted(way, seen)
        elif kind is PduType.RELEASE_RP:
            trace.release_answer = Noted(way, seen)
        elif read.fault:
            trace.malformed.append(Noted(way, seen))

    def _associate(self, seen: Seen, kind: PduType | None, content: Associate, length: int) -> None:
        trace = self._trace
        if kind is PduType.ASSOCIATE_RQ:
            trace.request, trace.requested, trace.request_bytes = content, seen, length
        else:
            trace.acceptance, trace.accepted = content, seen


@lru_cache(maxsize=256)
def _read(pdu: bytes) -> Pdu:
    """Read a PDU. The same callers send the same requests: thousands of them are kept once."""
    return read_whole_pdu(pdu)


def is_dicom(data: bytes) -> bool:
    """Whether bytes can begin a PDU: a known type, and the reserved byte 0."""
    return is_pdu(data) and (len(data) < 2 or data[1] == 0)


def _claimed(data: bytes) -> int | None:
    if len(data) < HEADER_BYTES:
        return None
    return HEADER_BYTES + int.from_bytes(data[2:HEADER_BYTES], "big")
