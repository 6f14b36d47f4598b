"""Serves the practice peers, all from one daemon thread."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Self

from dcmecho.diagnosis.model import Target
from dcmecho.lab.acting import Connection, act
from dcmecho.lab.behaviour import Application, Script
from dcmecho.lab.pdu import InvalidPduError
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.ports import LOOPBACK, PeerPort, Ports

PATIENCE_S = 3.0
"""Time-outs of the lab's targets: a newcomer sees every silence explained within a minute."""

_STOP_DEADLINE_S = 2.0


class Lab:
    """Practice peers on loopback. Use it as a context manager, or call ``start`` and ``stop``.

    Prints nothing.
    """

    def __init__(self, peers: Sequence[LabPeer] = PEERS, ports: Ports = Ports.FREE) -> None:
        self.peers = tuple(peers)
        self._ports = ports
        self._taken: dict[str, PeerPort] = {}
        self._serving: _Serving | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Take every port, then serve. The ports are reachable when this returns.

        Raises :class:`~dcmecho.lab.ports.PortInUseError`; no port is held then.
        """
        try:
            for peer in self.peers:
                self._taken[peer.id] = PeerPort(peer, self._ports)
        except BaseException:
            self._close_ports()
            raise
        self._serving = _Serving(tuple(self._taken.values()))
        self._serving.start()

    def stop(self) -> None:
        """End every connection, close every port and wait for the thread, at most 2 s.

        May be called twice.
        """
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        self._close_ports()

    def port_of(self, peer_id: str) -> int:
        """Return the port of a peer. Raises ``KeyError`` for an unknown or stopped one."""
        return self._taken[peer_id].number

    def targets(self) -> tuple[Target, ...]:
        """Return a target for each peer, with the titles of its story."""
        return tuple(
            Target(
                host=LOOPBACK,
                port=self.port_of(peer.id),
                called_ae=peer.called_ae,
                calling_ae=peer.calling_ae,
                name=peer.name,
                group=peer.group,
                notes=peer.story,
                connect_timeout_s=PATIENCE_S,
                acse_timeout_s=PATIENCE_S,
                dimse_timeout_s=PATIENCE_S,
            )
            for peer in self.peers
        )

    def _close_ports(self) -> None:
        for port in self._taken.values():
            port.close()
        self._taken.clear()


class _Serving:
    """The thread that accepts on every port and plays each connection, until stopped."""

    def __init__(self, ports: Sequence[PeerPort]) -> None:
        self._listeners = tuple(
            (port.socket, port.peer.behaviour)
            for port in ports
            if isinstance(port.peer.behaviour, Application | Script)
        )
        self._open: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._stopping = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="dcmecho-lab", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_STOP_DEADLINE_S)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as connections:
            for listener, behaviour in self._listeners:
                self._loop.add_reader(listener, self._accept, listener, behaviour, connections)
            await self._stopping.wait()
            for listener, _ in self._listeners:
                self._loop.remove_reader(listener)
            for connection in self._open:
                connection.cancel()

    def _accept(
        self,
        listener: socket.socket,
        behaviour: Application | Script,
        connections: asyncio.TaskGroup,
    ) -> None:
        """Accept and begin to play, in one step: a cancelled ``sock_accept`` loses its socket."""
        try:
            sock, (client_address, _) = listener.accept()
        except OSError:  # the client was quicker to leave
            return
        connection = connections.create_task(_attend(sock, client_address, behaviour))
        self._open.add(connection)
        connection.add_done_callback(self._open.discard)
        connection.add_done_callback(partial(_close, sock))


async def _attend(
    sock: socket.socket, client_address: str, behaviour: Application | Script
) -> None:
    with suppress(OSError, InvalidPduError):
        await act(behaviour, Connection(sock, client_address))


def _close(sock: socket.socket, _ended: asyncio.Task[None]) -> None:
    """Close also the socket of a task that was cancelled before it began."""
    sock.close()
