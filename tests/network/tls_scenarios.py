"""What goes right and wrong with TLS: tables to read and to extend."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from dcmecho.diagnosis.model import CauseId, StageId, VerdictStatus
from dcmecho.diagnosis.tls import TlsSettings, TlsVersion
from dcmecho.exit_codes import ExitCode
from dcmecho.lab import payloads
from dcmecho.lab.behaviour import (
    Application,
    AwaitBytes,
    Close,
    Hold,
    Reset,
    Script,
    Send,
    Steps,
    abort,
)
from tests.network import tls_peer
from tests.network.certificates import Papers
from tests.network.tls_servers import (
    Choose,
    ClientCertificate,
    OpenSslServer,
    OrthancServer,
    PlainPeer,
    PlainStorescp,
    PythonServer,
    Server,
    Storescp,
)
from tests.scenarios.command_line import Suspect, likely, possible, proven

Ask = Callable[[Papers], TlsSettings]
"""What the profile says."""


def ask(
    *,
    showing: Choose | None = None,
    trusting: str = "ca_file",
    server_name: str = "",
    minimum_version: TlsVersion = TlsVersion.TLS_1_2,
    verify: bool = True,
) -> Ask:
    """Return what asks for TLS. ``trusting`` names an attribute of ``Papers``."""

    def settings(papers: Papers) -> TlsSettings:
        credential = showing(papers) if showing else None
        return TlsSettings(
            ca_files=(str(getattr(papers, trusting)),),
            cert_file=str(credential.cert_file) if credential else "",
            key_file=str(credential.key_file) if credential else "",
            minimum_version=minimum_version,
            verify=verify,
            server_name=server_name,
        )

    return settings


ROOT_TRUSTED = ask()
"""Verify the server by the root alone, and show no certificate."""

CLIENT, STRANGER, EXPIRED_CLIENT = map(attrgetter, ("client", "stranger", "expired_client"))
OPTIONAL, REQUIRED = ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED

V = ssl.TLSVersion
ONLY_1_2 = (V.TLSv1_2, V.TLSv1_2)
ONLY_1_3 = (V.TLSv1_3, V.TLSv1_3)
OLD = (V.TLSv1, V.TLSv1_1)

AS_A_PLAIN_PORT_RESETS = (likely(CauseId.TLS_PEER_IS_PLAIN), possible(CauseId.TLS_CLOSED))
AS_A_PLAIN_PORT_CLOSES = (likely(CauseId.TLS_CLOSED), possible(CauseId.TLS_PEER_IS_PLAIN))
NOTHING_SHARED = (likely(CauseId.TLS_CIPHER), possible(CauseId.TLS_VERSION))
TLS_1_2_HAS_NO_WORD_FOR_IT = (
    likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
    possible(CauseId.TLS_CIPHER),
    possible(CauseId.TLS_VERSION),
)
BROKEN_TLS = (
    likely(CauseId.TLS_ALERT),
    possible(CauseId.PEER_IS_OTHER),
    possible(CauseId.TLS_PEER_IS_PLAIN),
)


@dataclass(frozen=True)
class Scenario:
    """A server, a profile, and how their meeting has to end."""

    id: str
    server: Server
    ask: Ask = ROOT_TRUSTED
    causes: tuple[Suspect, ...] = ()
    stage: StageId = StageId.TLS
    exit_code: ExitCode = ExitCode.TLS
    status: VerdictStatus = VerdictStatus.FAILED
    says: str = ""
    """A part of the verdict's title."""
    patience_s: float = 10.0


def works(id: str, server: Server, ask: Ask = ROOT_TRUSTED) -> Scenario:
    return Scenario(
        id, server, ask, stage=StageId.RELEASE, exit_code=ExitCode.OK, status=VerdictStatus.OK
    )


def warns(id: str, server: Server, ask: Ask, says: str) -> Scenario:
    return Scenario(id, server, ask, exit_code=ExitCode.OK, status=VerdictStatus.WARNING, says=says)


