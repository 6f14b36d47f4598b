"""Peers whose acceptance leaves presentation contexts out, which the standard forbids."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.move.model import LegId, LegState, MoveOutcome, MoveRequest
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.services.model import (
    ContextReply,
    LikeOutcome,
    ObjectKind,
    QueryOutcome,
    ServicesResult,
)
from dcmecho.diagnosis.store.model import StoreOutcome, new_test_image
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.lab import pdu
from dcmecho.lab.behaviour import AwaitPdu, Hold, Script, Send
from dcmecho.standard.uids import JPEG_BASELINE
from tests.network.peers.scripted import lab_of
from tests.network.services.surveying import begin, refusals, result_of

TITLES = b"TARGET_PACS".ljust(16) + b"MY_WORKSTATION".ljust(16) + bytes(32)
COMPRESSED_CT = ObjectKind(
    "ct.dcm",
    "1.2.840.10008.5.1.4.1.1.2",
    "CT Image Storage",
    JPEG_BASELINE,
    "JPEG Baseline (Process 1)",
)


def accepting(*answers: pdu.LabContextAnswer) -> Script:
    """Return a peer that accepts, with these answers and no others, and releases."""
    return Script(
        (
            AwaitPdu(),
            Send(pdu.associate_ac(TITLES, answers)),
            AwaitPdu(),
            Send(pdu.RELEASE_RP),
            Hold(),
        )
    )


NONE = accepting()
VERIFICATION_ONLY = accepting(pdu.LabContextAnswer(3, pdu.ContextResult.ACCEPTANCE))
PEERS = {"none answered": NONE, "Verification answered": VERIFICATION_ONLY}
ASKED = {
    "query": SurveyRequest(query=True),
    "move": SurveyRequest(move=MoveRequest("1.2.3", (Address("127.0.0.1", 0),))),
    "store": SurveyRequest(store=new_test_image(4096)),
}


@pytest.fixture(scope="module")
def results() -> Iterator[dict[tuple[str, str], ServicesResult]]:
    """Ask every peer for everything, all at the same time."""
    with ExitStack() as labs:
        runs = {}
        for name, peer in PEERS.items():
            for service, asked in ASKED.items():
                (target,) = labs.enter_context(lab_of(peer)).targets()
                runs[name, service] = begin(target, asked)
        for service, asked in (
            ("like", SurveyRequest(like=COMPRESSED_CT)),
            ("matrix", SurveyRequest(matrix=True)),
        ):
            (target,) = labs.enter_context(lab_of(NONE)).targets()
            runs["none answered", service] = begin(target, asked)
        yield {name: result_of(run) for name, run in runs.items()}


@pytest.mark.parametrize("peer", PEERS)
class TestWhatIsLeftOutIsNotOffered:
    def test_query(self, results: dict[tuple[str, str], ServicesResult], peer: str) -> None:
        query = results[peer, "query"].query
        assert query is not None
        assert query.outcome is QueryOutcome.NOT_OFFERED
        assert query.summary == "not offered: Study Root C-FIND left unanswered"
        assert [each.id for each in query.findings] == [FindingId.QUERY_NOT_OFFERED]

    def test_move(self, results: dict[tuple[str, str], ServicesResult], peer: str) -> None:
        move = results[peer, "move"].move
        assert move is not None
        assert move.outcome is MoveOutcome.REFUSED
        assert [each.id for each in move.findings] == [FindingId.MOVE_NOT_OFFERED]
        (leg,) = (each for each in move.legs if each.id is LegId.REQUEST)
        assert (leg.state, leg.text) == (LegState.FAILED, "presentation context left unanswered")

    def test_store(self, results: dict[tuple[str, str], ServicesResult], peer: str) -> None:
        store = results[peer, "store"].store
        assert store is not None
        assert store.outcome is StoreOutcome.REFUSED
        assert store.summary == "not offered: left unanswered"
        assert [each.id for each in store.findings] == [FindingId.STORE_NOT_OFFERED]
        assert "was left unanswered in the association" in store.findings[0].explanation


def test_an_object_stays_unanswered(results: dict[tuple[str, str], ServicesResult]) -> None:
    like = results["none answered", "like"].like
    assert like is not None
    assert like.outcome is LikeOutcome.NOT_ASKED


def test_the_whole_matrix_is_asked(results: dict[tuple[str, str], ServicesResult]) -> None:
    matrix = results["none answered", "matrix"].matrix
    assert matrix is not None
    assert refusals(matrix) == {ContextReply.UNANSWERED}
