"""What CTN, PixelMed, odil and dcmjs-dimse offer, and what becomes of a query."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.services.model import ContextReply, QueryOutcome
from dcmecho.diagnosis.services.summary import summary
from dcmecho.diagnosis.survey.survey import SurveyRequest
from tests.network.foreign import servers
from tests.network.peers.real_peers import ARCHIVE_TITLE, REGISTERED, RealPeer
from tests.network.services.surveying import (
    Suspect,
    accepted,
    ask,
    matrix_of,
    refusals,
    suspects,
)

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

FIND = "Study Root FIND"
CRASHED: tuple[Suspect, ...] = (
    (FindingId.QUERY_CRASHED, Confidence.LIKELY),
    (FindingId.QUERY_NOT_AUTHORISED, Confidence.POSSIBLE),
)
SAME, OTHER = ContextReply.ABSTRACT_SYNTAX, ContextReply.TRANSFER_SYNTAX


@dataclass(frozen=True)
class Offer:
    """What a server answers to services and objects, and to a query."""

    start: Callable[[Path], AbstractContextManager[RealPeer]]
    find: set[str]
    ct: set[str]
    refusals: set[ContextReply]
    query: QueryOutcome
    suspects: tuple[Suspect, ...]
    accepts_what_does_not_exist: bool = False


OFFERS = {
    # Its 1 means an unknown SOP class, and its 3 a transfer syntax.
    "CTN": Offer(
        servers.ctn,
        {"im"},
        {"im", "ex"},
        {ContextReply.USER_REJECTION, SAME},
        QueryOutcome.MATCHED,
        ((FindingId.QUERY_KEY_IGNORED, Confidence.PROVEN),),
    ),
    # Of several transfer syntaxes of a SOP class it takes one, and refuses the others with 2.
    "PixelMed": Offer(
        servers.pixelmed,
        {"ex"},
        {"ex", "df"},
        {ContextReply.NO_REASON, SAME, OTHER},
        QueryOutcome.CLOSED,
        CRASHED,
    ),
    "odil": Offer(
        servers.odil,
        {"im", "ex"},
        {"im", "ex", "df", "RL", "JB", "JX", "JL", "LS", "LN", "2L", "2K", "HL", "HR", "HT"},
        set(),
        QueryOutcome.CLOSED,
        CRASHED,
        accepts_what_does_not_exist=True,
    ),
    "dcmjs-dimse": Offer(
        partial(servers.dcmjs, options={"echo": True}),
        set(),
        set(),
        {SAME},
        QueryOutcome.NOT_OFFERED,
        ((FindingId.QUERY_NOT_OFFERED, Confidence.PROVEN),),
        # Our handler takes the first transfer syntax of Verification, whatever it is.
        accepts_what_does_not_exist=True,
    ),
}


@pytest.mark.parametrize("offer", OFFERS.values(), ids=OFFERS)
def test_services_and_a_query(offer: Offer, tmp_path: Path) -> None:
    with offer.start(tmp_path) as peer:
        target = peer.target(ARCHIVE_TITLE, REGISTERED)
        result = ask(target, SurveyRequest(matrix=True, query=True))
    matrix = matrix_of(result)
    assert (accepted(matrix, FIND), accepted(matrix, "CT")) == (offer.find, offer.ct)
    assert refusals(matrix) == offer.refusals
    takes_one = any(
        "one transfer syntax of each SOP class" in line.text for line in summary(matrix)
    )
    assert takes_one is (ContextReply.NO_REASON in offer.refusals)
    assert bool(matrix.indiscriminate) is offer.accepts_what_does_not_exist
    assert result.query is not None
    assert result.query.outcome is offer.query
    assert suspects(result.query.findings) == offer.suspects
