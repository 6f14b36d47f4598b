"""A vantage point, and the one line to it that all runs share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.vantage.line import Line

_FAILS_FOR_S = 10.0
"""So long a failed line is not opened again: many targets can be asked from there."""

_PATIENCE_S = 0.1


class Open(Protocol):
    """Makes the line to a vantage point."""

    def __call__(self, vantage: Vantage) -> Line:
        """Return a line that is not open yet."""


class VantagePoint:
    """One vantage point. Safe from any thread."""

    def __init__(self, vantage: Vantage, new_line: Open) -> None:
        self._vantage = vantage
        self._new_line = new_line
        self._opening = threading.Lock()
        self._line: Line | None = None
        self._failed_at = 0.0

    def line(self, given_up: Callable[[], bool]) -> Line:
        """Return the line, open or failed; opens it if it is not, or no more."""
        while not self._opening.acquire(timeout=_PATIENCE_S):
            if given_up():
                return self._new_line(self._vantage)
        try:
            if self._line is None or self._can_be_opened_again(self._line):
                self._line = self._open(given_up)
            return self._line
        finally:
            self._opening.release()

    def _open(self, given_up: Callable[[], bool]) -> Line:
        line = self._new_line(self._vantage)
        line.open(given_up)
        self._failed_at = time.monotonic()
        return line

    def close(self) -> None:
        """End the line, and all that is at its other end."""
        if self._line is not None:
            self._line.close()

    def _can_be_opened_again(self, line: Line) -> bool:
        if line.failure is None:
            # Whoever opened it gave up before it was.
            return not line.was_open
        return line.was_open or time.monotonic() - self._failed_at > _FAILS_FOR_S