def beyond(
    id: str, server: Server, ask: Ask, *causes: Suspect, patience_s: float = 10.0
) -> Scenario:
    """The channel is in order, and there is no DICOM application behind it."""
    return Scenario(
        id,
        server,
        ask,
        causes,
        stage=StageId.ASSOCIATE,
        exit_code=ExitCode.NOT_DICOM,
        patience_s=patience_s,
    )


def plain(*steps: Steps) -> PlainPeer:
    return PlainPeer(Script(tuple(step for some in steps for step in some)))


def after_hello(data: bytes) -> PlainPeer:
    """A server that answers a ClientHello with these bytes, and leaves."""
    return PlainPeer(Script((AwaitBytes(), Send(data), Close())))


def alert(code: int) -> bytes:
    """A fatal alert in the clear (RFC 5246 7.2)."""
    return bytes((21, 3, 3, 0, 2, 2, code))


def server_hello(version: int, cipher_suite: int) -> bytes:
    """A ServerHello without extensions (RFC 5246 7.4.1.3)."""
    body = version.to_bytes(2, "big") + bytes(33) + cipher_suite.to_bytes(2, "big") + b"\0"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return b"\x16" + version.to_bytes(2, "big") + len(message).to_bytes(2, "big") + message


RDP_ANSWER = bytes.fromhex("03 00 00 13 0e d0 00 00 12 34 00 02 09 08 00 02 00 00 00")
CLIENT_HELLO_BACK = bytes.fromhex("16 03 01 00 08 01 00 00 04 03 03 00 00")

WORKING = (
    works("python", PythonServer()),
    works("TLS 1.2 only", PythonServer(versions=ONLY_1_2)),
    works("TLS 1.3 only", PythonServer(versions=ONLY_1_3)),
    works("by name", PythonServer(), ask(server_name="archive.hospital.test")),
    works("storescp -ic", Storescp(ClientCertificate.NOT_WANTED)),
    works("storescp -vc, none shown", Storescp(OPTIONAL)),
    works("storescp -vc, ours shown", Storescp(OPTIONAL), ask(showing=CLIENT)),
    works("storescp -rc, ours shown", Storescp(REQUIRED), ask(showing=CLIENT)),
    works("Orthanc that can do without, none shown", OrthancServer(OPTIONAL)),
    works("Orthanc that demands one, ours shown", OrthancServer(REQUIRED), ask(showing=CLIENT)),
    works("asked for and not needed", PythonServer(client_certificate=OPTIONAL)),
    works(
        "TLS 1.1, as the profile allows",
        PythonServer(versions=OLD),
        ask(minimum_version=TlsVersion.TLS_1_0),
    ),
    works(
        "intermediate from our own files",
        PythonServer(attrgetter("without_intermediate")),
        ask(trusting="whole_chain_file"),
    ),
    works(
        "self-signed, and trusted",
        PythonServer(attrgetter("self_signed")),
        ask(trusting="self_signed_file"),
    ),
    works("tickets after the request", PythonServer(act=tls_peer.answer_dicom_with_late_tickets)),
)

WARNINGS = (
    *(
        warns(
            f"not verified: {name}",
            PythonServer(attrgetter(name)),
            ask(verify=False),
            "encrypted, peer not authenticated (verify = false)",
        )
        for name in ("server", "self_signed", "expired", "of_another_host", "without_intermediate")
    ),
    warns(
        "ends in 10 days",
        PythonServer(attrgetter("ends_soon")),
        ask(),
        "the certificate CN=ends-soon ends in 10 days",
    ),
    warns(
        "its root ends in 10 days, and is not sent",
        PythonServer(attrgetter("of_ending_root")),
        ask(trusting="ending_root_file"),
        "the certificate CN=Hospital Old Root CA ends in 10 days",
    ),
)

