"""The connection of a run: what fails before it is open leaves nothing behind, and its times."""

from __future__ import annotations

import errno
import gc
import socket
import ssl
import sys
import threading
import warnings
from typing import cast

import pytest

from dcmecho.diagnosis.network.association import Ending
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.tls import TlsEnding
from dcmecho.dicom.wire.clock import RunClock
from dcmecho.dicom.wire.connection import Wire
from dcmecho.dicom.wire.tls.handshake import shake_hands
from dcmecho.dicom.wire.tls.messages import HandshakeRecorder

NOBODYS = "192.0.2.1"
"""TEST-NET-1 (RFC 5737)."""

_PDU = bytes.fromhex("05000000000400000000")
_PATIENCE_S = 30.0


def test_a_source_address_that_is_not_ours_leaves_no_socket() -> None:
    wire = Wire(RunClock(), lambda _direction, _at_ms, _data: None)
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


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux stamps what arrives over TCP")
def test_who_listens_late_learns_when_the_peer_answered() -> None:
    """The thread of a run waits for its turn among many others; the kernel does not."""
    clock = RunClock()
    wire = Wire(clock, lambda _direction, _at_ms, _data: None)
    answered = threading.Event()

    def answer(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            while peer.recv(len(_PDU)) == _PDU:
                peer.sendall(_PDU)
                answered.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer, args=(listener,), daemon=True).start()
        wire.connect(Address(*listener.getsockname()), _PATIENCE_S, RunOptions())
        told_by_the_kernel = False
        # Linux begins to look at its clock only a little after somebody has asked for it.
        while not told_by_the_kernel and clock.now_ms() < _PATIENCE_S * 1000:
            answered.clear()
            wire.write(_PDU)
            assert answered.wait(_PATIENCE_S)
            answered_by_ms = clock.now_ms()
            arrival = wire.listen(_PATIENCE_S)
            assert arrival.ending is Ending.ANSWERED
            assert wire.sent_at_ms is not None
            assert wire.sent_at_ms <= arrival.at_ms <= clock.now_ms()
            told_by_the_kernel = arrival.at_ms <= answered_by_ms
        wire.close()
    assert told_by_the_kernel


@pytest.mark.parametrize("length", [10, 5000])
def test_a_peer_that_drips_is_heard_whole(length: int) -> None:
    pdu = b"\x04\0" + (length - 6).to_bytes(4, "big") + bytes(length - 6)
    wire = Wire(RunClock(), lambda _direction, _at_ms, _data: None)

    def drip(listener: socket.socket) -> None:
        peer, _ = listener.accept()
        with peer:
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for at in range(0, length, 7):
                peer.sendall(pdu[at : at + 7])
            peer.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        wire.connect(Address(*listener.getsockname()), _PATIENCE_S, RunOptions())
        assert wire.listen(_PATIENCE_S).pdu.data == pdu
        wire.close()


def test_two_pdus_at_once_are_heard_one_after_the_other() -> None:
    first, second = b"\x04\0\0\0\0\x06" + bytes([0, 0, 0, 2, 1, 0]), _PDU
    wire = Wire(RunClock(), None)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        wire.connect(Address(*listener.getsockname()), _PATIENCE_S, RunOptions())
        peer, _ = listener.accept()
        with peer:
            peer.sendall(first + second)
            assert wire.listen(_PATIENCE_S).pdu.data == first
            assert wire.listen(_PATIENCE_S).pdu.data == second
        wire.close()
