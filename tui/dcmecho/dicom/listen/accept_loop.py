"""Accepts on several sockets and attends to each connection, all on one daemon thread."""

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
"""What ``accept`` gives: its shape depends on the address family."""

Attend = Callable[[socket.socket, SocketAddress], Coroutine[Any, Any, None] | None]
"""Takes an accepted connection; ``None`` turns it away. The coroutine has to raise nothing but
``CancelledError``; the socket is closed when it is done."""


@dataclass(frozen=True, slots=True)
class ListeningSocket:
    """A listening socket, non-blocking, and who attends to what comes in there."""

    socket: socket.socket
    attend: Attend


class AcceptLoop:
    """The thread. It ends when asked, or after ``for_s`` where that is given.

    The doors' sockets stay open: they are their owner's. ``ended`` is called on the thread at its
    end; it is told whether the time was over.
    """

    def __init__(
        self,
        name: str,
        doors: Sequence[ListeningSocket],
        for_s: float | None = None,
        ended: Callable[[bool], None] = lambda _time_over: None,
    ) -> None:
        self._doors = tuple(doors)
        self._for_s = for_s
        self._tell_end = ended
        self._open: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def carry_out(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Begin a coroutine of the owner's; it ends with the thread.

        As :data:`Attend` it has to raise nothing but ``CancelledError``. Safe from any thread.
        """
        with suppress(RuntimeError):  # the loop is closed: it has ended already
            self._loop.call_soon_threadsafe(self._begin, work)

    def ask_to_stop(self) -> None:
        """Ask for the end. Does not wait; safe from any thread, at any time, more than once."""
        with suppress(RuntimeError):  # the loop is closed: it has ended already
            self._loop.call_soon_threadsafe(self._stopping.set)

    def stop(self) -> None:
        """Cancel every connection and wait for the thread, at most ``STOP_DEADLINE_S``."""
        self.ask_to_stop()
        self._thread.join(STOP_DEADLINE_S)

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; False where ``timeout_s`` passed first. Signals are handled."""
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
            for door in self._doors:
                self._loop.add_reader(door.socket, self._accept, door, connections)
            time_over = await self._time_over()
            for door in self._doors:
                self._loop.remove_reader(door.socket)
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

    def _accept(self, door: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        """Accept and begin to attend, in one step: a cancelled ``sock_accept`` loses its socket."""
        try:
            sock, address = door.socket.accept()
        except OSError as error:  # the client was quicker to leave
            if error.errno in _NO_DESCRIPTORS:
                self._pause(door, connections)
            return
        coroutine = door.attend(sock, address)
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

    def _pause(self, door: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        """Accept nothing for a moment: the waiting connection would wake the loop without end."""
        self._loop.remove_reader(door.socket)
        self._loop.call_later(_DESCRIPTORS_PAUSE_S, self._go_on, door, connections)

    def _go_on(self, door: ListeningSocket, connections: asyncio.TaskGroup) -> None:
        if not self._stopping.is_set():
            self._loop.add_reader(door.socket, self._accept, door, connections)


def _close(sock: socket.socket, _ended: asyncio.Task[None]) -> None:
    """Close also the socket of a task that was cancelled before it began."""
    sock.close()