CERTIFICATE_OF_THE_PEER = (
    Scenario(
        "expired",
        PythonServer(attrgetter("expired")),
        causes=(proven(CauseId.TLS_CERT_EXPIRED),),
        says="certificate has expired; we sent the alert certificate_expired",
    ),
    Scenario(
        "expired, at openssl s_server",
        OpenSslServer(attrgetter("expired")),
        causes=(proven(CauseId.TLS_CERT_EXPIRED),),
    ),
    Scenario(
        "not yet valid",
        PythonServer(attrgetter("not_yet_valid")),
        causes=(proven(CauseId.TLS_CERT_NOT_YET_VALID),),
    ),
    Scenario(
        "self-signed",
        PythonServer(attrgetter("self_signed")),
        causes=(proven(CauseId.TLS_CERT_SELF_SIGNED),),
    ),
    Scenario(
        "of an authority that we do not know",
        PythonServer(),
        ask(trusting="stranger_ca_file"),
        (proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),),
    ),
    Scenario(
        "the same, its root sent along",
        PythonServer(attrgetter("with_root")),
        ask(trusting="stranger_ca_file"),
        (proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),),
    ),
    Scenario(
        "of storescp, of an authority that we do not know",
        Storescp(ClientCertificate.NOT_WANTED),
        ask(trusting="stranger_ca_file"),
        (proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),),
    ),
    Scenario(
        "intermediate missing",
        PythonServer(attrgetter("without_intermediate")),
        causes=(proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),),
    ),
    Scenario(
        "intermediate trusted, root missing",
        PythonServer(attrgetter("without_intermediate")),
        ask(trusting="intermediate_file"),
        (proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),),
    ),
    Scenario(
        "for another address",
        PythonServer(attrgetter("of_another_host")),
        causes=(proven(CauseId.TLS_CERT_NAME_MISMATCH),),
    ),
    Scenario(
        "for another name",
        PythonServer(),
        ask(server_name="pacs.hospital.test"),
        (proven(CauseId.TLS_CERT_NAME_MISMATCH),),
        says="'pacs.hospital.test'",
    ),
    Scenario(
        "of a key too short",
        PythonServer(attrgetter("weak")),
        causes=(proven(CauseId.TLS_CIPHER),),
    ),
)

OUR_CERTIFICATE = (
    *(
        Scenario(
            f"none shown to {name}",
            server,
            causes=(proven(CauseId.TLS_CLIENT_CERT_REQUIRED),),
            says="certificate_required after the handshake",
        )
        for name, server in (
            ("python", PythonServer(versions=ONLY_1_3, client_certificate=REQUIRED)),
            ("storescp", Storescp(REQUIRED)),
            ("Orthanc", OrthancServer(REQUIRED)),
            ("openssl s_server", OpenSslServer(options=("-Verify", "2"))),
            (
                "a far server, which resets once the request is there",
                PythonServer(client_certificate=REQUIRED, act=tls_peer.judge_late),
            ),
        )
    ),
    *(
        Scenario(
            f"{what} shown to {name}",
            server,
            ask(showing=showing),
            (proven(CauseId.TLS_CLIENT_CERT_REFUSED),),
            says=f"{said} after the handshake",
        )
        for name, server in (
            ("python", PythonServer(client_certificate=REQUIRED)),
            ("python, which can do without", PythonServer(client_certificate=OPTIONAL)),
            ("storescp -rc", Storescp(REQUIRED)),
            ("storescp -vc", Storescp(OPTIONAL)),
            ("Orthanc", OrthancServer(REQUIRED)),
            ("Orthanc, which can do without", OrthancServer(OPTIONAL)),
        )
        for what, showing, said in (
            ("a stranger's", STRANGER, "unknown_ca"),
            ("an expired one", EXPIRED_CLIENT, "certificate_expired"),
        )
    ),
    Scenario(
        "a server's certificate shown as a client's",
        PythonServer(client_certificate=REQUIRED),
        ask(showing=attrgetter("server")),
        (proven(CauseId.TLS_CLIENT_CERT_REFUSED),),
        says="unsupported_certificate",
    ),
    Scenario(
        "none shown, TLS 1.2",
        PythonServer(versions=ONLY_1_2, client_certificate=REQUIRED),
        causes=TLS_1_2_HAS_NO_WORD_FOR_IT,
        says="handshake_failure",
    ),
    Scenario(
        "a stranger's shown, TLS 1.2",
        PythonServer(versions=ONLY_1_2, client_certificate=REQUIRED),
        ask(showing=STRANGER),
        (proven(CauseId.TLS_CLIENT_CERT_REFUSED),),
        says="the alert unknown_ca",
    ),
    Scenario(
        "none shown, and closed without a word",
        PythonServer(client_certificate=OPTIONAL, act=tls_peer.close_on_request),
        causes=(
            likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
            possible(CauseId.PEER_CLOSED_ON_REQUEST),
            possible(CauseId.PEER_CLOSED_ON_CONNECT),
        ),
    ),
    Scenario(
        "none shown, and reset without a word",
        PythonServer(client_certificate=OPTIONAL, act=tls_peer.reset_on_request),
        causes=(
            likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
            possible(CauseId.PEER_RESET_ON_REQUEST),
            possible(CauseId.PEER_CLOSED_ON_CONNECT),
        ),
    ),
)

