"""A TCP connection of a practice peer. Every wait can be cancelled."""

from __future__ import annotations

import asyncio
import socket
import struct

from dcmecho.dicom.pdu.framing import HEADER_BYTES, PduFault
from dcmecho.dicom.pdu.read import Pdu, read_pdu

_LONGEST_PDU_BYTES = 1 << 20


class LabConnection:
    """One TCP connection, accepted or opened. Every wait can be cancelled."""

    def __init__(self, sock: socket.socket, client_address: str) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.client_address = client_address
        self._sock = sock
        self._loop = asyncio.get_running_loop()

    async def receive(self, count: int) -> bytes:
        """Return exactly ``count`` bytes. Raises ``ConnectionError`` if the client closed."""
        data = b""
        while len(data) < count:
            data += await self._receive_some(count - len(data))
        return data

    async def _receive_some(self, most: int) -> bytes:
        if received := await self._loop.sock_recv(self._sock, most):
            return received
        raise ConnectionAbortedError("the client closed the connection")

    async def receive_pdu(self) -> Pdu:
        """Return the next PDU of any kind. Raises ``PduFault`` for an absurd length."""
        header = await self.receive(HEADER_BYTES)
        rest_bytes = int.from_bytes(header[2:], "big")
        if rest_bytes > _LONGEST_PDU_BYTES:
            raise PduFault(f"a PDU of {rest_bytes} bytes")
        return read_pdu(header + await self.receive(rest_bytes))

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        await self._loop.sock_sendall(self._sock, data)

    async def hold(self) -> None:
        """Read and discard data until the client closes."""
        while await self._loop.sock_recv(self._sock, 65536):
            pass

    async def keep_open_unread(self) -> None:
        """Keep the connection open without reading."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Close normally (FIN).

        Unread bytes would make the kernel send RST, so they are read first.
        """
        self._sock.shutdown(socket.SHUT_WR)
        await self.hold()

    def reset(self) -> None:
        """Reset the connection (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()
