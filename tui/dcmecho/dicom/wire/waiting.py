"""Waits that a signal can break into."""

from __future__ import annotations

import threading
import time

_SLICE_S = 0.2
"""How long a signal may wait until it is handled."""


def wait_for(ended: threading.Event, timeout_s: float | None) -> bool:
    """Wait for ``ended``, without holding up signals. False where ``timeout_s`` passed first."""
    # Not Thread.join: in Python 3.11 an interrupted one takes the thread for ended
    # (https://github.com/python/cpython/issues/90882). And not one long wait: a signal that comes
    # just before it blocks is handled only after it.
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    while not ended.wait(_slice_s(deadline)):
        if deadline is not None and time.monotonic() >= deadline:
            return ended.is_set()
    return True


def _slice_s(deadline: float | None) -> float:
    return _SLICE_S if deadline is None else min(_SLICE_S, max(deadline - time.monotonic(), 0.0))
