"""Causes in the light of what changed since it last worked: raised, never proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.conclusion.informed import informed, with_history
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.history.compared import Compared, compared_values
from dcmecho.diagnosis.history.history import NOTHING, Change, History, changes
from dcmecho.diagnosis.stage import StageId
from dcmecho.report.json.diagnose import report_data
from tests.unit.report.reports import STARTED, TARGET, ended, green, rejected_called_title

WORKED = compared_values(report_data(green()))
KNOWN = History(30, 10, 10, STARTED, WORKED)


def ids(causes: Sequence[Cause[CauseId]]) -> list[CauseId]:
    return [cause.id for cause in causes]


def test_a_changed_address_of_ours_puts_the_host_list_first() -> None:
    report = ended(
        StageId.AE_TITLE,
        EvidenceKind.ASSOCIATION_REJECTED,
        {"result": 1, "source": 1, "reason": 3},
    )
    change = Change(Compared.OUR_ADDRESS, "192.0.2.20", "192.0.2.37")
    causes = informed(report.causes, KNOWN._replace(since=(change,)))
    first = causes[0]
    assert first.id is CauseId.AE_HOST_NOT_ALLOWED
    assert first.confidence is Confidence.LIKELY
    assert "our address 192.0.2.20 -> 192.0.2.37" in first.explanation
    assert set(ids(causes)) == set(ids(report.causes))


@pytest.mark.parametrize("what", [each for each in Compared if each.row.explains])
def test_no_change_proves_anything_or_adds_a_cause(what: Compared) -> None:
    for reason in (1, 2, 3, 7):
        report = ended(
            StageId.AE_TITLE,
            EvidenceKind.ASSOCIATION_REJECTED,
            {"result": 1, "source": 1, "reason": reason},
        )
        causes = informed(report.causes, KNOWN._replace(since=(Change(what, "a", "b"),)))
        assert set(ids(causes)) == set(ids(report.causes))
        proven = [cause.id for cause in causes if cause.confidence is Confidence.PROVEN]
        before = [cause.id for cause in report.causes if cause.confidence is Confidence.PROVEN]
        assert proven == before


def test_a_proven_cause_stays_first() -> None:
    data: dict[str, JsonValue] = {"errno": 111, "timed_out": False, "elapsed_ms": 0.1}
    data |= {"peer": "192.0.2.50:104", "error": "Connection refused", "tried_from": ""}
    report = ended(StageId.CONNECT, EvidenceKind.TCP_FAILED, data)
    assert report.causes[0].confidence is Confidence.PROVEN
    change = Change(Compared.OUR_ADDRESS, "a", "b")
    assert informed(report.causes, KNOWN._replace(since=(change,))) == report.causes


def test_what_was_accepted_with_the_same_values_was_registered() -> None:
    report = rejected_called_title()
    since = tuple(changes(WORKED, compared_values(report_data(report))))
    first = informed(report.causes, KNOWN._replace(since=since))[0]
    assert first.id is CauseId.AE_CALLED_UNKNOWN
    assert "it was registered then" in first.explanation


def test_without_a_success_nothing_changes() -> None:
    report = rejected_called_title()
    assert with_history(report, NOTHING) == replace(report, history=NOTHING)
    assert with_history(report, None) == report


def test_the_facts_of_a_run() -> None:
    assert WORKED[Compared.CALLED_AE] == TARGET.called_ae
    assert WORKED[Compared.OUR_ADDRESS] == "192.0.2.20"
    assert WORKED[Compared.PEER_ADDRESS] == "192.0.2.50"
    assert WORKED[Compared.TCP] == "open"
    assert WORKED[Compared.ECHO] == 0
    failed = compared_values(report_data(rejected_called_title()))
    assert failed[Compared.ASSOCIATION] == "rejected 1/1/7"
    assert Compared.ECHO not in failed
