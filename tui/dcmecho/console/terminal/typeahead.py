"""Carries out keys one after the other, however fast they arrive.

Textual sends a key to the widget that has the focus when the key arrives, not when the previous key
has been carried out. On a slow line several keys arrive at once. What was typed into a field that
the first key opens would then run as commands. So each key waits until the previous one is done.
Upstream: https://github.com/Textualize/textual/issues/6605.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Iterator

from textual.app import App
from textual.events import Key
from textual.message_pump import MessagePump

from dcmecho.console.background import Background

SETTLED_WITHIN_S = 0.5
"""A key that takes longer than this no longer delays the next one."""

SAVED_WITHIN_S = 1.5
"""The same for a key that writes the file."""

PAINTED_WITHIN_S = 0.15
"""The effect of a key that takes longer than this is painted before it is complete."""

_ROUNDS = 3
"""Moving the focus takes a message to the screen and one to the widget."""


class TypeAhead:
    """Passes keys to ``deliver``, each when the previous one has been carried out.

    ``paint`` is called when the screen may be painted again.
    """

    def __init__(
        self,
        app: App[None],
        deliver: Callable[[Key], Awaitable[None]],
        paint: Callable[[], object],
        background: Callable[[], Background | None],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._paint = paint
        self._background = background
        self._waiting: deque[Key] = deque()
        self._delivering: asyncio.Task[None] | None = None

    def add(self, key: Key) -> None:
        """Add a key. Returns at once."""
        self._waiting.append(key)
        if self._delivering is None or self._delivering.done():
            self._delivering = asyncio.create_task(self._deliver_all())

    async def _deliver_all(self) -> None:
        while self._waiting and self._app.is_running:
            await self._carry_out(self._waiting.popleft())
            try:
                async with asyncio.timeout(SETTLED_WITHIN_S):
                    await self._settled()
                background = self._background()
                if background is not None and background.busy:
                    async with asyncio.timeout(SAVED_WITHIN_S):
                        await background.idle()
                        await self._settled()
            except TimeoutError:
                pass

    async def _carry_out(self, key: Key) -> None:
        """Paint the effect of a key once, when it is complete."""
        with self._held():
            await self._deliver(key)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PAINTED_WITHIN_S):
                    await self._settled()

    @contextlib.contextmanager
    def _held(self) -> Iterator[None]:
        with contextlib.ExitStack() as hold:
            hold.enter_context(self._app.batch_update())

            def release() -> None:
                hold.close()
                self._paint()

            timer = asyncio.get_running_loop().call_later(PAINTED_WITHIN_S, release)
            try:
                yield
            finally:
                timer.cancel()
                release()

    async def _settled(self) -> None:
        for _ in range(_ROUNDS):
            for pump in self._involved():
                done = asyncio.Event()
                if pump.call_after_refresh(done.set):
                    await done.wait()

    def _involved(self) -> tuple[MessagePump, ...]:
        if not self._app.screen_stack:
            return ()
        focused = self._app.focused
        widget: tuple[MessagePump, ...] = () if focused is None else (focused,)
        return (*widget, self._app.screen, self._app)
