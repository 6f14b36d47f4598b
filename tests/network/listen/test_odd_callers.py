"""Callers that break the standard, or speak something else: shown, survived, answered."""

from __future__ import annotations

import socket
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dcmecho.diagnosis.listen.calls import Accepted, CallEnding, NonDicomCaller, UserIdentity
from dcmecho.diagnosis.listen.titles import title_faults
from dcmecho.diagnosis.listen.verdict import CallFindingId, Grade
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.dicom.listen.limits import Limits
from tests.network.listen.listening import TITLE, Hearing, hearing
from tests.network.listen.raw_client import (
    RELEASE_RQ,
    associate,
    associate_rq,
    echo,
    echo_rq,
    receive_pdu,
    receive_until_close,
)

REQUEST = associate_rq(TITLE, "CT2")
PATIENT = Limits(connections_of_source_in_window=10_000)
SECRET = b"hunter2-is-a-secret"


def with_titles(called: bytes, calling: bytes = b"CT2".ljust(16)) -> bytes:
    return REQUEST[:10] + called + calling + REQUEST[42:]


def with_user_item(kind: int, data: bytes) -> bytes:
    """The request with one more sub-item at the end of its user information."""
    sub = struct.pack(">BxH", kind, len(data)) + data
    at = REQUEST.rindex(struct.pack(">BxHBxH", 0x50, 8, 0x51, 4))
    (length,) = struct.unpack(">H", REQUEST[at + 2 : at + 4])
    body = REQUEST[6 : at + 2] + struct.pack(">H", length + len(sub)) + REQUEST[at + 4 :] + sub
    return struct.pack(">BxL", 1, len(body)) + body


@pytest.mark.parametrize(
    ("called", "fault"),
    [
        (TITLE.encode().ljust(16, b"\0"), "padded with NUL"),
        (b"\0" * 16, "blank"),
        (b" " * 16, "blank"),
        (b"PA\x1b[2J\x07CS".ljust(16), "control character"),
        ("RÖNTGEN".encode("latin-1").ljust(16), "outside ASCII"),
        (b"\xff" * 16, "outside ASCII"),
    ],
    ids=["NUL-padded", "only NUL", "only spaces", "escape sequence", "Latin-1", "0xff"],
)
def test_a_title_that_breaks_the_standard_is_shown_with_its_bytes_and_answered(
    called: bytes, fault: str
) -> None:
    with hearing() as heard:
        with heard.connect() as connection:
            associate(connection, with_titles(called))
            assert echo(connection)[0x0900] == 0
            connection.sendall(RELEASE_RQ)
            receive_pdu(connection)
        judged = heard.call()
    assert judged.call.request is not None
    assert judged.call.request.called_ae.field == called
    assert fault in title_faults(judged.call.request.called_ae)[0]
    assert str(judged.call.request.called_ae).isprintable()
    assert judged.verdict.grade is Grade.ODD


class TestUserInformation:
    def test_of_a_user_identity_only_the_kind_is_kept(self) -> None:
        identity = struct.pack(">BBH", 2, 0, 5) + b"admin" + struct.pack(">H", 19) + SECRET
        with hearing() as heard:
            call = heard.say(with_user_item(0x58, identity)).call
        assert call.request is not None
        assert call.request.user.user_identity is UserIdentity.USERNAME_AND_PASSCODE
        assert "hunter2" not in repr(heard.events)
        assert "admin" not in repr(heard.events)

    def test_roles_and_asynchronous_window(self) -> None:
        role = struct.pack(">H", 17) + b"1.2.840.10008.1.1" + b"\1\1"
        with hearing() as heard:
            first = heard.say(with_user_item(0x54, role)).call
            second = heard.say(with_user_item(0x53, struct.pack(">HH", 8, 0))).call
        assert first.request is not None
        assert second.request is not None
        assert str(first.request.user.roles[0]) == "Verification SOP Class: SCU and SCP"
        assert str(second.request.user.asynchronous) == "8 invoked, any performed"


@pytest.mark.parametrize(
    ("said", "non_dicom"),
    [
        (bytes.fromhex("16030102000100"), NonDicomCaller.TLS),
        (b"GET / HTTP/1.1\r\n\r\n", NonDicomCaller.HTTP),
        (b"SSH-2.0-OpenSSH_9.2\r\n", NonDicomCaller.SSH),
        (b"\x0bMSH|^~\\&|", NonDicomCaller.HL7),
        (bytes.fromhex("0300001300e0"), NonDicomCaller.REMOTE_DESKTOP),
        (b"\x00\x01\x02\x1b[2J", NonDicomCaller.UNKNOWN),
        (b"?", NonDicomCaller.UNKNOWN),
    ],
    ids=lambda value: str(value)[:20],
)
def test_who_does_not_speak_dicom_is_named(said: bytes, non_dicom: NonDicomCaller) -> None:
    with hearing() as heard:
        judged = heard.say(said)
    assert judged.call.non_dicom is non_dicom
    assert judged.call.ending is CallEnding.NOT_DICOM
    assert judged.verdict.grade is Grade.NO_REQUEST


def test_a_tls_caller_on_a_plain_port_is_told_as_that() -> None:
    with hearing() as heard:
        (finding,) = heard.say(bytes.fromhex("16030102000100")).verdict.findings
    assert finding.id is CallFindingId.TLS


