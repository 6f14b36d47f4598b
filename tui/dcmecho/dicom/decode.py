"""Bytes on the wire as readable lines for the log. Lenient; never raises."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.events import Layer
from dcmecho.diagnosis.sanitize import printable, title_bytes
from dcmecho.dicom.commands import Command, read_command
from dcmecho.dicom.framing import claimed_bytes, is_pdu
from dcmecho.dicom.pdus import (
    Associate,
    Fragment,
    PduFault,
    read_abort,
    read_fragments,
    read_rejection,
    reread_associate,
)
from dcmecho.dicom.uid_names import uid_name
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.statuses import status_words

_SIMPLE = {PduType.RELEASE_RQ: "A-RELEASE-RQ", PduType.RELEASE_RP: "A-RELEASE-RP"}


class Readable(NamedTuple):
    """One PDU, or other bytes, as the log shows it."""

    layer: Layer
    text: str
    details: tuple[str, ...] = ()
    shows_bytes: bool = True
    """False where the bytes hold a data set: those are never logged."""


def readable(data: bytes) -> Readable:
    """``data`` as one line and its details."""
    if not is_pdu(data):
        return Readable(
            Layer.TCP, f"{len(data)} bytes that are no DICOM PDU: {printable(data[:64])}"
        )
    claimed = claimed_bytes(data)
    if claimed is None or claimed > len(data):
        name = PduType(data[0]).words
        return Readable(Layer.ACSE, f"{len(data)} bytes of an unfinished {name} PDU")
    try:
        return _pdu(PduType(data[0]), data)
    except PduFault as fault:
        return Readable(Layer.ACSE, f"{PduType(data[0]).name} that cannot be read: {fault}")


def _pdu(kind: PduType, data: bytes) -> Readable:
    match kind:
        case PduType.ASSOCIATE_RQ:
            return _request(reread_associate(data))
        case PduType.ASSOCIATE_AC:
            return _accept(reread_associate(data))
        case PduType.ASSOCIATE_RJ:
            rejection = read_rejection(data)
            return Readable(Layer.ACSE, f"A-ASSOCIATE-RJ  {rejection.triple}  {rejection.in_full}")
        case PduType.DATA_TF:
            return _data(read_fragments(data))
        case PduType.ABORT:
            abort = read_abort(data)
            return Readable(Layer.ACSE, f"A-ABORT  {abort.source}/{abort.reason}  {abort.words}")
        case PduType.RELEASE_RQ | PduType.RELEASE_RP:
            return Readable(Layer.ACSE, _SIMPLE[kind])


def _request(request: Associate) -> Readable:
    first = next((uid_name(c.abstract_syntax) for c in request.proposed), "no context")
    text = (
        f"A-ASSOCIATE-RQ  {_title(request.calling_ae)} -> {_title(request.called_ae)}"
        f"  {first}  max PDU {request.max_pdu_bytes}"
    )
    contexts = [
        f"context {c.context_id}: {uid_name(c.abstract_syntax)}"
        f" [{', '.join(uid_name(ts) for ts in c.transfer_syntaxes)}]"
        for c in request.proposed
    ]
    return Readable(Layer.ACSE, text, (*_common(request), *contexts))


def _accept(accept: Associate) -> Readable:
    version = printable(accept.implementation_version.strip(b" \0")) or "no version name"
    results = ", ".join(_result(answer.result) for answer in accept.answered[:3])
    text = f"A-ASSOCIATE-AC  {version}  {results or 'no context'}  max PDU {accept.max_pdu_bytes}"
    contexts = [
        f"context {answer.context_id}: {_result(answer.result)}"
        + (f" [{answer.transfer_syntax_name}]" if answer.is_accepted else "")
        for answer in accept.answered
    ]
    return Readable(Layer.ACSE, text, (*_common(accept), *contexts))


def _common(pdu: Associate) -> tuple[str, ...]:
    return (
        f"called AE title   {title_bytes(pdu.called_ae.rstrip(b' '))}",
        f"calling AE title  {title_bytes(pdu.calling_ae.rstrip(b' '))}",
        f"protocol version  {pdu.protocol_version}",
        f"application context  {pdu.application_context}",
        f"maximum length    {pdu.max_pdu_bytes}",
        f"implementation    {pdu.implementation_class_uid}"
        f"  {printable(pdu.implementation_version.strip(b' '))}",
    )


def _data(fragments: tuple[Fragment, ...]) -> Readable:
    texts = [_fragment(fragment) for fragment in fragments]
    commands_only = all(fragment.is_command for fragment in fragments)
    return Readable(
        Layer.DIMSE, "P-DATA-TF  " + ("; ".join(texts) or "empty"), shows_bytes=commands_only
    )


def _fragment(fragment: Fragment) -> str:
    if not fragment.is_command:
        return f"data set fragment, {len(fragment.data)} bytes, not shown"
    try:
        return _command(read_command(fragment.data), fragment.context_id)
    except PduFault as fault:
        return f"command fragment on context {fragment.context_id}: {fault}"


def _command(command: Command, context_id: int) -> str:
    parts = [f"{command.name}  context {context_id}"]
    if command.responds_to is not None:
        parts.append(f"answers message {command.responds_to}")
    elif command.message_id is not None:
        parts.append(f"message {command.message_id}")
    if command.status is not None:
        parts.append(f"status 0x{command.status:04X} {status_words(command.status)}")
    if command.comment:
        parts.append(f"comment {command.comment}")
    return "  ".join(parts)


def _title(raw: bytes) -> str:
    return title_bytes(raw.rstrip(b" "))


def _result(result: int) -> str:
    return ContextResult.words_of(result, f"result {result} outside the standard")
