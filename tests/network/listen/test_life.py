"""A listener starts on all its ports or none, keeps its limits, and leaves nothing behind."""

from __future__ import annotations

import errno
import os
import socket
import struct
import threading
from dataclasses import replace

import pytest

from dcmecho.diagnosis.listen.calls import CallEnding
from dcmecho.diagnosis.listen.events import (
    CallsClosedUnread,
    ClosedUnreadReason,
    ListeningEvent,
    StopReason,
)
from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.listen.binding import CannotListenError, address_of, why_not
from dcmecho.dicom.listen.limits import ConnectionLimiter, Limits
from dcmecho.dicom.listen.listener import ListenerConfig, start
from tests.network.listen.listening import LOOPBACK, PATIENCE_S, TITLE, Hearing, hearing
from tests.network.listen.raw_client import (
    assert_ended,
    associate,
    associate_rq,
    receive_pdu,
    receive_until_close,
)

SHORT = Limits(request_timeout_s=0.1, idle_timeout_s=0.1, linger_s=0.1)
REQUEST = associate_rq(TITLE, "CT2")


def refuse_nothing(event: ListeningEvent) -> None:
    """Nobody listens to this listener."""


def reason_of(heard: Hearing) -> StopReason:
    stopped = heard.until(lambda book: book.stopped).stopped
    assert stopped is not None
    return stopped.reason


class TestPorts:
    def test_each_of_several_ports_tells_where_a_call_arrived(self) -> None:
        with hearing(ports=4) as heard:
            for port in heard.ports:
                heard.connect(port).close()
            heard.until(lambda book: book.calls == 4)
            arrived = {heard.call(number).call.arrived_at.port for number in range(1, 5)}
        assert arrived == set(heard.ports)

    def test_a_port_that_is_taken_names_the_program_and_no_port_is_held(self) -> None:
        with socket.create_server((LOOPBACK, 0)) as taken, socket.create_server((LOOPBACK, 0)) as s:
            port, free = taken.getsockname()[1], s.getsockname()[1]
            s.close()
            ends = (Address(LOOPBACK, free), Address(LOOPBACK, port))
            with pytest.raises(CannotListenError, match=rf"process {os.getpid()}\)"):
                start(ListenerConfig(ends), refuse_nothing)
            socket.create_server((LOOPBACK, free)).close()

    @pytest.mark.parametrize(
        ("end", "words"),
        [
            (Address("192.0.2.77", 0), "is not an address of this machine. Use one of 127.0.0.1"),
            (Address("pacs.hospital.lan", 0), "is not the address of a network interface"),
            (Address(LOOPBACK, 70000), "is not a port. Use 1 to 65535"),
        ],
        ids=str,
    )
    def test_an_end_that_cannot_be_is_told_with_what_can(self, end: Address, words: str) -> None:
        with pytest.raises(CannotListenError, match=words):
            start(ListenerConfig((end,)), refuse_nothing)

    def test_a_port_below_1024_without_the_right_to_it(self) -> None:
        reason = why_not(Address(LOOPBACK, 104), PermissionError(errno.EACCES, "no"))
        assert "Listen on a higher port (11112)" in reason
        assert "setcap cap_net_bind_service" in reason

    def test_ipv6_and_an_ipv4_caller_of_an_ipv6_socket(self) -> None:
        heard = Hearing()
        heard.listener = start(ListenerConfig((Address("::1", 0),)), heard.take)
        try:
            socket.create_connection(("::1", heard.port), PATIENCE_S).close()
            assert heard.call().call.source.ip == "::1"
        finally:
            heard.listener.stop()
        assert address_of(("::ffff:10.1.2.3", 104, 0, 0)).ip == "10.1.2.3"

    def test_listening_on_every_address_still_tells_which_one_was_called(self) -> None:
        heard = Hearing()
        heard.listener = start(ListenerConfig((Address("0.0.0.0", 0),)), heard.take)
        try:
            heard.connect().close()
            assert heard.call().call.arrived_at.ip == LOOPBACK
        finally:
            heard.listener.stop()


class TestEnd:
    def test_it_ends_by_itself_when_its_time_is_over(self) -> None:
        with hearing(for_s=0.1) as heard:
            assert reason_of(heard) is StopReason.TIME_OVER
            assert heard.listener is not None
            assert heard.listener.wait(PATIENCE_S)
            with pytest.raises(ConnectionRefusedError):
                heard.connect()

    def test_a_stop_aborts_what_is_open_and_leaves_neither_thread_nor_port(self) -> None:
        with hearing() as heard:
            connection = heard.connect()
            associate(connection, REQUEST)
            assert heard.listener is not None
            heard.listener.stop()
            assert not heard.listener.running
            assert receive_pdu(connection)[0] == 0x07
            assert receive_until_close(connection) == b""
            connection.close()
            assert heard.call().call.ending is CallEnding.STOPPED
            assert reason_of(heard) is StopReason.ASKED
            with pytest.raises(ConnectionRefusedError):
                heard.connect()
        assert "dcmecho-listener" not in {thread.name for thread in threading.enumerate()}

    def test_it_may_be_stopped_again_and_after_its_end(self) -> None:
        with hearing(for_s=0.05) as heard:
            reason_of(heard)
            assert heard.listener is not None
            heard.listener.ask_to_stop()
            heard.listener.stop()

    def test_the_last_event_is_the_stop(self) -> None:
        with hearing() as heard, heard.connect():
            heard.until(lambda book: book.calls)
            assert heard.listener is not None
            heard.listener.stop()
            assert [type(event).__name__ for event in heard.events][-2:] == [
                "CallChanged",
                "ListeningStopped",
            ]


