"""The report has Linux's measurements of a connection, and its times are consistent."""

from __future__ import annotations

import sys
from collections import defaultdict
from dataclasses import replace

import pytest

from dcmecho.diagnosis.events import Event, LogLine, RunFinished
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.check import Check, start_all
from tests.network.diagnose.diagnosing import diagnose
from tests.network.peers.real_peers import RealPeer

_PATIENCE_S = 120.0
_MANY = 24


def kernel_said(report: Report, stage: StageId) -> dict[str, JsonValue]:
    (evidence,) = (
        each for each in report.stage(stage).evidence if each.kind is EvidenceKind.TCP_INFO
    )
    return dict(evidence.data)


def milliseconds(value: JsonValue) -> float:
    assert isinstance(value, float | int)
    return value


@pytest.mark.skipif(sys.platform != "linux", reason="TCP_INFO is Linux's")
def test_of_path_and_answer(storescp: RealPeer) -> None:
    report = diagnose(storescp.target("STORESCP", "MY_WORKSTATION"))
    path = kernel_said(report, StageId.CONNECT)
    assert path["total_retransmits"] == 0
    assert milliseconds(path["path_mtu_bytes"]) >= 1280
    assert milliseconds(path["min_rtt_ms"]) > 0
    said = kernel_said(report, StageId.ECHO)
    elapsed_ms = report.stage(StageId.ECHO).elapsed_ms
    assert elapsed_ms is not None
    assert milliseconds(said["elapsed_ms"]) == pytest.approx(elapsed_ms, abs=0.001)
    shares = milliseconds(said["network_ms"]) + milliseconds(said["application_ms"])
    assert shares == pytest.approx(elapsed_ms, abs=0.01)


def test_each_of_many_runs_at_once_tells_what_it_saw_in_the_order_of_time(
    storescp: RealPeer,
) -> None:
    """The kernel gives the time of an answer; dcmecho gives the time of the request."""
    told: dict[str, list[float]] = defaultdict(list)
    reports: list[Report] = []

    def emit(event: Event) -> None:
        if isinstance(event, LogLine):
            told[event.run_id].append(event.at_ms)
        elif isinstance(event, RunFinished):
            reports.append(event.report)

    target = storescp.target("STORESCP", "MY_WORKSTATION")
    targets = [replace(target, host=f"127.0.0.{number + 2}") for number in range(_MANY)]
    assert start_all([Check(each, emit) for each in targets]).join(_PATIENCE_S)
    assert len(reports) == _MANY
    for report in reports:
        assert report.verdict.status is VerdictStatus.OK
        at_ms = told[report.run_id]
        assert at_ms == sorted(at_ms)
        elapsed_ms = [result.elapsed_ms or 0.0 for result in report.stages]
        assert min(elapsed_ms) >= 0
        assert sum(elapsed_ms) <= report.elapsed_ms
