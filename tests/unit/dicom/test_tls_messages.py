"""What OpenSSL's messages show about a handshake, in memory."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from functools import partial
from operator import attrgetter

import pytest

from dcmecho.dicom.wire.tls.certificates import read_certificate
from dcmecho.dicom.wire.tls.messages import HandshakeRecorder
from tests.network.tls.certificates import Certificates, Credential
from tests.network.tls.servers import ClientCertificate, PythonServer, server_context

V = ssl.TLSVersion
VERSIONS = pytest.mark.parametrize("version", [V.TLSv1_2, V.TLSv1_3])
OPTIONAL, REQUIRED = ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED
HANDSHAKE, ALERT, RECORD_HEADER = 22, 21, 256
CERTIFICATE = 11


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("papers"))


class Ends:
    """A client that is listened to, and a server, with nothing between them but memory."""

    def __init__(self, server: ssl.SSLContext, client: ssl.SSLContext) -> None:
        self.recorder = HandshakeRecorder()
        self.recorder.attach(client)
        to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._client = client.wrap_bio(to_client, to_server, server_hostname="127.0.0.1")
        self._server = server.wrap_bio(to_server, to_client, server_side=True)

    def talk(self) -> None:
        """Let each do what it can until neither goes on; failures are what is recorded."""
        for _ in range(6):
            for end in (self._client, self._server):
                try:
                    end.do_handshake()
                    end.read(1)
                except ssl.SSLError:
                    continue


def talked(
    certificates: Certificates,
    version: ssl.TLSVersion,
    *,
    server: str = "server",
    wanted: ClientCertificate = ClientCertificate.NOT_WANTED,
    shown: str = "",
    trusted: str = "ca_file",
) -> HandshakeRecorder:
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.load_verify_locations(getattr(certificates, trusted))
    if shown:
        credential: Credential = getattr(certificates, shown)
        client.load_cert_chain(credential.cert_file, credential.key_file)
    settings = PythonServer(
        attrgetter(server), versions=(version, version), client_certificate=wanted
    )
    ends = Ends(server_context(settings, certificates), client)
    ends.talk()
    return ends.recorder


def alerts(recorder: HandshakeRecorder, *, from_peer: bool) -> list[str]:
    return [alert.name for alert in recorder.alerts if alert.from_peer is from_peer]


@VERSIONS
def test_the_chain_as_the_peer_sent_it(certificates: Certificates, version: ssl.TLSVersion) -> None:
    recorder = talked(certificates, version)
    subjects = [str(read_certificate(der).subject) for der in recorder.chain]
    assert subjects == ["CN=server", certificates.intermediate.subject]
    assert recorder.peer_alert is None


@VERSIONS
def test_the_chain_of_a_certificate_that_we_refuse(
    certificates: Certificates, version: ssl.TLSVersion
) -> None:
    recorder = talked(certificates, version, server="expired")
    assert str(read_certificate(recorder.chain[0]).subject) == "CN=expired"
    assert alerts(recorder, from_peer=False) == ["certificate_expired"]
    assert alerts(recorder, from_peer=True) == []


@VERSIONS
@pytest.mark.parametrize(
    ("wanted", "shown", "asked", "sent"),
    [
        (ClientCertificate.NOT_WANTED, "client", False, False),
        (OPTIONAL, "", True, False),
        (OPTIONAL, "client", True, True),
        (REQUIRED, "client", True, True),
    ],
)
def test_the_client_certificate(
    certificates: Certificates,
    version: ssl.TLSVersion,
    wanted: ClientCertificate,
    shown: str,
    asked: bool,
    sent: bool,
) -> None:
    recorder = talked(certificates, version, wanted=wanted, shown=shown)
    assert (recorder.certificate_asked, recorder.certificate_sent) == (asked, sent)


@pytest.mark.parametrize(
    ("version", "shown", "said"),
    [
        (V.TLSv1_3, "", "certificate_required"),
        (V.TLSv1_2, "", "handshake_failure"),
        (V.TLSv1_3, "stranger", "unknown_ca"),
        (V.TLSv1_2, "stranger", "unknown_ca"),
        (V.TLSv1_3, "expired_client", "certificate_expired"),
    ],
)
def test_the_alert_of_the_peer(
    certificates: Certificates, version: ssl.TLSVersion, shown: str, said: str
) -> None:
    recorder = talked(certificates, version, wanted=REQUIRED, shown=shown)
    assert recorder.peer_alert is not None
    assert (recorder.peer_alert.name, recorder.peer_alert.from_peer) == (said, True)


Tell = Callable[[str, object, int, int, bytes], None]


def listening() -> tuple[HandshakeRecorder, Tell]:
    """Return a recorder, and a function that passes it a message like OpenSSL."""
    recorder = HandshakeRecorder()
    return recorder, partial(recorder.take, None)


@pytest.mark.parametrize("version", [0x0303, 0x0304])
def test_certificates_cut_anywhere_are_no_accident(version: int) -> None:
    der = bytes(range(200))
    entry = len(der).to_bytes(3, "big") + der + (b"\0\0" if version == 0x0304 else b"")
    body = (b"\0" if version == 0x0304 else b"") + len(entry).to_bytes(3, "big") + entry
    message = bytes((CERTIFICATE,)) + len(body).to_bytes(3, "big") + body
    for end in range(4, len(message) + 1):
        recorder, tell = listening()
        tell("read", version, HANDSHAKE, CERTIFICATE, message[:end])
        assert len(recorder.chain) <= 1
    assert recorder.chain == (der,)


def test_the_last_alert_that_is_no_farewell() -> None:
    recorder, tell = listening()
    for code in (112, 40, 0):
        tell("read", 0x0303, ALERT, code, bytes((2, code)))
    tell("write", 0x0303, ALERT, 80, bytes((2, 80)))
    assert recorder.peer_alert is not None
    assert recorder.peer_alert.name == "handshake_failure"
    assert [alert.from_peer for alert in recorder.alerts] == [True, True, True, False]


def test_an_alert_that_no_standard_names_shows_its_number() -> None:
    recorder, tell = listening()
    tell("read", 0x0303, ALERT, 200, bytes((2, 200)))
    assert recorder.peer_alert is not None
    assert recorder.peer_alert.name == "alert 200"


@pytest.mark.parametrize(
    ("direction", "data", "foreign"),
    [
        ("read", b"HTTP/", b"HTTP/"),
        ("read", b"\x07\0\0\0\0", b"\x07\0\0\0\0"),
        ("read", b"\x16\x03\x03\0\x40", b""),
        ("read", b"\x15\x03\x03\0\x02", b""),
        ("write", b"HTTP/", b""),
    ],
)
def test_what_begins_no_record_is_foreign(direction: str, data: bytes, foreign: bytes) -> None:
    recorder, tell = listening()
    tell(direction, 0, RECORD_HEADER, 0, data)
    assert recorder.foreign_bytes == foreign


def test_a_broken_certificate_is_read_or_a_value_error(certificates: Certificates) -> None:
    der = talked(certificates, V.TLSv1_3).chain[0]
    for at in range(len(der)):
        for flip in (0x01, 0x80):
            broken = bytearray(der)
            broken[at] ^= flip
            try:
                read_certificate(bytes(broken))
            except ValueError:
                continue
