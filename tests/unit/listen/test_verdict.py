"""Judging calls: as expected, with other values, and without DICOM."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.listen.calls import AeTitle, Call, CallEnding, NonDicomCaller
from dcmecho.diagnosis.listen.verdict import CallFindingId, Expectation, Grade, judge
from dcmecho.diagnosis.network.association import Rejection
from tests.unit.listen.calling import PEER, REFUSED, bare_call, call, request

EXPECTED = Expectation(AeTitle.of("MY_WORKSTATION"), 11112, frozenset({PEER}), "CT 2")


def test_right_title_port_and_address_reached_us() -> None:
    verdict = judge(call(), EXPECTED)
    assert verdict.grade is Grade.REACHED
    assert verdict.title == "reached you: C-ECHO answered with success"
    assert verdict.findings == ()


@pytest.mark.parametrize(
    ("came", "finding", "words"),
    [
        (
            call(port=4242),
            CallFindingId.WRONG_PORT,
            "the called port is 4242, your registered port is 11112",
        ),
        (
            call(request("MY_W0RKSTATION")),
            CallFindingId.WRONG_TITLE,
            "they look alike: byte 5 is 0 (30), yours has O (4f)",
        ),
        (
            call(request("my_workstation")),
            CallFindingId.WRONG_TITLE,
            "upper and lower case differ",
        ),
        (call(request("OTHER")), CallFindingId.WRONG_TITLE, "the called title is OTHER"),
        (call(request(b"")), CallFindingId.WRONG_TITLE, "blank"),
        (
            call(source="10.0.0.9"),
            CallFindingId.UNEXPECTED_ADDRESS,
            "CT 2 is 192.168.1.50, not 10.0.0.9",
        ),
    ],
    ids=str,
)
def test_what_is_not_as_registered(came: Call, finding: CallFindingId, words: str) -> None:
    verdict = judge(came, EXPECTED)
    assert verdict.grade is Grade.OTHER
    assert verdict.findings[0].id is finding
    assert words in verdict.title
    assert verdict.findings[0].action


def test_several_mistakes_are_all_told() -> None:
    verdict = judge(call(request("OTHER"), port=104, source="10.0.0.9"), EXPECTED)
    assert [finding.id for finding in verdict.findings] == [
        CallFindingId.WRONG_PORT,
        CallFindingId.WRONG_TITLE,
        CallFindingId.UNEXPECTED_ADDRESS,
    ]


def test_what_nobody_said_is_not_judged() -> None:
    verdict = judge(call(request("ANY"), port=104, source="10.0.0.9"), Expectation())
    assert verdict.grade is Grade.REACHED


@pytest.mark.parametrize("called", [b"MY_WORKSTATION\0\0", b" MY_WORKSTATION"], ids=str)
def test_our_title_written_oddly_reached_us_with_a_warning(called: bytes) -> None:
    verdict = judge(call(request(called)), EXPECTED)
    assert verdict.grade is Grade.ODD
    assert verdict.findings[0].id is CallFindingId.ODD_TITLE


class TestCallingTitle:
    """An application can use another title for calling than for being called."""

    EXPECTED = replace(EXPECTED, calling=AeTitle.of("CT2"))

    def test_the_title_of_the_file_is_as_expected(self) -> None:
        assert judge(call(), self.EXPECTED).grade is Grade.REACHED

    @pytest.mark.parametrize(
        ("calling", "words"),
        [
            ("CT2_SCU", "it calls itself CT2_SCU, while the file has CT2 for CT 2"),
            ("ct2", "for CT 2 (upper and lower case differ)"),
        ],
    )
    def test_another_one_reached_us_and_is_pointed_out(self, calling: str, words: str) -> None:
        verdict = judge(call(request(calling=calling)), self.EXPECTED)
        assert verdict.grade is Grade.ODD
        assert verdict.findings[0].id is CallFindingId.OTHER_CALLING_TITLE
        assert words in verdict.title

    def test_one_that_looks_alike_is_told_to_the_byte(self) -> None:
        expected = replace(self.EXPECTED, calling=AeTitle.of("ROOM_O"))
        (finding,) = judge(call(request(calling="ROOM_0")), expected).findings
        assert "look alike: byte 6 is 0 (30), the file has O (4f)" in finding.text

    def test_from_elsewhere_it_is_somebody_else(self) -> None:
        verdict = judge(call(request(calling="XA1"), source="10.0.0.9"), self.EXPECTED)
        assert verdict.grade is Grade.OTHER
        assert [finding.id for finding in verdict.findings] == [
            CallFindingId.UNEXPECTED_ADDRESS,
            CallFindingId.OTHER_CALLING_TITLE,
        ]


class TestReachingUsIsNotBeingServed:
    def test_nothing_that_we_take(self) -> None:
        verdict = judge(call(answer=REFUSED, services=()), EXPECTED)
        assert verdict.grade is Grade.REACHED
        assert "requested nothing this listener accepts" in verdict.title

    def test_rejected_on_purpose(self) -> None:
        answer = Rejection(2, 3, 1, "temporary congestion (transient)")
        verdict = judge(call(answer=answer, services=()), EXPECTED)
        assert verdict.grade is Grade.REACHED
        assert "dcmecho rejected it, 2/3/1 temporary congestion" in verdict.title

    def test_accepted_and_nothing_asked(self) -> None:
        verdict = judge(call(services=()), EXPECTED)
        assert "no command arrived" in verdict.title

    def test_stored(self) -> None:
        stored = replace(call(services=()), stored_objects=2, stored_bytes=1024)
        assert "2 objects received (1024 bytes, discarded)" in judge(stored, EXPECTED).title


class TestNoAssociation:
    def test_tls_on_a_plain_port(self) -> None:
        verdict = judge(
            replace(bare_call(CallEnding.NOT_DICOM), non_dicom=NonDicomCaller.TLS), EXPECTED
        )
        assert (verdict.grade, verdict.findings[0].id) == (Grade.NO_REQUEST, CallFindingId.TLS)
        assert verdict.title == "tried TLS on this port, which uses plain DICOM"
        assert "turn TLS off for your entry, or register the port" in verdict.findings[0].action
        assert "call once without TLS" in verdict.findings[0].action

    def test_another_protocol(self) -> None:
        verdict = judge(
            replace(bare_call(CallEnding.NOT_DICOM), non_dicom=NonDicomCaller.HTTP), EXPECTED
        )
        assert "is not a DICOM application: a web browser or monitoring (HTTP)" in verdict.title

    def test_a_port_check_is_no_success(self) -> None:
        verdict = judge(bare_call(CallEnding.CLOSED_BY_PEER), EXPECTED)
        assert verdict.grade is Grade.NO_REQUEST
        assert "connected, but sent nothing" in verdict.title

    def test_half_a_request_is_a_possible_path_fault_and_not_a_proven_one(self) -> None:
        remark = "1448 of 16129 bytes of a PDU arrived"
        (finding,) = judge(bare_call(CallEnding.UNFINISHED, remark=remark), EXPECTED).findings
        assert finding.id is CallFindingId.UNFINISHED
        assert "or the network path" in finding.action

    def test_a_request_that_cannot_be_read(self) -> None:
        broken = replace(request(), fault="an item is cut short at byte 80")
        verdict = judge(call(broken), EXPECTED)
        assert (verdict.grade, verdict.findings[0].id) == (
            Grade.NO_REQUEST,
            CallFindingId.UNREADABLE,
        )
        assert "byte 80" in verdict.title


@pytest.mark.parametrize("came", [bare_call(None), call(answer=None, ending=None)], ids=str)
def test_a_call_under_way_is_no_verdict(came: Call) -> None:
    assert judge(came, EXPECTED).grade is Grade.UNDER_WAY
