"""Ends the console when the window is closed or the SSH connection is lost."""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType

_ENDED_WITHIN_S = 1.8
"""The kernel ends a process that has not left by itself this long after it was told to."""

_TOLD_BY = (signal.SIGHUP, signal.SIGTERM, signal.SIGINT)


class Hangup:
    """Ends this process soon after its terminal is gone, or after a signal.

    The kernel sends SIGHUP only to the leader of the terminal's session (setsid(2)). Textual keeps
    reading at the end of its input: a console that nobody sees would use a whole processor
    (https://github.com/Textualize/textual/pull/6690).
    """

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._told = False
        self._ask_to_leave: Callable[[], object] | None = None

    @contextlib.contextmanager
    def heeded(self) -> Iterator[None]:
        """Heed signals in this context, and the loss of the terminal until the process ends.

        Enter it on the main thread.
        """
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        former = {number: signal.signal(number, self._signalled) for number in _TOLD_BY}
        if sys.platform == "linux":
            threading.Thread(target=self._wait, name="dcmecho-hangup", daemon=True).start()
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def calls(self, loop: asyncio.AbstractEventLoop, leave: Callable[[], object]) -> None:
        """Call ``leave`` in ``loop`` when the process must end, or now if it must already."""
        self._ask_to_leave = lambda: loop.call_soon_threadsafe(leave)
        if self._told:
            leave()

    def _signalled(self, _signum: int, _frame: FrameType | None) -> None:
        self._tell()

    def _wait(self) -> None:
        wait_for_loss(self._terminal)
        self._tell()

    def _tell(self) -> None:
        if self._told:
            return
        self._told = True
        # This ends the process even if other code is stuck.
        signal.setitimer(signal.ITIMER_REAL, _ENDED_WITHIN_S)
        if self._ask_to_leave is not None:
            # The loop is closed if the user has just quit.
            with contextlib.suppress(RuntimeError):
                self._ask_to_leave()


def wait_for_loss(terminal: int) -> None:
    """Return once the terminal is gone."""
    _hangups_of(terminal).poll()


def is_lost(terminal: int) -> bool:
    """Return whether the terminal is gone."""
    lost = select.POLLHUP | select.POLLERR
    return any(event & lost for _, event in _hangups_of(terminal).poll(0))


def _hangups_of(terminal: int) -> select.poll:
    hangups = select.poll()
    # Register for no event: POLLHUP and POLLERR are always reported (poll(2)), keys are not.
    hangups.register(terminal, 0)
    return hangups
