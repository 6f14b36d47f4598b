"""The parts of a scenario: a TLS server, a target, and the expected result."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode
from dcmecho.lab.behaviour import AwaitBytes, Close, Script, Send, Steps
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED
from tests.network.tls.certificates import HOST, Certificates
from tests.network.tls.servers import Choose, ClientCertificate, PlainPeer, Server
from tests.scenarios.command_line import Suspect

Ask = Callable[[Certificates], TlsSettings]
"""The TLS settings of the target."""


def ask(
    *,
    showing: Choose | None = None,
    trusting: str = "ca_file",
    server_name: str = "",
    minimum_version: TlsVersion = TlsVersion.TLS_1_2,
    verify: bool = True,
) -> Ask:
    """Return TLS settings. ``trusting`` names an attribute of ``Certificates``."""

    def settings(certificates: Certificates) -> TlsSettings:
        credential = showing(certificates) if showing else None
        return TlsSettings(
            ca_files=(str(getattr(certificates, trusting)),),
            cert_file=str(credential.cert_file) if credential else "",
            key_file=str(credential.key_file) if credential else "",
            minimum_version=minimum_version,
            verify=verify,
            server_name=server_name,
        )

    return settings


ROOT_TRUSTED = ask()
"""Verify the server with the root only, and show no certificate."""

CLIENT, STRANGER, EXPIRED_CLIENT = map(attrgetter, ("client", "stranger", "expired_client"))
OPTIONAL, REQUIRED = ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED

V = ssl.TLSVersion
ONLY_1_2 = (V.TLSv1_2, V.TLSv1_2)
ONLY_1_3 = (V.TLSv1_3, V.TLSv1_3)
OLD = (V.TLSv1, V.TLSv1_1)


def tls_target(port: int, tls: TlsSettings, patience_s: float = 10.0) -> Target:
    """Return a target that asks with TLS, as one that an archive knows."""
    return Target(
        host=HOST,
        port=port,
        called_ae=ARCHIVE_TITLE,
        calling_ae=REGISTERED,
        connect_timeout_s=patience_s,
        acse_timeout_s=patience_s,
        dimse_timeout_s=patience_s,
        tls=tls,
    )


@dataclass(frozen=True)
class Scenario:
    """A server, a target, and the expected end of the check."""

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
    """TLS works, but there is no DICOM application behind it."""
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
    """A server that answers a ClientHello with these bytes, then closes."""
    return PlainPeer(Script((AwaitBytes(), Send(data), Close())))


def alert(code: int) -> bytes:
    """A fatal alert, unencrypted (RFC 5246 7.2)."""
    return bytes((21, 3, 3, 0, 2, 2, code))


def server_hello(version: int, cipher_suite: int) -> bytes:
    """A ServerHello without extensions (RFC 5246 7.4.1.3)."""
    body = version.to_bytes(2, "big") + bytes(33) + cipher_suite.to_bytes(2, "big") + b"\0"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    return b"\x16" + version.to_bytes(2, "big") + len(message).to_bytes(2, "big") + message
