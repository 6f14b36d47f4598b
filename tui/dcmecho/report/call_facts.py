"""The facts of a call as labeled lines, for the terminal, the console and a saved file."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.calls import (
    Accepted,
    AssociationRequest,
    Call,
    RequestedContext,
    UserInformation,
)
from dcmecho.diagnosis.network.association import Abort, ContextAnswer, Rejection
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.report.page import Item
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.statuses import status_words
from dcmecho.standard.uids import APPLICATION_CONTEXT

_LABEL_WIDTH = 15
"""Cells of the longest label."""


def call_facts(call: Call) -> tuple[Item, ...]:
    """Return everything about a call, its presentation contexts last."""
    return tuple(_facts(call))


def called_by(call: Call) -> str:
    """Return ``ECHOSCU -> MY_WORKSTATION``, or the address if no titles arrived."""
    if call.request is None:
        return call.source.ip
    return f"{call.request.calling_ae.visible} -> {call.request.called_ae.visible}"


def fact(label: str, text: str) -> Item:
    """Return one labeled line about a call."""
    return Item(label.ljust(_LABEL_WIDTH), text)


def _facts(call: Call) -> Iterator[Item]:
    yield fact("From", str(call.source))
    yield fact("To", str(call.arrived_at))
    if call.first_bytes:
        shown = f"{call.first_bytes.hex(' ')}  {PeerText(call.first_bytes)}"
        yield fact("First bytes", shown)
    if call.request is not None:
        yield from _request(call.request)
        yield from _user_information(call.request.user)
    yield from _answer(call)
    for service in call.services:
        yield fact("Command", f"{service.command}, {_answered(service.status)}, {service.times} x")
    if call.stored_objects:
        size = f"{call.stored_bytes} bytes of data, discarded"
        yield fact("Received", f"{count(call.stored_objects, 'object')}, {size}")
    if call.ending is not None:
        yield fact("End", f"{call.ending.words}{f': {call.remark}' if call.remark else ''}")
    if call.request is not None:
        yield from _contexts(call.request, call)


def _request(request: AssociationRequest) -> Iterator[Item]:
    yield fact("Called title", str(request.called_ae))
    yield fact("Calling title", str(request.calling_ae))
    if request.protocol_version != 1:
        yield fact("Protocol", f"version {request.protocol_version} (the standard says 1)")
    if not request.fault and request.application_context.value != APPLICATION_CONTEXT:
        context = request.application_context.value or "(none)"
        yield fact("App. context", f"{context} (DICOM uses {APPLICATION_CONTEXT})")
    if request.fault:
        yield fact("Unreadable", request.fault)
    yield fact("Request", f"A-ASSOCIATE-RQ of {request.pdu_bytes} bytes")


def _user_information(user: UserInformation) -> Iterator[Item]:
    if user.implementation_class_uid or user.implementation_version:
        version = user.implementation_version or "no version name"
        yield fact("Implementation", f"{version}  {user.implementation_class_uid}")
    if user.max_pdu_bytes is not None:
        limit = f"{user.max_pdu_bytes} bytes" if user.max_pdu_bytes else "no limit"
        yield fact("Maximum PDU", limit)
    if user.asynchronous is not None:
        yield fact("Asynchronous", str(user.asynchronous))
    if user.user_identity is not None:
        yield fact("User identity", f"{user.user_identity} (never kept)")
    for role in user.roles:
        yield fact("Role", str(role))
    for uid in user.extended:
        yield fact("Extended", str(uid))


def _answer(call: Call) -> Iterator[Item]:
    match call.answer:
        case Accepted(contexts):
            accepted = sum(each.is_accepted for each in contexts)
            yield fact("Answer", f"accepted, {accepted} of {len(contexts)} contexts")
        case Rejection(triple=triple, words=why):
            yield fact("Answer", f"A-ASSOCIATE-RJ {triple} {why}")
        case Abort(words=why):
            yield fact("Answer", f"A-ABORT {why}")
        case None:
            return


def _contexts(request: AssociationRequest, call: Call) -> Iterator[Item]:
    accepted = call.answer.contexts if isinstance(call.answer, Accepted) else ()
    answers = {each.context_id: each for each in accepted}
    for context in request.contexts:
        yield fact(f"Context {context.context_id}", _context(context, answers))


def _context(context: RequestedContext, answers: dict[int, ContextAnswer]) -> str:
    offered = ", ".join(map(str, context.transfer_syntaxes)) or "no transfer syntax"
    answer = answers.get(context.context_id)
    if answer is None:
        return f"{context.abstract_syntax} [{offered}]"
    result = ContextResult.words_of(answer.result, str(answer.result))
    if answer.is_accepted:
        return f"{context.abstract_syntax}: accepted, {answer.transfer_syntax_name} [{offered}]"
    return f"{context.abstract_syntax}: refused {answer.result}, {result} [{offered}]"


def _answered(status: int | None) -> str:
    if status is None:
        return "no answer needed"
    return f"answered 0x{status:04X} {status_words(status)}"
