"""The ports of the practice peers, on 127.0.0.1 only."""

from __future__ import annotations

import errno
import socket
from enum import Enum
from typing import assert_never

from dcmecho.lab.behaviour import Application, ClosedPort, FullQueue, InTurn, Script
from dcmecho.lab.peer import LabPeer

LOOPBACK = "127.0.0.1"

_WAITING_CONNECTIONS = 128


class Ports(Enum):
    """The choice of ports for the peers."""

    FIXED = "fixed"
    """The ports of the table (``dcmecho lab``)."""
    FREE = "free"
    """Any free ports (``dcmecho demo``, tests)."""


class PortInUseError(OSError):
    """Another program uses a port of the table. The message says what to do."""


class PeerPort:
    """The port of one peer, bound until ``close``. Raises :class:`PortInUseError`."""

    def __init__(self, peer: LabPeer, ports: Ports) -> None:
        self.peer = peer
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._queue_filler: socket.socket | None = None
        try:
            self._take(peer.port if ports is Ports.FIXED else 0)
            self._prepare()
        except BaseException:
            self.close()
            raise

    @property
    def number(self) -> int:
        """The TCP port."""
        port: int = self.socket.getsockname()[1]
        return port

    def close(self) -> None:
        """Free the port."""
        self.socket.close()
        if self._queue_filler is not None:
            self._queue_filler.close()

    def _take(self, number: int) -> None:
        self.socket.setblocking(False)
        if not isinstance(self.peer.behaviour, ClosedPort):
            # Without a listener, Linux would let two programs reserve the same port.
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self.socket.bind((LOOPBACK, number))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise self._in_use(number) from error

    def _prepare(self) -> None:
        match self.peer.behaviour:
            case Application() | Script() | InTurn():
                self.socket.listen(_WAITING_CONNECTIONS)
            case FullQueue():
                # With no room left in the accept queue Linux drops every further SYN.
                self.socket.listen(0)
                self._queue_filler = socket.create_connection(self.socket.getsockname())
            case ClosedPort():
                pass
            case _:
                assert_never(self.peer.behaviour)

    def _in_use(self, number: int) -> PortInUseError:
        return PortInUseError(
            f"port {number} of practice peer {self.peer.name!r} is in use. End the program that "
            f"uses it (`ss -ltnp` names it), or run `dcmecho demo`, which uses free ports"
        )
