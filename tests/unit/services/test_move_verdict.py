"""A table: which leg of a C-MOVE to this machine failed, judged from the evidence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.listen.calls import CallEnding, NonDicomCaller
from dcmecho.diagnosis.move.legs import legs
from dcmecho.diagnosis.move.model import (
    LegState,
    MoveAnswer,
    MoveEvidence,
    MoveOutcome,
    StudyPresence,
)
from dcmecho.diagnosis.move.study import uid_fault
from dcmecho.diagnosis.move.verdict import is_ambiguous, judge
from dcmecho.diagnosis.network.association import Answer, Ending
from dcmecho.diagnosis.network.connection import Address
from tests.unit.listen.calling import bare_call, call
from tests.unit.services.moved import (
    FAILED_TWICE,
    NOTHING,
    REACHED,
    WRONG_PORT,
    answered,
    came,
    ended,
    storing,
)

PROVEN, LIKELY, POSSIBLE = Confidence.PROVEN, Confidence.LIKELY, Confidence.POSSIBLE
TLS_CALL = replace(bare_call(CallEnding.NOT_DICOM), non_dicom=NonDicomCaller.TLS)
ACCEPTING = replace(NOTHING, order=replace(NOTHING.order, accept=True))
TWO_OF_TWO = answered(0x0000, completed=2, failed=0)
EMPTY_SUCCESS = answered(0x0000, completed=0, failed=0)
ON_LOOPBACK = replace(NOTHING, bound=(Address("127.0.0.1", 11112),))


def seen(base: MoveEvidence = NOTHING, **known: object) -> MoveEvidence:
    return replace(base, **known)  # type: ignore[arg-type]


DESTINATION_UNKNOWN = (
    (FindingId.MOVE_DESTINATION_UNKNOWN, LIKELY),
    (FindingId.MOVE_NOT_REACHED, POSSIBLE),
    (FindingId.MOVE_NOT_AUTHORISED, POSSIBLE),
)

TABLE = {
    "reached": (REACHED, MoveOutcome.REACHED, ()),
    "reached, whatever the status": (
        seen(answer=answered(0xC000), calls=(came(),)),
        MoveOutcome.REACHED,
        (),
    ),
    "reached from another machine with the peer's title": (
        seen(calls=(came(source="10.0.0.9"),), answer=FAILED_TWICE),
        MoveOutcome.REACHED,
        (),
    ),
    "a stranger's storage is not the peer": (
        seen(calls=(came(storing(calling="CT1"), source="10.0.0.9"),), answer=FAILED_TWICE),
        MoveOutcome.NOT_REACHED,
        ((FindingId.MOVE_NOT_REACHED, LIKELY), (FindingId.MOVE_CANNOT_SEND, POSSIBLE)),
    ),
    "a C-ECHO of the peer proves no C-MOVE": (
        seen(calls=(call(),), answer=FAILED_TWICE),
        MoveOutcome.NOT_REACHED,
        ((FindingId.MOVE_NOT_REACHED, LIKELY), (FindingId.MOVE_CANNOT_SEND, POSSIBLE)),
    ),
    "port": (WRONG_PORT, MoveOutcome.WRONG_PORT, ((FindingId.MOVE_WRONG_PORT, PROVEN),)),
    "title": (
        seen(calls=(came(storing("MY_W0RKSTATION")),), answer=FAILED_TWICE),
        MoveOutcome.WRONG_TITLE,
        ((FindingId.MOVE_WRONG_TITLE, LIKELY),),
    ),
    "port and title": (
        seen(calls=(came(storing("OTHER"), port=104),), answer=FAILED_TWICE),
        MoveOutcome.WRONG_PORT,
        ((FindingId.MOVE_WRONG_PORT, LIKELY), (FindingId.MOVE_WRONG_TITLE, LIKELY)),
    ),
    "TLS": (
        seen(calls=(TLS_CALL,), answer=FAILED_TWICE),
        MoveOutcome.NO_ASSOCIATION,
        ((FindingId.MOVE_CALLS_WITH_TLS, LIKELY),),
    ),
    "connects and says nothing": (
        seen(calls=(bare_call(CallEnding.CLOSED_BY_PEER),), answer=FAILED_TWICE),
        MoveOutcome.NO_ASSOCIATION,
        ((FindingId.MOVE_NO_REQUEST, LIKELY),),
    ),
    "stored": (
        seen(ACCEPTING, answer=TWO_OF_TWO, calls=(came(stored=2),)),
        MoveOutcome.STORED,
        (),
    ),
    "stored over two associations": (
        seen(ACCEPTING, answer=TWO_OF_TWO, calls=(came(stored=1), came(stored=1))),
        MoveOutcome.STORED,
        (),
    ),
    "stored one of two": (
        seen(ACCEPTING, answer=answered(0xB000, completed=1, failed=1), calls=(came(stored=1),)),
        MoveOutcome.NOT_STORED,
        ((FindingId.MOVE_NOT_STORED, LIKELY),),
    ),
    "destination": (
        seen(answer=answered(0xA801, comment="DESTINATION_NODE_NOT_FOUND")),
        MoveOutcome.DESTINATION_UNKNOWN,
        DESTINATION_UNKNOWN,
    ),
    "destination, and a call on another errand": (
        seen(answer=answered(0xA801), calls=(came(storing("OTHER")),)),
        MoveOutcome.DESTINATION_UNKNOWN,
        DESTINATION_UNKNOWN,
    ),
    # pynetdicom's qrscp sends 0xA801 also if it was rejected, or reached nobody.
    "destination, and a call for our title on another port": (
        seen(answer=answered(0xA801), calls=(came(port=104),)),
        MoveOutcome.WRONG_PORT,
        ((FindingId.MOVE_WRONG_PORT, PROVEN),),
    ),
    "destination, and a call for our title in other letters": (
        seen(answer=answered(0xA801), calls=(came(storing("My_Workstation")),)),
        MoveOutcome.WRONG_TITLE,
        ((FindingId.MOVE_WRONG_TITLE, PROVEN),),
    ),
    "destination, and it called as registered": (
        seen(answer=answered(0xA801), calls=(came(),)),
        MoveOutcome.REACHED,
        (),
    ),
    "destination, and a call with TLS": (
        seen(answer=answered(0xA801), calls=(TLS_CALL,)),
        MoveOutcome.DESTINATION_UNKNOWN,
        (
            (FindingId.MOVE_DESTINATION_UNKNOWN, LIKELY),
            (FindingId.MOVE_CALLS_WITH_TLS, POSSIBLE),
            (FindingId.MOVE_NOT_REACHED, POSSIBLE),
            (FindingId.MOVE_NOT_AUTHORISED, POSSIBLE),
        ),
    ),
    "destination, on loopback": (
        seen(ON_LOOPBACK, answer=answered(0xA801)),
        MoveOutcome.DESTINATION_UNKNOWN,
        (
            (FindingId.MOVE_DESTINATION_UNKNOWN, LIKELY),
            (FindingId.MOVE_LOOPBACK_ONLY, POSSIBLE),
            (FindingId.MOVE_NOT_REACHED, POSSIBLE),
            (FindingId.MOVE_NOT_AUTHORISED, POSSIBLE),
        ),
    ),
    "in other letters": (
        seen(answer=FAILED_TWICE, calls=(came(storing("My_Workstation")),)),
        MoveOutcome.WRONG_TITLE,
        ((FindingId.MOVE_WRONG_TITLE, PROVEN),),
    ),
    "no answer on loopback": (
        seen(ON_LOOPBACK, answer=ended(Ending.SILENT)),
        MoveOutcome.NO_ANSWER,
        (
            (FindingId.MOVE_LOOPBACK_ONLY, LIKELY),
            (FindingId.MOVE_NOT_REACHED, LIKELY),
            (FindingId.MOVE_NO_ANSWER, POSSIBLE),
        ),
    ),
    "broken, and never whole": (
        seen(answer=MoveAnswer(Answer(Ending.MALFORMED, 10.0, 5.0, unfinished=True))),
        MoveOutcome.MALFORMED,
        ((FindingId.MOVE_MALFORMED, LIKELY),),
    ),
    "not reached on loopback": (
        seen(ON_LOOPBACK, answer=FAILED_TWICE),
        MoveOutcome.NOT_REACHED,
        (
            (FindingId.MOVE_LOOPBACK_ONLY, PROVEN),
            (FindingId.MOVE_NOT_REACHED, LIKELY),
            (FindingId.MOVE_CANNOT_SEND, POSSIBLE),
        ),
    ),
    "went elsewhere": (
        seen(answer=TWO_OF_TWO),
        MoveOutcome.WENT_ELSEWHERE,
        ((FindingId.MOVE_WENT_ELSEWHERE, LIKELY),),
    ),
    "zero matches, and C-FIND says so": (
        seen(answer=EMPTY_SUCCESS, study=StudyPresence.NOT_FOUND),
        MoveOutcome.STUDY_UNKNOWN,
        ((FindingId.MOVE_STUDY_UNKNOWN, LIKELY),),
    ),
    "zero matches, and C-FIND is silent": (
        seen(answer=EMPTY_SUCCESS, study=StudyPresence.UNKNOWN),
        MoveOutcome.STUDY_UNKNOWN,
        ((FindingId.MOVE_STUDY_UNKNOWN, LIKELY), (FindingId.MOVE_NOTHING_SENT, POSSIBLE)),
    ),
    "success, nothing sent of a study that is there": (
        seen(answer=EMPTY_SUCCESS, study=StudyPresence.FOUND),
        MoveOutcome.NOTHING_SENT,
        ((FindingId.MOVE_NOTHING_SENT, LIKELY),),
    ),
    "not authorised": (
        seen(answer=answered(0x0124)),
        MoveOutcome.REFUSED,
        ((FindingId.MOVE_NOT_AUTHORISED, PROVEN),),
    ),
    "aborted": (
        seen(answer=ended(Ending.ABORTED)),
        MoveOutcome.REFUSED,
        ((FindingId.MOVE_NOT_AUTHORISED, LIKELY), (FindingId.MOVE_CRASHED, POSSIBLE)),
    ),
    "closed, as PixelMed does": (
        seen(answer=ended(Ending.CLOSED)),
        MoveOutcome.REFUSED,
        ((FindingId.MOVE_CRASHED, LIKELY), (FindingId.MOVE_NOT_AUTHORISED, POSSIBLE)),
    ),
    "silent": (
        seen(answer=ended(Ending.SILENT)),
        MoveOutcome.NO_ANSWER,
        ((FindingId.MOVE_NOT_REACHED, LIKELY), (FindingId.MOVE_NO_ANSWER, POSSIBLE)),
    ),
    "broken": (
        seen(answer=ended(Ending.MALFORMED)),
        MoveOutcome.MALFORMED,
        ((FindingId.MOVE_MALFORMED, PROVEN),),
    ),
    "not offered": (
        seen(context_result=3),
        MoveOutcome.REFUSED,
        ((FindingId.MOVE_NOT_OFFERED, PROVEN),),
    ),
    "no association": (
        seen(context_result=None, not_associated="rejected"),
        MoveOutcome.NOT_ASKED,
        (),
    ),
    "port taken": (
        seen(context_result=None, not_listening="taken"),
        MoveOutcome.CANNOT_LISTEN,
        (),
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_the_leg_that_failed(case: str) -> None:
    evidence, outcome, expected = TABLE[case]
    result = judge(evidence)
    assert result.outcome is outcome
    assert tuple((found.id, found.confidence) for found in result.findings) == expected


@pytest.mark.parametrize("case", TABLE)
def test_success_has_no_failed_leg_and_a_failure_has_one_at_least(case: str) -> None:
    evidence, outcome, _ = TABLE[case]
    failed = [leg for leg in legs(evidence) if leg.state is LegState.FAILED]
    if outcome.succeeded:
        assert failed == []
    elif outcome not in (
        MoveOutcome.NOT_ASKED,
        MoveOutcome.STUDY_UNKNOWN,
        MoveOutcome.NOTHING_SENT,
        MoveOutcome.NO_ASSOCIATION,
        MoveOutcome.REFUSED,
    ):
        assert failed


def test_the_comment_is_told_as_it_came() -> None:
    result = judge(TABLE["destination"][0])
    assert "DESTINATION_NODE_NOT_FOUND" in result.summary
    assert "address 192.168.1.20, port 11112" in result.findings[0].actions[0]


def test_a_stranger_is_named() -> None:
    assert "10.0.0.9" in judge(TABLE["a stranger's storage is not the peer"][0]).summary


def test_only_what_c_find_can_settle_is_asked_with_it() -> None:
    assert is_ambiguous(seen(answer=EMPTY_SUCCESS))
    assert is_ambiguous(seen(answer=answered(0xC000)))
    for settled in (REACHED, seen(answer=answered(0xA801)), seen(answer=FAILED_TWICE)):
        assert not is_ambiguous(settled)


def test_nothing_is_judged_before_it_is_over() -> None:
    result = judge(replace(WRONG_PORT, over=False))
    assert (result.outcome, result.findings) == (MoveOutcome.UNDER_WAY, ())


@pytest.mark.parametrize(
    "uid", ["", "1", "1.02", "1.2.*", "1.2\\1.3", "1.2.", "a.b", "1." + "2" * 64]
)
def test_a_uid_that_is_none(uid: str) -> None:
    assert uid_fault(uid)


@pytest.mark.parametrize("uid", ["1.2", "2.25.302", "1.2.826.0.1"])
def test_a_uid(uid: str) -> None:
    assert uid_fault(uid) == ""
