"""Experiments on real peers, each in every misconfiguration: the true cause is always listed.

All investigations run at once, as most of their time is the pause between two associations.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.events import Event, StageFinished
from dcmecho.diagnosis.experiments.families import family_of
from dcmecho.diagnosis.experiments.plans import (
    Attempt,
    Experiment,
    ExperimentId,
    OperatorSetup,
    possible_experiments,
)
from dcmecho.diagnosis.investigation import PAUSE_S, Investigation
from dcmecho.diagnosis.product import Product
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import start, start_experiment
from dcmecho.lab.behaviour import AwaitBytes, Close, Hold, Script
from dcmecho.lab.peers import PEERS as LAB_PEERS
from dcmecho.lab.server import Lab
from tests.network.diagnose.diagnosing import diagnose, listed, proven
from tests.network.experiments.investigating import NONSENSE, investigate
from tests.network.experiments.misconfigurations import CASES, FAMILIES, GREEN, LAB, WRONG, Case
from tests.network.peers.pynetdicom_archive import pynetdicom_archive
from tests.network.peers.real_peers import (
    ANOTHER_ADDRESS,
    ARCHIVE_TITLE,
    REGISTERED,
    UNREGISTERED,
    RealPeer,
)
from tests.network.peers.scripted import ServePeer
from tests.network.tls.certificates import Certificates
from tests.network.tls.peer import drop_strangers
from tests.network.tls.scenario import OLD, STRANGER, ask
from tests.network.tls.servers import (
    ClientCertificate,
    OrthancServer,
    PythonServer,
    Server,
    Servers,
    Storescp,
)
from tests.unit.experiments.answered import rejected

_MANY = 40
_DEADLINE_S = 45.0


@pytest.fixture(scope="module")
def pynetdicom_default() -> Iterator[RealPeer]:
    with pynetdicom_archive(checks_called=False, checks_calling=False) as peer:
        yield peer


@pytest.fixture(scope="module")
def pynetdicom_checks_called() -> Iterator[RealPeer]:
    with pynetdicom_archive(checks_called=True, checks_calling=False) as peer:
        yield peer


@pytest.fixture(scope="module")
def pynetdicom_checks_calling() -> Iterator[RealPeer]:
    with pynetdicom_archive(checks_called=False, checks_calling=True) as peer:
        yield peer


@pytest.fixture(scope="module")
def pynetdicom_checks_both() -> Iterator[RealPeer]:
    with pynetdicom_archive(checks_called=True, checks_calling=True) as peer:
        yield peer


@dataclass(frozen=True)
class Question:
    """One investigation: the peer (or lab peer, or server), and the values to use."""

    peer: str
    wrong: str = ""


Findings = Callable[[Question], Investigation]


@pytest.fixture(scope="module")
def findings(request: pytest.FixtureRequest, lab: Lab) -> Iterator[Findings]:
    """Run every investigation at once; a peer that is not installed skips its own tests only."""
    found: dict[Question, Future[Investigation]] = {}
    missing: dict[str, str] = {}
    with ThreadPoolExecutor(_MANY) as pool:
        for peer_id, target in _lab_targets(lab).items():
            question = Question(peer_id)
            found[question] = pool.submit(
                investigate, target, ("WORKSTATION_1",), ("127.0.0.2", ANOTHER_ADDRESS)
            )
        for name in dict.fromkeys((*CASES, *GREEN)):
            try:
                peer: RealPeer = request.getfixturevalue(name)
            except pytest.skip.Exception as skip:
                missing[name] = str(skip)
                continue
            for case in CASES.get(name, ()):
                target = peer.target(case.called_ae, case.calling_ae)
                found[Question(name, case.wrong)] = pool.submit(
                    investigate, target, case.own_titles, case.addresses
                )
            right = peer.target(ARCHIVE_TITLE, REGISTERED)
            found[Question(name)] = pool.submit(investigate, right)

        def answer(question: Question) -> Investigation:
            if question.peer in missing:
                pytest.skip(missing[question.peer])
            return found[question].result(_DEADLINE_S)

        yield answer


def _lab_targets(lab: Lab) -> dict[str, Target]:
    return {
        peer.id: target
        for peer, target in zip(LAB_PEERS, lab.targets(), strict=True)
        if peer.id in LAB
    }


def assert_true_cause(report: Report, cause: CauseId, sure: Confidence, *, first: bool) -> None:
    suspects = [(each.id, each.confidence) for each in report.causes]
    told = suspects, [(each.id, each.outcome, each.split) for each in report.experiments]
    assert (cause, sure) in suspects, told
    assert proven(report) <= {cause}, told
    if first:
        assert suspects[0] == (cause, sure), told


@pytest.mark.parametrize(
    ("peer", "case"),
    [
        pytest.param(peer, case, id=f"{peer}, {case.wrong}")
        for peer, cases in CASES.items()
        for case in cases
    ],
)
def test_the_true_cause_is_listed_and_no_false_one_proven(
    findings: Findings, peer: str, case: Case
) -> None:
    report = findings(Question(peer, case.wrong)).report
    assert_true_cause(report, case.cause, case.sure, first=case.first)


@pytest.mark.parametrize("peer_id", list(LAB))
def test_the_practice_peers_are_told_apart(findings: Findings, peer_id: str) -> None:
    cause, sure = LAB[peer_id]
    assert_true_cause(findings(Question(peer_id)).report, cause, sure, first=True)


def test_a_title_that_may_not_use_c_echo_is_known_to_be_right(findings: Findings) -> None:
    """Orthanc with AllowEcho false."""
    report = findings(Question("orthanc_checks_association", "echo forbidden")).report
    assert (
        "the peer checks the calling AE title: it accepts this one and rejects a made-up one"
        in report.proven
    )


@pytest.mark.parametrize("peer", list(GREEN))
def test_which_titles_a_green_peer_checks(findings: Findings, peer: str) -> None:
    report = findings(Question(peer)).report
    assert report.verdict.status is VerdictStatus.OK
    assert [each.id for each in report.experiments] == ["control.calling", "control.called"]
    for title, checks in zip(("called", "calling"), GREEN[peer], strict=True):
        known = (
            f"the peer checks the {title} AE title: it accepts this one and rejects a made-up one"
        )
        unchecked = f"the peer does not check the {title} AE title: a made-up one is accepted too"
        assert (known in report.proven) is (checks is True)
        assert (unchecked in report.proven) is (checks is False)


@pytest.mark.parametrize("peer", list(FAMILIES))
def test_a_fingerprint_names_the_family(request: pytest.FixtureRequest, peer: str) -> None:
    target = request.getfixturevalue(peer).target(WRONG, UNREGISTERED)
    experiment = fingerprint(target)
    report = start(experiment.target, lambda _event: None, experiment.options).join(_DEADLINE_S)
    assert report is not None
    assert FAMILIES[peer] in family_of(report.stages).words


@pytest.mark.parametrize(
    ("peer", "products"),
    [
        ("dcmqrscp", {Product.DCMTK}),
        ("orthanc_checks_association", {Product.ORTHANC, Product.DCMTK}),
    ],
)
def test_a_fingerprint_leaves_the_hints_of_the_product(
    request: pytest.FixtureRequest, peer: str, products: set[Product]
) -> None:
    target = request.getfixturevalue(peer).target(WRONG, UNREGISTERED)
    first = Investigation.of(diagnose(target), OperatorSetup(NONSENSE))
    experiment = fingerprint(target)
    report = start_experiment(first, experiment, lambda _: None).join(_DEADLINE_S)
    assert report is not None
    before, after = first.report.causes[0], first.with_result(experiment, report).report.causes[0]
    assert {hint.product for hint in before.where} == set(Product)
    assert {hint.product for hint in after.where} == products


def fingerprint(target: Target) -> Experiment:
    """Plan the fingerprint, as after a rejection."""
    first = [Attempt(None, rejected(1, 1, 7).stages)]
    planned = possible_experiments(first, target, OperatorSetup(NONSENSE))
    (found,) = (each for each in planned if each.id is ExperimentId.FINGERPRINT)
    return found


NO_CERTIFICATE = ClientCertificate.NOT_WANTED
OPTIONAL, REQUIRED = ClientCertificate.OPTIONAL, ClientCertificate.REQUIRED


class TestFlipTls:
    @pytest.mark.parametrize(
        "server",
        [
            Storescp(NO_CERTIFICATE),
            Storescp(REQUIRED),
            OrthancServer(NO_CERTIFICATE),
            PythonServer(versions=OLD),
        ],
        ids=str,
    )
    def test_a_tls_port_asked_plainly(self, tls_servers: Servers, server: Server) -> None:
        investigation = investigate(plain(tls_servers.port_of(server)))
        assert investigation.first.verdict.stage is StageId.ASSOCIATE
        assert not proven(investigation.first)
        assert proven(investigation.report) == {CauseId.PEER_IS_TLS}

    @pytest.mark.parametrize("peer", ["storescp", "orthanc_default", "dcmqrscp"])
    def test_a_plain_port_asked_with_tls(
        self, request: pytest.FixtureRequest, certificates: Certificates, peer: str
    ) -> None:
        target = request.getfixturevalue(peer).target(ARCHIVE_TITLE, UNREGISTERED)
        settings = TlsSettings(ca_files=(str(certificates.ca_file),))
        investigation = investigate(replace(target, tls=settings))
        assert investigation.first.verdict.stage is StageId.TLS
        assert not proven(investigation.first)
        assert proven(investigation.report) == {CauseId.TLS_PEER_IS_PLAIN}

    @pytest.mark.parametrize(
        "script",
        [Script((Hold(),)), Script((AwaitBytes(), Close()))],
        ids=["silent", "closes at any request"],
    )
    @pytest.mark.parametrize("tls", [None, TlsSettings(verify=False)], ids=["plain", "TLS"])
    def test_a_peer_that_says_nothing_to_either_proves_nothing(
        self, serve_peer: ServePeer, script: Script, tls: TlsSettings | None
    ) -> None:
        target = replace(serve_peer(script), tls=tls, connect_timeout_s=0.5, acse_timeout_s=0.5)
        investigation = investigate(target)
        assert "flip.tls" in [each.id for each in investigation.report.experiments]
        assert not proven(investigation.report)
        wrong_kind = CauseId.TLS_PEER_IS_PLAIN if tls else CauseId.PEER_IS_TLS
        assert wrong_kind in listed(investigation.report)


class TestWithoutCertificate:
    """A server that closes without an alert, if it does not trust the certificate, as Node does."""

    @pytest.mark.parametrize(
        ("demands", "sure"),
        [(OPTIONAL, Confidence.PROVEN), (REQUIRED, Confidence.LIKELY)],
        ids=["optional", "required"],
    )
    def test_a_strangers_certificate(
        self,
        tls_servers: Servers,
        certificates: Certificates,
        demands: ClientCertificate,
        sure: Confidence,
    ) -> None:
        server = PythonServer(client_certificate=demands, act=drop_strangers)
        settings = ask(showing=STRANGER)(certificates)
        target = replace(plain(tls_servers.port_of(server)), tls=settings)
        report = investigate(target).report
        assert "without.certificate" in [each.id for each in report.experiments]
        assert_true_cause(report, CauseId.TLS_CLIENT_CERT_REFUSED, sure, first=True)


def plain(port: int) -> Target:
    return RealPeer(port).target(ARCHIVE_TITLE, REGISTERED)


class TestPause:
    def test_an_experiment_waits_before_it_connects(self, lab: Lab) -> None:
        """The pause of the budget counts from the end of the previous run."""
        investigation = Investigation.of(first_report(lab), OperatorSetup(NONSENSE))
        (experiment, *_) = investigation.possible()
        heard: list[tuple[float, Event]] = []
        began = time.monotonic()
        run = start_experiment(
            investigation, experiment, lambda event: heard.append((time.monotonic(), event))
        )
        assert run.join(_DEADLINE_S) is not None
        assert heard[0][0] - began >= PAUSE_S

    def test_cancelled_in_the_pause_it_never_connects(self, lab: Lab) -> None:
        investigation = Investigation.of(first_report(lab), OperatorSetup(NONSENSE))
        (experiment, *_) = investigation.possible()
        events: list[Event] = []
        run = start_experiment(investigation, replace(experiment, wait_s=600.0), events.append)
        run.cancel()
        report = run.join(_DEADLINE_S)
        assert report is not None
        assert report.verdict.status is VerdictStatus.CANCELLED
        assert investigation.with_result(experiment, report) == investigation
        passed = [e.result.id for e in events if isinstance(e, StageFinished) and e.result.evidence]
        assert StageId.ASSOCIATE not in passed


def first_report(lab: Lab) -> Report:
    report = start(_lab_targets(lab)["called-unknown"], lambda _event: None).join(_DEADLINE_S)
    assert report is not None
    return report


def test_times_count_from_the_end_of_the_pause(storescp: RealPeer) -> None:
    first = diagnose(storescp.target(ARCHIVE_TITLE, UNREGISTERED))
    investigation = Investigation.of(first, OperatorSetup("NOSUCH123"))
    made = start_experiment(investigation, investigation.possible()[0], lambda _event: None)
    report = made.join(20.0)
    assert report is not None
    last = [evidence for stage in report.stages for evidence in stage.evidence][-1]
    assert last.at_ms <= report.elapsed_ms
