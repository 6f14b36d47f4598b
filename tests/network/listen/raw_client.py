"""A client that speaks DICOM byte by byte, without code of dcmecho or the lab."""

from __future__ import annotations

import socket
import struct
from contextlib import ExitStack

from pynetdicom.pdu import A_ASSOCIATE_AC

from dcmecho.lab.server import Lab

PATIENCE_S = 20.0
"""Bounds a wait for something that has to come."""

SILENCE_S = 0.2
"""Long enough to call it a silence: on loopback an answer takes less than a millisecond."""

VERIFICATION = "1.2.840.10008.1.1"
IMPLICIT_LE = "1.2.840.10008.1.2"
APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1"

RELEASE_RQ = bytes.fromhex("05 00 00000004 00000000")
RELEASE_RP = bytes.fromhex("06 00 00000004 00000000")


class Dial:
    """Connects to the peers of a lab; the connections end with ``connections``."""

    def __init__(self, lab: Lab, connections: ExitStack) -> None:
        self._lab = lab
        self._connections = connections

    def __call__(self, peer_id: str, source: str = "127.0.0.1") -> socket.socket:
        """Connect to a peer from a local address."""
        address = ("127.0.0.1", self._lab.port_of(peer_id))
        connection = socket.create_connection(address, PATIENCE_S, source_address=(source, 0))
        return self._connections.enter_context(connection)


def associate_rq(
    called_ae: str = "TARGET_PACS",
    calling_ae: str = "MY_WORKSTATION",
    abstract_syntax: str = VERIFICATION,
    transfer_syntaxes: tuple[str, ...] = (IMPLICIT_LE,),
    application_context: str = APPLICATION_CONTEXT,
) -> bytes:
    """Encode an A-ASSOCIATE-RQ with one presentation context (PS3.8 9.3.2)."""
    syntaxes = _item(0x30, abstract_syntax) + b"".join(
        _item(0x40, uid) for uid in transfer_syntaxes
    )
    body = (
        struct.pack(">HH", 1, 0)
        + called_ae.ljust(16).encode("ascii")
        + calling_ae.ljust(16).encode("ascii")
        + bytes(32)
        + _item(0x10, application_context)
        + struct.pack(">BxHBxxx", 0x20, 4 + len(syntaxes), 1)
        + syntaxes
        + struct.pack(">BxHBxHL", 0x50, 8, 0x51, 4, 16384)
    )
    return struct.pack(">BxL", 0x01, len(body)) + body


def _item(kind: int, uid: str) -> bytes:
    return struct.pack(">BxH", kind, len(uid)) + uid.encode("ascii")


def echo_rq(message_id: int) -> bytes:
    """Encode a P-DATA-TF with a C-ECHO-RQ for context 1 (PS3.7 9.3.5.1)."""
    elements = (
        struct.pack("<HHL18s", 0, 0x0002, 18, VERIFICATION.encode("ascii"))
        + struct.pack("<HHLH", 0, 0x0100, 2, 0x0030)
        + struct.pack("<HHLH", 0, 0x0110, 2, message_id)
        + struct.pack("<HHLH", 0, 0x0800, 2, 0x0101)
    )
    command = struct.pack("<HHLL", 0, 0x0000, 4, len(elements)) + elements
    return struct.pack(">BxLLBB", 0x04, len(command) + 6, len(command) + 2, 1, 3) + command


def receive_pdu(connection: socket.socket) -> bytes:
    """Receive one whole PDU."""
    header = _receive(connection, 6)
    return header + _receive(connection, int.from_bytes(header[2:], "big"))


def _receive(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        assert chunk, f"closed after {data!r}"
        data += chunk
    return data


def receive_until_close(connection: socket.socket) -> bytes:
    """Receive everything before FIN. Raises ``ConnectionResetError`` for RST."""
    return b"".join(iter(lambda: connection.recv(4096), b""))


def receive_until_silent(connection: socket.socket) -> bytes:
    """Receive everything until nothing more arrives, and assert that there is no FIN."""
    connection.settimeout(SILENCE_S)
    data = b""
    try:
        while chunk := connection.recv(4096):
            data += chunk
    except TimeoutError:
        return data
    raise AssertionError(f"closed after {data!r}")


def assert_silent(connection: socket.socket) -> None:
    """The other side neither speaks nor closes."""
    assert receive_until_silent(connection) == b""


def assert_ended(connection: socket.socket) -> None:
    """The other side ended the connection, in order or not, without a word."""
    try:
        assert connection.recv(1) == b""
    except ConnectionResetError:
        return


def associate(connection: socket.socket, request: bytes) -> A_ASSOCIATE_AC:
    """Send ``request`` and decode the acceptance that has to come."""
    connection.sendall(request)
    answer = receive_pdu(connection)
    assert answer[0] == 0x02, f"no acceptance: {answer.hex(' ')}"
    acceptance = A_ASSOCIATE_AC()
    acceptance.decode(answer)
    return acceptance


def context_results(acceptance: A_ASSOCIATE_AC) -> list[int]:
    """Return the result of each presentation context (PS3.8 9.3.3.2)."""
    results = [context.result_reason for context in acceptance.presentation_context]
    assert None not in results
    return [result for result in results if result is not None]


def echo(connection: socket.socket, message_id: int = 1) -> dict[int, int]:
    """Return the 16-bit elements of the C-ECHO-RSP, by element number in group 0000."""
    connection.sendall(echo_rq(message_id))
    command = receive_pdu(connection)[12:]
    elements = {}
    while command:
        _, number, length = struct.unpack_from("<HHL", command)
        value, command = command[8 : 8 + length], command[8 + length :]
        if length == 2:
            elements[number] = int.from_bytes(value, "little")
    return elements
