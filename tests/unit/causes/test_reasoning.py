"""From evidence to causes: a table, and the rule that a proven cause is the only one."""

from __future__ import annotations

import errno
from dataclasses import dataclass

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.conclusion.conclusion import deciding_stage
from dcmecho.diagnosis.network.association import (
    Abort,
    Acceptance,
    Answer,
    ContextAnswer,
    EchoAnswer,
    Ending,
    Negotiation,
    Rejection,
)
from dcmecho.diagnosis.network.connection import Address, Connection, TcpInfo
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.stages import ae_title, associate, connect, context, echo
from dcmecho.diagnosis.stages.outcome import Outcome, cancelled
from dcmecho.diagnosis.target.target import Target
from dcmecho.standard.refusals import RejectReason

TARGET = Target(host="pacs", port=104, called_ae="PACS", calling_ae="WS")
PROVEN, LIKELY, POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE

LOST = TcpInfo(rtt_ms=1.0, retransmits=4, unacked=1, bytes_acked=1)
TAKEN = TcpInfo(rtt_ms=1.0, retransmits=0, unacked=0, bytes_acked=210)

TITLES_7 = [
    (CauseId.AE_CALLED_UNKNOWN, LIKELY),
    (CauseId.AE_CALLING_UNKNOWN, POSSIBLE),
    (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE),
    (CauseId.AE_CASE, POSSIBLE),
]
TITLES_3 = [
    (CauseId.AE_CALLING_UNKNOWN, LIKELY),
    (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE),
    (CauseId.AE_CASE, POSSIBLE),
]


def result(stage: StageId, outcome: Outcome) -> StageResult:
    return StageResult(stage, outcome.status, outcome.summary, 1.0, outcome.evidence)


def answer(ending: Ending, **more: object) -> Answer:
    return Answer(ending, at_ms=2.0, elapsed_ms=1.0, **more)  # type: ignore[arg-type]


def tcp_failure(code: int | None, elapsed_ms: float = 0.3) -> StageResult:
    attempt = Connection(
        Address("192.0.2.1", 104), 1.0, elapsed_ms, None, code, code is None, "words"
    )
    return result(StageId.CONNECT, connect.judge([attempt]))


def negotiated(ending: Ending, **more: object) -> StageResult:
    return result(StageId.ASSOCIATE, associate.judge(Negotiation(answer(ending, **more))))


def rejected(number: int, source: int, reason: int) -> StageResult:
    rejection = Rejection(number, source, reason, "words")
    negotiation = Negotiation(answer(Ending.ANSWERED), rejection=rejection)
    if associate.about_ae_titles(rejection):
        return result(StageId.AE_TITLE, ae_title.judge(TARGET, negotiation))
    return result(StageId.ASSOCIATE, associate.judge(negotiation))


def refused(number: int) -> StageResult:
    contexts = (ContextAnswer(1, "1.2.840.10008.1.1", number),)
    acceptance = Acceptance(16384, "1.2", PeerText("V"), contexts)
    negotiation = Negotiation(answer(Ending.ANSWERED), acceptance=acceptance)
    return result(StageId.CONTEXT, context.judge(negotiation))


def echoed(ending: Ending, status: int | None = None, **more: object) -> StageResult:
    return result(StageId.ECHO, echo.judge([EchoAnswer(answer(ending, **more), 1, status)]))


@dataclass(frozen=True)
class Case:
    seen: str
    failed: StageResult
    causes: list[tuple[CauseId, Confidence]]


