"""Peers that never stop sending: no timeout is extended by their data."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.wire.clock import RunClock
from dcmecho.dicom.wire.connection import Wire
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab import pdu
from tests.network.diagnose.diagnosing import diagnose, listed, proven

SHORT_S = 0.3

COMMAND_WITHOUT_END = pdu.pdu(pdu.PduType.DATA_TF, bytes.fromhex("00000002 01 01"))
DATA_SET_WITHOUT_END = pdu.pdu(pdu.PduType.DATA_TF, bytes.fromhex("00000003 01 00 00"))
NO_VALUE = pdu.pdu(pdu.PduType.DATA_TF, b"")


@contextmanager
def endless(play: Callable[[socket.socket], None]) -> Iterator[Target]:
    """Serve one caller until it closes."""

    def serve() -> None:
        with suppress(OSError):
            caller, _ = listener.accept()
            with caller:
                play(caller)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        host, port = listener.getsockname()
        yield Target(host, port, "PEER", "US", acse_timeout_s=SHORT_S, dimse_timeout_s=SHORT_S)
        thread.join(10)
        assert not thread.is_alive(), "the connection is still open"


def read_pdu(caller: socket.socket) -> bytes:
    header = caller.recv(6, socket.MSG_WAITALL)
    return caller.recv(int.from_bytes(header[2:], "big"), socket.MSG_WAITALL)


def accept(caller: socket.socket) -> None:
    titles = read_pdu(caller)[4:68]
    answers = (pdu.LabContextAnswer(1, pdu.ContextResult.ACCEPTANCE),)
    caller.sendall(pdu.associate_ac(titles, answers))


@pytest.mark.parametrize("fragment", [COMMAND_WITHOUT_END, DATA_SET_WITHOUT_END, NO_VALUE])
def test_fragments_without_end(fragment: bytes) -> None:
    def play(caller: socket.socket) -> None:
        accept(caller)
        read_pdu(caller)
        while True:
            caller.sendall(fragment)

    with endless(play) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.NO_ECHO)
    assert "no complete command" in report.verdict.title
    assert CauseId.PEER_MALFORMED in listed(report)
    assert not proven(report)


def test_a_fragment_and_then_silence_is_no_plain_silence() -> None:
    def play(caller: socket.socket) -> None:
        accept(caller)
        read_pdu(caller)
        caller.sendall(COMMAND_WITHOUT_END)
        while caller.recv(1024):
            pass

    with endless(play) as target:
        report = diagnose(target)
    assert "no complete command" in report.verdict.title
    assert CauseId.PEER_MALFORMED in listed(report)


def test_giving_up_a_send_is_not_held_up_by_a_peer_that_only_talks() -> None:
    """The peer never reads, which blocks the send, and never stops sending."""
    talking = threading.Event()

    def play(caller: socket.socket) -> None:
        while True:
            caller.sendall(NO_VALUE * 1000)
            talking.set()

    def send() -> None:
        with suppress(OSError):
            wire.write(bytes(1 << 26))

    with endless(play) as target:
        wire = Wire(RunClock(), lambda _direction, _at_ms, _data: None)
        assert wire.connect(Address(target.host, target.port), 10.0, RunOptions()).connected
        wire.bound(60.0)
        sender = threading.Thread(target=send, daemon=True)
        sender.start()
        assert talking.wait(10)
        wire.cancel()
        sender.join(10)
        assert not sender.is_alive()
        wire.close()
