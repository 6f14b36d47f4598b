"""Calls a listener like an application on which somebody starts Verify (PS3.4 A.4)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.value_checks import MAX_PORT
from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.lab import pdu, requests
from dcmecho.lab.callers import LabCaller
from dcmecho.lab.calling import CONTEXT_ID, associate_rq, is_accepted
from dcmecho.lab.connection import LabConnection
from dcmecho.lab.pdu import PduType
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS

PAUSE_S = 2.0
"""Pause before each call: time to read the result of the previous one."""
_DEADLINE_S = 15.0
_MESSAGE_ID = 1


async def call_in_turn(
    callers: Sequence[LabCaller],
    listener: Address,
    wanted: Callable[[], bool],
    pause_s: float = PAUSE_S,
) -> None:
    """Let each caller call, as long as ``wanted`` is true. Raises only ``CancelledError``."""
    for caller in callers:
        await asyncio.sleep(pause_s)
        if not wanted():
            return
        port = listener.port + caller.ports_off
        if port > MAX_PORT:
            continue
        with suppress(OSError, PduFault):
            async with asyncio.timeout(_DEADLINE_S):
                await _call(caller, Address(listener.ip, port))


async def _call(caller: LabCaller, listener: Address) -> None:
    with socket.socket() as sock:
        sock.setblocking(False)
        sock.bind((caller.source, 0))
        await asyncio.get_running_loop().sock_connect(sock, (listener.ip, listener.port))
        theirs = LabConnection(sock, listener.ip)
        if caller.tries_tls:
            await theirs.send(_client_hello())
            await theirs.hold()
        else:
            await _verify(caller, theirs)


async def _verify(caller: LabCaller, theirs: LabConnection) -> None:
    request = associate_rq(caller.called_ae, caller.calling_ae, VERIFICATION_SOP_CLASS)
    await theirs.send(request)
    if not is_accepted(await theirs.receive_pdu()):
        return
    await theirs.send(requests.echo_request(CONTEXT_ID, _MESSAGE_ID))
    await theirs.receive_pdu()
    await theirs.send(pdu.pdu(PduType.RELEASE_RQ, bytes(4)))
    await theirs.receive_pdu()


def _client_hello() -> bytes:
    """Return the first bytes of a TLS client (RFC 8446 4.1.2)."""
    sent = ssl.MemoryBIO()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client = context.wrap_bio(ssl.MemoryBIO(), sent, server_hostname="localhost")
    with suppress(ssl.SSLWantReadError):
        client.do_handshake()
    return sent.read()
