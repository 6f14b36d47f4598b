"""Judges one call against an expectation. No I/O.

A call has *reached you* when its A-ASSOCIATE-RQ arrived on the registered port, for the registered
title, from an address of the peer. Whatever it did after that does not change the grade.
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
    """The expected call of the peer. Fields that are not set are not judged.

    ``title`` and ``port`` are ours, as registered at the peer. ``addresses`` are the peer's,
    ``calling`` is its AE title in the file, and ``peer`` is its name in a sentence.
    """

    title: AeTitle | None = None
    port: int | None = None
    addresses: frozenset[str] = frozenset()
    peer: str = ""
    calling: AeTitle | None = None


class Grade(StrEnum):
    """The match of a call with the expectation, best first."""

    REACHED = "reached us"
    ODD = "reached us, oddly"
    """As expected, except for something that stricter applications would refuse."""
    OTHER = "not as registered"
    """A DICOM application called, but something differs from the expectation."""
    NO_REQUEST = "no association"
    """A connection without a readable A-ASSOCIATE-RQ."""
    UNDER_WAY = "under way"


class CallFindingId(StrEnum):
    """The findings about a call."""

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
    """One problem of a call. ``text`` says what is wrong, ``action`` who must do what."""

    id: CallFindingId
    text: str
    action: str


_SAME = (TitleMatch.SAME, TitleMatch.LEADING_SPACE, TitleMatch.NUL_PADDED)
_TO_THE_VENDOR = "peer's administrator: report this to the vendor of the calling application"


@dataclass(frozen=True, slots=True)
class CallVerdict:
    """The judgement of one call: a ``title`` of one line, and findings, most important first."""

    grade: Grade
    title: str
    findings: tuple[CallFinding, ...] = ()


def judge(call: Call, expected: Expectation) -> CallVerdict:
    """Judge the current state of a call."""
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
        return CallVerdict(Grade.ODD, f"reached you, but {odd[0].text}", odd)
    return CallVerdict(Grade.REACHED, f"reached you: {outcome(call)}")


def outcome(call: Call) -> str:
    """Return the result of an association whose request was read, in words."""
    match call.answer:
        case Rejection(words=words, triple=triple):
            return f"dcmecho rejected it, {triple} {words}"
        case Abort():
            return "dcmecho aborted it"
        case None:
            return "it ended before dcmecho answered"
        case Accepted(contexts):
            return _accepted(call, any(each.is_accepted for each in contexts))


def _accepted(call: Call, usable: bool) -> str:
    if call.stored_objects:
        objects = count(call.stored_objects, "object")
        return f"{objects} received ({call.stored_bytes} bytes, discarded)"
    if call.echoed:
        return "C-ECHO answered with success"
    if not usable:
        return "it requested nothing this listener accepts"
    if call.ending is None:
        return "the association is open"
    return "the association was accepted, but no command arrived"


def _without_request(call: Call) -> CallVerdict:
    if call.non_dicom is not None:
        finding = _non_dicom_caller(call.non_dicom)
        return CallVerdict(Grade.NO_REQUEST, finding.text, (finding,))
    match call.ending:
        case None:
            return CallVerdict(Grade.UNDER_WAY, "connected, has sent nothing yet")
        case CallEnding.STOPPED:
            return CallVerdict(Grade.UNDER_WAY, "had sent nothing when the listener stopped")
        case CallEnding.FAULT:
            text = f"its call was lost because of a bug in dcmecho: {call.remark}"
            finding = CallFinding(CallFindingId.UNREADABLE, text, "you: report this bug in dcmecho")
        case CallEnding.ABORTED_BY_US | CallEnding.TOO_LONG:
            text = f"connected, but sent no acceptable A-ASSOCIATE-RQ: {call.remark}"
            finding = CallFinding(CallFindingId.UNREADABLE, text, _TO_THE_VENDOR)
        case _ if call.remark:
            text = f"connected, but sent no complete A-ASSOCIATE-RQ: {call.remark}"
            action = (
                "you: have the peer call again. If it always ends like this, the caller closes"
                " early, or the network path drops large packets (MTU, VPN)"
            )
            finding = CallFinding(CallFindingId.UNFINISHED, text, action)
        case ending:
            text = f"connected, but sent nothing ({ending.words})"
            action = (
                "a port scan or monitoring does this. It proves only that the TCP connection works"
            )
            finding = CallFinding(CallFindingId.SILENT, text, action)
    return CallVerdict(Grade.NO_REQUEST, finding.text, (finding,))


def _non_dicom_caller(non_dicom: NonDicomCaller) -> CallFinding:
    if non_dicom is NonDicomCaller.TLS:
        return CallFinding(
            CallFindingId.TLS,
            "tried TLS on this port, which uses plain DICOM",
            "peer's administrator: turn TLS off for your entry, or register the port on which your"
            " application uses TLS. This listener has no TLS. To see the titles that the peer"
            " sends, have it call once without TLS",
        )
    return CallFinding(
        CallFindingId.NOT_DICOM,
        f"is not a DICOM application: {non_dicom}",
        "nobody, unless this is the peer. Then it has a different kind of service registered here",
    )


def _mistakes(call: Call, called: AeTitle, expected: Expectation) -> Iterator[CallFinding]:
    if expected.port is not None and call.arrived_at.port != expected.port:
        yield CallFinding(
            CallFindingId.WRONG_PORT,
            f"the called port is {call.arrived_at.port}, your registered port is {expected.port}",
            f"peer's administrator: change your port to {expected.port} in the peer's table",
        )
    if expected.title is not None and not _is_ours(called, expected.title):
        yield _wrong_title(called, expected.title)
    if expected.addresses and call.source.ip not in expected.addresses:
        known = " or ".join(sorted(expected.addresses))
        yield CallFinding(
            CallFindingId.UNEXPECTED_ADDRESS,
            f"{expected.peer or 'the peer'} is {known}, not {call.source.ip}",
            "you: find out whose address this is. It can be another application, a second network"
            " interface of the peer, or address translation (NAT) in between",
        )


def _is_ours(called: AeTitle, ours: AeTitle) -> bool:
    return match_titles(ours, called) in _SAME


def _wrong_title(called: AeTitle, ours: AeTitle) -> CallFinding:
    if match_titles(ours, called) is TitleMatch.BLANK:
        return CallFinding(
            CallFindingId.WRONG_TITLE,
            "the called title is blank",
            f"peer's administrator: enter {ours} as your title in the peer's table",
        )
    return CallFinding(
        CallFindingId.WRONG_TITLE,
        f"the called title is {called}, yours is {ours} ({_how(ours, called, 'yours')})",
        f"peer's administrator: change your title to {ours} in the peer's table",
    )


def _how(expected: AeTitle, came: AeTitle, whose: str) -> str:
    match match_titles(expected, came):
        case TitleMatch.CASE:
            return "upper and lower case differ"
        case TitleMatch.LOOKALIKE:
            return f"they look alike: {difference(expected, came, whose)}"
        case _:
            return difference(expected, came, whose)


def _other_caller(calling: AeTitle, known: AeTitle, peer: str) -> CallFinding:
    is_near = match_titles(known, calling) is not TitleMatch.OTHER
    how = f" ({_how(known, calling, 'the file')})" if is_near else ""
    return CallFinding(
        CallFindingId.OTHER_CALLING_TITLE,
        f"it calls itself {calling}, while the file has {known} for {peer or 'the peer'}{how}",
        f"you: if this is the peer, register {calling} in applications that check their callers."
        " Otherwise, another application has called",
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
    action = "peer's administrator: type the title again. Stricter applications would refuse it"
    return CallFinding(CallFindingId.ODD_TITLE, text, action)
