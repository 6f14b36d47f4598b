"""Peers that try to fake a success or a proven cause, each plain and over TLS."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable
from contextlib import suppress

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.network.connection import Address, Resolution
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.link import WireLink
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab import pdu
from tests.network.diagnose.diagnosing import diagnose, listed, proven
from tests.network.peers.adversary import (
    ACCEPTED,
    Conversation,
    accept,
    adversary,
    context_answers,
    data_tf,
    read_pdu,
    response,
    until_it_leaves,
    us,
    value,
    whole,
)
from tests.network.tls.certificates import Certificates

CT = "1.2.840.10008.5.1.4.1.1.2"
EXPLICIT = "1.2.840.10008.1.2.1"
GOOD = whole(response())


@pytest.fixture(params=["plain", "TLS"])
def tls(request: pytest.FixtureRequest, certificates: Certificates) -> Certificates | None:
    return certificates if request.param == "TLS" else None


def at_echo(*answers: bytes) -> Conversation:
    """Accept, read the C-ECHO-RQ, and send these messages."""

    def play(caller: socket.socket) -> None:
        accept(caller)
        read_pdu(caller)
        for answer in answers:
            caller.sendall(answer)
        until_it_leaves(caller)

    return play


def in_pieces(command: bytes, pieces: int, contexts: tuple[int, ...] = (1,)) -> list[bytes]:
    """Split a command into ``pieces`` PDVs, on these contexts in turn."""
    size = -(-len(command) // pieces)
    cut = [command[at : at + size] for at in range(0, len(command), size)]
    return [
        value(part, 3 if number == len(cut) - 1 else 1, contexts[number % len(contexts)])
        for number, part in enumerate(cut)
    ]


BROKEN = {
    "answers another message": (whole(response(message_id=2)), "answers message 2"),
    "for another SOP class": (whole(response(sop_class=CT)), "for another SOP class"),
    "announces a data set": (whole(response(dataset=0)), "announces a data set"),
    "brings a data set": (
        data_tf(value(response(dataset=1)), value(b"\x08\x00\x05\x00\x00\x00\x00\x00", 2)),
        "announces a data set",
    ),
    "on a context never proposed": (whole(response(), 3), "on presentation context 3"),
    "on context 0": (whole(response(), 0), "on presentation context 0"),
    "two statuses, the good one last": (
        whole(response(status=0x0110, more=struct.pack("<HHI", 0, 0x0900, 2) + us(0))),
        "has element (0000,0900) twice",
    ),
    "a request in return": (whole(response(field=0x0030)), "C-ECHO-RQ instead of"),
    "of another service": (whole(response(field=0x8001)), "C-STORE-RSP instead of"),
    "pieces on two contexts": (
        data_tf(*in_pieces(response(), 4, (1, 3))),
        "on presentation context 3",
    ),
    "the association accepted again": (
        pdu.associate_ac(bytes(64), (ACCEPTED,)),
        "ASSOCIATE-AC) is not expected here",
    ),
    "rejected after it was accepted": (pdu.associate_rj(1, 1, 7), "is not expected here"),
    "a release request": (pdu.pdu(pdu.PduType.RELEASE_RQ, bytes(4)), "is not expected here"),
}


@pytest.mark.parametrize("name", list(BROKEN))
def test_what_is_no_answer_to_our_c_echo_is_no_success(name: str, tls: Certificates | None) -> None:
    answer, said = BROKEN[name]
    with adversary(at_echo(answer), tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.NO_ECHO)
    assert said in report.verdict.title
    assert listed(report) == {CauseId.PEER_MALFORMED}


@pytest.mark.parametrize("status", [0xB000, 0xFF00, 0xFE00, 0x0001, 0x0107])
def test_a_warning_or_a_pending_is_no_success(status: int, tls: Certificates | None) -> None:
    with adversary(at_echo(whole(response(status=status)), GOOD), tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.ECHO_STATUS)
    assert f"0x{status:04X}" in report.verdict.title


HARMLESS = {
    "in 50 values of one PDU": data_tf(*in_pieces(response(), 50)),
    "in 50 PDUs": b"".join(data_tf(each) for each in in_pieces(response(), 50)),
    "a wrong group length": whole(response(group_length=4)),
    "no SOP class": whole(response(sop_class="")),
}


@pytest.mark.parametrize("name", list(HARMLESS))
def test_what_is_odd_and_an_answer_all_the_same_is_a_success(
    name: str, tls: Certificates | None
) -> None:
    with adversary(at_echo(HARMLESS[name]), tls, timeout_s=5.0) as target:
        report = diagnose(target)
    assert exit_code(report) is ExitCode.OK


def test_a_second_answer_is_a_warning(tls: Certificates | None) -> None:
    with adversary(at_echo(GOOD, whole(response(status=0x0110))), tls) as target:
        report = diagnose(target)
    assert (report.verdict.status, report.verdict.stage) == (VerdictStatus.WARNING, StageId.RELEASE)


def test_an_answer_that_was_there_before_the_question_is_no_success(
    tls: Certificates | None,
) -> None:
    """Message ids can be guessed."""

    def play(caller: socket.socket) -> None:
        caller.sendall(context_answers(ACCEPTED)(caller) + GOOD)
        until_it_leaves(caller)

    with adversary(play, tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.NO_ECHO)
    assert "before anything was asked" in report.verdict.title


@pytest.mark.parametrize("early", [True, False], ids=["with the acceptance", "at C-ECHO"])
def test_a_success_after_an_abort_is_none(early: bool, tls: Certificates | None) -> None:
    def play(caller: socket.socket) -> None:
        accepted = context_answers(ACCEPTED)(caller)
        if early:
            caller.sendall(accepted + pdu.abort(0, 0) + GOOD)
        else:
            caller.sendall(accepted)
            read_pdu(caller)
            caller.sendall(pdu.abort(0, 0) + GOOD)
        until_it_leaves(caller)

    with adversary(play, tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.ABORTED)
    assert not proven(report)


REFUSED = pdu.LabContextAnswer(1, pdu.ContextResult.USER_REJECTION)
ACCEPTANCES = {
    "accepts a context never proposed": (pdu.LabContextAnswer(3, pdu.ContextResult.ACCEPTANCE),),
    "accepts one more": (ACCEPTED, pdu.LabContextAnswer(5, pdu.ContextResult.ACCEPTANCE)),
    "refuses and accepts": (REFUSED, ACCEPTED),
    "accepts and refuses": (ACCEPTED, REFUSED),
    "accepts another transfer syntax": (
        pdu.LabContextAnswer(1, pdu.ContextResult.ACCEPTANCE, EXPLICIT),
    ),
}


@pytest.mark.parametrize("name", list(ACCEPTANCES))
def test_an_acceptance_that_contradicts_itself_or_the_request(
    name: str, tls: Certificates | None
) -> None:
    def play(caller: socket.socket) -> None:
        caller.sendall(context_answers(*ACCEPTANCES[name])(caller))
        until_it_leaves(caller)

    with adversary(play, tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ASSOCIATE, ExitCode.NOT_DICOM)
    assert listed(report) == {CauseId.PEER_MALFORMED}


def test_an_acceptance_that_answers_no_context_ends_at_verification(
    tls: Certificates | None,
) -> None:
    def play(caller: socket.socket) -> None:
        caller.sendall(context_answers()(caller))
        until_it_leaves(caller)

    with adversary(play, tls) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.CONTEXT, ExitCode.CONTEXT)
    assert listed(report) == {CauseId.PEER_MALFORMED}
    assert proven(report) == {CauseId.PEER_MALFORMED}
    assert report.stage(StageId.AE_TITLE).status is Status.PASSED


def with_max_length(longest: int) -> Conversation:
    """Accept with this maximum length (PS3.8 D.1), and answer the C-ECHO-RQ."""

    def play(caller: socket.socket) -> None:
        acceptance = bytearray(context_answers(ACCEPTED)(caller))
        at = acceptance.index(b"\x51\x00\x00\x04")
        struct.pack_into(">I", acceptance, at + 4, longest)
        caller.sendall(acceptance)
        read_pdu(caller)
        caller.sendall(GOOD)
        until_it_leaves(caller)

    return play


@pytest.mark.parametrize("longest", range(1, 7))
def test_a_maximum_length_that_no_message_fits_into_is_the_peers_fault(longest: int) -> None:
    with adversary(with_max_length(longest)) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ASSOCIATE, ExitCode.NOT_DICOM)
    assert f"maximum length {longest} at byte 132 leaves no room" in report.verdict.title
    assert listed(report) == {CauseId.PEER_MALFORMED}


@pytest.mark.parametrize("longest", [0, 7, 8, 2**32 - 1])
def test_any_other_maximum_length_is_kept_to(longest: int) -> None:
    with adversary(with_max_length(longest)) as target:
        report = diagnose(target)
    assert exit_code(report) is ExitCode.OK


def test_who_accepts_before_it_was_asked_is_no_dicom_application(tls: Certificates | None) -> None:
    def play(caller: socket.socket) -> None:
        request = bytes(64)
        caller.sendall(pdu.associate_ac(request, (ACCEPTED,)) + GOOD)
        until_it_leaves(caller)

    with adversary(play, tls) as target:
        report = diagnose(target)
    # Timing decides whether dcmecho reads it before or after its request. Both must be detected.
    assert exit_code(report) in (ExitCode.NOT_DICOM, ExitCode.NO_ECHO)
    assert listed(report) == {CauseId.PEER_MALFORMED}


def reset(caller: socket.socket) -> None:
    caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    caller.close()


def half_close(caller: socket.socket) -> None:
    caller.shutdown(socket.SHUT_WR)
    with suppress(OSError):
        until_it_leaves(caller)


@pytest.mark.parametrize("leave", [reset, half_close], ids=["RST", "half-close"])
def test_who_leaves_with_the_acceptance_has_not_answered(
    leave: Callable[[socket.socket], None],
) -> None:
    def play(caller: socket.socket) -> None:
        accept(caller)
        leave(caller)

    with adversary(play) as target:
        report = diagnose(target)
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.ABORTED)
    assert not proven(report)


class TestOnTheWay:
    """Devices between dcmecho and a peer that answer instead of the peer."""

    def test_who_takes_every_connection_and_resets_it_is_no_open_port(self) -> None:
        """A SYN proxy: a firewall that completes the handshake itself."""
        with adversary(reset) as target:
            report = diagnose(target)
        assert exit_code(report) in (ExitCode.TCP, ExitCode.NOT_DICOM)
        assert CauseId.TCP_RESET in listed(report)
        assert proven(report) <= {CauseId.TCP_RESET}

    def test_who_resets_once_it_has_read_the_request_may_be_on_the_way(self) -> None:
        def play(caller: socket.socket) -> None:
            read_pdu(caller)
            reset(caller)

        with adversary(play) as target:
            report = diagnose(target)
        assert not proven(report)
        assert {CauseId.TCP_RESET, CauseId.PEER_RESET_ON_REQUEST} <= listed(report)

    def test_the_address_that_fails_is_told_from_the_one_that_works(self) -> None:
        """The name has an address that nobody listens on, and one that works."""
        with adversary(at_echo(GOOD)) as target:
            report = by_addresses(target, "127.0.0.2", "127.0.0.1")
        assert (report.verdict.status, exit_code(report)) == (VerdictStatus.WARNING, ExitCode.OK)
        refused = next(cause for cause in report.causes if cause.id is CauseId.TCP_REFUSED)
        assert f"connection to 127.0.0.2:{target.port} was refused at once" in refused.explanation
        assert f"127.0.0.1:{target.port}" not in refused.explanation


def by_addresses(target: Target, *addresses: str) -> Report:
    """Check the peer as if its name had these addresses."""
    link = WireLink("run", lambda _event: None, PeerSlots())
    found = tuple(Address(each, target.port) for each in addresses)
    link.resolve = lambda *_: Resolution(0.0, 0.0, found)  # type: ignore[method-assign]
    return climb("run", target, link, lambda _event: None, RunOptions())
