"""Malicious peers: each answers one caller as a test says, plain or within TLS."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.lab import pdu
from tests.network.tls.certificates import HOST, Certificates

Conversation = Callable[[socket.socket], None]

VERIFICATION = "1.2.840.10008.1.1"
_PATIENCE_S = 20.0


@contextmanager
def adversary(
    play: Conversation, certificates: Certificates | None = None, timeout_s: float = 10.0
) -> Iterator[Target]:
    """Serve one caller, within TLS where there are papers; fail where the caller never leaves."""

    def serve() -> None:
        with suppress(OSError):
            caller, _ = listener.accept()
            with caller:
                caller.settimeout(_PATIENCE_S)
                if certificates is None:
                    play(caller)
                else:
                    with _context(certificates).wrap_socket(caller, server_side=True) as secured:
                        play(secured)

    with socket.create_server((HOST, 0)) as listener:
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        settings = TlsSettings(ca_files=(str(certificates.ca_file),)) if certificates else None
        yield Target(
            HOST,
            listener.getsockname()[1],
            "PEER",
            "US",
            acse_timeout_s=timeout_s,
            dimse_timeout_s=timeout_s,
            tls=settings,
        )
        thread.join(_PATIENCE_S)
        assert not thread.is_alive(), "the connection is still open"


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates.server.cert_file, certificates.server.key_file)
    return context


def read_pdu(caller: socket.socket) -> bytes:
    """Return the body of the next PDU."""
    return _read_pdu(caller)[1]


def _read_pdu(caller: socket.socket) -> tuple[int, bytes]:
    header = _exactly(caller, 6)
    return header[0], _exactly(caller, int.from_bytes(header[2:], "big"))


def _exactly(caller: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        chunk = caller.recv(count - len(found))
        if not chunk:
            raise ConnectionError("the caller left")
        found += chunk
    return found


def until_it_leaves(caller: socket.socket) -> None:
    """Read whatever comes, to the end, and answer a release."""
    while True:
        kind, _ = _read_pdu(caller)
        if kind == pdu.PduType.RELEASE_RQ:
            caller.sendall(pdu.RELEASE_RP)


def context_answers(*answers: pdu.LabContextAnswer) -> Callable[[socket.socket], bytes]:
    """Return what reads the request and makes an A-ASSOCIATE-AC with these answers."""

    def acceptance(caller: socket.socket) -> bytes:
        return pdu.associate_ac(read_pdu(caller)[4:68], answers)

    return acceptance


ACCEPTED = pdu.LabContextAnswer(1, pdu.ContextResult.ACCEPTANCE)


def accept(caller: socket.socket) -> None:
    """Read the request and accept its first context."""
    caller.sendall(context_answers(ACCEPTED)(caller))


def element(number: int, value: bytes) -> bytes:
    """Return one element of a command set (PS3.7 6.3.1)."""
    return struct.pack("<HHI", 0, number, len(value)) + value


def us(value: int) -> bytes:
    return struct.pack("<H", value)


def response(
    *,
    message_id: int = 1,
    status: int = 0,
    field: int = 0x8030,
    sop_class: str = VERIFICATION,
    dataset: int = 0x0101,
    group_length: int | None = None,
    more: bytes = b"",
) -> bytes:
    """Return the command set of a response: by default the right one to the first C-ECHO-RQ."""
    uid = sop_class.encode() + b"\0" * (len(sop_class) % 2)
    rest = (
        element(0x0002, uid)
        + element(0x0100, us(field))
        + element(0x0120, us(message_id))
        + element(0x0800, us(dataset))
        + element(0x0900, us(status))
        + more
    )
    length = len(rest) if group_length is None else group_length
    return element(0x0000, struct.pack("<I", length)) + rest


def value(data: bytes, control: int = 3, context_id: int = 1) -> bytes:
    """Return a presentation data value (PS3.8 9.3.5.1); control 3 is a whole command."""
    return struct.pack(">IBB", len(data) + 2, context_id, control) + data


def data_tf(*values: bytes) -> bytes:
    return pdu.pdu(pdu.PduType.DATA_TF, b"".join(values))


def whole(command: bytes, context_id: int = 1) -> bytes:
    """Return a P-DATA-TF with one whole command."""
    return data_tf(value(command, context_id=context_id))
