"""Each practice peer puts on the wire what its story says."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest

from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.lab.server import Lab
from tests.network.listen.raw_client import (
    IMPLICIT_LE,
    RELEASE_RP,
    RELEASE_RQ,
    SILENCE_S,
    VERIFICATION,
    Dial,
    assert_ended,
    assert_silent,
    associate,
    associate_rq,
    context_results,
    echo,
    echo_rq,
    receive_pdu,
    receive_until_close,
    receive_until_silent,
)

MODALITY_WORKLIST = "1.2.840.10008.5.1.4.31"
EXPLICIT_LE = "1.2.840.10008.1.2.1"
JPEG_BASELINE = "1.2.840.10008.1.2.4.50"

ABORT_BY_USER = bytes.fromhex("07 00 00000004 00 00 00 00")
CALLED_NOT_RECOGNIZED = bytes.fromhex("03 00 00000004 00 01 01 07")
CALLING_NOT_RECOGNIZED = bytes.fromhex("03 00 00000004 00 01 01 03")


@pytest.fixture
def dial(lab: Lab) -> Iterator[Dial]:
    with ExitStack() as connections:
        yield Dial(lab, connections)


class TestTheHealthyArchive:
    @pytest.mark.parametrize("called_ae", ["TARGET_PACS", "ANYTHING"])
    def test_echoes_and_releases_whatever_the_titles(self, dial: Dial, called_ae: str) -> None:
        connection = dial("healthy")
        acceptance = associate(connection, associate_rq(called_ae=called_ae))
        assert context_results(acceptance) == [0]
        assert acceptance.called_ae_title.strip() == called_ae
        for message_id in (1, 2):
            answer = echo(connection, message_id)
            assert answer == {0x0100: 0x8030, 0x0120: message_id, 0x0800: 0x0101, 0x0900: 0x0000}
        connection.sendall(RELEASE_RQ)
        assert receive_pdu(connection) == RELEASE_RP

    @pytest.mark.parametrize(
        ("abstract_syntax", "transfer_syntaxes", "result"),
        [
            (VERIFICATION, (JPEG_BASELINE, EXPLICIT_LE), 0),
            (MODALITY_WORKLIST, (IMPLICIT_LE,), 3),
            (VERIFICATION, (JPEG_BASELINE,), 4),
        ],
    )
    def test_accepts_verification_in_what_it_speaks(
        self, dial: Dial, abstract_syntax: str, transfer_syntaxes: tuple[str, ...], result: int
    ) -> None:
        request = associate_rq(abstract_syntax=abstract_syntax, transfer_syntaxes=transfer_syntaxes)
        acceptance = associate(dial("healthy"), request)
        assert context_results(acceptance) == [result]
        if result == 0:
            assert acceptance.presentation_context[0].transfer_syntax == EXPLICIT_LE

    def test_aborts_what_is_no_association_request(self, dial: Dial) -> None:
        connection = dial("healthy")
        connection.sendall(RELEASE_RQ)
        assert receive_until_close(connection) == bytes.fromhex("07 00 00000004 00 00 02 02")

    @pytest.mark.parametrize(
        "nonsense",
        [b"GET / HTTP/1.1\r\n\r\n", bytes.fromhex("01 00 00000003 000100"), b"\x16\x03"],
        ids=["HTTP", "short A-ASSOCIATE-RQ", "half a header"],
    )
    def test_survives_nonsense(self, dial: Dial, nonsense: bytes) -> None:
        connection = dial("healthy")
        connection.sendall(nonsense)
        with suppress(OSError):  # it may have broken the connection already
            connection.shutdown(socket.SHUT_WR)
        assert_ended(connection)
        assert context_results(associate(dial("healthy"), associate_rq())) == [0]

    def test_serves_many_at_once(self, dial: Dial) -> None:
        connections = [dial("healthy") for _ in range(100)]
        for connection in connections:
            connection.sendall(associate_rq())
        assert {receive_pdu(connection)[:1] for connection in connections} == {b"\x02"}


@pytest.mark.parametrize(
    ("peer_id", "called_ae", "calling_ae", "source", "answer"),
    [
        ("called-unknown", "TARGET_PACS", "ANYONE", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("calling-unknown", "TARGET_PACS", "MY_WORKSTATION", "127.0.0.1", CALLING_NOT_RECOGNIZED),
        ("calling-unknown", "WRONG", "WORKSTATION_1", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("ambiguous-rejection", "WRONG", "WORKSTATION_1", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("ambiguous-rejection", "TARGET_PACS", "WRONG", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("ambiguous-rejection", "target_pacs", "WORKSTATION_1", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("ambiguous-rejection", "TARGET_PACS", "workstation_1", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("ambiguous-rejection", "TARGET_PACS", "WORKSTATION_1", "127.0.0.9", CALLED_NOT_RECOGNIZED),
        ("wrong-address", "TARGET_PACS", "MY_WORKSTATION", "127.0.0.1", CALLING_NOT_RECOGNIZED),
        ("title-case", "main_pacs", "ANYONE", "127.0.0.1", CALLED_NOT_RECOGNIZED),
        ("title-space", " MAIN_PACS", "ANYONE", "127.0.0.1", CALLED_NOT_RECOGNIZED),
    ],
)
def test_wrong_titles_are_rejected(
    dial: Dial, peer_id: str, called_ae: str, calling_ae: str, source: str, answer: bytes
) -> None:
    connection = dial(peer_id, source)
    connection.sendall(associate_rq(called_ae, calling_ae))
    assert receive_pdu(connection) == answer


@pytest.mark.parametrize("peer_id", ["called-unknown", "calling-unknown", "wrong-address"])
def test_another_application_context_is_rejected_as_orthanc_does(dial: Dial, peer_id: str) -> None:
    connection = dial(peer_id)
    connection.sendall(associate_rq(application_context="1.2.3.4.5"))
    assert receive_until_silent(connection) == bytes.fromhex("03 00 00000004 00 01 01 02")


@pytest.mark.parametrize(
    ("request_pdu", "answer"),
    [
        (associate_rq(application_context="1.2.3.4.5"), "03 00 00000004 00 02 01 02"),
        (associate_rq(), "03 00 00000004 00 01 01 07"),
    ],
    ids=["another application context", "wrong calling title"],
)
def test_a_rejection_is_closed_as_dcmqrscp_does(
    dial: Dial, request_pdu: bytes, answer: str
) -> None:
    connection = dial("ambiguous-rejection")
    connection.sendall(request_pdu)
    assert receive_until_close(connection) == bytes.fromhex(answer)


def test_another_application_context_is_ignored_elsewhere(dial: Dial) -> None:
    request = associate_rq(application_context="1.2.3.4.5")
    assert context_results(associate(dial("healthy"), request)) == [0]


@pytest.mark.parametrize(
    ("peer_id", "called_ae", "calling_ae", "source"),
    [
        ("called-unknown", "MAIN_PACS", "ANYONE", "127.0.0.1"),
        ("calling-unknown", "TARGET_PACS", "WORKSTATION_1", "127.0.0.1"),
        ("ambiguous-rejection", "TARGET_PACS", "WORKSTATION_1", "127.0.0.1"),
        ("wrong-address", "TARGET_PACS", "MY_WORKSTATION", "127.0.0.2"),
        ("title-case", "MAIN_PACS", "ANYONE", "127.0.0.1"),
        ("title-space", "MAIN_PACS", "ANYONE", "127.0.0.1"),
    ],
)
def test_right_titles_are_green(
    dial: Dial, peer_id: str, called_ae: str, calling_ae: str, source: str
) -> None:
    connection = dial(peer_id, source)
    associate(connection, associate_rq(called_ae, calling_ae))
    assert echo(connection)[0x0900] == 0x0000


@pytest.mark.parametrize(
    ("peer_id", "answer"),
    [
        ("congestion", "03 00 00000004 00 02 03 01"),
        ("limit", "03 00 00000004 00 02 03 02"),
        ("unlisted-rejection", "03 00 00000004 00 01 03 38"),
        ("application-context", "03 00 00000004 00 01 01 02"),
        ("protocol-version", "03 00 00000004 00 01 02 02"),
        ("aborts-request", ABORT_BY_USER.hex()),
    ],
)
def test_requests_are_turned_down_whatever_they_say(dial: Dial, peer_id: str, answer: str) -> None:
    connection = dial(peer_id)
    connection.sendall(associate_rq())
    assert receive_pdu(connection) == bytes.fromhex(answer)


@pytest.mark.parametrize(
    ("peer_id", "result"),
    [("context-refused", 1), ("verification-refused", 3), ("transfer-syntax-refused", 4)],
)
def test_verification_is_refused(dial: Dial, peer_id: str, result: int) -> None:
    assert context_results(associate(dial(peer_id), associate_rq())) == [result]


class TestAtCEcho:
    @pytest.mark.parametrize(
        ("peer_id", "message_id", "status"),
        [("echo-status", 1, 0x0122), ("echo-other-message", 77, 0x0000)],
    )
    def test_the_answer_is_wrong(
        self, dial: Dial, peer_id: str, message_id: int, status: int
    ) -> None:
        connection = dial(peer_id)
        associate(connection, associate_rq())
        answer = echo(connection, message_id=1)
        assert (answer[0x0120], answer[0x0900]) == (message_id, status)

    @pytest.mark.parametrize(
        ("peer_id", "last_words"), [("aborts-first-command", ABORT_BY_USER), ("echo-closes", b"")]
    )
    def test_the_association_ends(self, dial: Dial, peer_id: str, last_words: bytes) -> None:
        connection = dial(peer_id)
        associate(connection, associate_rq())
        connection.sendall(echo_rq(1))
        assert receive_until_close(connection) == last_words

    def test_no_answer_comes(self, dial: Dial) -> None:
        connection = dial("echo-unanswered")
        associate(connection, associate_rq())
        connection.sendall(echo_rq(1))
        assert_silent(connection)

    def test_only_the_release_is_unanswered(self, dial: Dial) -> None:
        connection = dial("release-unanswered")
        associate(connection, associate_rq())
        assert echo(connection)[0x0900] == 0x0000
        connection.sendall(RELEASE_RQ)
        assert_silent(connection)


class TestWhatIsNotDicom:
    def test_a_web_server_answers_400(self, dial: Dial) -> None:
        connection = dial("http")
        connection.sendall(associate_rq())
        head, _, body = receive_until_close(connection).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 400 Bad Request\r\n")
        assert f"Content-Length: {len(body)}".encode() in head

    @pytest.mark.parametrize(
        ("peer_id", "greeting"), [("ssh", b"SSH-2.0-OpenSSH"), ("ftp", b"220 ")]
    )
    def test_some_greet_before_they_are_asked(
        self, dial: Dial, peer_id: str, greeting: bytes
    ) -> None:
        assert dial(peer_id).recv(4096).startswith(greeting)

    def test_a_tls_port_sends_an_alert(self, dial: Dial) -> None:
        connection = dial("tls")
        connection.sendall(associate_rq())
        assert receive_until_close(connection) == bytes.fromhex("15 03 03 00 02 02 0a")

    def test_an_item_is_longer_than_its_pdu(self, dial: Dial) -> None:
        connection = dial("malformed")
        connection.sendall(associate_rq())
        answer = receive_pdu(connection)
        assert answer[0] == 0x02
        assert answer[-8:] == bytes.fromhex("21 00 7fff 01 00 00 00")

    @pytest.mark.parametrize("peer_id", ["half-pdu", "endless-pdu"])
    def test_a_pdu_begins_and_never_ends(self, dial: Dial, peer_id: str) -> None:
        connection = dial(peer_id)
        connection.sendall(associate_rq())
        answer = receive_until_silent(connection)
        assert answer[0] == 0x02
        assert len(answer) < 6 + int.from_bytes(answer[2:6], "big")


class TestTheNetwork:
    def test_silent(self, dial: Dial) -> None:
        connection = dial("silent")
        connection.sendall(associate_rq())
        assert_silent(connection)

    def test_closes_on_connect(self, dial: Dial) -> None:
        assert dial("closes-on-connect").recv(1) == b""

    def test_resets_on_connect(self, dial: Dial) -> None:
        with pytest.raises(ConnectionResetError):
            dial("resets-on-connect").recv(1)

    def test_closes_on_request_and_not_before(self, dial: Dial) -> None:
        connection = dial("closes-on-request")
        assert_silent(connection)
        connection.sendall(associate_rq())
        assert receive_until_close(connection) == b""

    def test_resets_on_request_and_not_before(self, dial: Dial) -> None:
        connection = dial("resets-on-request")
        assert_silent(connection)
        connection.sendall(associate_rq())
        with pytest.raises(ConnectionResetError):
            connection.recv(1)

    def test_a_closed_port_refuses_each_time(self, dial: Dial) -> None:
        for _ in range(3):
            with pytest.raises(ConnectionRefusedError):
                dial("closed-port")

    def test_a_full_queue_drops_the_connection(self, lab: Lab) -> None:
        address = ("127.0.0.1", lab.port_of("full-queue"))
        with pytest.raises(TimeoutError):
            socket.create_connection(address, timeout=SILENCE_S)


class TestTls:
    @pytest.mark.parametrize("peer_id", ["tls-healthy", "tls-drops-certificate"])
    def test_dicom_answers_who_shows_no_certificate(self, lab: Lab, peer_id: str) -> None:
        with secured(lab, peer_id) as connection:
            assert context_results(associate(connection, associate_rq())) == [0]
            assert echo(connection)[0x0900] == 0x0000

    def test_a_certificate_ends_it_without_an_alert(self, lab: Lab) -> None:
        shown = files_of(lab, "tls-drops-certificate").cert_file
        with secured(lab, "tls-drops-certificate", shown) as connection:
            assert connection.version() == "TLSv1.3"
            with pytest.raises(ssl.SSLEOFError):
                connection.recv(1)

    def test_an_old_version_gets_an_alert(self, lab: Lab) -> None:
        old = ssl.TLSVersion.TLSv1_2
        with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
            secured(lab, "tls-healthy", newest=old)


def files_of(lab: Lab, peer_id: str) -> TlsSettings:
    """Return the TLS files of a practice target."""
    (tls,) = (target.tls for target in lab.targets() if target.port == lab.port_of(peer_id))
    assert tls is not None
    return tls


def secured(
    lab: Lab,
    peer_id: str,
    certificate: str = "",
    newest: ssl.TLSVersion = ssl.TLSVersion.MAXIMUM_SUPPORTED,
) -> ssl.SSLSocket:
    """Connect with TLS to a practice peer, and verify it."""
    (ca_file,) = files_of(lab, peer_id).ca_files
    context = ssl.create_default_context(cafile=ca_file)
    context.maximum_version = newest
    if certificate:
        context.load_cert_chain(certificate)
    address = ("127.0.0.1", lab.port_of(peer_id))
    connection = socket.create_connection(address, timeout=20)
    return context.wrap_socket(connection, server_hostname="127.0.0.1", suppress_ragged_eofs=False)
