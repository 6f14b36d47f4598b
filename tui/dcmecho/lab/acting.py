"""Plays a behaviour on one accepted connection."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import assert_never

from dcmecho.diagnosis.uids import APPLICATION_CONTEXT, UNCOMPRESSED, VERIFICATION_SOP_CLASS
from dcmecho.lab import pdu
from dcmecho.lab.behaviour import (
    AnyTitles,
    Application,
    AwaitBytes,
    AwaitPdu,
    Close,
    EchoResponse,
    FindResponse,
    Hold,
    KnownTitles,
    Reset,
    Script,
    Send,
    Step,
    Steps,
    abort,
)
from dcmecho.lab.finding import FindRequest, find_request, find_rsp
from dcmecho.lab.pdu import ContextAnswer, ContextResult, PduType, ProposedContext

_LONGEST_PDU_BYTES = 1 << 20
_UNEXPECTED_PDU = abort(2, 2)


class Connection:
    """One accepted TCP connection. Every wait can be cancelled."""

    def __init__(self, sock: socket.socket, client_address: str) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.client_address = client_address
        self._sock = sock
        self._loop = asyncio.get_running_loop()

    async def receive(self, count: int) -> bytes:
        """Exactly ``count`` bytes. Raises ``ConnectionError`` where the client ended before."""
        data = b""
        while len(data) < count:
            chunk = await self._loop.sock_recv(self._sock, count - len(data))
            if not chunk:
                raise ConnectionAbortedError("the client closed the connection")
            data += chunk
        return data

    async def receive_pdu(self) -> tuple[int, bytes]:
        """Type and body of the next PDU. Raises ``InvalidPduError`` for an absurd length."""
        pdu_type, length = struct.unpack(">BxL", await self.receive(6))
        if length > _LONGEST_PDU_BYTES:
            raise pdu.InvalidPduError(f"a PDU of {length} bytes")
        return pdu_type, await self.receive(length)

    async def send(self, data: bytes) -> None:
        """Send all of ``data``."""
        await self._loop.sock_sendall(self._sock, data)

    async def hold(self) -> None:
        """Take what the client sends until it closes."""
        while await self._loop.sock_recv(self._sock, 65536):
            pass

    async def close(self) -> None:
        """Close in order.

        Closing with unread bytes would make the kernel send RST, so those are read first.
        """
        self._sock.shutdown(socket.SHUT_WR)
        await self.hold()

    def reset(self) -> None:
        """Break the connection (RST)."""
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._sock.close()


async def act(behaviour: Application | Script, connection: Connection) -> None:
    """Play ``behaviour`` until it ends the connection or the client does.

    Raises ``OSError`` where the client ended it, ``InvalidPduError`` where it sent nonsense.
    """
    match behaviour:
        case Script(steps):
            await _play(steps, connection)
        case Application():
            await _serve(behaviour, connection)
        case _:
            assert_never(behaviour)


async def _play(steps: Steps, connection: Connection) -> None:
    for step in steps:
        await _do(step, connection)


async def _do(step: Step, connection: Connection) -> None:
    match step:
        case AwaitPdu():
            await connection.receive_pdu()
        case AwaitBytes():
            await connection.receive(1)
        case Send(data):
            await connection.send(data)
        case Hold():
            await connection.hold()
        case Close():
            await connection.close()
        case Reset():
            connection.reset()
        case _:
            assert_never(step)


async def _serve(application: Application, connection: Connection) -> None:
    pdu_type, body = await connection.receive_pdu()
    if pdu_type != PduType.ASSOCIATE_RQ:
        await _play(_UNEXPECTED_PDU, connection)
        return
    request = pdu.parse_associate_rq(body)
    refusal = _refusal(application, request, connection.client_address)
    if refusal:
        await _play(refusal, connection)
        return
    if len(request.contexts) > application.most_contexts:
        await connection.hold()
        return
    answers = tuple(_negotiate(application, proposed) for proposed in request.contexts)
    await connection.send(pdu.associate_ac(request, answers))
    await _serve_commands(application, connection)


def _refusal(application: Application, request: pdu.AssociateRequest, client_address: str) -> Steps:
    """What it answers in place of an acceptance; no steps where it accepts."""
    if (
        request.application_context != APPLICATION_CONTEXT
        and application.on_other_application_context
    ):
        return application.on_other_application_context
    match application.titles:
        case AnyTitles():
            return ()
        case KnownTitles(called, callers, called_refused, caller_refused):
            if request.called_ae != called:
                return called_refused
            known = not callers or any(
                caller.title == request.calling_ae and caller.address in ("", client_address)
                for caller in callers
            )
            return () if known else caller_refused
        case _:
            assert_never(application.titles)


def _negotiate(application: Application, proposed: ProposedContext) -> ContextAnswer:
    if proposed.abstract_syntax == VERIFICATION_SOP_CLASS:
        if application.verification is not ContextResult.ACCEPTANCE:
            return ContextAnswer(proposed.context_id, application.verification)
        known: tuple[str, ...] = UNCOMPRESSED
    else:
        offers = [o for o in application.offers if proposed.abstract_syntax in o.sop_classes]
        if not offers:
            return ContextAnswer(proposed.context_id, ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED)
        known = offers[0].transfer_syntaxes
    for transfer_syntax in known:
        if transfer_syntax in proposed.transfer_syntaxes:
            return ContextAnswer(proposed.context_id, ContextResult.ACCEPTANCE, transfer_syntax)
    return ContextAnswer(proposed.context_id, ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED)


async def _answer_find(
    application: Application, request: FindRequest, connection: Connection
) -> None:
    match application.on_find:
        case FindResponse(status):
            await connection.receive_pdu()  # the identifier, whatever it asks for
            await connection.send(find_rsp(request, status))
        case steps:
            await _play(steps, connection)
            raise ConnectionAbortedError("the conversation is over")


async def _serve_commands(application: Application, connection: Connection) -> None:
    while True:
        pdu_type, body = await connection.receive_pdu()
        if (request := find_request(pdu_type, body)) is not None:
            await _answer_find(application, request, connection)
            continue
        match pdu_type, application.on_echo:
            case PduType.DATA_TF, EchoResponse() as response:
                echo = pdu.parse_echo_rq(body)
                message_id = (echo.message_id + response.message_id_offset) & 0xFFFF
                await connection.send(pdu.echo_rsp(echo.context_id, message_id, response.status))
            case PduType.DATA_TF, tuple() as steps:
                await _play(steps, connection)
                return
            case PduType.RELEASE_RQ, _:
                await _play(application.on_release, connection)
                return
            case PduType.ABORT, _:
                return
            case _:
                await _play(_UNEXPECTED_PDU, connection)
                return
