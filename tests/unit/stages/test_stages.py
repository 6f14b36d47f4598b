"""Each stage has a complete row, is run, and can be reported wherever a check ends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dcmecho.diagnosis.causes.reasoning import suspects
from dcmecho.diagnosis.conclusion.proofs import proofs
from dcmecho.diagnosis.evidence import Evidence, EvidenceKind
from dcmecho.diagnosis.ladder import climb
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, StageResult, Status, ladder_of
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.exit_codes import ExitCode, exit_code
from dcmecho.report import check as check_text
from dcmecho.report import diagnose as diagnose_text
from dcmecho.report import nagios
from dcmecho.report.json import diagnose as diagnose_json
from tests.console.canned_link import CannedLink
from tests.console.played_peers import TRUSTED
from tests.unit.report.reports import TARGET, ended

OVER_TLS = replace(TARGET, tls=TlsSettings())


@pytest.mark.parametrize("stage", ladder_of(OVER_TLS))
class TestStage:
    def test_has_its_words(self, stage: StageId) -> None:
        assert 0 < len(stage.row.label) <= 12, "the column of the text report"
        assert stage.row.failure
        assert stage.row.label not in {each.row.label for each in StageId if each is not stage}

    def test_has_an_exit_code_that_is_promised(self, stage: StageId) -> None:
        assert ExitCode(stage.row.exit_code) not in (ExitCode.OK, ExitCode.USAGE)

    def test_its_sentences_fit_a_target(self, stage: StageId) -> None:
        passed = StageResult(stage, Status.PASSED, "passed")
        sentences = [sentence for kind in proofs((passed,), TARGET) for sentence in kind]
        assert len(sentences) >= bool(stage.row.proves) + len(stage.row.leaves_open)
        assert not any("{" in sentence for sentence in sentences)

    def test_every_report_can_say_that_a_run_ended_there(self, stage: StageId) -> None:
        report = ended(stage, EvidenceKind.PEER_SILENT, target=OVER_TLS)
        assert f"FAILED at {stage.row.label}: " in diagnose_text.render(report)
        assert f"FAILED at {stage.row.label}: " in check_text.render([report])
        assert f"{stage.row.label}: " in nagios.render([report])
        assert f'"stage": "{stage}"' in diagnose_json.render(report)
        assert exit_code(report) == stage.row.exit_code

    def test_is_part_of_a_successful_check(self, stage: StageId) -> None:
        link = CannedLink(TRUSTED, "run1", lambda _event: None)
        report = climb("run1", OVER_TLS, link, lambda _event: None, RunOptions())
        is_climbed = report.stage(stage).status in (Status.PASSED, Status.WARNING)
        assert is_climbed, f"StageId.{stage.name} is not called in diagnosis/ladder.py"

    def test_other_requests_instead_of_c_echo_skip_it_on_purpose(self, stage: StageId) -> None:
        link = CannedLink(TRUSTED, "run1", lambda _event: None)
        report = climb("run1", OVER_TLS, link, lambda _event: None, RunOptions(), lambda _: True)
        reached = report.stage(stage).status is not Status.NOT_REACHED
        assert reached, (
            f"StageId.{stage.name} is forgotten where a caller's own requests follow, in the ladder"
        )


@pytest.mark.parametrize("stage", [StageId.CONTEXT, StageId.ECHO, StageId.RELEASE])
def test_a_peer_that_accepted_and_is_silent_is_a_dicom_application(stage: StageId) -> None:
    silent = Evidence(EvidenceKind.PEER_SILENT, 1.0, "no answer", {"acknowledged": True})
    found = suspects(StageResult(stage, Status.FAILED, "no answer", 1.0, (silent,)), TARGET)
    assert found
    doubted = [cause for cause, _ in found if cause.startswith("peer.is-")]
    assert doubted == [], f"StageId.{stage.name} needs after_acceptance=True"


def test_every_stage_is_climbed_but_that_of_the_commands_of_others() -> None:
    assert set(StageId) - set(ladder_of(OVER_TLS)) == {StageId.SERVICE}


def test_a_plain_target_skips_tls() -> None:
    assert ladder_of(TARGET) == tuple(
        each for each in ladder_of(OVER_TLS) if each is not StageId.TLS
    )
