"""Is a call the one that we wait for? Pure judgement of one call against an expectation.

A call has *reached us* when its A-ASSOCIATE-RQ arrived where we are registered, for our title, from
where the peer lives. What it did then is told beside it, and is no part of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.listen.calls import Accepted, AeTitle, Call, CallEnding, NonDicomCaller
from dcmecho.diagnosis.listen.titles import (
    TitleMatch,
    difference,
    match_titles,
    title_faults,
)
from dcmecho.diagnosis.network.association import Abort, Rejection


@dataclass(frozen=True, slots=True)
class Expectation:
    """How a peer knows us, as far as somebody said so; what is not said is not judged.

    ``title`` and ``port`` are ours, as registered with the peer; ``addresses`` those that the peer
    may call from, ``calling`` the title that the file has for it, ``peer`` what it is called in a
    sentence.
    """

    title: AeTitle | None = None
    port: int | None = None
    addresses: frozenset[str] = frozenset()
    peer: str = ""
    calling: AeTitle | None = None


class Grade(StrEnum):
    """How a call stands against the expectation, the best first."""

    REACHED = "reached us"
    ODD = "reached us, oddly"
    """As expected, but with something that stricter applications would refuse."""
    OTHER = "not as registered"
    """A DICOM application called, and something is not as it was expected."""
    NO_REQUEST = "no association"
    """A connection, but no A-ASSOCIATE-RQ that can be read."""
    UNDER_WAY = "under way"


class CallFindingId(StrEnum):
    """What is to be said about a call."""

    WRONG_PORT = "wrong-port"
    WRONG_TITLE = "wrong-title"
    UNEXPECTED_ADDRESS = "unexpected-address"
    OTHER_CALLING_TITLE = "other-calling-title"
    ODD_TITLE = "odd-title"
    UNREADABLE = "unreadable-request"
    TLS = "tls-on-plain-port"
    NOT_DICOM = "not-dicom"
    SILENT = "nothing-sent"
    UNFINISHED = "unfinished-request"


@dataclass(frozen=True, slots=True)
class CallFinding:
    """One thing that is not as it should be: ``text`` says what, ``action`` who has to do what."""

    id: CallFindingId
    text: str
    action: str


_SAME = (TitleMatch.SAME, TitleMatch.LEADING_SPACE, TitleMatch.NUL_PADDED)
_TO_THE_VENDOR = "peer's administrator: report this to the vendor of the calling application"


@dataclass(frozen=True, slots=True)
class CallVerdict:
    """The judgement of one call. ``title`` is one line; the findings come most telling first."""

    grade: Grade
    title: str
    findings: tuple[CallFinding, ...] = ()


def judge(call: Call, expected: Expectation) -> CallVerdict:
    """Judge a call as far as it has come."""
    if call.request is None:
        return _without_request(call)
    if call.request.fault:
        text = f"its A-ASSOCIATE-RQ cannot be read: {call.request.fault}"
        finding = CallFinding(CallFindingId.UNREADABLE, text, _TO_THE_VENDOR)
        return CallVerdict(Grade.NO_REQUEST, f"called, but {text}", (finding,))
    wrong = tuple(_mistakes(call, call.request.called_ae, expected))
    odd = tuple(_oddities(call.request.called_ae, call.request.calling_ae, expected))
    if wrong:
        return CallVerdict(Grade.OTHER, f"called, but {wrong[0].text}", (*wrong, *odd))
    if call.answer is None and call.ending is None:
        return CallVerdict(Grade.UNDER_WAY, "is calling")
    if odd:
        return CallVerdict(Grade.ODD, f"reached us, but {odd[0].text}", odd)
    return CallVerdict(Grade.REACHED, f"reached us: {outcome(call)}")


def outcome(call: Call) -> str:
    """What came of an association whose request was read."""
    match call.answer:
        case Rejection(words=words, triple=triple):
            return f"we rejected it, {triple} {words}"
        case Abort():
            return "we aborted it"
        case None:
            return "it ended before we answered"
        case Accepted(contexts):
            return _accepted(call, any(each.is_accepted for each in contexts))


def _accepted(call: Call, usable: bool) -> str:
    if call.stored_objects:
        objects = count(call.stored_objects, "object")
        return f"{objects} stored ({call.stored_bytes} bytes, dropped)"
    if call.echoed:
        return "C-ECHO answered with success"
    if not usable:
        return "it asked for nothing that this listener takes"
    if call.ending is None:
        return "the association is open"
    return "the association was accepted, and nothing was asked"


def _without_request(call: Call) -> CallVerdict:
    if call.stranger is not None:
        finding = _stranger(call.stranger)
        return CallVerdict(Grade.NO_REQUEST, finding.text, (finding,))
    match call.ending:
        case None:
            return CallVerdict(Grade.UNDER_WAY, "connected, and has said nothing yet")
        case CallEnding.STOPPED:
            return CallVerdict(Grade.UNDER_WAY, "had said nothing when the listener stopped")
        case CallEnding.FAULT:
            text = f"its call was lost by a fault in dcmecho: {call.remark}"
            finding = CallFinding(CallFindingId.UNREADABLE, text, "you: report this to dcmecho")
        case CallEnding.ABORTED_BY_US | CallEnding.TOO_LONG:
            text = f"connected, but sent no A-ASSOCIATE-RQ that is taken: {call.remark}"
            finding = CallFinding(CallFindingId.UNREADABLE, text, _TO_THE_VENDOR)
        case _ if call.remark:
            text = f"connected, and sent no whole A-ASSOCIATE-RQ: {call.remark}"
            action = (
                "you: call again; where it ends so each time, the caller breaks off, or the path"
                " loses big packets (MTU, VPN)"
            )
            finding = CallFinding(CallFindingId.UNFINISHED, text, action)
        case ending:
            text = f"connected, and said nothing ({ending})"
            action = "a port check or monitoring does this: the TCP path is open, no more is known"
            finding = CallFinding(CallFindingId.SILENT, text, action)
    return CallVerdict(Grade.NO_REQUEST, finding.text, (finding,))


def _stranger(stranger: NonDicomCaller) -> CallFinding:
    if stranger is NonDicomCaller.TLS:
        return CallFinding(
            CallFindingId.TLS,
            "tried TLS on this port, which is plain",
            "peer's administrator: turn TLS off for us, or register the port on which our"
            " application speaks TLS. This listener speaks none: to see the titles that are sent,"
            " call once without TLS",
        )
    return CallFinding(
        CallFindingId.NOT_DICOM,
        f"is {stranger}, no DICOM application",
        "nobody, unless this is the peer: then it has another kind of service registered here",
    )


def _mistakes(call: Call, called: AeTitle, expected: Expectation) -> Iterator[CallFinding]:
    if expected.port is not None and call.arrived_at.port != expected.port:
        yield CallFinding(
            CallFindingId.WRONG_PORT,
            f"the port it called is {call.arrived_at.port}, we are registered with {expected.port}",
            f"peer's administrator: change our port to {expected.port} in its table",
        )
    if expected.title is not None and not _is_ours(called, expected.title):
        yield _wrong_title(called, expected.title)
    if expected.addresses and call.source.ip not in expected.addresses:
        known = ", ".join(sorted(expected.addresses))
        yield CallFinding(
            CallFindingId.UNEXPECTED_ADDRESS,
            f"it came from {call.source.ip}, and {expected.peer or 'the peer'} is {known}",
            "you: find out whose address this is: another application, a second interface of the"
            " peer, or address translation (NAT) on the way",
        )


def _is_ours(called: AeTitle, ours: AeTitle) -> bool:
    return match_titles(ours, called) in _SAME


def _wrong_title(called: AeTitle, ours: AeTitle) -> CallFinding:
    if match_titles(ours, called) is TitleMatch.BLANK:
        return CallFinding(
            CallFindingId.WRONG_TITLE,
            "the title it called is blank",
            f"peer's administrator: enter {ours} as our title in its table",
        )
    return CallFinding(
        CallFindingId.WRONG_TITLE,
        f"the title it called is {called}, ours is {ours} ({_how(ours, called, 'ours')})",
        f"peer's administrator: change our title to {ours} in its table",
    )


def _how(expected: AeTitle, came: AeTitle, whose: str) -> str:
    match match_titles(expected, came):
        case TitleMatch.CASE:
            return "which differs in upper and lower case"
        case TitleMatch.LOOKALIKE:
            return f"which looks alike: {difference(expected, came, whose)}"
        case _:
            return difference(expected, came, whose)


def _other_caller(calling: AeTitle, known: AeTitle, peer: str) -> CallFinding:
    is_near = match_titles(known, calling) is not TitleMatch.OTHER
    how = f" ({_how(known, calling, 'the file')})" if is_near else ""
    return CallFinding(
        CallFindingId.OTHER_CALLING_TITLE,
        f"it calls itself {calling}, and the file has {known} for {peer or 'the peer'}{how}",
        f"you: where this is the peer, who checks its callers has to know {calling}; else another"
        " application has called",
    )


def _oddities(called: AeTitle, calling: AeTitle, expected: Expectation) -> Iterator[CallFinding]:
    known = expected.calling
    if known is not None and match_titles(known, calling) not in (*_SAME, TitleMatch.BLANK):
        yield _other_caller(calling, known, expected.peer)
    for name, title in (("called", called), ("calling", calling)):
        for fault in title_faults(title):
            yield _odd(f"the {name} title breaks the standard: {fault}")
    if expected.title and match_titles(expected.title, called) is TitleMatch.LEADING_SPACE:
        yield _odd(f"the called title begins with a space: {called}")


def _odd(text: str) -> CallFinding:
    action = "peer's administrator: type the title anew; stricter applications would refuse it"
    return CallFinding(CallFindingId.ODD_TITLE, text, action)
