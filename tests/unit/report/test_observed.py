"""An association of others keeps everything when it is written as JSON and read again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.causes.findings import FINDINGS, FindingId
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.observed.association import (
    UNKNOWN_PORT,
    UNKNOWN_TIME,
    Alike,
    EndedBy,
    NextKind,
    NextStep,
    ObservedAssociation,
)
from dcmecho.diagnosis.report import Report, Source
from dcmecho.diagnosis.stage import StageId, StageResult, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import Verdict, VerdictStatus
from dcmecho.report import compare, diagnose
from dcmecho.report.json.observed import observed_data
from dcmecho.report.json.reading import observed_of, report_of

LIKELY = Confidence.LIKELY
AUTH = CAUSES.describe(CauseId.AUTH_PER_COMMAND, LIKELY, {})
CRASHED = FINDINGS.describe(FindingId.QUERY_CRASHED, LIKELY, {})
ABORTED = Evidence(EvidenceKind.ASSOCIATION_ABORTED, 0.0, "aborted", {"source": 0, "reason": 0})
REPORT = Report(
    run_id="text1",
    started=UNKNOWN_TIME,
    elapsed_ms=0.0,
    target=Target("", UNKNOWN_PORT, "", ""),
    verdict=Verdict(
        VerdictStatus.FAILED, StageId.SERVICE, "aborted", EvidenceKind.ASSOCIATION_ABORTED
    ),
    causes=(AUTH,),
    stages=(StageResult(StageId.SERVICE, Status.FAILED, "aborted", evidence=(ABORTED,)),),
    proven=(),
    not_proven=("whether the peer aborted or closed",),
    source=Source.TEXT,
)
BARE = ObservedAssociation(REPORT, (AUTH, CRASHED), service="C-FIND")
AT = datetime(2026, 11, 30, 2, 10, tzinfo=UTC)
FULL = ObservedAssociation(
    replace(REPORT, started=AT, source=Source.CAPTURE),
    (CRASHED, AUTH),
    service="C-MOVE",
    client="192.0.2.1:50000",
    server="192.0.2.2:104",
    ended_by=EndedBy.SERVER,
    alike=Alike(413, AT, AT, ("MR3",)),
    next_step=NextStep(NextKind.COMMAND, "ask it yourself", "dcmecho 192.0.2.2 104"),
)


def data(observed: ObservedAssociation) -> dict[str, Any]:
    return observed_data(observed)


def test_what_is_unknown_is_empty_or_null() -> None:
    written = data(BARE)
    assert written["started"] is written["elapsed_ms"] is written["target"]["port"] is None
    assert written["target"]["host"] == written["target"]["called_ae"] == written["client"] == ""
    assert written["verdict"]["stage"] == "service"
    assert written["verdict"]["service"] == "C-FIND"
    assert [each["id"] for each in written["causes"]] == ["auth.per-command", "query.crashed"]
    assert written["ended_by"] == "unknown"


def test_an_unknown_end_has_no_exit_code() -> None:
    verdict = BARE.report.verdict._replace(status=VerdictStatus.UNKNOWN)
    unknown = replace(BARE, report=replace(REPORT, verdict=verdict))
    assert data(unknown)["verdict"]["exit_code"] is None
    assert data(BARE)["verdict"]["exit_code"] == 16


def test_it_is_read_again_whole() -> None:
    for each in (BARE, FULL):
        assert data(observed_of(data(each))) == data(each)


def test_what_reads_reports_of_checks_reads_it_too() -> None:
    report = report_of(data(FULL))
    assert report.verdict.stage is StageId.SERVICE
    assert [cause.id for cause in report.causes] == [CauseId.AUTH_PER_COMMAND]
    assert "FAILED at Service: aborted" in diagnose.render(report)
    assert compare.comparison("a", data(FULL), "b", data(FULL)).is_equal
