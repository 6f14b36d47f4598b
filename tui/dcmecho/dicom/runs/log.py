"""The log lines of one run, made from notes and from the PDUs that pass."""

from __future__ import annotations

from dcmecho.diagnosis.events import Direction, Emit, LogLayer, LogLine
from dcmecho.diagnosis.stage import StageId
from dcmecho.dicom.pdu.decode import readable
from dcmecho.dicom.pdu.read import Pdu, read_pdu
from dcmecho.dicom.wire.clock import RunClock

_RAW_BYTES = 65536


class RunLog:
    """Emits the log lines of one run, each with the stage that the run has reached."""

    def __init__(self, run_id: str, clock: RunClock, emit: Emit) -> None:
        self.stage = StageId.RESOLVE
        self._run_id = run_id
        self._clock = clock
        self._emit = emit

    def note(self, layer: LogLayer, direction: Direction, text: str) -> None:
        """Tell what happened now."""
        at_ms = self._clock.now_ms()
        self._emit(LogLine(self._run_id, self.stage, at_ms, layer, direction, text))

    def passed(self, direction: Direction, at_ms: float, passed: Pdu | bytes) -> None:
        """Show a PDU, or other bytes, that was sent or received."""
        pdu = read_pdu(passed) if isinstance(passed, bytes) else passed
        line = readable(pdu)
        self._emit(
            LogLine(
                self._run_id,
                self.stage,
                at_ms,
                line.layer,
                direction,
                line.text,
                line.details,
                pdu.data[:_RAW_BYTES] if line.shows_bytes else b"",
            )
        )