class TestLimits:
    def test_a_caller_that_says_nothing_is_let_go(self) -> None:
        with hearing(limits=SHORT) as heard, heard.connect():
            assert heard.call().call.ending is CallEnding.NOTHING_SENT

    def test_a_request_that_does_not_come_to_its_end_is_let_go(self) -> None:
        with hearing(limits=SHORT) as heard, heard.connect() as connection:
            connection.sendall(REQUEST[:-1])
            call = heard.call().call
        assert call.ending is CallEnding.UNFINISHED
        assert call.remark == f"{len(REQUEST) - 1} of {len(REQUEST)} bytes of a PDU arrived"

    def test_an_association_that_idles_is_aborted(self) -> None:
        with hearing(limits=SHORT) as heard, heard.connect() as connection:
            associate(connection, REQUEST)
            assert receive_pdu(connection)[0] == 0x07
            assert heard.call().call.ending is CallEnding.IDLE

    @pytest.mark.parametrize("claimed", [65_537, 2**32 - 1])
    def test_a_request_over_the_limit_is_refused_by_its_header(self, claimed: int) -> None:
        with hearing() as heard:
            call = heard.say(struct.pack(">BxL", 1, claimed)).call
        assert call.ending is CallEnding.TOO_LONG
        assert "the limit is 65536" in call.remark

    def test_a_request_at_the_limit_is_read(self) -> None:
        body = REQUEST[6:]
        body += struct.pack(">BxH", 0x7F, 65_536 - len(body) - 4)
        body += bytes(65_536 - len(body))
        with hearing() as heard:
            call = heard.say(struct.pack(">BxL", 1, len(body)) + body).call
        assert call.request is not None
        assert call.request.fault == ""

    def test_data_over_what_was_announced_is_refused(self) -> None:
        with hearing() as heard:
            call = heard.say(REQUEST + struct.pack(">BxL", 4, 16_385)).call
        assert (call.ending, call.stored_bytes) == (CallEnding.TOO_LONG, 0)

    def test_a_command_without_an_end_is_not_kept(self) -> None:
        fragment = struct.pack(">BxLLBB", 4, 16_006, 16_002, 1, 1) + bytes(16_000)
        with hearing() as heard:
            call = heard.say(REQUEST + fragment * 6).call
        assert "a command set of more than 65536 bytes" in call.remark

    def test_one_connection_too_many_of_an_address_is_closed_and_told(self) -> None:
        with (
            hearing(limits=Limits(connections_of_source=2)) as heard,
            heard.connect(),
            heard.connect(),
            heard.connect() as third,
        ):
            assert_ended(third)
            away = heard.until(lambda book: book.closed_unread).closed_unread
        assert away is not None
        assert away.reason is ClosedUnreadReason.TOO_MANY_OF_SOURCE
        assert away.times == 1

    def test_the_place_of_a_call_that_ended_is_free_again(self) -> None:
        limits = Limits(connections=1, connections_of_source_in_window=1000)
        with hearing(limits=limits) as heard:
            for number in range(1, 6):
                assert heard.say(b"?").call.number == number
        assert not any(isinstance(event, CallsClosedUnread) for event in heard.events)

    def test_a_flood_is_told_in_few_words(self) -> None:
        limits = Limits(connections_of_source_in_window=3)
        with hearing(limits=limits) as heard:
            for _ in range(3):
                heard.say(b"?")
            for _ in range(37):
                with heard.connect() as connection:
                    assert_ended(connection)
        away = [event for event in heard.events if isinstance(event, CallsClosedUnread)]
        assert len(away) <= 5
        assert isinstance(away[-1], CallsClosedUnread)
        assert away[-1].times == 37


class TestDoorkeeper:
    LIMITS = Limits(connections=4, connections_of_source=2, connections_of_source_in_window=3)

    def test_the_whole_listener_has_room_for_so_many(self) -> None:
        door = ConnectionLimiter(self.LIMITS, lambda: 0.0)
        assert [door.enter(f"10.0.0.{n}") for n in range(4)] == [None] * 4
        assert door.enter("10.0.0.9") is ClosedUnreadReason.TOO_MANY
        door.leave("10.0.0.0")
        assert door.enter("10.0.0.9") is None

    def test_too_often_ends_with_the_window(self) -> None:
        clock = [0.0]
        door = ConnectionLimiter(replace(self.LIMITS, window_s=10.0), lambda: clock[0])
        for _ in range(3):
            assert door.enter("10.0.0.1") is None
            door.leave("10.0.0.1")
        assert door.enter("10.0.0.1") is ClosedUnreadReason.TOO_OFTEN
        assert door.enter("10.0.0.2") is None
        clock[0] = 10.1
        assert door.enter("10.0.0.1") is None
