"""Serves the practice peers, all from one daemon thread."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import cycle, repeat
from types import TracebackType
from typing import Self

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.listen.accept_loop import AcceptLoop, ListeningSocket, SocketAddress
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.lab.acting import act
from dcmecho.lab.behaviour import Application, Behaviour, InTurn, Script
from dcmecho.lab.callers import CALLERS, LabCaller
from dcmecho.lab.connection import LabConnection
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.ports import LOOPBACK, PeerPort, Ports
from dcmecho.lab.tls.connection import meet_with_tls
from dcmecho.lab.tls.folder import TlsFolder
from dcmecho.lab.verifying import PAUSE_S, call_in_turn

_Meet = Callable[[socket.socket, str], Awaitable[LabConnection]]

PATIENCE_S = 3.0
"""The timeouts of the practice targets: short, so every diagnosis takes under a minute."""


class Lab:
    """Practice peers on loopback. Use it as a context manager, or call ``start`` and ``stop``.

    Prints nothing.
    """

    def __init__(
        self,
        peers: Sequence[LabPeer] = PEERS,
        ports: Ports = Ports.FREE,
        callers: Sequence[LabCaller] = CALLERS,
    ) -> None:
        self.peers = tuple(peers)
        self._callers = tuple(callers)
        self._ports = ports
        self._taken: dict[str, PeerPort] = {}
        self._serving: AcceptLoop | None = None
        self._called: Address | None = None
        self._tls: TlsFolder | None = None

    def __enter__(self) -> Self:
        self.start()
        try:
            self.certify()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Bind every port, then serve. The ports accept when this returns.

        Peers with TLS answer after ``certify``. Raises
        :class:`~dcmecho.lab.ports.PortInUseError`; then no port stays bound.
        """
        try:
            for peer in self.peers:
                self._taken[peer.id] = PeerPort(peer, self._ports)
        except BaseException:
            self._close_ports()
            raise
        if any(peer.tls for peer in self.peers):
            self._tls = TlsFolder(stays=self._ports is Ports.FIXED)
        self._serving = AcceptLoop("dcmecho-lab", self._listening())
        self._serving.start()

    def certify(self) -> None:
        """Make the certificates of the peers with TLS, unless that is done. Safe from any thread.

        It takes a while. Raises ``OSError``; then these peers close each connection.
        """
        if self._tls is not None:
            self._tls.certify()

    def stop(self) -> None:
        """End all connections, close all ports and wait up to 2 s for the thread.

        Can be called twice.
        """
        if self._serving is not None:
            self._serving.stop()
            self._serving = None
        self._close_ports()
        if self._tls is not None:
            self._tls.close()
            self._tls = None

    def begin_calls(self, listener: Address, pause_s: float = PAUSE_S) -> None:
        """Let the practice applications call a listener of this machine, one after another.

        ``pause_s`` passes before each call. Calls to an earlier listener are given up.
        """
        if self._serving is not None:
            self._called = listener
            where = Address(LOOPBACK, listener.port) if listener.is_unspecified else listener
            wanted = partial(self._is_called, listener)
            self._serving.carry_out(partial(call_in_turn, self._callers, where, wanted, pause_s))

    def end_calls(self) -> None:
        """Start no further call: the listener is gone, and another program can have its port."""
        self._called = None

    def _is_called(self, listener: Address) -> bool:
        return self._called is listener

    def port_of(self, peer_id: str) -> int:
        """Return the port of a peer. Raises ``KeyError`` for an unknown or stopped one."""
        return self._taken[peer_id].number

    def targets(self) -> tuple[Target, ...]:
        """Return a target for each peer, with the AE titles that its story needs."""
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
                tls=self._tls.files.settings(peer.tls) if self._tls and peer.tls else None,
            )
            for peer in self.peers
        )

    def _listening(self) -> tuple[ListeningSocket, ...]:
        return tuple(
            ListeningSocket(port.socket, partial(_attend, iter(servers), self._meeting(port.peer)))
            for port in self._taken.values()
            if (servers := _servers(port.peer.behaviour))
        )

    def _meeting(self, peer: LabPeer) -> _Meet:
        if self._tls is None or peer.tls is None:
            return _meet_plainly
        return partial(meet_with_tls, self._tls.files, peer.tls)

    def _close_ports(self) -> None:
        for port in self._taken.values():
            port.close()
        self._taken.clear()


def _servers(behaviour: Behaviour) -> Iterable[Application | Script]:
    """Return who serves each connection, one after the other; nobody if nothing listens."""
    match behaviour:
        case InTurn(servers):
            return cycle(servers)
        case Application() | Script():
            return repeat(behaviour)
        case _:
            return ()


async def _attend(
    servers: Iterator[Application | Script],
    meet: _Meet,
    sock: socket.socket,
    client: SocketAddress,
) -> None:
    with suppress(OSError, PduFault):
        await act(next(servers), await meet(sock, client[0]))


async def _meet_plainly(sock: socket.socket, client_address: str) -> LabConnection:
    return LabConnection(sock, client_address)
