"""Every failure of the way to a vantage point is told as that, and never as the peer's."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Source
from dcmecho.diagnosis.stage import Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, NagiosCode, exit_code, nagios_code
from tests.network.peers.ssh_server import SshServer
from tests.network.vantage.asking import check_from
from tests.network.vantage.ways import FAILING_WAYS, Way, vantage

PEER = Target(host="192.0.2.10", port=104, called_ae="PACS", calling_ae="ME")
"""Nobody: no test sends it anything."""


@pytest.mark.parametrize("way", FAILING_WAYS, ids=lambda way: way.id)
def test_a_fault_of_the_way_is_told_as_that(
    way: Way, ssh_server: SshServer, tmp_path: Path
) -> None:
    report = check_from(vantage(ssh_server, tmp_path, way), PEER)

    assert report.verdict.status is VerdictStatus.ERROR
    assert report.verdict.finding is EvidenceKind.VANTAGE_FAILED
    assert [(cause.id, cause.confidence) for cause in report.causes] == [
        (way.cause, way.confidence)
    ]
    assert report.source is Source.VANTAGE
    assert exit_code(report) is ExitCode.NO_VANTAGE
    assert nagios_code(report) is NagiosCode.UNKNOWN
    after_the_profile = report.stages[1:]
    assert not [each for each in after_the_profile if each.status in (Status.PASSED, Status.FAILED)]
