"""The calls of a listener as JSON: the schema ``dcmecho.listen/1``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dcmecho.diagnosis.conclusion.clock import utc_time
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall
from dcmecho.diagnosis.listen.calls import (
    Accepted,
    AeTitle,
    Answer,
    AssociationRequest,
    Uid,
    UserInformation,
)
from dcmecho.diagnosis.listen.events import (
    CallChanged,
    CallsClosedUnread,
    ListeningEvent,
    ListeningStarted,
    ListeningStopped,
)
from dcmecho.diagnosis.listen.verdict import CallVerdict, judge
from dcmecho.diagnosis.network.association import Abort, Rejection
from dcmecho.diagnosis.network.connection import Address
from dcmecho.exit_codes import ExitCode
from dcmecho.report.json.layout import indented, one_line

SCHEMA = "dcmecho.listen/1"


def render(book: CallBook, explanations: Sequence[str], code: ExitCode) -> str:
    """Return the result of a listener as an indented JSON object, ending with a newline."""
    return indented(_book(book, explanations, code))


def render_line(book: CallBook, explanations: Sequence[str], code: ExitCode) -> str:
    """Return the same as one line, without the newline: the last of the JSON lines."""
    return one_line(_book(book, explanations, code))


def render_event(event: ListeningEvent, book: CallBook, *, brief: bool = False) -> str:
    """Return an event as one line of JSON, without the newline.

    A ``brief`` one leaves out the lists of the request, and says so.
    """
    return one_line(_event(event, book, brief=brief))


def _book(book: CallBook, explanations: Sequence[str], code: ExitCode) -> dict[str, Any]:
    expected = book.expected
    return {
        "schema": SCHEMA,
        "started": utc_time(book.started.at) if book.started else None,
        "ended": utc_time(book.stopped.at) if book.stopped else None,
        "ended_by": book.stopped.reason.value if book.stopped else None,
        "bound": [_address(each) for each in book.started.bound] if book.started else [],
        "expected": {
            "title": str(expected.title) if expected.title else None,
            "port": expected.port,
            "addresses": sorted(expected.addresses),
            "peer": expected.peer,
            "calling_title": str(expected.calling) if expected.calling else None,
        },
        "verdict": {
            "outcome": book.outcome.value,
            "title": book.sentence,
            "exit_code": int(code),
        },
        "explanations": list(explanations),
        "calls_seen": book.calls,
        "turned_away": book.closed_unread.times if book.closed_unread else 0,
        "calls": [call_data(judged) for judged in reversed(book.newest_first)],
    }


def _event(event: ListeningEvent, book: CallBook, *, brief: bool) -> dict[str, Any]:
    match event:
        case ListeningStarted():
            return {
                "event": "listening-started",
                "at": utc_time(event.at),
                "bound": [_address(each) for each in event.bound],
                "for_s": event.for_s,
            }
        case CallChanged(call):
            judged = JudgedCall(call, judge(call, book.expected))
            told = {"event": "call", **call_data(judged)}
            return {**told, **_without_lists(told)} if brief else told
        case CallsClosedUnread():
            return {
                "event": "turned-away",
                "at": utc_time(event.at),
                "address": event.address,
                "reason": event.reason.value,
                "times": event.times,
            }
        case ListeningStopped():
            return {
                "event": "listening-stopped",
                "at": utc_time(event.at),
                "reason": event.reason.value,
            }


def _without_lists(told: dict[str, Any]) -> dict[str, Any]:
    """Return the request and the answer without lists that can be as long as a request."""
    parts = {}
    for key in ("request", "answer"):
        if told[key] is not None:
            lists: dict[str, Any] = {
                name: [] for name, value in told[key].items() if isinstance(value, list)
            }
            parts[key] = {**told[key], **lists, "lists_left_out": True}
    return parts


def call_data(judged: JudgedCall) -> dict[str, Any]:
    """Return a call as plain data."""
    call = judged.call
    return {
        "number": call.number,
        "at": utc_time(call.at),
        "source": _address(call.source),
        "arrived_at": _address(call.arrived_at),
        "verdict": _verdict(judged.verdict),
        "request": _request(call.request) if call.request else None,
        "answer": _answer(call.answer) if call.answer else None,
        "services": [
            {"command": each.command, "status": each.status, "times": each.times}
            for each in call.services
        ],
        "stored": {"objects": call.stored_objects, "bytes": call.stored_bytes},
        "not_dicom": call.non_dicom.value if call.non_dicom else None,
        "first_bytes": call.first_bytes.hex(" "),
        "ending": call.ending.value if call.ending else None,
        "remark": call.remark,
    }


def _verdict(verdict: CallVerdict) -> dict[str, Any]:
    return {
        "grade": verdict.grade.value,
        "title": verdict.title,
        "findings": [
            {"id": each.id.value, "text": each.text, "action": each.action}
            for each in verdict.findings
        ],
    }


def _request(request: AssociationRequest) -> dict[str, Any]:
    return {
        "pdu_bytes": request.pdu_bytes,
        "protocol_version": request.protocol_version,
        "called_ae": _title(request.called_ae),
        "calling_ae": _title(request.calling_ae),
        "application_context": request.application_context.value,
        "contexts": [
            {
                "id": each.context_id,
                "abstract_syntax": _uid(each.abstract_syntax),
                "transfer_syntaxes": [_uid(syntax) for syntax in each.transfer_syntaxes],
            }
            for each in request.contexts
        ],
        **_user_information(request.user),
        "fault": request.fault,
    }


def _user_information(user: UserInformation) -> dict[str, Any]:
    window = user.asynchronous
    return {
        "max_pdu_bytes": user.max_pdu_bytes,
        "implementation_class_uid": user.implementation_class_uid,
        "implementation_version": str(user.implementation_version),
        "asynchronous": (
            {"invoked": window.invoked, "performed": window.performed} if window else None
        ),
        "roles": [
            {"sop_class": _uid(each.sop_class), "scu": each.scu, "scp": each.scp}
            for each in user.roles
        ],
        "extended": [_uid(each) for each in user.extended],
        "user_identity": user.user_identity.value if user.user_identity else None,
    }


def _answer(answer: Answer) -> dict[str, Any]:
    match answer:
        case Accepted(contexts):
            results = [
                {
                    "id": each.context_id,
                    "result": each.result,
                    "transfer_syntax": each.transfer_syntax if each.is_accepted else None,
                }
                for each in contexts
            ]
            return {"kind": "accepted", "contexts": results}
        case Rejection():
            return {"kind": "rejected", "triple": answer.triple, "words": answer.in_full}
        case Abort():
            return {
                "kind": "aborted",
                "source": answer.source,
                "reason": answer.reason,
                "words": answer.words,
            }


def _title(title: AeTitle) -> dict[str, str]:
    return {"text": str(title), "bytes": title.field.hex(" ")}


def _uid(uid: Uid) -> dict[str, str]:
    return {"uid": uid.value, "name": uid.name}


def _address(address: Address) -> dict[str, Any]:
    return {"address": address.ip, "port": address.port}