class TestAnswers:
    def test_another_protocol_version_is_rejected(self) -> None:
        with hearing() as heard:
            call = heard.say(REQUEST[:6] + b"\0\2" + REQUEST[8:]).call
        assert isinstance(call.answer, Rejection)
        assert call.answer.triple == "1/2/2"

    def test_another_application_context_is_rejected(self) -> None:
        with hearing() as heard:
            call = heard.say(associate_rq(application_context="1.2.3.4")).call
        assert isinstance(call.answer, Rejection)
        assert call.answer.triple == "1/1/2"

    def test_another_sop_class_is_refused_with_3_and_another_syntax_with_4(self) -> None:
        with hearing() as heard:
            heard.say(associate_rq(abstract_syntax="1.2.840.10008.5.1.4.31"))
            heard.say(associate_rq(transfer_syntaxes=("1.2.840.10008.1.2.4.50",)))
            answers = [heard.call(n).call.answer for n in (1, 2)]
        results = [
            each.result
            for answer in answers
            if isinstance(answer, Accepted)
            for each in answer.contexts
        ]
        assert results == [3, 4]

    def test_a_request_cut_in_its_items_is_aborted_and_the_place_told(self) -> None:
        with hearing() as heard:
            body = REQUEST[6:-3]
            call = heard.say(struct.pack(">BxL", 1, len(body)) + body).call
        assert isinstance(call.answer, Abort)
        assert call.request is not None
        assert "byte" in call.request.fault
        assert call.request.called_ae.significant == TITLE.encode()

    def test_a_conversation_that_begins_in_the_middle_is_aborted(self) -> None:
        with hearing() as heard:
            call = heard.say(RELEASE_RQ).call
        assert call.ending is CallEnding.ABORTED_BY_US
        assert "RELEASE-RQ instead of A-ASSOCIATE-RQ" in call.remark

    def test_a_command_that_is_no_service_of_ours_gets_a_status(self) -> None:
        find = echo_rq(7).replace(struct.pack("<HHLH", 0, 0x0100, 2, 0x0030), FIND)
        with hearing() as heard:
            with heard.connect() as connection:
                associate(connection, REQUEST)
                connection.sendall(find)
                answer = receive_pdu(connection)
                connection.sendall(RELEASE_RQ)
                receive_pdu(connection)
            call = heard.call().call
        assert struct.pack("<HHLH", 0, 0x0900, 2, 0x0211) in answer
        assert [(each.command, each.status) for each in call.services] == [("C-FIND-RQ", 0x0211)]
        assert not call.echoed

    def test_data_on_a_context_that_was_not_accepted_is_aborted(self) -> None:
        with hearing() as heard:
            with heard.connect() as connection:
                associate(connection, associate_rq(abstract_syntax="1.2.840.10008.5.1.4.31"))
                connection.sendall(echo_rq(1))
                assert receive_pdu(connection)[0] == 7
            call = heard.call().call
        assert "presentation context 1, not accepted" in call.remark


FIND = struct.pack("<HHLH", 0, 0x0100, 2, 0x0020)


def test_a_port_check_is_shown_as_one() -> None:
    with hearing() as heard:
        heard.connect().close()
        judged = heard.call()
    assert judged.call.ending is CallEnding.CLOSED_BY_PEER
    assert judged.verdict.findings[0].id is CallFindingId.SILENT


def test_half_a_request_is_told_with_how_much_came() -> None:
    with hearing() as heard:
        judged = heard.say(REQUEST[:100])
    assert judged.call.remark == f"100 of {len(REQUEST)} bytes of a PDU arrived"


def test_a_reset_is_told_apart_from_a_close() -> None:
    with hearing() as heard:
        connection = heard.connect()
        associate(connection, REQUEST)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()
        assert heard.call().call.ending is CallEnding.RESET_BY_PEER


PDUS = st.sampled_from([REQUEST, echo_rq(1), RELEASE_RQ, bytes.fromhex("07 00 00000004 00000000")])
HOSTILE = st.one_of(
    st.binary(max_size=400),
    st.lists(PDUS, max_size=5).map(b"".join),
    st.tuples(st.integers(0, len(REQUEST) - 1), st.binary(max_size=8)).map(
        lambda at: REQUEST[: at[0]] + at[1] + REQUEST[at[0] + len(at[1]) :]
    ),
    st.tuples(st.integers(0, 8), st.integers(0, 2**32 - 1), st.binary(max_size=40)).map(
        lambda parts: struct.pack(">BxL", *parts[:2]) + parts[2]
    ),
    st.binary(max_size=60).map(
        lambda junk: REQUEST + struct.pack(">BxLLBB", 4, len(junk) + 6, len(junk) + 2, 1, 3) + junk
    ),
)


def test_no_bytes_end_the_listener() -> None:
    with hearing(limits=PATIENT) as heard:

        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        @given(HOSTILE)
        def survives(said: bytes) -> None:
            judged = heard.say(said)
            assert judged.call.ending is not CallEnding.FAULT, judged.call.remark

        survives()
        assert _echo_is_answered(heard)


def _echo_is_answered(heard: Hearing) -> bool:
    with heard.connect() as connection:
        associate(connection, REQUEST)
        answered = echo(connection)[0x0900] == 0
        connection.sendall(RELEASE_RQ)
        receive_pdu(connection)
        connection.shutdown(socket.SHUT_WR)
        return answered and receive_until_close(connection) == b""
