"""Turns bytes from the wire into readable lines for the log. Lenient; never raises."""

from __future__ import annotations

from typing import NamedTuple

from dcmecho.diagnosis.events import LogLayer
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.diagnosis.sanitize import PeerText, title_bytes
from dcmecho.dicom.pdu.commands import DimseCommand, Fragment
from dcmecho.dicom.pdu.framing import is_pdu
from dcmecho.dicom.pdu.read import Associate, Data, Pdu
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.standard.context_results import ContextResult
from dcmecho.standard.pdu_types import PduType
from dcmecho.standard.statuses import status_words

_SIMPLE = {PduType.RELEASE_RQ: "A-RELEASE-RQ", PduType.RELEASE_RP: "A-RELEASE-RP"}


class Readable(NamedTuple):
    """One PDU, or other bytes, as the log shows it."""

    layer: LogLayer
    text: str
    details: tuple[str, ...] = ()
    shows_bytes: bool = True
    """False if the bytes contain a data set, which is never logged."""


def readable(pdu: Pdu) -> Readable:
    """Return ``pdu`` as one line and its details."""
    if pdu.kind is None:
        return _no_pdu(pdu.data)
    if pdu.fault:
        return Readable(LogLayer.ACSE, f"{pdu.kind.name} that cannot be read: {pdu.fault}")
    match pdu.content:
        case Associate() as associate if pdu.kind is PduType.ASSOCIATE_RQ:
            return _request(associate)
        case Associate() as associate:
            return _accept(associate)
        case Rejection() as rejection:
            return Readable(
                LogLayer.ACSE, f"A-ASSOCIATE-RJ  {rejection.triple}  {rejection.in_full}"
            )
        case Abort() as abort:
            return Readable(LogLayer.ACSE, f"A-ABORT  {abort.source}/{abort.reason}  {abort.words}")
        case None:
            return Readable(LogLayer.ACSE, _SIMPLE[pdu.kind])
        case Data(fragments):
            return _data(fragments)


def _no_pdu(data: bytes) -> Readable:
    if is_pdu(data):
        name = PduType(data[0]).words
        return Readable(LogLayer.ACSE, f"{len(data)} bytes of an unfinished {name} PDU")
    return Readable(
        LogLayer.TCP, f"{len(data)} bytes that are not a DICOM PDU: {PeerText(data[:64])}"
    )


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
    return Readable(LogLayer.ACSE, text, (*_common(request), *contexts))


def _accept(accept: Associate) -> Readable:
    version = PeerText(accept.implementation_version.strip(b" \0")) or "no version name"
    results = ", ".join(_result(answer.result) for answer in accept.answered[:3])
    text = f"A-ASSOCIATE-AC  {version}  {results or 'no context'}  max PDU {accept.max_pdu_bytes}"
    contexts = [
        f"context {answer.context_id}: {_result(answer.result)}"
        + (f" [{answer.transfer_syntax_name}]" if answer.is_accepted else "")
        for answer in accept.answered
    ]
    return Readable(LogLayer.ACSE, text, (*_common(accept), *contexts))


def _common(pdu: Associate) -> tuple[str, ...]:
    return (
        f"called AE title   {title_bytes(pdu.called_ae.rstrip(b' '))}",
        f"calling AE title  {title_bytes(pdu.calling_ae.rstrip(b' '))}",
        f"protocol version  {pdu.protocol_version}",
        f"application context  {pdu.application_context}",
        f"maximum length    {pdu.max_pdu_bytes}",
        f"implementation    {pdu.implementation_class_uid}"
        f"  {PeerText(pdu.implementation_version.strip(b' '))}",
    )


def _data(fragments: tuple[Fragment, ...]) -> Readable:
    texts = [_fragment(fragment) for fragment in fragments]
    commands_only = all(fragment.is_command for fragment in fragments)
    return Readable(
        LogLayer.DIMSE, "P-DATA-TF  " + ("; ".join(texts) or "empty"), shows_bytes=commands_only
    )


def _fragment(fragment: Fragment) -> str:
    if not fragment.is_command:
        return f"data set fragment, {len(fragment.data)} bytes, not shown"
    if fragment.command is None:
        return f"command fragment on context {fragment.context_id}: {fragment.fault}"
    return _command(fragment.command, fragment.context_id)


def _command(command: DimseCommand, context_id: int) -> str:
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
