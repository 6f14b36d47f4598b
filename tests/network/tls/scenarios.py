"""Scenarios of TLS that work or fail: tables to read and to extend."""

from __future__ import annotations

from operator import attrgetter

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.tls import TlsVersion
from dcmecho.exit_codes import ExitCode
from tests.network.tls import peer as tls_peer
from tests.network.tls.not_dicom import BEHIND_TLS, NOT_TLS
from tests.network.tls.scenario import (
    CLIENT,
    EXPIRED_CLIENT,
    OLD,
    ONLY_1_2,
    ONLY_1_3,
    OPTIONAL,
    REQUIRED,
    STRANGER,
    Scenario,
    after_hello,
    alert,
    ask,
    server_hello,
    warns,
    works,
)
from tests.network.tls.servers import (
    ClientCertificate,
    OpenSslServer,
    OrthancServer,
    PythonServer,
    Storescp,
)
from tests.scenarios.command_line import likely, possible, proven

NOTHING_SHARED = (likely(CauseId.TLS_CIPHER), possible(CauseId.TLS_VERSION))
TLS_1_2_HAS_NO_WORD_FOR_IT = (
    likely(CauseId.TLS_CLIENT_CERT_REQUIRED),
    possible(CauseId.TLS_CIPHER),
    possible(CauseId.TLS_VERSION),
)
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
        "the certificate CN=ends-soon expires in 10 days",
    ),
    warns(
        "its root ends in 10 days, and is not sent",
        PythonServer(attrgetter("of_ending_root")),
        ask(trusting="ending_root_file"),
        "the certificate CN=Hospital Old Root CA expires in 10 days",
    ),
)

CERTIFICATE_OF_THE_PEER = (
    Scenario(
        "expired",
        PythonServer(attrgetter("expired")),
        causes=(proven(CauseId.TLS_CERT_EXPIRED),),
        says="certificate has expired; dcmecho sent the alert certificate_expired",
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
        "expired, and for another address",
        PythonServer(attrgetter("expired_elsewhere")),
        causes=(proven(CauseId.TLS_CERT_NAME_MISMATCH), proven(CauseId.TLS_CERT_EXPIRED)),
    ),
    Scenario(
        "expired, for another address, and of an authority that we do not know",
        PythonServer(attrgetter("expired_elsewhere")),
        ask(trusting="stranger_ca_file"),
        (
            proven(CauseId.TLS_CERT_UNKNOWN_ISSUER),
            proven(CauseId.TLS_CERT_EXPIRED),
            proven(CauseId.TLS_CERT_NAME_MISMATCH),
        ),
    ),
    Scenario(
        "self-signed, and for another name",
        PythonServer(attrgetter("self_signed")),
        ask(server_name="pacs.hospital.test"),
        (proven(CauseId.TLS_CERT_SELF_SIGNED), proven(CauseId.TLS_CERT_NAME_MISMATCH)),
    ),
    Scenario(
        "made for a client",
        PythonServer(attrgetter("for_clients_only")),
        causes=(proven(CauseId.TLS_CERT_INVALID),),
        says="unsuitable certificate purpose; dcmecho sent the alert unsupported_certificate",
    ),
    Scenario(
        "made for a client, at openssl s_server",
        OpenSslServer(attrgetter("for_clients_only")),
        causes=(proven(CauseId.TLS_CERT_INVALID),),
    ),
    Scenario(
        "of an issuer that is no authority",
        PythonServer(attrgetter("of_no_authority")),
        causes=(proven(CauseId.TLS_CERT_INVALID),),
        says="invalid CA certificate",
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
        "a stranger's shown to a server that closes without an alert, as Node does",
        PythonServer(client_certificate=REQUIRED, act=tls_peer.drop_strangers),
        ask(showing=STRANGER),
        (likely(CauseId.TLS_CLIENT_CERT_REFUSED), likely(CauseId.PEER_CLOSED_ON_CONNECT)),
        stage=StageId.ASSOCIATE,
        exit_code=ExitCode.NOT_DICOM,
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
        says="dcmecho sent the alert protocol_version",
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

SCENARIOS = (
    *WORKING,
    *WARNINGS,
    *CERTIFICATE_OF_THE_PEER,
    *OUR_CERTIFICATE,
    *AGREEMENT,
    *NOT_TLS,
    *BEHIND_TLS,
)
