"""A table: what stops a test image, judged from its attempts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import FindingId
from dcmecho.diagnosis.network.association import Abort, Answer, Ending
from dcmecho.diagnosis.network.connection import TcpInfo
from dcmecho.diagnosis.store.model import (
    StoreAnswer,
    StoreAttempt,
    StoreOutcome,
    new_test_image,
)
from dcmecho.diagnosis.store.size import size_bytes
from dcmecho.diagnosis.store.verdict import judge
from tests.unit.services.surveyed import TARGET

SIZE = 1_000_000
LIKELY, PROVEN, POSSIBLE = Confidence.LIKELY, Confidence.PROVEN, Confidence.POSSIBLE


def tcp(acknowledged: int, unacked: int = 0, retransmits: int = 0) -> TcpInfo:
    return TcpInfo(1.0, retransmits, unacked, acknowledged, 1448, 1500, retransmits)


def attempt(
    ending: Ending,
    after: TcpInfo | None = None,
    status: int | None = None,
    *,
    small: bool = False,
    elapsed_ms: float = 100.0,
) -> StoreAttempt:
    abort = Abort(0, 0, "by service user") if ending is Ending.ABORTED else None
    answer = Answer(ending, 1.0, elapsed_ms, abort=abort, tcp=after)
    answered = StoreAnswer(answer, SIZE, tcp(0), status, "words")
    return StoreAttempt(small, answered, 0, 16384, elapsed_ms)


def answered(status: int, **how: float) -> StoreAttempt:
    return attempt(Ending.ANSWERED, tcp(SIZE), status, **how)  # type: ignore[arg-type]


LOST = attempt(Ending.SILENT, tcp(9000, unacked=20, retransmits=5))
LOST_IN_SMALL = attempt(Ending.SILENT, tcp(9000, unacked=20, retransmits=5), small=True)
STORED_IN_SMALL = attempt(Ending.ANSWERED, tcp(SIZE), 0, small=True)

TABLE = {
    "stored": ((answered(0),), StoreOutcome.STORED, (), True),
    "stored, and coerced": ((answered(0xB000),), StoreOutcome.STORED, (), True),
    "slow": (
        (answered(0, elapsed_ms=9000.0),),
        StoreOutcome.STORED,
        ((FindingId.STORE_SLOW, LIKELY),),
        True,
    ),
    "full": (
        (answered(0xA700),),
        StoreOutcome.REFUSED,
        ((FindingId.STORE_OUT_OF_RESOURCES, LIKELY), (FindingId.STORE_STATUS, POSSIBLE)),
        False,
    ),
    "not understood": (
        (answered(0xC123),),
        StoreOutcome.REFUSED,
        ((FindingId.STORE_NOT_UNDERSTOOD, LIKELY), (FindingId.STORE_STATUS, POSSIBLE)),
        False,
    ),
    "not authorised": (
        (answered(0x0124),),
        StoreOutcome.REFUSED,
        ((FindingId.STORE_NOT_AUTHORISED, PROVEN),),
        False,
    ),
    "another failure": (
        (answered(0x0110),),
        StoreOutcome.REFUSED,
        ((FindingId.STORE_STATUS, PROVEN),),
        False,
    ),
    "not offered": (
        (StoreAttempt(False, None, 3),),
        StoreOutcome.REFUSED,
        ((FindingId.STORE_NOT_OFFERED, PROVEN),),
        False,
    ),
    "no association": (
        (StoreAttempt(False, text="rejected"),),
        StoreOutcome.NOT_ASKED,
        (),
        False,
    ),
    "lost, and stored in small segments": (
        (LOST, STORED_IN_SMALL),
        StoreOutcome.STALLED,
        ((FindingId.STORE_BIG_PACKETS_LOST, LIKELY),),
        True,
    ),
    "lost, in small segments too": (
        (LOST, LOST_IN_SMALL),
        StoreOutcome.STALLED,
        ((FindingId.STORE_PACKETS_LOST, LIKELY),),
        False,
    ),
    "lost, then no association": (
        (LOST, StoreAttempt(True, text="no answer")),
        StoreOutcome.STALLED,
        ((FindingId.STORE_PACKETS_LOST, LIKELY),),
        False,
    ),
    "the window is closed": (
        (attempt(Ending.SILENT, tcp(64_000)),),
        StoreOutcome.STALLED,
        ((FindingId.STORE_PEER_STOPS_READING, LIKELY),),
        False,
    ),
    "all of it is there, and no answer": (
        (attempt(Ending.SILENT, tcp(SIZE + 100)),),
        StoreOutcome.NO_ANSWER,
        ((FindingId.STORE_NO_ANSWER, LIKELY),),
        True,
    ),
    "silence, and a kernel that does not tell": (
        (attempt(Ending.SILENT),),
        StoreOutcome.NO_ANSWER,
        ((FindingId.STORE_NO_ANSWER, POSSIBLE), (FindingId.STORE_PACKETS_LOST, POSSIBLE)),
        True,
    ),
    "aborted in the middle": (
        (attempt(Ending.ABORTED, tcp(64_000)),),
        StoreOutcome.BROKEN_OFF,
        ((FindingId.STORE_BROKEN_OFF, LIKELY),),
        False,
    ),
    "closed after all of it": (
        (attempt(Ending.CLOSED, tcp(SIZE + 100)),),
        StoreOutcome.BROKEN_OFF,
        ((FindingId.STORE_BROKEN_OFF, LIKELY),),
        True,
    ),
    "broken": (
        (attempt(Ending.MALFORMED, tcp(SIZE)),),
        StoreOutcome.MALFORMED,
        ((FindingId.STORE_MALFORMED, PROVEN),),
        True,
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_what_stops_it(case: str) -> None:
    attempts, outcome, expected, remains = TABLE[case]
    result = judge(new_test_image(SIZE), attempts, TARGET)
    assert result.outcome is outcome
    assert tuple((found.id, found.confidence) for found in result.findings) == expected
    assert result.remains is remains


@pytest.mark.parametrize(
    ("text", "expected"), [("512k", 524_288), ("5M", 5_242_880), ("5mb", 5_242_880), ("4096", 4096)]
)
def test_a_size(text: str, expected: int) -> None:
    assert size_bytes(text) == expected


@pytest.mark.parametrize("text", ["", "5T", "-1k", "1k", "65M", "1.5M", "k"])
def test_a_size_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a size|out of range"):
        size_bytes(text)


def test_each_object_has_uids_of_its_own() -> None:
    first, second = new_test_image(SIZE), new_test_image(SIZE)
    uids = {first.study_uid, first.series_uid, first.instance_uid, second.study_uid}
    assert len(uids) == 4
    assert all(len(uid) <= 64 and uid.startswith("2.25.") for uid in uids)


def test_an_answer_of_which_the_end_is_missing_may_have_been_lost_on_the_way() -> None:
    broken = attempt(Ending.MALFORMED)
    assert broken.answer is not None
    answer = broken.answer.answer._replace(unfinished=True)
    cut = replace(broken, answer=replace(broken.answer, answer=answer))
    for made, sure in ((broken, PROVEN), (cut, LIKELY)):
        (found,) = judge(new_test_image(SIZE), (made,), TARGET).findings
        assert (found.id, found.confidence) == (FindingId.STORE_MALFORMED, sure)
