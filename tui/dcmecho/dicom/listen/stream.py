"""The bytes of one inbound connection, cut into PDUs; every wait is bounded."""

from __future__ import annotations

import asyncio
import socket

from dcmecho.dicom.pdu.framing import HEADER_BYTES, claimed_bytes, is_pdu

_CHUNK_BYTES = 16_384


class NotDicomError(Exception):
    """The bytes begin no PDU; those are in ``data``."""

    def __init__(self, data: bytes) -> None:
        super().__init__("the bytes begin no PDU")
        self.data = data


class OverlongPduError(Exception):
    """A PDU says that it is longer than what is read: ``pdu_type`` as on the wire."""

    def __init__(self, pdu_type: int, claimed: int) -> None:
        super().__init__(f"a PDU of {claimed} bytes")
        self.pdu_type = pdu_type
        self.claimed = claimed


class Stream:
    """An accepted connection. Holds at most one PDU and one read more."""

    def __init__(self, sock: socket.socket) -> None:
        sock.setblocking(False)
        self._sock = sock
        self._loop = asyncio.get_running_loop()
        self._data = bytearray()

    @property
    def unfinished(self) -> str:
        """What of a PDU has come, in words; empty where nothing has."""
        claimed = claimed_bytes(bytes(self._data[:HEADER_BYTES]))
        if not self._data:
            return ""
        return f"{len(self._data)} of {claimed or 'an unknown number of'} bytes of a PDU had come"

    async def next_pdu(self, limit_bytes: int, timeout_s: float) -> bytes:
        """The next PDU, header included, of at most ``limit_bytes`` without it.

        Raises :class:`NotDicomError`, :class:`OverlongPduError`, ``TimeoutError``, ``EOFError``
        where the caller closed, and ``OSError`` where it reset the connection.
        """
        async with asyncio.timeout(timeout_s):
            while not self._has_pdu(limit_bytes):
                await self._receive()
        end = claimed_bytes(bytes(self._data[:HEADER_BYTES])) or 0
        pdu = bytes(self._data[:end])
        del self._data[:end]
        return pdu

    async def first_bytes(self, count: int, timeout_s: float) -> bytes:
        """What has come, once it is ``count`` bytes or time is over or the caller has ended."""
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
        """Send what the kernel takes at once: for the last word of a connection that is given up.

        Raises ``OSError``.
        """
        self._sock.send(data)

    async def until_closed(self, timeout_s: float) -> None:
        """Take what still comes until the caller closes, at most ``timeout_s``.

        Closing with unread bytes would make the kernel send RST, which can overtake our answer.
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
