"""The connection of a run: what fails before it is open leaves nothing behind."""

from __future__ import annotations

import errno
import gc
import socket
import ssl
import warnings
from typing import cast

from dcmecho.diagnosis.link import Address
from dcmecho.diagnosis.model import RunOptions
from dcmecho.diagnosis.tls import TlsEnding
from dcmecho.dicom.handshake import shake_hands
from dcmecho.dicom.tls_messages import HandshakeRecorder
from dcmecho.dicom.wire import Wire

NOBODYS = "192.0.2.1"
"""TEST-NET-1 (RFC 5737)."""


def test_a_source_address_that_is_not_ours_leaves_no_socket() -> None:
    wire = Wire(lambda: 0.0, lambda direction, at_ms, data: None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        options = RunOptions(source_address=NOBODYS)
        connection = wire.connect(Address("127.0.0.1", 9), 1.0, options)
        gc.collect()
    assert connection.errno == errno.EADDRNOTAVAIL
    assert not caught


class _DoneAsTimeIsOver(socket.socket):
    """Its handshake comes to its end just when the connection is shut down for its slowness."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

    def settimeout(self, value: float | None) -> None:
        """Only the whole handshake has a bound here."""

    def do_handshake(self) -> None:
        self.recv(1)


def test_a_handshake_that_ends_as_its_time_is_over_is_late() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        _DoneAsTimeIsOver() as ours,
    ):
        ours.connect(listener.getsockname())
        sock = cast(ssl.SSLSocket, ours)
        handshake = shake_hands(sock, HandshakeRecorder(), 0.05, lambda: 0.0)
    assert handshake.ending is TlsEnding.SILENT
