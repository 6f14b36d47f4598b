"""A proxy that changes what one side says, and remembers what it made the other side hear."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from itertools import count

PATIENCE_S = 20.0
_HEADER_BYTES = 6


class Kind(Enum):
    """What happens to a PDU."""

    CHANGE = auto()
    CUT = auto()
    INSERT = auto()
    DOUBLE = auto()


@dataclass(frozen=True, slots=True)
class Mutation:
    """A change to one PDU of one connection, both counted from 0."""

    connection: int
    pdu: int
    kind: Kind
    at: int
    """Which byte; counted around if the PDU is shorter."""
    data: bytes

    def of(self, whole: bytes) -> bytes:
        """Return the PDU with this change."""
        at = self.at % max(len(whole), 1)
        match self.kind:
            case Kind.CHANGE:
                return whole[:at] + self.data[:1] + whole[at + 1 :]
            case Kind.CUT:
                return whole[:at]
            case Kind.INSERT:
                return whole[:at] + self.data + whole[at:]
            case Kind.DOUBLE:
                return whole + whole[at:]


@dataclass
class Session:
    """What is changed, and all that was heard because of it, one for each connection."""

    mutations: Sequence[Mutation] = ()
    heard: list[bytearray] = field(default_factory=list)


class MutatingProxy:
    """Passes connections on to ``port``. Changes answers, or with ``of_requests`` requests."""

    def __init__(self, port: int, *, of_requests: bool = False) -> None:
        self.session = Session()
        self._behind = port
        self._of_requests = of_requests
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Accept no more connections."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                before, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._pass_on, args=(before, self.session), daemon=True).start()

    def _pass_on(self, before: socket.socket, session: Session) -> None:
        heard = bytearray()
        session.heard.append(heard)
        number = len(session.heard) - 1
        with before, suppress(OSError):
            behind = socket.create_connection(("127.0.0.1", self._behind), PATIENCE_S)
            with behind:
                speaker, hearer = (before, behind) if self._of_requests else (behind, before)
                speaker.settimeout(PATIENCE_S)
                hearer.settimeout(PATIENCE_S)
                plain = threading.Thread(target=_copy, args=(hearer, speaker), daemon=True)
                plain.start()
                mine = [each for each in session.mutations if each.connection == number]
                _change(speaker, hearer, mine, heard)
                plain.join(PATIENCE_S)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    _end(target)


def _change(
    source: socket.socket, target: socket.socket, mutations: Sequence[Mutation], heard: bytearray
) -> None:
    with suppress(OSError):
        for number, whole in zip(count(), _pdus(source), strict=False):
            for each in mutations:
                if each.pdu == number:
                    whole = each.of(whole)
            heard += whole
            target.sendall(whole)
    _end(target)


def _end(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_WR)


def _pdus(source: socket.socket) -> Iterator[bytes]:
    """Yield the PDUs of an honest side, and what is left when it ends in the middle of one."""
    waiting = b""
    while data := source.recv(65536):
        waiting += data
        while len(waiting) >= _HEADER_BYTES:
            end = _HEADER_BYTES + struct.unpack_from(">2xL", waiting)[0]
            if len(waiting) < end:
                break
            yield waiting[:end]
            waiting = waiting[end:]
    if waiting:
        yield waiting


@contextmanager
def mutating(port: int, *, of_requests: bool = False) -> Iterator[MutatingProxy]:
    """Run a proxy."""
    proxy = MutatingProxy(port, of_requests=of_requests)
    try:
        yield proxy
    finally:
        proxy.close()
