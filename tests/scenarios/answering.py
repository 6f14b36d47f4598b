"""Answers on the archive's machine: a healthy archive, and a name server.

``python -m tests.scenarios.answering`` prints ``ready`` when both listen, and runs until ended.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import struct
from contextlib import suppress
from enum import IntEnum

from dcmecho.lab.acting import act
from dcmecho.lab.behaviour import Application
from dcmecho.lab.connection import LabConnection
from dcmecho.lab.offers import EVERYTHING
from tests.scenarios.addresses import BROKEN_NAME, NAME_SERVER, PORT, ZONE

_DNS_PORT = 53
_LONGEST_MESSAGE_BYTES = 512
_HEADER_BYTES = 12
_TYPE_AND_CLASS_BYTES = 4
_RESPONSE_TO_RECURSION = 0x8180
_NAME_OF_THE_QUESTION = 0xC00C
_INTERNET = 1
_TTL_S = 0


class RecordType(IntEnum):
    """The records that a name has (RFC 1035 3.2.2, RFC 3596 2.1)."""

    A = 1
    AAAA = 28


class ResponseCode(IntEnum):
    """RFC 1035 4.1.1."""

    NO_ERROR = 0
    SERVER_FAILURE = 2
    NAME_ERROR = 3


def answer(query: bytes) -> bytes:
    """Return the response to a query of one question, out of ``ZONE`` (RFC 1035 4.1)."""
    name, end = _question(query)
    (record_type,) = struct.unpack_from(">H", query, end)
    addresses = [
        address
        for address in map(ipaddress.ip_address, ZONE.get(name, ()))
        if record_type == (RecordType.A if address.version == 4 else RecordType.AAAA)
    ]
    header = struct.pack(
        ">2sHHHHH", query[:2], _RESPONSE_TO_RECURSION | _code(name), 1, len(addresses), 0, 0
    )
    records = (
        struct.pack(">HHHIH", _NAME_OF_THE_QUESTION, record_type, _INTERNET, _TTL_S, len(packed))
        + packed
        for packed in (address.packed for address in addresses)
    )
    return header + query[_HEADER_BYTES : end + _TYPE_AND_CLASS_BYTES] + b"".join(records)


def _question(query: bytes) -> tuple[str, int]:
    """Return the requested name, and the offset of its type."""
    labels: list[str] = []
    at = _HEADER_BYTES
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii").lower())
        at += 1 + length
    return ".".join(labels), at + 1


def _code(name: str) -> ResponseCode:
    if name == BROKEN_NAME:
        return ResponseCode.SERVER_FAILURE
    return ResponseCode.NO_ERROR if name in ZONE else ResponseCode.NAME_ERROR


def _name_server_socket() -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((NAME_SERVER, _DNS_PORT))
    sock.setblocking(False)
    return sock


def _archive_socket() -> socket.socket:
    if socket.has_dualstack_ipv6():
        sock = socket.create_server(("::", PORT), family=socket.AF_INET6, dualstack_ipv6=True)
    else:
        sock = socket.create_server(("", PORT))
    sock.setblocking(False)
    return sock


async def _answer_names(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while True:
        query, client = await loop.sock_recvfrom(sock, _LONGEST_MESSAGE_BYTES)
        await loop.sock_sendto(sock, answer(query), client)


async def _answer_associations(listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as connections:
        while True:
            sock, (client_address, *_) = await loop.sock_accept(listener)
            connections.create_task(_attend(sock, client_address))


async def _attend(sock: socket.socket, client_address: str) -> None:
    with sock, suppress(OSError):
        await act(Application(offers=EVERYTHING), LabConnection(sock, client_address))


async def _serve() -> None:
    with _name_server_socket() as names, _archive_socket() as archive:
        print("ready", flush=True)  # noqa: T201
        await asyncio.gather(_answer_names(names), _answer_associations(archive))


if __name__ == "__main__":
    asyncio.run(_serve())
