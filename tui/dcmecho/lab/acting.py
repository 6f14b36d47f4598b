"""Plays the behavior of a practice peer on one accepted connection."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import assert_never

from dcmecho.dicom.pdu.framing import PduFault
from dcmecho.dicom.pdu.read import Associate, Data, ProposedContext
from dcmecho.lab import pdu, requests
from dcmecho.lab.behaviour import (
    AnyTitles,
    Application,
    AwaitBytes,
    AwaitPdu,
    CallBack,
    Close,
    EchoResponse,
    FindResponse,
    Hold,
    KnownTitles,
    MoveResponse,
    Reset,
    Script,
    Send,
    Step,
    Steps,
    StopsReading,
    StoreResponse,
    abort,
)
from dcmecho.lab.calling import call_back
from dcmecho.lab.connection import LabConnection
from dcmecho.lab.pdu import ContextResult, LabContextAnswer, PduType
from dcmecho.lab.requests import Counts, LabRequest
from dcmecho.standard.command_fields import CommandField
from dcmecho.standard.uids import APPLICATION_CONTEXT, UNCOMPRESSED, VERIFICATION_SOP_CLASS

_UNEXPECTED_PDU = abort(2, 2)
_TITLES = slice(10, 74)


async def act(behaviour: Application | Script, connection: LabConnection) -> None:
    """Play ``behaviour`` until it ends the connection or the client does.

    Raises ``OSError`` if the client ended it, and ``PduFault`` if the client sent nonsense.
    """
    match behaviour:
        case Script(steps):
            await _play(steps, connection)
        case Application():
            await _serve(behaviour, connection)
        case _:
            assert_never(behaviour)


async def _play(steps: Steps, connection: LabConnection) -> None:
    for step in steps:
        await _do(step, connection)


async def _do(step: Step, connection: LabConnection) -> None:
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


async def _serve(application: Application, connection: LabConnection) -> None:
    await asyncio.sleep(application.looks_up_for_s)
    received = await connection.receive_pdu()
    if received.kind is not PduType.ASSOCIATE_RQ:
        await _play(_UNEXPECTED_PDU, connection)
        return
    request = received.content
    if not isinstance(request, Associate):
        raise PduFault(received.fault)
    refusal = _refusal(application, request, connection.client_address)
    if refusal:
        await _play(refusal, connection)
        return
    if len(request.proposed) > application.most_contexts:
        await connection.hold()
        return
    answers = tuple(_negotiate(application, proposed) for proposed in request.proposed)
    none_accepted = all(each.result is not ContextResult.ACCEPTANCE for each in answers)
    if none_accepted and application.when_none_accepted:
        await _play(application.when_none_accepted, connection)
        return
    await connection.send(pdu.associate_ac(received.data[_TITLES], answers))
    await _serve_commands(application, connection)


def _refusal(application: Application, request: Associate, client_address: str) -> Steps:
    """Return the steps played instead of an acceptance, or no steps to accept."""
    if (
        request.application_context != APPLICATION_CONTEXT
        and application.on_other_application_context
    ):
        return application.on_other_application_context
    match application.titles:
        case AnyTitles():
            return ()
        case KnownTitles(called, callers, called_refused, caller_refused):
            if _title(request.called_ae) != called:
                return called_refused
            calling = _title(request.calling_ae)
            known = not callers or any(
                caller.title == calling and caller.address in ("", client_address)
                for caller in callers
            )
            return () if known else caller_refused
        case _:
            assert_never(application.titles)


def _title(field: bytes) -> str:
    """Strip trailing spaces only: most archives compare titles with their leading spaces."""
    return field.decode("latin-1").rstrip(" ")


def _negotiate(application: Application, proposed: ProposedContext) -> LabContextAnswer:
    if proposed.abstract_syntax == VERIFICATION_SOP_CLASS:
        if application.verification is not ContextResult.ACCEPTANCE:
            return LabContextAnswer(proposed.context_id, application.verification)
        known: tuple[str, ...] = UNCOMPRESSED
    else:
        offers = [o for o in application.offers if proposed.abstract_syntax in o.sop_classes]
        if not offers:
            return LabContextAnswer(
                proposed.context_id, ContextResult.ABSTRACT_SYNTAX_NOT_SUPPORTED
            )
        known = offers[0].transfer_syntaxes
    for transfer_syntax in known:
        if transfer_syntax in proposed.transfer_syntaxes:
            return LabContextAnswer(proposed.context_id, ContextResult.ACCEPTANCE, transfer_syntax)
    return LabContextAnswer(proposed.context_id, ContextResult.TRANSFER_SYNTAXES_NOT_SUPPORTED)


async def _answer_find(
    application: Application, request: LabRequest, connection: LabConnection
) -> None:
    await connection.receive_pdu()  # the identifier; its content does not matter
    match application.on_find:
        case FindResponse(status):
            await connection.send(requests.response(request, status))
        case steps:
            await _end(steps, connection)


async def _answer_move(
    application: Application, request: LabRequest, connection: LabConnection
) -> None:
    await connection.receive_pdu()  # the identifier; its content does not matter
    match application.on_move:
        case MoveResponse(status, completed, failed, comment):
            counts = Counts(completed=completed, failed=failed)
            await connection.send(requests.response(request, status, counts, comment))
        case CallBack() as how:
            await call_back(how, application.calls_back_as, request, connection)
        case steps:
            await _end(steps, connection)


async def _answer_store(
    application: Application, request: LabRequest, connection: LabConnection
) -> None:
    received = 0
    ended = False
    while not ended:
        part = await connection.receive_pdu()
        received += len(part.data)
        ended = isinstance(part.content, Data) and part.content.ends_dataset
        match application.on_store:
            case StopsReading(after_bytes) if received > after_bytes:
                await connection.keep_open_unread()
            case _:
                pass
    match application.on_store:
        case StoreResponse(status, comment):
            await connection.send(requests.response(request, status, comment=comment))
        case StopsReading():
            await connection.send(requests.response(request, 0x0000))
        case steps:
            await _end(steps, connection)


async def _end(steps: Steps, connection: LabConnection) -> None:
    await _play(steps, connection)
    raise ConnectionAbortedError("the conversation is over")


_ANSWERS: Mapping[int, Callable[[Application, LabRequest, LabConnection], Awaitable[None]]] = {
    CommandField.C_FIND_RQ: _answer_find,
    CommandField.C_MOVE_RQ: _answer_move,
    CommandField.C_STORE_RQ: _answer_store,
}


async def _serve_commands(application: Application, connection: LabConnection) -> None:
    while True:
        received = await connection.receive_pdu()
        request = requests.read_request(received)
        if request is not None and request.command_field == CommandField.C_CANCEL_RQ:
            continue
        if request is not None and (answer := _ANSWERS.get(request.command_field)):
            await answer(application, request, connection)
            continue
        match received.kind, application.on_echo:
            case PduType.DATA_TF, EchoResponse() as response:
                if request is None or request.command_field != CommandField.C_ECHO_RQ:
                    raise PduFault("a P-DATA-TF that holds no whole C-ECHO-RQ")
                message_id = (request.message_id + response.message_id_offset) & 0xFFFF
                await connection.send(pdu.echo_rsp(request.context_id, message_id, response.status))
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
