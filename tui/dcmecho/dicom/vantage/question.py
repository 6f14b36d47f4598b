"""A question to the far socket, and its answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import NamedTuple


class Frame(NamedTuple):
    """What the far socket said: see the head of ``far_socket.py``."""

    kind: bytes
    value: int
    payload: bytes

    def content(self) -> dict[str, object]:
        """Return the JSON object of the frame; empty if it is none: the other side can lie."""
        try:
            found = json.loads(self.payload)
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


class Question:
    """One question; a frame of these ``kinds`` answers it.

    ``woken`` is notified of the answer, and of the end of the line.
    """

    def __init__(self, kinds: bytes, woken: threading.Condition | None = None) -> None:
        self._kinds = kinds
        self._woken = woken or threading.Condition()
        self._answers: list[Frame | None] = []

    def is_answered_by(self, frame: Frame) -> bool:
        """Report whether ``frame`` answers it."""
        return frame.kind in self._kinds

    def answer(self, frame: Frame | None) -> None:
        """Give the answer, or none if the line is lost."""
        with self._woken:
            self._answers.append(frame)
            self._woken.notify_all()

    def wake(self) -> None:
        """Let the one who waits look whether it has given up."""
        with self._woken:
            self._woken.notify_all()

    def wait(self, given_up: Callable[[], bool], timeout_s: float) -> Frame | None:
        """Return the answer, or ``None`` if it did not come in time, or the line is lost."""
        with self._woken:
            self._woken.wait_for(lambda: self._answers or given_up(), timeout_s)
            return self._answers[0] if self._answers else None