CASES = [
    Case("refused", tcp_failure(errno.ECONNREFUSED), [(CauseId.TCP_REFUSED, PROVEN)]),
    Case("timed out", tcp_failure(None), [(CauseId.TCP_NO_ANSWER, PROVEN)]),
    Case("kernel gave up", tcp_failure(errno.ETIMEDOUT), [(CauseId.TCP_NO_ANSWER, PROVEN)]),
    Case(
        "no route to host, at once: somebody answered with ICMP",
        tcp_failure(errno.EHOSTUNREACH, 0.3),
        [(CauseId.TCP_PROHIBITED, LIKELY), (CauseId.TCP_UNREACHABLE, POSSIBLE)],
    ),
    Case(
        "no route to host, after three seconds: ARP",
        tcp_failure(errno.EHOSTUNREACH, 3070.0),
        [(CauseId.TCP_UNREACHABLE, LIKELY), (CauseId.TCP_PROHIBITED, POSSIBLE)],
    ),
    Case(
        "network unreachable",
        tcp_failure(errno.ENETUNREACH),
        [(CauseId.TCP_UNREACHABLE, LIKELY), (CauseId.TCP_PROHIBITED, POSSIBLE)],
    ),
    Case("reset while connecting", tcp_failure(errno.ECONNRESET), [(CauseId.TCP_RESET, PROVEN)]),
    Case("local policy", tcp_failure(errno.EACCES), [(CauseId.TCP_LOCAL_ERROR, PROVEN)]),
    Case("no descriptors", tcp_failure(errno.EMFILE), [(CauseId.TCP_LOCAL_ERROR, PROVEN)]),
    Case(
        "silent, request acknowledged",
        negotiated(Ending.SILENT, tcp=TAKEN),
        [
            (CauseId.PEER_SILENT, LIKELY),
            (CauseId.PEER_NAME_LOOKUP, POSSIBLE),
            (CauseId.PEER_IS_HTTP, POSSIBLE),
            (CauseId.PEER_IS_TLS, POSSIBLE),
            (CauseId.PEER_IS_OTHER, POSSIBLE),
        ],
    ),
    Case(
        "silent, request eaten by the network",
        negotiated(Ending.SILENT, tcp=LOST),
        [(CauseId.TCP_NO_ANSWER, LIKELY), (CauseId.PEER_SILENT, POSSIBLE)],
    ),
    Case(
        "silent, a long request eaten by the network",
        negotiated(Ending.SILENT, tcp=LOST, request_bytes=501),
        [
            (CauseId.TCP_NO_ANSWER, LIKELY),
            (CauseId.TCP_BIG_PACKETS_LOST, POSSIBLE),
            (CauseId.PEER_SILENT, POSSIBLE),
        ],
    ),
    Case(
        "silent, a request that is as long as a small segment",
        negotiated(Ending.SILENT, tcp=LOST, request_bytes=500),
        [(CauseId.TCP_NO_ANSWER, LIKELY), (CauseId.PEER_SILENT, POSSIBLE)],
    ),
    Case(
        "closed before the request",
        negotiated(Ending.CLOSED, before_request=True),
        [(CauseId.PEER_CLOSED_ON_CONNECT, PROVEN)],
    ),
    Case(
        "closed on the request",
        negotiated(Ending.CLOSED),
        [
            (CauseId.PEER_CLOSED_ON_REQUEST, LIKELY),
            (CauseId.PEER_IS_TLS, POSSIBLE),
            (CauseId.PEER_CLOSED_ON_CONNECT, POSSIBLE),
        ],
    ),
    Case(
        "reset before the request",
        negotiated(Ending.RESET, before_request=True),
        [(CauseId.TCP_RESET, PROVEN)],
    ),
    Case(
        "reset on the request",
        negotiated(Ending.RESET),
        [
            (CauseId.PEER_RESET_ON_REQUEST, LIKELY),
            (CauseId.PEER_IS_TLS, POSSIBLE),
            (CauseId.PEER_CLOSED_ON_CONNECT, POSSIBLE),
            (CauseId.TCP_RESET, POSSIBLE),
        ],
    ),
    Case(
        "HTTP", negotiated(Ending.NOT_DICOM, data=b"HTTP/1.1 400"), [(CauseId.PEER_IS_HTTP, PROVEN)]
    ),
    Case("SSH", negotiated(Ending.NOT_DICOM, data=b"SSH-2.0-x"), [(CauseId.PEER_IS_SSH, PROVEN)]),
    Case(
        "TLS", negotiated(Ending.NOT_DICOM, data=b"\x15\x03\x01"), [(CauseId.PEER_IS_TLS, PROVEN)]
    ),
    Case("HL7", negotiated(Ending.NOT_DICOM, data=b"\x0bMSH|"), [(CauseId.PEER_IS_OTHER, PROVEN)]),
    Case(
        "garbage", negotiated(Ending.NOT_DICOM, data=b"\xff\xfe"), [(CauseId.PEER_IS_OTHER, PROVEN)]
    ),
    Case(
        "broken PDU",
        negotiated(Ending.MALFORMED, data=bytes.fromhex("0600 00000004 00000000")),
        [(CauseId.PEER_MALFORMED, PROVEN)],
    ),
    Case(
        "half a PDU: the rest may be lost on the way",
        negotiated(Ending.MALFORMED, unfinished=True, data=bytes.fromhex("0200 000000b8 0001")),
        [(CauseId.PEER_MALFORMED, LIKELY), (CauseId.TCP_NO_ANSWER, POSSIBLE)],
    ),
    Case(
        "two bytes, as from a SOCKS server",
        negotiated(Ending.MALFORMED, unfinished=True, data=b"\x05\xff"),
        [
            (CauseId.PEER_MALFORMED, LIKELY),
            (CauseId.PEER_IS_OTHER, POSSIBLE),
            (CauseId.TCP_NO_ANSWER, POSSIBLE),
        ],
    ),
    Case(
        "a length of no association's answer, as from SQL Server",
        negotiated(Ending.MALFORMED, data=bytes.fromhex("0401 002b 0000 0100")),
        [(CauseId.PEER_MALFORMED, LIKELY), (CauseId.PEER_IS_OTHER, POSSIBLE)],
    ),
    Case(
        "aborted by the application",
        negotiated(Ending.ABORTED, abort=Abort(0, 0, "by service user")),
        [
            (CauseId.ASSOC_ABORTED, LIKELY),
            (CauseId.AE_CALLING_UNKNOWN, POSSIBLE),
            (CauseId.AE_CALLED_UNKNOWN, POSSIBLE),
            (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE),
            (CauseId.AE_CASE, POSSIBLE),
        ],
    ),
    Case(
        "aborted by the protocol layer",
        negotiated(Ending.ABORTED, abort=Abort(2, 1, "by service provider")),
        [(CauseId.ASSOC_ABORTED, PROVEN)],
    ),
    Case("1/1/7", rejected(1, 1, 7), TITLES_7),
    Case("1/1/3", rejected(1, 1, 3), TITLES_3),
    Case("2/1/7, transient", rejected(2, 1, 7), TITLES_7),
    Case(
        "1/1/1",
        rejected(1, 1, 1),
        [
            (CauseId.ASSOC_REJECTED, LIKELY),
            (CauseId.CONTEXT_REFUSED, POSSIBLE),
            (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE),
        ],
    ),
    Case(
        "1/2/1",
        rejected(1, 2, 1),
        [(CauseId.ASSOC_REJECTED, LIKELY), (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE)],
    ),
    Case("1/1/2", rejected(1, 1, 2), [(CauseId.ASSOC_APP_CONTEXT, PROVEN)]),
    Case(
        "2/1/2: dcm4che's limit too",
        rejected(2, 1, 2),
        [(CauseId.ASSOC_LIMIT, LIKELY), (CauseId.ASSOC_APP_CONTEXT, POSSIBLE)],
    ),
    Case(
        "2/2/2: the limit of older dcm4che",
        rejected(2, 2, 2),
        [(CauseId.ASSOC_LIMIT, LIKELY), (CauseId.ASSOC_PROTOCOL_VERSION, POSSIBLE)],
    ),
    Case(
        "2/1/1",
        rejected(2, 1, 1),
        [
            (CauseId.ASSOC_REJECTED, LIKELY),
            (CauseId.ASSOC_LIMIT, POSSIBLE),
            (CauseId.CONTEXT_REFUSED, POSSIBLE),
            (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE),
        ],
    ),
    Case(
        "2/2/1",
        rejected(2, 2, 1),
        [
            (CauseId.ASSOC_REJECTED, LIKELY),
            (CauseId.ASSOC_LIMIT, POSSIBLE),
            (CauseId.AUTH_IDENTITY_REQUIRED, POSSIBLE),
        ],
    ),
    Case("3/1/2, outside the standard", rejected(3, 1, 2), [(CauseId.ASSOC_REJECTED, PROVEN)]),
    Case("1/2/2", rejected(1, 2, 2), [(CauseId.ASSOC_PROTOCOL_VERSION, PROVEN)]),
    Case("2/3/1", rejected(2, 3, 1), [(CauseId.ASSOC_CONGESTION, PROVEN)]),
    Case("2/3/2", rejected(2, 3, 2), [(CauseId.ASSOC_LIMIT, PROVEN)]),
    Case("1/3/56", rejected(1, 3, 56), [(CauseId.ASSOC_REJECTED, PROVEN)]),
    Case(
        "context result 3",
        refused(3),
        [
            (CauseId.CONTEXT_SOP_CLASS_REFUSED, LIKELY),
            (CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, POSSIBLE),
        ],
    ),
    Case("context result 4", refused(4), [(CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, PROVEN)]),
    Case(
        "context result 1",
        refused(1),
        [(CauseId.CONTEXT_REFUSED, LIKELY), (CauseId.CONTEXT_SOP_CLASS_REFUSED, POSSIBLE)],
    ),
    Case(
        "context result 77",
        refused(77),
        [(CauseId.CONTEXT_REFUSED, LIKELY), (CauseId.CONTEXT_SOP_CLASS_REFUSED, POSSIBLE)],
    ),
    Case("status 0x0122", echoed(Ending.ANSWERED, 0x0122), [(CauseId.ECHO_STATUS, PROVEN)]),
    Case("status 0xFF00", echoed(Ending.ANSWERED, 0xFF00), [(CauseId.ECHO_STATUS, PROVEN)]),
    Case("no C-ECHO-RSP", echoed(Ending.SILENT, tcp=TAKEN), [(CauseId.ECHO_NO_ANSWER, PROVEN)]),
    Case(
        "no C-ECHO-RSP, and a kernel that does not tell of acknowledgements",
        echoed(Ending.SILENT),
        [(CauseId.ECHO_NO_ANSWER, LIKELY), (CauseId.TCP_NO_ANSWER, POSSIBLE)],
    ),
    Case(
        "garbage on an accepted association",
        echoed(Ending.NOT_DICOM, data=b"HTTP/1.1 400 Bad Request"),
        [(CauseId.PEER_MALFORMED, PROVEN)],
    ),
    Case(
        "C-ECHO-RQ eaten by the network",
        echoed(Ending.SILENT, tcp=LOST),
        [(CauseId.TCP_NO_ANSWER, LIKELY), (CauseId.ECHO_NO_ANSWER, POSSIBLE)],
    ),
    Case(
        "accepted, then aborted by the application",
        echoed(Ending.ABORTED, abort=Abort(0, 0, "")),
        [(CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_ABORTED, POSSIBLE)],
    ),
    Case(
        "accepted, then aborted by the protocol layer",
        echoed(Ending.ABORTED, abort=Abort(2, 6, "")),
        [(CauseId.ECHO_ABORTED, LIKELY), (CauseId.AUTH_PER_COMMAND, POSSIBLE)],
    ),
    Case(
        "accepted, then closed",
        echoed(Ending.CLOSED),
        [(CauseId.ECHO_CLOSED, LIKELY), (CauseId.AUTH_PER_COMMAND, POSSIBLE)],
    ),
    Case(
        "accepted, then reset",
        echoed(Ending.RESET),
        [(CauseId.ECHO_CLOSED, LIKELY), (CauseId.AUTH_PER_COMMAND, POSSIBLE)],
    ),
    Case(
        "C-ECHO-RSP for another message",
        echoed(Ending.MALFORMED),
        [(CauseId.PEER_MALFORMED, PROVEN)],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.seen)
def test_evidence_gives_these_causes(case: Case) -> None:
    assert list(suspects(case.failed, TARGET)) == case.causes


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.seen)
def test_a_proven_cause_is_the_only_one(case: Case) -> None:
    found = suspects(case.failed, TARGET)
    assert case.failed.status is Status.FAILED
    assert len(found) == 1 or all(confidence is not PROVEN for _, confidence in found)
    assert len({cause for cause, _ in found}) == len(found)


