"""Answers of real peers that no practice peer gives."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.stage import StageId
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.lab import pdu
from dcmecho.lab.behaviour import (
    Application,
    AwaitPdu,
    Close,
    Hold,
    Reset,
    Script,
    Send,
    abort,
    reject,
)
from dcmecho.lab.payloads import HTTP_BAD_REQUEST
from dcmecho.lab.pdu import RELEASE_RP
from tests.network.diagnose.diagnosing import diagnose, listed, proven
from tests.network.peers.scripted import ServePeer

TLS_ALERT = bytes.fromhex("15030100020228")


@pytest.mark.parametrize("then", [AwaitPdu(), Close(), Reset()], ids=["open", "FIN", "RST"])
@pytest.mark.parametrize("triple", [(1, 1, 10), (1, 3, 0), (3, 1, 1), (0, 0, 0), (255, 255, 255)])
def test_rejections_outside_the_standard_show_their_numbers(
    serve_peer: ServePeer,
    triple: tuple[int, int, int],
    then: AwaitPdu | Close | Reset,
    capfd: pytest.CaptureFixture[str],
) -> None:
    report = diagnose(serve_peer(Script((AwaitPdu(), *reject(*triple, then=then)))))
    assert exit_code(report) is ExitCode.REJECTED
    assert "{}/{}/{}".format(*triple) in report.verdict.title
    assert CauseId.ASSOC_REJECTED in listed(report)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("source", [0, 2])
def test_only_a_provider_abort_is_surely_not_about_titles(
    serve_peer: ServePeer, source: int
) -> None:
    report = diagnose(serve_peer(Script((AwaitPdu(), *abort(source, 0)))))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ASSOCIATE, ExitCode.ABORTED)
    assert proven(report) == (set() if source == 0 else {CauseId.ASSOC_ABORTED})


def test_a_reset_at_c_echo_is_no_silence(serve_peer: ServePeer) -> None:
    report = diagnose(serve_peer(Application(on_echo=(Reset(),))))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.ABORTED)
    assert CauseId.ECHO_CLOSED in listed(report)


def test_a_release_in_place_of_c_echo_rsp_breaks_the_standard(serve_peer: ServePeer) -> None:
    report = diagnose(serve_peer(Application(on_echo=(Send(RELEASE_RP), Close()))))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.NO_ECHO)
    assert listed(report) == {CauseId.PEER_MALFORMED}


def test_half_a_pdu_before_we_spoke_is_told_as_that(serve_peer: ServePeer) -> None:
    target = serve_peer(Script((Send(RELEASE_RP[:3]), Hold())))
    report = diagnose(replace(target, acse_timeout_s=0.3))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ASSOCIATE, ExitCode.NOT_DICOM)
    assert "the PDU stops after 3 of 6 bytes" in report.verdict.title
    assert CauseId.PEER_MALFORMED in listed(report)


@pytest.mark.parametrize("garbage", [HTTP_BAD_REQUEST, TLS_ALERT], ids=["HTTP", "TLS"])
@pytest.mark.parametrize("stage", [StageId.ECHO, StageId.RELEASE])
def test_who_accepted_the_association_is_a_dicom_application(
    serve_peer: ServePeer, garbage: bytes, stage: StageId
) -> None:
    steps = (Send(garbage), Close())
    at_echo = Application(on_echo=steps)
    report = diagnose(
        serve_peer(at_echo if stage is StageId.ECHO else Application(on_release=steps))
    )
    expected = CauseId.PEER_MALFORMED if stage is StageId.ECHO else CauseId.RELEASE_NO_ANSWER
    assert report.verdict.stage is stage
    assert listed(report) == {expected}
    assert "answers, not DICOM" not in report.verdict.title


def test_what_came_before_a_reset_is_heard(serve_peer: ServePeer) -> None:
    answers = (pdu.LabContextAnswer(1, pdu.ContextResult.ACCEPTANCE),)
    request = bytes(64)
    accepted = pdu.associate_ac(request, answers)
    steps = (AwaitPdu(), Send(accepted + pdu.abort(0, 0)), Reset())
    report = diagnose(serve_peer(Script(steps)))
    assert (report.verdict.stage, exit_code(report)) == (StageId.ECHO, ExitCode.ABORTED)
    assert "A-ABORT 0/0" in report.verdict.title
    assert CauseId.AUTH_PER_COMMAND in listed(report)


def test_what_came_before_c_echo_is_no_answer_to_it(serve_peer: ServePeer) -> None:
    answers = (pdu.LabContextAnswer(1, pdu.ContextResult.ACCEPTANCE),)
    request = bytes(64)
    at_once = Send(pdu.associate_ac(request, answers) + pdu.abort(0, 0))
    report = diagnose(serve_peer(Script((AwaitPdu(), at_once, Hold()))))
    assert report.verdict.title.endswith("before C-ECHO was sent")
    first = report.causes[0]
    assert (first.id, first.confidence) == (CauseId.ECHO_ABORTED, Confidence.LIKELY)
    assert "A-ABORT before C-ECHO was sent" in first.explanation
