"""Work beside the screen: on a daemon thread, or on the screen's own where there is no other."""

from __future__ import annotations

import threading
from collections.abc import Callable


def do_beside(name: str, work: Callable[[], object]) -> threading.Thread | None:
    """Do ``work``, which raises nothing, on a daemon thread of this name, and return it.

    If this machine has no room for another thread, it is done here while the screen waits.
    """
    thread = threading.Thread(target=work, name=name, daemon=True)
    try:
        thread.start()
    except RuntimeError:
        work()
        return None
    return thread


def require_room(count: int) -> None:
    """Raise ``RuntimeError`` if so many threads cannot run at the same time."""
    over = threading.Event()
    started: list[threading.Thread] = []
    try:
        for _ in range(count):
            thread = threading.Thread(target=over.wait, name="dcmecho-room", daemon=True)
            thread.start()
            started.append(thread)
    finally:
        over.set()
        for each in started:
            each.join()
