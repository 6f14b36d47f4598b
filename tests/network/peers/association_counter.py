"""Counts the connections that a peer gets, and how many of them are open at the same time."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_BYTES = 65536

_ENDED_BY_CLIENT = frozenset({6, 7, 8, 9, 11})
"""TIME_WAIT, CLOSE, CLOSE_WAIT, LAST_ACK and CLOSING (linux/tcp_states.h)."""


class AssociationCounter:
    """Passes connections on to ``port`` of this machine. Each is one association."""

    def __init__(self, port: int) -> None:
        self.total = 0
        self.most = 0
        """Most connections at the same time."""
        self._behind = port
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Accept no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        for each in (self._listener, *self._open):
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                for each in filter(_has_ended, self._open):
                    each.close()
                self._open = [each for each in self._open if each.fileno() >= 0] + [client]
                self.total += 1
                self.most = max(self.most, len(self._open))
                behind = socket.create_connection(("127.0.0.1", self._behind))
                for pair in ((client.dup(), behind.dup()), (behind, client.dup())):
                    threading.Thread(target=_copy, args=pair, daemon=True).start()


def _has_ended(client: socket.socket) -> bool:
    """Report whether the client has closed. What it has sent need not be read yet."""
    state = client.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]
    return state in _ENDED_BY_CLIENT


def _copy(source: socket.socket, target: socket.socket) -> None:
    with source, target, suppress(OSError):
        while data := source.recv(_BYTES):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def counting(port: int) -> Iterator[AssociationCounter]:
    """Count the connections to ``port``."""
    counter = AssociationCounter(port)
    try:
        yield counter
    finally:
        counter.close()
