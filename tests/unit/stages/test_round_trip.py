"""How much of a C-ECHO the network took, and what the kernel measured on the path."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.network.association import Answer, EchoAnswer, Ending
from dcmecho.diagnosis.network.connection import Address, Connection, TcpInfo
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.stages import connect, echo
from dcmecho.report import diagnose as diagnose_text
from tests.unit.report.reports import green

TCP = TcpInfo(
    rtt_ms=12.0,
    retransmits=0,
    unacked=0,
    bytes_acked=300,
    segment_bytes=1448,
    path_mtu_bytes=1500,
    total_retransmits=0,
    rtt_variance_ms=9.0,
    min_rtt_ms=0.1,
)
"""A fast path whose smoothed round trip includes a delayed acknowledgement by the peer."""


def echoed(tcp: TcpInfo | None, elapsed_ms: float = 12.0) -> StageResult:
    answer = EchoAnswer(Answer(Ending.ANSWERED, 20.0, elapsed_ms, tcp=tcp), 1, 0x0000, "success")
    outcome = echo.judge([answer])
    return StageResult(
        StageId.ECHO, outcome.status, outcome.summary, outcome.elapsed_ms, outcome.evidence
    )


def kernel_said(result: StageResult) -> Evidence:
    (evidence,) = (each for each in result.evidence if each.kind is EvidenceKind.TCP_INFO)
    return evidence


def test_the_network_gets_only_the_shortest_round_trip() -> None:
    evidence = kernel_said(echoed(TCP))
    assert evidence.text == "the network took 0.1 ms of 12.0 ms (TCP round trip)"
    assert (evidence.data["network_ms"], evidence.data["application_ms"]) == (0.1, 11.9)


def test_uses_the_smoothed_round_trip_if_the_kernel_keeps_no_shortest() -> None:
    evidence = kernel_said(echoed(TCP._replace(rtt_ms=2.0, min_rtt_ms=None)))
    assert evidence.text.startswith("the network took 2.0 ms of 12.0 ms")


def test_after_retransmissions_the_application_is_not_blamed() -> None:
    evidence = kernel_said(echoed(TCP._replace(total_retransmits=2), elapsed_ms=212.0))
    assert evidence.text == (
        "the network took 0.1 ms of 212.0 ms (TCP round trip), 2 segments sent again;"
        " the network might have taken the rest too"
    )
    assert evidence.data["application_ms"] is None


def test_the_network_never_gets_more_than_the_total() -> None:
    assert kernel_said(echoed(TCP._replace(min_rtt_ms=3.0), elapsed_ms=2.0)).data[
        "application_ms"
    ] == pytest.approx(0.0)


def test_says_nothing_if_the_kernel_measured_nothing() -> None:
    assert [each.kind for each in echoed(None).evidence] == [EvidenceKind.ECHO_RESPONSE]


def test_the_path_follows_the_connection() -> None:
    attempt = Connection(
        Address("192.0.2.1", 104), 1.0, 0.3, local=Address("192.0.2.9", 50000), tcp=TCP
    )
    connected, path = connect.judge([attempt]).evidence
    assert connected.kind is EvidenceKind.TCP_CONNECTED
    assert path.text == "TCP round trip 0.1 ms, segments of 1448 bytes, path MTU 1500"
    assert path.data["rtt_variance_ms"] == pytest.approx(9.0)


@pytest.mark.parametrize(("elapsed_ms", "shown"), [(12.0, True), (2.0, False)])
def test_the_report_compares_if_the_answer_was_slow(elapsed_ms: float, shown: bool) -> None:
    report = green()
    slow = echoed(TCP, elapsed_ms)
    stages = tuple(slow if each.id is StageId.ECHO else each for each in report.stages)
    assert all(each.status is Status.PASSED for each in stages)
    assert ("the network took" in diagnose_text.render(replace(report, stages=stages))) is shown