@pytest.mark.parametrize("reason", RejectReason, ids=lambda reason: reason.name)
def test_a_transient_rejection_proves_nothing_permanent(reason: RejectReason) -> None:
    found = suspects(rejected(2, reason.source, reason.number), TARGET)
    proven = {cause for cause, sure in found if sure is PROVEN}
    assert proven <= {CauseId.ASSOC_LIMIT, CauseId.ASSOC_CONGESTION}


def test_a_title_without_letters_cannot_have_the_wrong_case() -> None:
    digits = Target(host="pacs", port=104, called_ae="1234", calling_ae="99")
    assert CauseId.AE_CASE not in dict(suspects(rejected(1, 1, 7), digits))


def test_a_space_in_a_title_of_the_target_is_a_possible_cause() -> None:
    spaced = Target(host="pacs", port=104, called_ae=" PACS", calling_ae="WS")
    found = suspects(rejected(1, 1, 7), spaced)
    assert found[1] == (CauseId.AE_SPACES, LIKELY)


def test_different_failures_of_two_addresses_prove_nothing() -> None:
    def attempt(code: int) -> Connection:
        return Connection(Address("::1", 104), 1.0, 0.2, None, code, False, "words")

    both = connect.judge([attempt(errno.ECONNREFUSED), attempt(errno.ENETUNREACH)])
    found = dict(suspects(result(StageId.CONNECT, both), TARGET))
    assert found[CauseId.TCP_REFUSED] is LIKELY
    assert PROVEN not in found.values()


class TestDecidingStage:
    def test_the_failed_stage_decides(self) -> None:
        stages = [
            StageResult(StageId.PROFILE, Status.WARNING, ""),
            StageResult(StageId.CONNECT, Status.WARNING, ""),
            StageResult(StageId.ECHO, Status.FAILED, ""),
        ]
        assert deciding_stage(stages).id is StageId.ECHO

    def test_an_odd_value_that_works_is_not_a_warning(self) -> None:
        stages = [
            StageResult(StageId.PROFILE, Status.WARNING, ""),
            StageResult(StageId.RELEASE, Status.PASSED, ""),
        ]
        assert deciding_stage(stages).id is StageId.RELEASE


@pytest.mark.parametrize("stage", [StageId.ASSOCIATE, StageId.ECHO, StageId.RELEASE])
def test_a_cancelled_run_has_no_warning(stage: StageId) -> None:
    warned = StageResult(StageId.TLS, Status.WARNING, "the peer is not authenticated")
    stopped = result(stage, cancelled(5.0))
    assert deciding_stage((warned, stopped)) is stopped
