"""A simple load balancer: one address that sends each connection to the next server."""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tests.network.peers.real_peers import RealPeer

_CHUNK_BYTES = 65536
_PATIENCE_S = 30.0


@contextmanager
def rotating(servers: Sequence[RealPeer]) -> Iterator[RealPeer]:
    """Serve ``servers`` in turn, starting with the first, until the context ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, servers), daemon=True).start()
        yield RealPeer(listener.getsockname()[1])
        # Closing alone does not wake a thread that waits in accept.
        listener.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, servers: Sequence[RealPeer]) -> None:
    for server in itertools.cycle(servers):
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_connect, args=(client, server), daemon=True).start()


def _connect(client: socket.socket, server: RealPeer) -> None:
    with client, socket.create_connection(("127.0.0.1", server.port), _PATIENCE_S) as upstream:
        client.settimeout(_PATIENCE_S)
        back = threading.Thread(target=_pump, args=(upstream, client), daemon=True)
        back.start()
        _pump(client, upstream)
        back.join(_PATIENCE_S)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while chunk := source.recv(_CHUNK_BYTES):
            sink.sendall(chunk)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
