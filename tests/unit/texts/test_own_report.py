"""A pasted report of dcmecho is read as what it says, however it was pasted."""

from __future__ import annotations

import textwrap
from datetime import UTC, datetime

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.texts.explaining import explain
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.report.diagnose import render

TARGET = Target("192.0.2.7", 11112, "MAIN_PACS", "CT1")
VALUES = {"called_ae": "MAIN_PACS", "calling_ae": "CT1", "port": "11112", "triple": "1/3/56"}


def report(
    *causes: tuple[CauseId, Confidence],
    status: VerdictStatus = VerdictStatus.FAILED,
    target: Target = TARGET,
) -> str:
    found = tuple(CAUSES.describe(cause, sure, VALUES) for cause, sure in causes)
    stage = StageId.ASSOCIATE
    return render(
        Report(
            run_id="",
            started=datetime(2026, 12, 1, tzinfo=UTC),
            elapsed_ms=7.0,
            target=target,
            verdict=Verdict(status, stage, "rejected 1/3/56: odd", EvidenceKind.PEER_ODD),
            causes=found,
            stages=(),
            proven=(),
            not_proven=(),
        )
    )


def told(text: str) -> ObservedAssociation:
    (failure,) = explain([[text.encode()]]).failures
    return failure


@pytest.mark.parametrize("cause", list(CauseId))
def test_each_cause_is_read_by_its_title(cause: CauseId) -> None:
    failure = told(report((cause, Confidence.LIKELY)))
    assert [each.id for each in failure.causes] == [cause]


SEVERAL = report(
    (CauseId.PEER_CLOSED_ON_REQUEST, Confidence.LIKELY),
    (CauseId.PEER_IS_TLS, Confidence.POSSIBLE),
    (CauseId.AUTH_IDENTITY_REQUIRED, Confidence.POSSIBLE),
)


@pytest.mark.parametrize(
    "text",
    [
        SEVERAL,
        SEVERAL.replace("\n", "\r\n"),
        textwrap.indent(SEVERAL, "> "),
        "\n".join(
            line for long in SEVERAL.splitlines() for line in textwrap.wrap(long, 60) or [""]
        ),
        f"E: rejected 1/3/56: odd\n{SEVERAL}",
    ],
)
def test_all_of_it_is_read_with_its_target(text: str) -> None:
    failure = told(text)
    assert [(each.id.value, each.confidence.value) for each in failure.causes] == [
        ("peer.closed-on-request", "likely"),
        ("peer.is-tls", "possible"),
        ("auth.identity-required", "possible"),
    ]
    verdict, target = failure.report.verdict, failure.report.target
    assert (verdict.status, verdict.stage) == (VerdictStatus.FAILED, StageId.ASSOCIATE)
    assert verdict.title.startswith("a report of dcmecho: rejected 1/3/56")
    assert (target.host, target.port, target.called_ae, target.calling_ae) == (
        "192.0.2.7",
        11112,
        "MAIN_PACS",
        "CT1",
    )
    assert failure.report.not_proven[0] == "whether it is still so: dcmecho reported it then"


def test_it_is_as_sure_as_it_was() -> None:
    failure = told(report((CauseId.ASSOC_LIMIT, Confidence.PROVEN)))
    assert failure.causes[0].confidence is Confidence.PROVEN


def test_a_title_with_a_space_is_read_from_its_bytes() -> None:
    odd = Target("192.0.2.7", 11112, " MAIN_PACS", "CT1")
    failure = told(report((CauseId.AE_SPACES, Confidence.LIKELY), target=odd))
    assert "MAIN_PACS" in failure.report.target.called_ae
    assert len(failure.causes) == 1


def test_two_reports_are_two_and_a_good_one_is_no_failure() -> None:
    first = report((CauseId.ASSOC_LIMIT, Confidence.PROVEN))
    second = report((CauseId.PEER_SILENT, Confidence.LIKELY))
    good = SEVERAL.split("FAILED")[0] + "OK: C-ECHO-RSP 0x0000, success\n"
    found = explain([[f"{first}{good}{second}".encode()]])
    assert [each.causes[0].id.value for each in found.failures] == ["assoc.limit", "peer.silent"]
    assert found.fine == 1


def test_what_a_report_says_of_dcmecho_is_no_command() -> None:
    text = SEVERAL.replace("FAILED", "FAIL  Association  before dcmecho sent   25 ms\n\nFAILED")
    assert told(text).report.target.port == 11112
    again = f"{SEVERAL}\nuser@host:~$ dcmecho -aec PACS2 192.0.2.9 104\nE: rejected 1/1/7: called\n"
    found = explain([[again.encode()]]).failures
    assert [each.report.target.port for each in found] == [11112, 104]


def test_words_alone_are_no_report() -> None:
    text = b"possible  The peer's name server does not answer\nlikely  Port 1 refuses connections"
    assert not explain([[text]]).is_dicom
