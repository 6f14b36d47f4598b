"""Says what a command is waiting for, to who sits at a terminal."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from dcmecho.cli.output.complaint import complain

_TOLD_AFTER_S = 1.0


@contextmanager
def told_if_long(what: str) -> Iterator[None]:
    """Say ``what`` is going on, if that takes more than a second and stderr is a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    timer = threading.Timer(_TOLD_AFTER_S, complain, (f"{what}. Press Ctrl-C to cancel.",))
    timer.daemon = True
    with suppress(RuntimeError):
        timer.start()
    try:
        yield
    finally:
        timer.cancel()
