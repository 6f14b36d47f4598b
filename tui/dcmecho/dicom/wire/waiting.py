"""Waits that a signal can interrupt."""

from __future__ import annotations

import threading
import time

_SLICE_S = 0.2
"""Maximum delay until a signal is handled."""


def wait_for(ended: threading.Event, timeout_s: float | None) -> bool:
    """Wait for ``ended`` without delaying signals; return false on timeout."""
    # Not Thread.join: in Python 3.11 an interrupted join considers the thread ended
    # (https://github.com/python/cpython/issues/90882). Not one long wait either: a signal that
    # arrives just before it blocks would be handled only after it.
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while not ended.wait(_slice_s(deadline)):
        if deadline is not None and time.monotonic() >= deadline:
            return ended.is_set()
    return True


def _slice_s(deadline: float | None) -> float:
    return _SLICE_S if deadline is None else min(_SLICE_S, max(deadline - time.monotonic(), 0.0))
