"""The ladder against DCMTK and Orthanc: the true cause is listed, and no false cause is proven."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, exit_code
from tests.network.diagnose.diagnosing import diagnose, listed, proven
from tests.network.peers.orthanc import ECHO_FORBIDDEN, REGISTERED_BY_NAME
from tests.network.peers.real_peers import (
    ARCHIVE_TITLE,
    REGISTERED,
    REGISTERED_ELSEWHERE,
    UNREGISTERED,
    RealPeer,
)
from tests.scenarios.namespaces import has_ipv6

DCMQRSCP_SAYS_7 = {
    CauseId.AE_CALLED_UNKNOWN,
    CauseId.AE_CALLING_UNKNOWN,
    CauseId.AE_HOST_NOT_ALLOWED,
    CauseId.AE_CASE,
}
"""Possible causes of a 1/1/7 there; the answer does not say which one it is."""


def assert_green(report: Report) -> None:
    assert report.verdict.status is VerdictStatus.OK
    assert exit_code(report) is ExitCode.OK
    assert not report.causes


def assert_rejected(report: Report, triple: tuple[int, int, int]) -> None:
    assert report.verdict.stage is StageId.AE_TITLE
    assert exit_code(report) is ExitCode.REJECTED
    (rejection,) = (
        evidence.data
        for evidence in report.stage(StageId.AE_TITLE).evidence
        if evidence.kind is EvidenceKind.ASSOCIATION_REJECTED
    )
    assert (rejection["result"], rejection["source"], rejection["reason"]) == triple
    assert not proven(report)


def assert_aborted_at_echo(report: Report) -> None:
    assert report.verdict.stage is StageId.ECHO
    assert exit_code(report) is ExitCode.ABORTED
    assert CauseId.AUTH_PER_COMMAND in listed(report)
    assert not proven(report)


@pytest.mark.parametrize("called_ae", [ARCHIVE_TITLE, "WRONG"])
def test_storescp_answers_everyone(storescp: RealPeer, called_ae: str) -> None:
    assert_green(diagnose(storescp.target(called_ae, UNREGISTERED)))


class TestDcmqrscp:
    def test_right(self, dcmqrscp: RealPeer) -> None:
        assert_green(diagnose(dcmqrscp.target(ARCHIVE_TITLE, REGISTERED)))

    @pytest.mark.parametrize(
        ("called_ae", "calling_ae"),
        [
            pytest.param("WRONG", REGISTERED, id="wrong called"),
            pytest.param(ARCHIVE_TITLE, UNREGISTERED, id="wrong calling"),
            pytest.param(ARCHIVE_TITLE.lower(), REGISTERED, id="wrong case of called"),
            pytest.param(ARCHIVE_TITLE, REGISTERED.lower(), id="wrong case of calling"),
            pytest.param(ARCHIVE_TITLE, REGISTERED_ELSEWHERE, id="wrong host"),
        ],
    )
    def test_one_answer_for_all_that_is_wrong(
        self, dcmqrscp: RealPeer, called_ae: str, calling_ae: str
    ) -> None:
        report = diagnose(dcmqrscp.target(called_ae, calling_ae))
        assert_rejected(report, (1, 1, 7))
        assert listed(report) >= DCMQRSCP_SAYS_7

    def test_a_rejection_that_is_closed_at_once_is_never_lost(self, dcmqrscp: RealPeer) -> None:
        target = dcmqrscp.target("WRONG", REGISTERED)
        for _ in range(20):
            assert_rejected(diagnose(target), (1, 1, 7))


@pytest.mark.skipif(not has_ipv6(), reason="the kernel speaks no IPv6")
def test_a_server_on_ipv4_that_is_asked_on_ipv6_is_said_to_listen_on_ipv4(
    storescp: RealPeer,
) -> None:
    report = diagnose(replace(storescp.target(ARCHIVE_TITLE, REGISTERED), host="::1"))
    told = [each.text for each in report.stage(StageId.CONNECT).evidence]
    assert proven(report) == {CauseId.TCP_REFUSED}
    assert any("listen on IPv4 only" in text for text in told)
    lines = [each.text for each in report.causes[0].behind]
    assert "The peer listens on IPv4 only, you use IPv6" in lines


class TestOrthancByDefault:
    @pytest.mark.parametrize("called_ae", [ARCHIVE_TITLE, "WRONG"])
    @pytest.mark.parametrize("calling_ae", [REGISTERED, UNREGISTERED])
    def test_answers_everyone(
        self, orthanc_default: RealPeer, called_ae: str, calling_ae: str
    ) -> None:
        assert_green(diagnose(orthanc_default.target(called_ae, calling_ae)))


class TestOrthancThatChecksTheCalledTitle:
    def test_rejects_another_title(self, orthanc_checks_called_title: RealPeer) -> None:
        report = diagnose(orthanc_checks_called_title.target("WRONG", REGISTERED))
        assert_rejected(report, (1, 1, 7))
        assert CauseId.AE_CALLED_UNKNOWN in listed(report)

    @pytest.mark.parametrize("called_ae", [ARCHIVE_TITLE, ARCHIVE_TITLE.lower()])
    def test_takes_its_own_in_any_case_from_everyone(
        self, orthanc_checks_called_title: RealPeer, called_ae: str
    ) -> None:
        assert_green(diagnose(orthanc_checks_called_title.target(called_ae, UNREGISTERED)))


class TestOrthancThatChecksEachCommand:
    def test_right(self, orthanc_checks_each_command: RealPeer) -> None:
        assert_green(diagnose(orthanc_checks_each_command.target(ARCHIVE_TITLE, REGISTERED)))

    @pytest.mark.parametrize("calling_ae", [UNREGISTERED, REGISTERED_ELSEWHERE, ECHO_FORBIDDEN])
    def test_accepts_a_stranger_and_aborts_its_echo(
        self, orthanc_checks_each_command: RealPeer, calling_ae: str
    ) -> None:
        target = orthanc_checks_each_command.target(ARCHIVE_TITLE, calling_ae)
        assert_aborted_at_echo(diagnose(target))

    def test_rejects_another_called_title(self, orthanc_checks_each_command: RealPeer) -> None:
        report = diagnose(orthanc_checks_each_command.target("WRONG", REGISTERED))
        assert_rejected(report, (1, 1, 7))
        assert CauseId.AE_CALLED_UNKNOWN in listed(report)


class TestOrthancThatChecksTheAssociation:
    def test_right(self, orthanc_checks_association: RealPeer) -> None:
        assert_green(diagnose(orthanc_checks_association.target(ARCHIVE_TITLE, REGISTERED)))

    @pytest.mark.parametrize(
        ("calling_ae", "true_cause"),
        [
            (UNREGISTERED, CauseId.AE_CALLING_UNKNOWN),
            (REGISTERED_ELSEWHERE, CauseId.AE_HOST_NOT_ALLOWED),
            (REGISTERED_BY_NAME, CauseId.AE_HOST_NOT_ALLOWED),
        ],
    )
    def test_says_calling_title_for_a_wrong_host_too(
        self, orthanc_checks_association: RealPeer, calling_ae: str, true_cause: CauseId
    ) -> None:
        report = diagnose(orthanc_checks_association.target(ARCHIVE_TITLE, calling_ae))
        assert_rejected(report, (1, 1, 3))
        assert true_cause in listed(report)

    def test_a_host_name_that_is_registered_is_said_to_match_no_address(
        self, orthanc_checks_association: RealPeer
    ) -> None:
        target = orthanc_checks_association.target(ARCHIVE_TITLE, REGISTERED_BY_NAME)
        (found,) = (c for c in diagnose(target).causes if c.id is CauseId.AE_HOST_NOT_ALLOWED)
        (action,) = (each for each in found.actions if "host name" in each)
        assert "enter 127.0.0.1 instead" in action
        assert any("a host name never matches" in str(hint) for hint in found.where)

    def test_aborts_an_echo_that_is_forbidden(self, orthanc_checks_association: RealPeer) -> None:
        target = orthanc_checks_association.target(ARCHIVE_TITLE, ECHO_FORBIDDEN)
        assert_aborted_at_echo(diagnose(target))
