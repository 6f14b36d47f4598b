"""Work that can take longer than a frame: on a daemon thread, while the screen stays responsive."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

from dcmecho.console.threads import do_beside

_T = TypeVar("_T")


class Background:
    """Does one job after another, in the order of the requests."""

    def __init__(self) -> None:
        self._order = asyncio.Lock()
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None

    @property
    def busy(self) -> bool:
        """True from the request to the end of its work."""
        return self._order.locked()

    async def run(self, work: Callable[[], _T]) -> _T:
        """Return what ``work`` returns, or raise what it raises."""
        async with self._order:
            loop = asyncio.get_running_loop()
            outcome: asyncio.Future[_T] = loop.create_future()
            self._failure = None

            def carry_out() -> None:
                try:
                    result = work()
                except Exception as error:
                    self._failure = error
                    _tell(loop, outcome, error)
                else:
                    _tell(loop, outcome, result)

            self._thread = do_beside("dcmecho-file", carry_out)
            return await outcome

    async def idle(self) -> None:
        """Wait until everything requested is done."""
        async with self._order:
            pass

    def finish(self, timeout_s: float) -> None:
        """Wait at most ``timeout_s`` for running work, so no save is left half done.

        Raises what that work raises, or ``TimeoutError``.
        """
        if not self.busy or self._thread is None:
            return
        self._thread.join(timeout_s)
        if self._thread.is_alive():
            raise TimeoutError(f"it took longer than {timeout_s:g} s")
        if self._failure is not None:
            raise self._failure


def _tell(
    loop: asyncio.AbstractEventLoop, outcome: asyncio.Future[_T], said: _T | Exception
) -> None:
    def take() -> None:
        if outcome.done():
            return
        if isinstance(said, Exception):
            outcome.set_exception(said)
        else:
            outcome.set_result(said)

    # If the user has quit meanwhile, the loop is closed and nobody waits any more.
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(take)
