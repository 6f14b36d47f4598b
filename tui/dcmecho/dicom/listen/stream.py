"""Splits the bytes of one inbound connection into PDUs. Every wait has a timeout."""

from __future__ import annotations

import asyncio
import socket

from dcmecho.dicom.pdu.framing import HEADER_BYTES, claimed_bytes, is_pdu

_CHUNK_BYTES = 16_384


class NotDicomError(Exception):
    """The bytes in ``data`` do not begin a PDU."""

    def __init__(self, data: bytes) -> None:
        super().__init__("the bytes do not begin a PDU")
        self.data = data


class OverlongPduError(Exception):
    """A PDU claims a length over the limit. ``pdu_type`` is as on the wire."""

    def __init__(self, pdu_type: int, claimed: int) -> None:
        super().__init__(f"a PDU of {claimed} bytes")
        self.pdu_type = pdu_type
        self.claimed = claimed


class Stream:
    """An accepted connection. Buffers at most one PDU and one more read."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._data = bytearray()

    @property
    def unfinished(self) -> str:
        """Words for the part of a PDU that has arrived, or an empty text."""
        claimed = claimed_bytes(bytes(self._data[:HEADER_BYTES]))
        if not self._data:
            return ""
        return f"{len(self._data)} of {claimed or 'an unknown number of'} bytes of a PDU arrived"

    async def next_pdu(self, limit_bytes: int, timeout_s: float) -> bytes:
        """Return the next PDU with its header, of at most ``limit_bytes`` without the header.

        Raises :class:`NotDicomError`, :class:`OverlongPduError`, ``TimeoutError``, ``EOFError`` if
        the caller closed the connection, and ``OSError`` if it reset the connection.
        """
        async with asyncio.timeout(timeout_s):
            while not self._has_pdu(limit_bytes):
                await self._receive()
        end = claimed_bytes(bytes(self._data[:HEADER_BYTES])) or 0
        pdu = bytes(self._data[:end])
        del self._data[:end]
        return pdu

    async def first_bytes(self, count: int, timeout_s: float) -> bytes:
        """Return what has arrived after ``count`` bytes, the timeout, or the caller's end."""
        try:
            async with asyncio.timeout(timeout_s):
                while len(self._data) < count:
                    await self._receive()
        except (OSError, EOFError):
            pass
        return bytes(self._data[:count])

    async def send(self, data: bytes, timeout_s: float) -> None:
        """Send all of ``data``. Raises ``TimeoutError`` and ``OSError``."""
        async with asyncio.timeout(timeout_s):
            await self._loop.sock_sendall(self._sock, data)

    def send_last(self, data: bytes) -> None:
        """Send what the kernel accepts at once, on a connection that will be closed.

        Raises ``OSError``.
        """
        self._sock.send(data)

    async def until_closed(self, timeout_s: float) -> None:
        """Read and discard data until the caller closes, for at most ``timeout_s``.

        Closing with unread bytes makes the kernel send RST, which can destroy our answer.
        """
        try:
            async with asyncio.timeout(timeout_s):
                while await self._loop.sock_recv(self._sock, _CHUNK_BYTES):
                    pass
        except OSError:
            return

    def _has_pdu(self, limit_bytes: int) -> bool:
        head = bytes(self._data[:HEADER_BYTES])
        if not is_pdu(head):
            raise NotDicomError(head)
        claimed = claimed_bytes(head)
        if claimed is not None and claimed - HEADER_BYTES > limit_bytes:
            raise OverlongPduError(head[0], claimed)
        return claimed is not None and len(self._data) >= claimed

    async def _receive(self) -> None:
        chunk = await self._loop.sock_recv(self._sock, _CHUNK_BYTES)
        if not chunk:
            raise EOFError("the caller closed the connection")
        self._data += chunk
