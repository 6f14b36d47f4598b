"""What Linux measured of a real connection stands in the report."""

from __future__ import annotations

import sys

import pytest

from dcmecho.diagnosis.model import EvidenceKind, JsonValue, Report, StageId
from tests.network.diagnosing import diagnose
from tests.network.real_peers import RealPeer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="TCP_INFO is Linux's")


def kernel_said(report: Report, stage: StageId) -> dict[str, JsonValue]:
    (evidence,) = (
        each for each in report.stage(stage).evidence if each.kind is EvidenceKind.TCP_INFO
    )
    return dict(evidence.data)


def milliseconds(value: JsonValue) -> float:
    assert isinstance(value, float | int)
    return value


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
