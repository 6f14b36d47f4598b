"""Which cause comes first after a change: a table to read and to extend.

What is not in the table is checked for all answers, causes and changes: a change proves nothing,
adds and removes nothing, and raises only the cause that it explains best, by one step.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pytest

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.conclusion.informed import with_history
from dcmecho.diagnosis.evidence import EvidenceKind, JsonValue
from dcmecho.diagnosis.history.compared import Compared, compared_values
from dcmecho.diagnosis.history.history import Change, History
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.report.json.diagnose import report_data
from tests.unit.report.reports import STARTED, TARGET, ended, green, refused

DCMTK = "1.2.276.0.7230010.3.0.3.6.7"
PYNETDICOM = "1.2.826.0.1.3680043.9.3811.3.0.4"
LIKELY, POSSIBLE, PROVEN = Confidence.LIKELY, Confidence.POSSIBLE, Confidence.PROVEN

OUR_ADDRESS = Change(Compared.OUR_ADDRESS, "192.0.2.20", "192.0.2.37")
CALLING = Change(Compared.CALLING_AE, "OTHER", "MY_WORKSTATION")
CALLED = Change(Compared.CALLED_AE, "OTHER", "TARGET_PACS")
CALLED_CASE = Change(Compared.CALLED_AE, "target_pacs", "TARGET_PACS")
DNS = Change(Compared.PEER_ADDRESS, "192.0.2.50", "192.0.2.51")
PORT = Change(Compared.PORT, 11112, 104)
SOFTWARE = Change(Compared.SOFTWARE, "OFFIS_DCMTK_367", "OFFIS_DCMTK_369")
RENEWED = Change(Compared.CERTIFICATE_SERIAL, "1A", "2B")


def rejected(reason: int) -> Report:
    return ended(
        StageId.AE_TITLE,
        EvidenceKind.ASSOCIATION_REJECTED,
        {"result": 1, "source": 1, "reason": reason},
    )


def silent() -> Report:
    return ended(StageId.ASSOCIATE, EvidenceKind.PEER_SILENT, {"acknowledged": True})


def aborted() -> Report:
    return ended(StageId.ASSOCIATE, EvidenceKind.ASSOCIATION_ABORTED, {"source": 0, "reason": 0})


def closed() -> Report:
    return ended(StageId.ASSOCIATE, EvidenceKind.PEER_CLOSED, {"before_request": False})


def context_refused() -> Report:
    return ended(StageId.CONTEXT, EvidenceKind.CONTEXT_REFUSED, {"result": 3})


def echo_aborted() -> Report:
    return ended(StageId.ECHO, EvidenceKind.ASSOCIATION_ABORTED, {"source": 0, "reason": 0})


def unanswered() -> Report:
    report = refused()
    stages = list(report.stages)
    number = next(n for n, each in enumerate(stages) if each.id is StageId.CONNECT)
    (evidence,) = stages[number].evidence
    late = {**evidence.data, "timed_out": True, "errno": None, "error": "timed out"}
    return ended(StageId.CONNECT, EvidenceKind.TCP_FAILED, late)


ANSWERS = (
    *map(rejected, (1, 2, 3, 7)),
    silent(),
    aborted(),
    closed(),
    context_refused(),
    echo_aborted(),
    refused(),
    unanswered(),
)


def values(class_uid: str = "") -> Mapping[Compared, JsonValue]:
    return {**compared_values(report_data(green())), Compared.CLASS_UID: class_uid}


def known(*since: Change, class_uid: str = "") -> History:
    return History(30, 9, 9, STARTED, values(class_uid), since)


@dataclass(frozen=True)
class Case:
    """An answer, what changed before, and the causes that must come first, in order."""

    story: str
    report: Report
    since: tuple[Change, ...]
    first: tuple[tuple[CauseId, Confidence], ...]
    class_uid: str = ""


CASES = (
    Case(
        "reason 3 means our title, and at Orthanc and dcm4chee-arc also our address",
        rejected(3),
        (OUR_ADDRESS,),
        ((CauseId.AE_HOST_NOT_ALLOWED, LIKELY), (CauseId.AE_CALLING_UNKNOWN, LIKELY)),
    ),
    Case(
        "a title of ours was edited: our address has not changed",
        rejected(3),
        (CALLING,),
        ((CauseId.AE_CALLING_UNKNOWN, LIKELY), (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE)),
    ),
    Case(
        "dcmqrscp says reason 7 of a host that its table does not have",
        rejected(7),
        (OUR_ADDRESS,),
        ((CauseId.AE_HOST_NOT_ALLOWED, LIKELY), (CauseId.AE_CALLED_UNKNOWN, LIKELY)),
        DCMTK,
    ),
    Case(
        "dcmqrscp says reason 7 of a calling title that it does not know",
        rejected(7),
        (CALLING,),
        ((CauseId.AE_CALLING_UNKNOWN, LIKELY), (CauseId.AE_CALLED_UNKNOWN, LIKELY)),
        DCMTK,
    ),
    Case(
        "pynetdicom means the called title with reason 7, whatever else has changed",
        rejected(7),
        (OUR_ADDRESS,),
        ((CauseId.AE_CALLED_UNKNOWN, LIKELY), (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE)),
        PYNETDICOM,
    ),
    Case(
        "nobody knows what an unknown program means with reason 7 besides the called title",
        rejected(7),
        (OUR_ADDRESS,),
        ((CauseId.AE_CALLED_UNKNOWN, LIKELY), (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE)),
    ),
    Case(
        "what a machine was says nothing about the one that has its name now",
        rejected(7),
        (DNS, OUR_ADDRESS),
        ((CauseId.AE_CALLED_UNKNOWN, LIKELY), (CauseId.AE_CALLING_UNKNOWN, POSSIBLE)),
        DCMTK,
    ),
    Case(
        "the called title was edited",
        rejected(7),
        (CALLED,),
        ((CauseId.AE_CALLED_UNKNOWN, LIKELY),),
    ),
    Case(
        "only capitals of the called title were edited",
        rejected(7),
        (CALLED_CASE,),
        ((CauseId.AE_CASE, LIKELY), (CauseId.AE_CALLED_UNKNOWN, LIKELY)),
    ),
    Case(
        "the name leads to another machine, which does not know us",
        rejected(3),
        (DNS,),
        ((CauseId.AE_CALLING_UNKNOWN, LIKELY), (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE)),
    ),
    Case(
        "a port was edited, and what is there is silent",
        silent(),
        (PORT,),
        ((CauseId.PEER_IS_OTHER, LIKELY), (CauseId.PEER_SILENT, LIKELY)),
    ),
    Case(
        "a server that looks its callers up, and an address that nobody entered",
        silent(),
        (OUR_ADDRESS,),
        ((CauseId.PEER_NAME_LOOKUP, LIKELY), (CauseId.PEER_SILENT, LIKELY)),
    ),
    Case(
        "an A-ABORT by the application can be about the address",
        aborted(),
        (OUR_ADDRESS,),
        ((CauseId.AE_HOST_NOT_ALLOWED, LIKELY), (CauseId.ASSOC_ABORTED, LIKELY)),
    ),
    Case(
        "a filter that knows addresses closes before anyone reads",
        closed(),
        (OUR_ADDRESS,),
        ((CauseId.PEER_CLOSED_ON_CONNECT, LIKELY), (CauseId.PEER_CLOSED_ON_REQUEST, LIKELY)),
    ),
    Case(
        "an upgrade explains best what is likely already",
        context_refused(),
        (SOFTWARE,),
        (
            (CauseId.CONTEXT_SOP_CLASS_REFUSED, LIKELY),
            (CauseId.CONTEXT_TRANSFER_SYNTAX_REFUSED, POSSIBLE),
        ),
    ),
    Case(
        "a permission by address",
        echo_aborted(),
        (OUR_ADDRESS,),
        ((CauseId.AUTH_PER_COMMAND, LIKELY), (CauseId.ECHO_ABORTED, POSSIBLE)),
    ),
    Case(
        "what has no bearing on an answer leaves its causes as they are",
        rejected(3),
        (RENEWED,),
        ((CauseId.AE_CALLING_UNKNOWN, LIKELY), (CauseId.AE_HOST_NOT_ALLOWED, POSSIBLE)),
    ),
)


def listed(report: Report) -> list[tuple[CauseId, Confidence]]:
    return [(cause.id, cause.confidence) for cause in report.causes]


def of(report: Report, cause: CauseId) -> Cause[CauseId]:
    return next(each for each in report.causes if each.id is cause)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.story)
def test_the_first_causes_after_a_change(case: Case) -> None:
    told = with_history(case.report, known(*case.since, class_uid=case.class_uid))
    assert tuple(listed(told)[: len(case.first)]) == case.first


@pytest.mark.parametrize("what", list(Compared))
@pytest.mark.parametrize("report", ANSWERS, ids=lambda report: report.verdict.finding.value)
def test_a_change_raises_one_cause_by_one_step(report: Report, what: Compared) -> None:
    for class_uid in (DCMTK, PYNETDICOM):
        told = with_history(report, known(Change(what, "a", "b"), class_uid=class_uid))
        before, after = dict(listed(report)), dict(listed(told))
        assert before.keys() == after.keys()
        raised = {cause for cause in after if after[cause] != before[cause]}
        assert len(raised) <= 1
        assert all((before[c], after[c]) == (POSSIBLE, LIKELY) for c in raised)
        order = [list(Confidence).index(sure) for _, sure in listed(told)]
        assert order == sorted(order)


@pytest.mark.parametrize("report", [refused(), unanswered()])
def test_of_a_proven_cause_it_is_told_what_changed(report: Report) -> None:
    told = with_history(report, known(DNS))
    assert listed(told) == listed(report)
    assert "peer address 192.0.2.50 -> 192.0.2.51" in told.causes[0].explanation


def test_what_raises_nothing_is_told_with_the_reason() -> None:
    told = with_history(rejected(7), known(OUR_ADDRESS))
    explanation = of(told, CauseId.AE_HOST_NOT_ALLOWED).explanation
    assert "our address 192.0.2.20 -> 192.0.2.37" in explanation
    assert "the peer says that the called title is wrong" in explanation


def test_a_title_that_was_accepted_as_it_is_written_is_not_misspelled() -> None:
    target = replace(TARGET, called_ae="target_pacs")
    data: dict[str, JsonValue] = {"result": 1, "source": 1, "reason": 7}
    report = ended(StageId.AE_TITLE, EvidenceKind.ASSOCIATION_REJECTED, data, target=target)
    assert (CauseId.AE_CASE, LIKELY) in listed(report)
    told = with_history(report, History(30, 9, 9, STARTED, values()))
    assert listed(told)[-1] == (CauseId.AE_CASE, POSSIBLE)


def test_another_machine_has_accepted_nothing() -> None:
    told = with_history(rejected(7), known(DNS))
    assert "accepted with the same values" not in of(told, CauseId.AE_CALLED_UNKNOWN).explanation
    told = with_history(rejected(7), known())
    assert "accepted with the same values" in of(told, CauseId.AE_CALLED_UNKNOWN).explanation


def test_facts_that_change_together_are_told_once() -> None:
    moved = (
        Change(Compared.HOST, "a", "b"),
        Change(Compared.ADDRESSES, "192.0.2.50", "192.0.2.51"),
        DNS,
    )
    told = with_history(refused(), known(*moved))
    assert "this changed: host a -> b. " in told.causes[0].explanation


def test_every_cause_that_a_fact_explains_is_one_that_a_check_can_list() -> None:
    profile = {each for each in CauseId if each.value.startswith("profile.")}
    assert not [each for each in Compared if profile & set(each.row.explains)]
