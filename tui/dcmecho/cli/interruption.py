"""Turns Ctrl-C, ``kill`` and a closed SSH connection into a request to stop."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FrameType, TracebackType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interruption(AbstractContextManager["Interruption"]):
    """A context in which the first signal cancels the run and the second ends the program.

    Enter it on the main thread.
    """

    def __init__(self) -> None:
        self.requested = False
        self._cancel: Callable[[], None] | None = None
        self._former: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interruption:
        for number in _SIGNALS:
            self._former[number] = signal.signal(number, self._interrupt)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def cancels(self, cancel: Callable[[], None]) -> None:
        """Call ``cancel`` at the next signal, or now if one has already arrived."""
        self._cancel = cancel
        if self.requested:
            cancel()

    def _interrupt(self, _signum: int, _frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
        if self._cancel is not None:
            self._cancel()
