"""What a newcomer sees in the demo: the right stage, exit code and causes for every peer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.conclusion.repeats import over_all
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab.peer import LabPeer
from dcmecho.lab.peers import PEERS
from dcmecho.lab.peers.move_and_store import RETRIEVAL
from dcmecho.lab.server import Lab
from tests.network.diagnose.diagnosing import diagnose, listed, proven

RETRIEVAL_IDS = tuple(peer.id for peer in RETRIEVAL)
"""C-ECHO passes on all of them; the return connection or storage fails."""

ENDS_AT = {
    "healthy": (StageId.RELEASE, ExitCode.OK),
    "slow-name-lookup": (StageId.ASSOCIATE, ExitCode.OK),
    "release-unanswered": (StageId.RELEASE, ExitCode.OK),
    "called-unknown": (StageId.AE_TITLE, ExitCode.REJECTED),
    "calling-unknown": (StageId.AE_TITLE, ExitCode.REJECTED),
    "ambiguous-rejection": (StageId.AE_TITLE, ExitCode.REJECTED),
    "wrong-address": (StageId.AE_TITLE, ExitCode.REJECTED),
    "title-case": (StageId.AE_TITLE, ExitCode.REJECTED),
    "title-space": (StageId.AE_TITLE, ExitCode.REJECTED),
    "aborts-first-command": (StageId.ECHO, ExitCode.ABORTED),
    "echo-forbidden": (StageId.ECHO, ExitCode.ABORTED),
    "congestion": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "limit": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "limit-as-version": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "identity-required": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "unlisted-rejection": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "application-context": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "protocol-version": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "aborts-request": (StageId.ASSOCIATE, ExitCode.ABORTED),
    "verification-refused": (StageId.CONTEXT, ExitCode.CONTEXT),
    "rejects-verification": (StageId.ASSOCIATE, ExitCode.REJECTED),
    "transfer-syntax-refused": (StageId.CONTEXT, ExitCode.CONTEXT),
    "context-refused": (StageId.CONTEXT, ExitCode.CONTEXT),
    "echo-status": (StageId.ECHO, ExitCode.ECHO_STATUS),
    "echo-unanswered": (StageId.ECHO, ExitCode.NO_ECHO),
    "echo-closes": (StageId.ECHO, ExitCode.ABORTED),
    "echo-other-message": (StageId.ECHO, ExitCode.NO_ECHO),
    "tls-healthy": (StageId.RELEASE, ExitCode.OK),
    "tls-drops-certificate": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "http": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "ssh": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "tls": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "ftp": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "malformed": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "half-pdu": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "endless-pdu": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "silent": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "closes-on-connect": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "closes-on-request": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "resets-on-request": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "one-of-three-dead": (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
    "closed-port": (StageId.CONNECT, ExitCode.TCP),
    "full-queue": (StageId.CONNECT, ExitCode.TCP),
    "uncompressed-only": (StageId.RELEASE, ExitCode.OK),
    "refuses-queries": (StageId.RELEASE, ExitCode.OK),
    "rejects-unknown-services": (StageId.RELEASE, ExitCode.OK),
    "film-printer": (StageId.RELEASE, ExitCode.OK),
    "large-requests": (StageId.RELEASE, ExitCode.OK),
    **dict.fromkeys(RETRIEVAL_IDS, (StageId.RELEASE, ExitCode.OK)),
}

STATUS = {
    "healthy": VerdictStatus.OK,
    "slow-name-lookup": VerdictStatus.WARNING,
    "release-unanswered": VerdictStatus.WARNING,
    "tls-healthy": VerdictStatus.OK,
    "uncompressed-only": VerdictStatus.OK,
    "refuses-queries": VerdictStatus.OK,
    "rejects-unknown-services": VerdictStatus.OK,
    "film-printer": VerdictStatus.OK,
    "large-requests": VerdictStatus.OK,
    **dict.fromkeys(RETRIEVAL_IDS, VerdictStatus.OK),
}
"""All others fail."""

CAUSES = {
    "healthy": "",
    "tls-healthy": "",
    "uncompressed-only": "",
    "refuses-queries": "",
    "rejects-unknown-services": "",
    "film-printer": "",
    "large-requests": "",
    **dict.fromkeys(RETRIEVAL_IDS, ""),
    "slow-name-lookup": "likely peer.name-lookup, possible peer.slow",
    "release-unanswered": "proven release.no-answer",
    "called-unknown": "likely ae.called-unknown, possible ae.calling-unknown,"
    " possible ae.host-not-allowed, possible ae.case",
    "calling-unknown": "likely ae.calling-unknown, possible ae.host-not-allowed, possible ae.case",
    "ambiguous-rejection": "likely ae.called-unknown, possible ae.calling-unknown,"
    " possible ae.host-not-allowed, possible ae.case",
    "wrong-address": "likely ae.calling-unknown, possible ae.host-not-allowed, possible ae.case",
    "title-case": "likely ae.called-unknown, likely ae.case, possible ae.calling-unknown,"
    " possible ae.host-not-allowed",
    "title-space": "likely ae.called-unknown, likely ae.spaces, possible ae.calling-unknown,"
    " possible ae.host-not-allowed, possible ae.case",
    "aborts-first-command": "likely auth.per-command, possible echo.aborted",
    "echo-forbidden": "likely auth.per-command, possible echo.aborted",
    "congestion": "proven assoc.congestion",
    "limit": "proven assoc.limit",
    "limit-as-version": "likely assoc.limit, possible assoc.protocol-version",
    "identity-required": "likely assoc.rejected, possible assoc.limit,"
    " possible auth.identity-required",
    "unlisted-rejection": "proven assoc.rejected",
    "application-context": "proven assoc.app-context",
    "protocol-version": "proven assoc.protocol-version",
    "aborts-request": "likely assoc.aborted, possible ae.calling-unknown,"
    " possible ae.called-unknown, possible ae.host-not-allowed, possible ae.case",
    "verification-refused": "likely context.sop-class-refused,"
    " possible context.transfer-syntax-refused",
    "rejects-verification": "likely assoc.rejected, possible context.refused,"
    " possible auth.identity-required",
    "transfer-syntax-refused": "proven context.transfer-syntax-refused",
    "context-refused": "likely context.refused, possible context.sop-class-refused",
    "echo-status": "proven echo.status",
    "echo-unanswered": "proven echo.no-answer",
    "echo-closes": "likely echo.closed, possible auth.per-command",
    "echo-other-message": "proven peer.malformed",
    "tls-drops-certificate": "likely tls.client-cert-refused, likely peer.closed-on-connect",
    "http": "proven peer.is-http",
    "ssh": "proven peer.is-ssh",
    "tls": "proven peer.is-tls",
    "ftp": "proven peer.is-other",
    "malformed": "proven peer.malformed",
    "half-pdu": "likely peer.malformed, possible tcp.no-answer",
    "endless-pdu": "likely peer.malformed, possible peer.is-other",
    "silent": "likely peer.silent, possible peer.name-lookup, possible peer.is-http,"
    " possible peer.is-tls, possible peer.is-other",
    "closes-on-connect": "proven peer.closed-on-connect",
    "closes-on-request": "likely peer.closed-on-request, possible peer.is-tls,"
    " possible peer.closed-on-connect",
    "resets-on-connect": "proven tcp.reset",
    "resets-on-request": "likely peer.reset-on-request, possible peer.is-tls,"
    " possible peer.closed-on-connect, possible tcp.reset",
    "one-of-three-dead": "likely peer.reset-on-request, possible peer.is-tls,"
    " possible peer.closed-on-connect, possible tcp.reset",
    "closed-port": "proven tcp.refused",
    "full-queue": "proven tcp.no-answer",
}
"""Each cause with its confidence, in the order in which it is listed."""

CAUSES_WHERE_OUR_REQUEST_WAS_QUICKER = {
    "tls-drops-certificate": "likely tls.client-cert-refused, likely peer.closed-on-request,"
    " possible peer.closed-on-connect",
    "closes-on-connect": CAUSES["closes-on-request"],
    "resets-on-connect": CAUSES["resets-on-request"],
}
"""On a busy machine these close after the request was sent, and the reason is not visible."""

RESET_BEFORE_OR_AFTER_CONNECT_RETURNS = {
    (StageId.CONNECT, ExitCode.TCP),
    (StageId.ASSOCIATE, ExitCode.NOT_DICOM),
}
"""The kernel reports a quick RST either in connect(2) or at the first read."""


def target_of(lab: Lab, peer_id: str) -> Target:
    (target,) = (
        target for peer, target in zip(PEERS, lab.targets(), strict=True) if peer.id == peer_id
    )
    return target


def _came_before_our_request(report: Report) -> bool:
    return all(
        evidence.data.get("before_request", True)
        for evidence in report.stage(StageId.ASSOCIATE).evidence
    )


@pytest.mark.parametrize("peer", PEERS, ids=lambda peer: peer.id)
def test_every_peer_is_explained(peer: LabPeer, capfd: pytest.CaptureFixture[str]) -> None:
    # A lab of its own, because some peers answer each association differently.
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        report = diagnose(target)

    end = (report.verdict.stage, exit_code(report))
    if peer.id == "resets-on-connect":
        assert end in RESET_BEFORE_OR_AFTER_CONNECT_RETURNS
    else:
        assert end == ENDS_AT[peer.id]
    assert report.verdict.status is STATUS.get(peer.id, VerdictStatus.FAILED)
    expected = CAUSES[peer.id]
    if not _came_before_our_request(report):
        expected = CAUSES_WHERE_OUR_REQUEST_WAS_QUICKER.get(peer.id, expected)
    assert ", ".join(f"{c.confidence} {c.id}" for c in report.causes) == expected
    assert listed(report) >= set(peer.causes)
    assert proven(report) <= (set(peer.causes) if len(peer.causes) == 1 else set())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("peer", [each for each in PEERS if each.causes_repeated])
def test_several_associations_show_what_one_does_not(peer: LabPeer) -> None:
    with Lab((peer,)) as lab:
        (target,) = lab.targets()
        report = over_all([diagnose(target) for _ in range(3)])
    assert report.causes[0].id is peer.causes_repeated[0]
    assert proven(report) == set()


@pytest.mark.parametrize("peer_id", ["closed-port", "full-queue"])
def test_who_opens_a_firewall_is_told_our_address(lab: Lab, peer_id: str) -> None:
    report = diagnose(target_of(lab, peer_id))
    actions = " ".join(report.causes[0].actions)
    assert "from 127.0.0.1 to 127.0.0.1:" in actions


@pytest.mark.parametrize(
    ("peer_id", "called_ae", "calling_ae"),
    [
        ("called-unknown", "MAIN_PACS", "MY_WORKSTATION"),
        ("calling-unknown", "TARGET_PACS", "WORKSTATION_1"),
        ("ambiguous-rejection", "TARGET_PACS", "WORKSTATION_1"),
        ("title-case", "MAIN_PACS", "MY_WORKSTATION"),
        ("title-space", "MAIN_PACS", "MY_WORKSTATION"),
    ],
)
def test_the_titles_that_a_story_names_turn_it_green(
    lab: Lab, peer_id: str, called_ae: str, calling_ae: str
) -> None:
    edited = replace(target_of(lab, peer_id), called_ae=called_ae, calling_ae=calling_ae)
    assert diagnose(edited).verdict.status is VerdictStatus.OK
