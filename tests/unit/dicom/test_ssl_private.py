"""The private parts of Python's ``ssl`` in use, on a real handshake in memory."""

from __future__ import annotations

import socket
import ssl
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from types import SimpleNamespace
from typing import cast

import pytest

from dcmecho.dicom.wire.tls.ssl_private import on_messages, verified_chain
from tests.network.tls.certificates import Certificates

HANDSHAKE = 22
WITHOUT_MESSAGES = (
    f"Python {sys.version.split()[0]} has no SSLContext._msg_callback: a failed TLS handshake is "
    "judged by its exception alone, without the peer's alert and without its certificates"
)
WITHOUT_CHAIN = (
    f"Python {sys.version.split()[0]} tells no verified chain: what our own files added to the "
    "peer's certificates is not in the report"
)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(tmp_path_factory.mktemp("papers"))


def trusting(certificates: Certificates) -> ssl.SSLContext:
    """Without the strictness that a default context has since Python 3.13."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(certificates.ca_file)
    return context


@contextmanager
def connected(certificates: Certificates, client: ssl.SSLContext) -> Iterator[ssl.SSLSocket]:
    """The client's end of a connection whose handshake is done."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificates.server.cert_file, certificates.server.key_file)
    near, far = socket.socketpair()
    with near, far, ThreadPoolExecutor() as threads:
        accepted = threads.submit(server.wrap_socket, far, server_side=True)
        with client.wrap_socket(near, server_hostname="127.0.0.1") as secured, accepted.result():
            yield secured


def test_every_message_of_a_handshake_is_heard(certificates: Certificates) -> None:
    heard: list[tuple[str, int]] = []
    client = trusting(certificates)
    on_messages(client, lambda _, direction, __, kind, ___, ____: heard.append((direction, kind)))
    with connected(certificates, client):
        assert {("read", HANDSHAKE), ("write", HANDSHAKE)} <= set(heard), WITHOUT_MESSAGES


def test_a_python_without_messages_tells_nothing_and_fails_nowhere() -> None:
    on_messages(cast(ssl.SSLContext, SimpleNamespace()), lambda *_: pytest.fail("called"))


def test_the_verified_chain_is_der_the_peers_own_first(certificates: Certificates) -> None:
    client = trusting(certificates)
    with connected(certificates, client) as secured:
        chain = list(verified_chain(secured))
        assert chain[:1] == [secured.getpeercert(binary_form=True)], WITHOUT_CHAIN
    assert ssl.DER_cert_to_PEM_cert(chain[-1]).strip() in certificates.ca_file.read_text(), (
        WITHOUT_CHAIN
    )
