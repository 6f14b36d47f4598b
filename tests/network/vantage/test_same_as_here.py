"""From a vantage point a run finds what a run on that machine finds: here both are this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


_RACES = ("resets-on-connect", "closes-on-connect", "tls-drops-certificate")
"""End before or after our request is sent, as the moment has it."""
_ATTEMPTS = 4

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
    attempts = _ATTEMPTS if peer.id in _RACES else 1
    pairs = [(seen_from_both(peer, there)) for _ in range(attempts)]

    assert {from_there for from_there, _ in pairs} & {from_here for _, from_here in pairs}


def seen_from_both(peer: LabPeer, there: FromThere) -> tuple[str, str]:
    return _check(peer, there.check), _check(peer, diagnose)


def _check(peer: LabPeer, check: Callable[[Target], Report]) -> str:
    # A lab of its own, because some peers answer each association differently.
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        return repr(seen(check(replace(target, acse_timeout_s=1.0, dimse_timeout_s=1.0))))


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
