"""From a vantage point a run finds what a run on that machine finds: here both are this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageResult
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.vantage.vantage import Vantage
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.server import Lab
from tests.network.diagnose.diagnosing import diagnose
from tests.network.peers.real_peers import REGISTERED, RealPeer
from tests.network.peers.ssh_server import SshServer
from tests.network.tls.certificates import Certificates
from tests.network.tls.scenario import Scenario, tls_target
from tests.network.tls.scenarios import SCENARIOS
from tests.network.tls.servers import Servers
from tests.network.vantage.asking import slots_from, start_from
from tests.network.vantage.ways import vantage

_UNSTEADY = ("one-of-three-dead",)
"""Answers each association in another way."""


_OF_THE_MOMENT = (EvidenceKind.SLOW, EvidenceKind.VANTAGE_REACHED)


class FromThere:
    """Checks from one vantage point, over one line."""

    def __init__(self, point: Vantage, slots: PeerSlots) -> None:
        self._point = point
        self._slots = slots

    def check(self, target: Target) -> Report:
        run = start_from(self._point, self._slots, target)
        report = run.join(60)
        assert report is not None, run.fault
        return report


@pytest.fixture(scope="module")
def there(ssh_server: SshServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FromThere]:
    point = vantage(ssh_server, tmp_path_factory.mktemp("gateway"))
    with slots_from(point) as slots:
        yield FromThere(point, slots)


def seen(report: Report) -> object:
    """What a run found, without times, ports and what is slow, which depend on the moment."""
    return (
        report.verdict.status,
        report.verdict.stage,
        report.verdict.finding,
        [(cause.id, cause.confidence) for cause in report.causes],
        [(stage.id, stage.status, _kinds(stage)) for stage in report.stages],
    )


def _kinds(stage: StageResult) -> list[EvidenceKind]:
    return [each.kind for each in stage.evidence if each.kind not in _OF_THE_MOMENT]


@pytest.mark.parametrize(
    "peer", [peer for peer in PEERS if peer.id not in _UNSTEADY], ids=lambda peer: peer.id
)
def test_a_practice_peer(peer: LabPeer, there: FromThere) -> None:
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        quick = replace(target, acse_timeout_s=1.0, dimse_timeout_s=1.0)
        from_there = there.check(quick)
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        quick = replace(target, acse_timeout_s=1.0, dimse_timeout_s=1.0)
        from_here = diagnose(quick)

    assert seen(from_there) == seen(from_here)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.id)
def test_a_tls_server(
    scenario: Scenario, tls_servers: Servers, certificates: Certificates, there: FromThere
) -> None:
    port, settings = tls_servers.port_of(scenario.server), scenario.ask(certificates)
    target = tls_target(port, settings, scenario.patience_s)

    assert seen(there.check(target)) == seen(diagnose(target))


def test_dcmtk(storescp: RealPeer, dcmqrscp: RealPeer, there: FromThere) -> None:
    for target in (storescp.target("ANY", "ME"), dcmqrscp.target("WRONG", REGISTERED)):
        assert seen(there.check(target)) == seen(diagnose(target))


def test_orthanc(orthanc_checks_association: RealPeer, there: FromThere) -> None:
    target = orthanc_checks_association.target("WRONG", REGISTERED)

    assert seen(there.check(target)) == seen(diagnose(target))
