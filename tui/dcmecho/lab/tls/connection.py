"""The peer's end of a TLS connection. Every wait can be cancelled."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from dcmecho.lab.connection import LabConnection
from dcmecho.lab.tls.files import LabTls, TlsFiles

_Result = TypeVar("_Result")
_CHUNK_BYTES = 65536


class SecuredConnection(LabConnection):
    """An accepted connection with TLS."""

    def __init__(self, sock: socket.socket, client_address: str, context: ssl.SSLContext) -> None:
        super().__init__(sock, client_address)
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=True)

    async def shake_hands(self) -> None:
        """Do the handshake. Raises ``ssl.SSLError``.

        A client certificate that is not trusted ends the connection without an alert, as Node does.
        """
        try:
            await self._do(self._tls.do_handshake)
        except ssl.SSLError as error:
            if not isinstance(error, ssl.SSLCertVerificationError):
                await self._flush()
            await self.close()
            raise

    async def receive(self, count: int) -> bytes:
        """Return exactly ``count`` bytes. Raises ``ConnectionError`` if the client closed."""
        data = b""
        while len(data) < count:
            chunk = await self._do(partial(self._tls.read, count - len(data)))
            if not chunk:
                raise ConnectionAbortedError("the client closed the connection")
            data += chunk
        return data

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        self._tls.write(data)
        await self._flush()

    async def _do(self, step: Callable[[], _Result]) -> _Result:
        while True:
            try:
                result = step()
            except ssl.SSLWantReadError:
                await self._flush()
                self._incoming.write(await self._receive_some(_CHUNK_BYTES))
            else:
                await self._flush()
                return result

    async def _flush(self) -> None:
        await super().send(self._outgoing.read())


async def meet_with_tls(
    files: TlsFiles, tls: LabTls, sock: socket.socket, client_address: str
) -> LabConnection:
    """Meet a client with TLS. Raises ``OSError``, also while there are no certificates."""
    secured = SecuredConnection(sock, client_address, files.context(tls))
    await secured.shake_hands()
    return secured