AGREEMENT = (
    Scenario(
        "TLS 1.0 and 1.1 only",
        PythonServer(versions=OLD),
        causes=(proven(CauseId.TLS_VERSION),),
        says="the alert protocol_version",
    ),
    Scenario(
        "TLS 1.1 only, at openssl s_server",
        OpenSslServer(options=("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")),
        causes=(proven(CauseId.TLS_VERSION),),
    ),
    Scenario(
        "TLS 1.2 only, and the profile wants 1.3",
        PythonServer(versions=ONLY_1_2),
        ask(minimum_version=TlsVersion.TLS_1_3),
        (proven(CauseId.TLS_VERSION),),
    ),
    Scenario(
        "answers with TLS 1.1",
        after_hello(server_hello(0x0302, 0xC009)),
        causes=(proven(CauseId.TLS_VERSION),),
        says="we sent the alert protocol_version",
    ),
    Scenario(
        "AES128-SHA only",
        PythonServer(versions=ONLY_1_2, ciphers="AES128-SHA"),
        causes=NOTHING_SHARED,
    ),
    Scenario(
        "a withdrawn suite only, at openssl s_server",
        OpenSslServer(options=("-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA")),
        causes=NOTHING_SHARED,
    ),
    Scenario(
        "insists on a suite that we did not offer",
        after_hello(server_hello(0x0303, 0x002F)),
        causes=(proven(CauseId.TLS_CIPHER),),
    ),
    Scenario(
        "knows no such name",
        PythonServer(refuses_every_name=True),
        ask(server_name="archive.hospital.test"),
        (proven(CauseId.TLS_ALERT),),
        says="the alert unrecognized_name",
    ),
    Scenario(
        "has a fault", after_hello(alert(80)), causes=(proven(CauseId.TLS_ALERT),), says="internal"
    ),
    Scenario(
        "an alert that no standard names",
        after_hello(alert(200)),
        causes=(proven(CauseId.TLS_ALERT),),
        says="alert 200",
    ),
)

