"""What happens when the window was closed or the SSH connection was lost."""

from __future__ import annotations

import asyncio
import contextlib
import select
import signal
import sys
from collections.abc import Callable


def on_hangup(loop: asyncio.AbstractEventLoop, terminal: int, leave: Callable[[], object]) -> None:
    """Call ``leave`` on SIGHUP and SIGTERM, and once the ``terminal`` is gone.

    The kernel sends SIGHUP only to the leader of the terminal's session (setsid(2)). Textual keeps
    reading at the end of its input: a console that nobody sees would use a whole processor
    (https://github.com/Textualize/textual/pull/6690).
    """
    for number in (signal.SIGHUP, signal.SIGTERM):
        loop.add_signal_handler(number, leave)
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            _watch(loop, terminal, leave)


def _watch(loop: asyncio.AbstractEventLoop, terminal: int, leave: Callable[[], object]) -> None:
    hangups = select.epoll()
    # Register for no event: EPOLLHUP and EPOLLERR are always reported (epoll_ctl(2)), keys are not.
    hangups.register(terminal, 0)

    def is_gone() -> None:
        loop.remove_reader(hangups.fileno())
        hangups.close()
        leave()

    loop.add_reader(hangups.fileno(), is_gone)
