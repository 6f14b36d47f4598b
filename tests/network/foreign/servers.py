"""Servers of other people: CTN, PixelMed, odil, dcmjs-dimse. ``make peers`` installs them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    RealPeer,
    require_file,
    require_program,
    running,
)
from tests.network.tls.certificates import Credential

_HERE = Path(__file__).parent
_PIXELMED = Path("/usr/share/java/pixelmed.jar")
_INSTALLED = Path(sys.prefix) / "peers"
"""Where ``make peers`` puts what is not from Debian."""
_DEBIANS_PYTHON = "/usr/bin/python3"
_STORE_PASSWORD = "for-the-key-store"


@contextmanager
def ctn(directory: Path, title: str = ARCHIVE_TITLE) -> Iterator[RealPeer]:
    """Run CTN's archive, which checks the called title; it serves one association at a time."""
    program = require_program("simple_storage", "ctn")

    def command(port: int) -> list[str]:
        return [program, "-s", "-c", title, "-x", str(directory), str(port)]

    with running(command, directory) as peer:
        yield peer


@contextmanager
def pixelmed(directory: Path, credential: Credential | None = None) -> Iterator[RealPeer]:
    """Run PixelMed's archive, which checks the called title, with TLS if it has a certificate."""
    java = require_program("java", "default-jdk-headless")
    jar = require_file(_PIXELMED, "Debian package libpixelmed-java")
    require_file(_INSTALLED / "PixelmedServer.class", "make peers")
    keys = [] if credential is None else _java_options(credential, directory)

    def command(port: int) -> list[str]:
        classes = f"{jar}:{_INSTALLED}"
        values = [str(port), ARCHIVE_TITLE, str(directory), str(credential is not None).lower()]
        return [java, "-cp", classes, *keys, "PixelmedServer", *values]

    with running(command, directory) as peer:
        yield peer


def _java_options(credential: Credential, directory: Path) -> list[str]:
    """Return the options that give Java a certificate, in a file of the kind that it reads."""
    key = serialization.load_pem_private_key(credential.key_file.read_bytes(), None)
    certificate, *issuers = x509.load_pem_x509_certificates(credential.cert_file.read_bytes())
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    locked = serialization.BestAvailableEncryption(_STORE_PASSWORD.encode())
    store = directory / "keys.p12"
    store.write_bytes(
        pkcs12.serialize_key_and_certificates(b"server", key, certificate, issuers, locked)
    )
    return [
        f"-Djavax.net.ssl.keyStore={store}",
        f"-Djavax.net.ssl.keyStorePassword={_STORE_PASSWORD}",
    ]


@contextmanager
def odil(directory: Path) -> Iterator[RealPeer]:
    """Run odil's server, which checks nothing."""
    require_program("odil", "odil")

    def command(port: int) -> list[str]:
        return [_DEBIANS_PYTHON, str(_HERE / "odil_server.py"), str(port)]

    with running(command, directory) as peer:
        yield peer


@contextmanager
def dcmjs(directory: Path, options: Mapping[str, object]) -> Iterator[RealPeer]:
    """Run dcmjs-dimse with a handler that does as ``options`` of ``dcmjs_server.js`` say."""
    node = require_program("node", "nodejs")
    modules = require_file(_INSTALLED / "node_modules", "make peers")

    def command(port: int) -> list[str]:
        program = [node, str(_HERE / "dcmjs_server.js")]
        return ["/usr/bin/env", f"NODE_PATH={modules}", *program, str(port), json.dumps(options)]

    with running(command, directory) as peer:
        yield peer