NOT_TLS = (
    Scenario("plain storescp", PlainStorescp(), causes=AS_A_PLAIN_PORT_RESETS),
    Scenario("plain DICOM that resets", PlainPeer(Application()), causes=AS_A_PLAIN_PORT_RESETS),
    Scenario(
        "plain DICOM that sends A-ABORT",
        plain((AwaitBytes(),), abort(2, 1)),
        causes=(proven(CauseId.TLS_PEER_IS_PLAIN),),
    ),
    Scenario("resets", plain((AwaitBytes(), Reset())), causes=AS_A_PLAIN_PORT_RESETS),
    Scenario("closes", plain((AwaitBytes(), Close())), causes=AS_A_PLAIN_PORT_CLOSES),
    Scenario("closes at once", plain((Close(),)), causes=AS_A_PLAIN_PORT_CLOSES),
    Scenario(
        "silent",
        plain((Hold(),)),
        causes=(likely(CauseId.PEER_SILENT), possible(CauseId.TLS_PEER_IS_PLAIN)),
        says="no answer to our ClientHello",
        patience_s=0.3,
    ),
    Scenario(
        "HTTP",
        after_hello(payloads.HTTP_BAD_REQUEST),
        causes=(proven(CauseId.PEER_IS_HTTP),),
        says="HTTP/",
    ),
    Scenario(
        "SSH",
        plain((Send(payloads.SSH_BANNER), AwaitBytes(), Close())),
        causes=(proven(CauseId.PEER_IS_SSH),),
        says="SSH-",
    ),
    Scenario(
        "FTP",
        plain((Send(payloads.FTP_GREETING), Hold())),
        causes=(proven(CauseId.PEER_IS_OTHER),),
    ),
    Scenario("RDP", after_hello(RDP_ANSWER), causes=(proven(CauseId.PEER_IS_OTHER),)),
    Scenario("sends our bytes back", after_hello(CLIENT_HELLO_BACK), causes=BROKEN_TLS),
    Scenario(
        "half a record", after_hello(b"\x16\x03\x03\x40\x00abc"), causes=AS_A_PLAIN_PORT_CLOSES
    ),
)

BEHIND_TLS = (
    beyond("HTTP", PythonServer(act=tls_peer.answer_http), ask(), proven(CauseId.PEER_IS_HTTP)),
    beyond("openssl s_server -rev", OpenSslServer(), ask(), proven(CauseId.PEER_IS_OTHER)),
    beyond(
        "silence, after session tickets",
        PythonServer(act=tls_peer.send_tickets_and_hold),
        ask(),
        likely(CauseId.PEER_SILENT),
        possible(CauseId.PEER_IS_HTTP),
        possible(CauseId.PEER_IS_OTHER),
        patience_s=0.5,
    ),
    beyond(
        "closes on the request",
        PythonServer(act=tls_peer.close_on_request),
        ask(),
        likely(CauseId.PEER_CLOSED_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "closes on the request, our certificate shown",
        PythonServer(client_certificate=REQUIRED, act=tls_peer.close_on_request),
        ask(showing=CLIENT),
        likely(CauseId.PEER_CLOSED_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
        possible(CauseId.TLS_CLIENT_CERT_REFUSED),
    ),
    beyond(
        "resets on the request",
        PythonServer(act=tls_peer.reset_on_request),
        ask(),
        likely(CauseId.PEER_RESET_ON_REQUEST),
        possible(CauseId.PEER_CLOSED_ON_CONNECT),
        possible(CauseId.TCP_RESET),
    ),
    beyond(
        "closes right after the handshake",
        PythonServer(act=tls_peer.close_at_once),
        ask(),
        proven(CauseId.PEER_CLOSED_ON_CONNECT),
    ),
    beyond(
        "closes right after the handshake, our certificate shown",
        PythonServer(client_certificate=REQUIRED, act=tls_peer.close_at_once),
        ask(showing=CLIENT),
        likely(CauseId.PEER_CLOSED_ON_CONNECT),
        possible(CauseId.TLS_CLIENT_CERT_REFUSED),
    ),
    Scenario(
        "other titles",
        PythonServer(act=tls_peer.reject_titles),
        ask(),
        (
            likely(CauseId.AE_CALLED_UNKNOWN),
            possible(CauseId.AE_CALLING_UNKNOWN),
            possible(CauseId.AE_HOST_NOT_ALLOWED),
            possible(CauseId.AE_CASE),
        ),
        stage=StageId.AE_TITLE,
        exit_code=ExitCode.REJECTED,
    ),
)

SCENARIOS = (
    *WORKING,
    *WARNINGS,
    *CERTIFICATE_OF_THE_PEER,
    *OUR_CERTIFICATE,
    *AGREEMENT,
    *NOT_TLS,
    *BEHIND_TLS,
)
