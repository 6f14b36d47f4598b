"""A blocked send has a timeout, can be given up, and continues where it stopped."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Iterator

import pytest

from dcmecho.dicom.wire.channel import Channel
from dcmecho.dicom.wire.kernel import Received

_MORE_THAN_FITS = bytes(range(256)) * 65536
_PATIENCE_S = 10.0
_SHORT_S = 0.2


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listener, socket.socket() as ours:
        ours.connect(listener.getsockname())
        theirs, _ = listener.accept()
        with theirs:
            yield ours, theirs


@pytest.fixture
def unused_port() -> Iterator[int]:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


class _ResetSinceItOpened(socket.socket):
    """Acts like the kernel for a connection that the peer reset just after it was opened."""

    def getpeername(self) -> str:
        raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")


def test_a_reset_right_after_the_opening_is_the_peers_and_no_fault_of_ours() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener, _ResetSinceItOpened() as ours:
        ip, port = listener.getsockname()
        with pytest.raises(ConnectionResetError):
            Channel(ours).connect((ip, port), _PATIENCE_S, lambda: False)


@pytest.fixture
def channel(ends: tuple[socket.socket, socket.socket]) -> Channel:
    opened = Channel(ends[0])
    opened.begin()
    opened.bound(_PATIENCE_S)
    return opened


def test_all_arrives_at_a_slow_reader(
    channel: Channel, ends: tuple[socket.socket, socket.socket]
) -> None:
    got = bytearray()

    def read() -> None:
        while len(got) < len(_MORE_THAN_FITS):
            got.extend(ends[1].recv(1 << 20))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    channel.send(_MORE_THAN_FITS, lambda: False)
    reader.join(_PATIENCE_S)
    assert got == _MORE_THAN_FITS


def test_nobody_reads(channel: Channel) -> None:
    channel.bound(_SHORT_S)
    with pytest.raises(TimeoutError):
        channel.send(_MORE_THAN_FITS, lambda: False)


def test_given_up(channel: Channel) -> None:
    with pytest.raises(InterruptedError):
        channel.send(_MORE_THAN_FITS, lambda: True)


def test_a_read_waits_for_nothing(channel: Channel) -> None:
    assert channel.receive(1) is None


def test_after_the_reading_has_stopped_a_last_word_is_sent(
    channel: Channel, ends: tuple[socket.socket, socket.socket]
) -> None:
    channel.stop_reading()
    assert channel.readable(_PATIENCE_S)
    assert channel.receive(1) == Received(b"")
    channel.send_before_close(b"bye")
    ends[1].settimeout(_PATIENCE_S)
    assert ends[1].recv(8) == b"bye"


def test_who_gave_up_just_before_the_connection_is_opened_waits_for_nothing() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.socket() as ours,
        pytest.raises(InterruptedError),
    ):
        Channel(ours).connect(listener.getsockname(), _PATIENCE_S, lambda: True)


def test_nobody_listens(unused_port: int) -> None:
    with socket.socket() as ours, pytest.raises(ConnectionRefusedError) as caught:
        Channel(ours).connect(("127.0.0.1", unused_port), _PATIENCE_S, lambda: False)
    assert caught.value.errno == errno.ECONNREFUSED


def test_a_connection_to_itself_is_a_port_where_nobody_listens() -> None:
    """The system can give a caller the very port that it calls on this machine."""
    with socket.socket() as ours:
        ours.bind(("127.0.0.1", 0))
        with pytest.raises(ConnectionRefusedError):
            Channel(ours).connect(ours.getsockname(), _PATIENCE_S, lambda: False)
