"""Servers that speak TLS, or fail to: DCMTK, Orthanc, ``openssl s_server`` and Python's ``ssl``."""

from __future__ import annotations

import json
import ssl
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import Enum
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Self, assert_never

from dcmecho.lab.behaviour import Application, Script
from tests.network.peers.real_peers import ARCHIVE_TITLE, require_program, running
from tests.network.peers.scripted import lab_of
from tests.network.tls.certificates import Certificates, Credential
from tests.network.tls.peer import Act, TlsPeer, answer_dicom

Choose = Callable[[Certificates], Credential]


class ClientCertificate(Enum):
    """What a server requires from its clients; the values are DCMTK's options."""

    NOT_WANTED = "-ic"
    OPTIONAL = "-vc"
    REQUIRED = "-rc"


_VERIFY_MODES = {
    ClientCertificate.NOT_WANTED: ssl.CERT_NONE,
    ClientCertificate.OPTIONAL: ssl.CERT_OPTIONAL,
    ClientCertificate.REQUIRED: ssl.CERT_REQUIRED,
}


@dataclass(frozen=True)
class PythonServer:
    """A server with known settings. ``ciphers`` are for TLS 1.2 and older."""

    credential: Choose = attrgetter("server")
    versions: tuple[ssl.TLSVersion, ssl.TLSVersion] = (
        ssl.TLSVersion.TLSv1_2,
        ssl.TLSVersion.TLSv1_3,
    )
    ciphers: str = ""
    client_certificate: ClientCertificate = ClientCertificate.NOT_WANTED
    act: Act = field(default=answer_dicom, repr=False)
    refuses_every_name: bool = False


@dataclass(frozen=True)
class Storescp:
    """DCMTK's archive with ``+tls``."""

    client_certificate: ClientCertificate


@dataclass(frozen=True)
class PlainStorescp:
    """DCMTK's archive without TLS."""


@dataclass(frozen=True)
class OrthancServer:
    """Orthanc with DicomTlsEnabled."""

    client_certificate: ClientCertificate


@dataclass(frozen=True)
class OpenSslServer:
    """``openssl s_server -rev``: it reads everything, and answers only complete lines of text."""

    credential: Choose = attrgetter("server")
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlainPeer:
    """A peer without TLS, played by the lab's machinery."""

    behaviour: Application | Script


Server = PythonServer | Storescp | PlainStorescp | OrthancServer | OpenSslServer | PlainPeer


class Servers:
    """Runs each server once, from its first use to the end of the tests."""

    def __init__(self, certificates: Certificates, folder: Path) -> None:
        self._papers = certificates
        self._folder = folder
        self._running = ExitStack()
        self._ports: dict[Server, int] = {}

    def port_of(self, server: Server) -> int:
        if server not in self._ports:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            self._ports[server] = self._running.enter_context(_run(server, self._papers, folder))
        return self._ports[server]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()


def server_context(server: PythonServer, certificates: Certificates) -> ssl.SSLContext:
    """Return the TLS context of ``server``."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # Only the server may use these: the tests are about what the client accepts.
    context.set_ciphers(server.ciphers or "DEFAULT:@SECLEVEL=0")
    with warnings.catch_warnings():
        # The tests need the deprecated TLS 1.0 and 1.1.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version, context.maximum_version = server.versions
    credential = server.credential(certificates)
    context.load_cert_chain(credential.cert_file, credential.key_file)
    if server.client_certificate is not ClientCertificate.NOT_WANTED:
        context.verify_mode = _VERIFY_MODES[server.client_certificate]
        context.load_verify_locations(certificates.whole_chain_file)
    if server.refuses_every_name:
        context.sni_callback = _refuse_name
    return context


def _refuse_name(_tls: ssl.SSLObject, _name: str, _context: ssl.SSLContext) -> int:
    return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME


def _run(server: Server, certificates: Certificates, folder: Path) -> AbstractContextManager[int]:
    match server:
        case PythonServer(act=act):
            return _python(server_context(server, certificates), act)
        case Storescp(client_certificate):
            return _storescp(_dcmtk_options(client_certificate, certificates), folder)
        case PlainStorescp():
            return _storescp([], folder)
        case OrthancServer(client_certificate):
            return _orthanc(client_certificate, certificates, folder)
        case OpenSslServer(credential, options):
            return _s_server(credential(certificates), options, folder)
        case PlainPeer(behaviour):
            return _lab(behaviour)
        case _:
            assert_never(server)


@contextmanager
def _python(context: ssl.SSLContext, act: Act) -> Iterator[int]:
    with TlsPeer(context, act) as peer:
        yield peer.port


def _dcmtk_options(client_certificate: ClientCertificate, certificates: Certificates) -> list[str]:
    server = certificates.server
    trusted = ["+cf", str(certificates.ca_file), "+cf", str(certificates.intermediate_file)]
    return [
        *("+tls", str(server.key_file), str(server.cert_file)),
        *trusted,
        client_certificate.value,
    ]


@contextmanager
def _storescp(options: list[str], folder: Path) -> Iterator[int]:
    program = require_program("storescp", "dcmtk")

    def command(port: int) -> list[str]:
        return [program, "--ignore", "-od", str(folder), *options, str(port)]

    with running(command, folder) as peer:
        yield peer.port


@contextmanager
def _orthanc(
    client_certificate: ClientCertificate, certificates: Certificates, folder: Path
) -> Iterator[int]:
    program = require_program("Orthanc", "orthanc")
    configuration = folder / "orthanc.json"

    def command(port: int) -> list[str]:
        configuration.write_text(
            json.dumps(
                {
                    "StorageDirectory": str(folder),
                    "IndexDirectory": str(folder),
                    "Plugins": [],
                    "HttpServerEnabled": False,
                    "DicomAet": ARCHIVE_TITLE,
                    "DicomPort": port,
                    "DicomTlsEnabled": True,
                    "DicomTlsCertificate": str(certificates.server.cert_file),
                    "DicomTlsPrivateKey": str(certificates.server.key_file),
                    "DicomTlsTrustedCertificates": str(certificates.whole_chain_file),
                    "DicomTlsRemoteCertificateRequired": (
                        client_certificate is ClientCertificate.REQUIRED
                    ),
                }
            )
        )
        return [program, str(configuration)]

    with running(command, folder) as peer:
        yield peer.port


@contextmanager
def _s_server(credential: Credential, options: tuple[str, ...], folder: Path) -> Iterator[int]:
    program = require_program("openssl", "openssl")

    def command(port: int) -> list[str]:
        files = (
            *("-cert", str(credential.cert_file), "-cert_chain", str(credential.cert_file)),
            *("-key", str(credential.key_file)),
        )
        return [program, "s_server", "-rev", "-4", "-port", str(port), *files, *options]

    with running(command, folder) as peer:
        yield peer.port


@contextmanager
def _lab(behaviour: Application | Script) -> Iterator[int]:
    with lab_of(behaviour) as lab:
        (target,) = lab.targets()
        yield target.port
