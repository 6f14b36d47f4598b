"""Accepts on several sockets and serves each connection, all on one daemon thread."""

from __future__ import annotations

import asyncio
import errno
import socket
import threading
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from dcmecho.dicom.wire.waiting import wait_for

STOP_DEADLINE_S = 2.0
_NO_DESCRIPTORS = (errno.EMFILE, errno.ENFILE)
_DESCRIPTORS_PAUSE_S = 0.5

SocketAddress = Any
"""The address that ``accept`` returns; its shape depends on the address family."""

Attend = Callable[[socket.socket, SocketAddress], Coroutine[Any, Any, None] | None]
"""Handles an accepted connection. ``None`` closes it at once. The coroutine must raise nothing but
``CancelledError``; its socket is closed when it ends."""


@dataclass(frozen=True, slots=True)
class ListeningSocket:
    """A listening socket, non-blocking, and the handler of its connections."""

    socket: socket.socket
    attend: Attend


class AcceptLoop:
    """The accepting thread. It ends when asked, or after ``for_s`` seconds if given.

    The listening sockets stay open, because the caller owns them. At the end the thread calls
    ``ended`` with whether the time was over.
    """

    def __init__(
        self,
        name: str,
        listening: Sequence[ListeningSocket],
        for_s: float | None = None,
        ended: Callable[[bool], None] = lambda _time_over: None,
    ) -> None:
        self._listening = tuple(listening)
        self._for_s = for_s
        self._tell_end = ended
        self._open: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def carry_out(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Start a coroutine of the owner; it ends with the thread.

        Like :data:`Attend` it must raise nothing but ``CancelledError``. Safe from any thread.
        """
        with suppress(RuntimeError):  # the loop has ended and is closed
            self._loop.call_soon_threadsafe(self._begin, work)

    def ask_to_stop(self) -> None:
        """Ask the thread to end, without waiting. Safe from any thread, more than once."""
        with suppress(RuntimeError):  # the loop has ended and is closed
            self._loop.call_soon_threadsafe(self._stopping.set)

    def stop(self) -> None:
        """Cancel every connection and wait for the thread, at most ``STOP_DEADLINE_S``."""
        self.ask_to_stop()
        self._thread.join(STOP_DEADLINE_S)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; return false if ``timeout_s`` passed first. Signals are handled."""
        return wait_for(self._over, timeout_s)

    def _run(self) -> None:
        time_over = False
        try:
            with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
                time_over = runner.run(self._serve())
        finally:
            self._tell_end(time_over)
            self._over.set()

    async def _serve(self) -> bool:
        async with asyncio.TaskGroup() as connections:
            for listener in self._listening:
                self._loop.add_reader(listener.socket, self._accept, listener, connections)
            time_over = await self._time_over()
            for listener in self._listening:
                self._loop.remove_reader(listener.socket)
            for connection in self._open:
                connection.cancel()
        return time_over

    async def _time_over(self) -> bool:
        try:
            async with asyncio.timeout(self._for_s):
                await self._stopping.wait()
        except TimeoutError:
            return True
        return False

    def _accept(self, listener: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        """Accept a connection and start its handler. A cancelled ``sock_accept`` would lose it."""
        try:
            sock, address = listener.socket.accept()
        except OSError as error:  # the client has already gone
            if error.errno in _NO_DESCRIPTORS:
                self._pause(listener, connections)
            return
        coroutine = listener.attend(sock, address)
        if coroutine is None:
            sock.close()
            return
        connection = connections.create_task(coroutine)
        self._open.add(connection)
        connection.add_done_callback(self._open.discard)
        connection.add_done_callback(partial(_close, sock))

    def _begin(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = self._loop.create_task(work())
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    def _pause(self, listener: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        """Accept nothing for a moment: the waiting connection would wake the loop endlessly."""
        self._loop.remove_reader(listener.socket)
        self._loop.call_later(_DESCRIPTORS_PAUSE_S, self._go_on, listener, connections)

    def _go_on(self, listener: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        if not self._stopping.is_set():
            self._loop.add_reader(listener.socket, self._accept, listener, connections)


def _close(sock: socket.socket, _ended: asyncio.Task[None]) -> None:
    """Close the socket, even of a task that was cancelled before it started."""
    sock.close()
