"""The console with one target whose run never ends and emits 2,000 log lines a second.

Run by ``slow_line.py``: ``flooded_console.py PROFILES EARLIER [--low-bandwidth]``. The lines are
those of a real run of the first target, again and again; ``EARLIER`` of them arrive at once.
"""

from __future__ import annotations

import itertools
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from dcmecho.console.app import ConsoleApp
from dcmecho.console.runs.engine import DicomEngine
from dcmecho.console.terminal.terminal import look
from dcmecho.diagnosis.events import Emit, Event, LogLine, RunStarted, StageStarted
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.runs import RunHandle
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target

LINES_A_SECOND = 2000
_BATCHES_A_SECOND = 100
_RUN_ID = "flood"


class Flood:
    """A run that only ends when it is cancelled."""

    def __init__(self, lines: Iterator[LogLine], earlier: int, target: Target, emit: Emit) -> None:
        self._lines, self._earlier, self._target, self._emit = lines, earlier, target, emit
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Stop the run."""
        self._cancelled.set()

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end of the run, which has no report."""
        self._thread.join(timeout_s)
        return None

    def _run(self) -> None:
        self._emit(RunStarted(_RUN_ID, datetime.now(UTC), self._target))
        self._emit(StageStarted(_RUN_ID, StageId.ECHO, 0.0))
        began = time.monotonic()
        sent = -self._earlier
        while not self._cancelled.wait(1 / _BATCHES_A_SECOND):
            due = int((time.monotonic() - began) * LINES_A_SECOND)
            for line in itertools.islice(self._lines, due - sent):
                self._emit(line)
            sent = max(sent, due)


class FloodingEngine(DicomEngine):
    """An engine whose first run is real and provides the lines; later runs are floods."""

    def __init__(self, earlier: int) -> None:
        super().__init__()
        self._earlier = earlier
        self._seen: list[LogLine] = []

    def diagnose(self, target: Target, emit: Emit) -> RunHandle:
        """Start a run."""
        if self._seen:
            return Flood(self._numbered(), self._earlier, target, emit)

        def keep(event: Event) -> None:
            if isinstance(event, LogLine):
                self._seen.append(event)
            emit(event)

        return super().diagnose(target, keep)

    def _numbered(self) -> Iterator[LogLine]:
        """Return copies of the lines that share no objects, like the lines of real runs."""
        began = time.monotonic()
        for number, line in enumerate(itertools.cycle(self._seen)):
            yield line._replace(
                run_id=_RUN_ID,
                at_ms=(time.monotonic() - began) * 1000,
                text=f"{number} {line.text}",
                details=tuple(f"{detail} " for detail in line.details),
                raw=bytes(bytearray(line.raw)),
            )


def main() -> None:
    """Open the console."""
    engine = FloodingEngine(int(sys.argv[2]))
    ConsoleApp(Path(sys.argv[1]), engine, look(low_bandwidth="--low-bandwidth" in sys.argv)).run()
    engine.finish()


if __name__ == "__main__":
    main()
