"""A first run and the experiments after it: the budget, the refusals, and the proofs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.conclusion.conclusion import conclude
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.answers import AnswerKind
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId, OperatorSetup
from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS, Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId, Status
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.dicom.runs.workers import ExperimentRefusedError, start_experiment
from tests.unit.experiments.answered import EXAMPLES, Stages
from tests.unit.report.reports import STARTED, TARGET, ended, green, rejected_called_title

A, X = AnswerKind, ExperimentId

MANY_TITLES = tuple(f"STATION_{number}" for number in range(30))
SURROUNDINGS = OperatorSetup(nonsense="NOSUCH01", own_titles=MANY_TITLES)


def after(first: Report, operator_setup: OperatorSetup = SURROUNDINGS) -> Investigation:
    return Investigation.of(first, operator_setup)


def report_of(stages: Stages, target: Target = TARGET) -> Report:
    return conclude("run2", STARTED + timedelta(seconds=1), 5.0, target, stages)


def answered(kind: AnswerKind) -> Report:
    """Return the report of an experiment that got this kind of answer."""
    match kind:
        case A.SUCCESS:
            return green()
        case A.REJECTED_CALLED:
            return rejected_called_title()
        case _:
            return report_of(EXAMPLES[kind].stages)


def made(
    investigation: Investigation, experiment_id: ExperimentId, kind: AnswerKind
) -> Investigation:
    """Play the first possible experiment with this id."""
    chosen = next(each for each in investigation.possible() if each.id is experiment_id)
    return investigation.with_result(chosen, answered(kind))


def confirmed(investigation: Investigation) -> Investigation:
    """Repeat what differed, with the same answers."""
    deciding = investigation.attempts[-1]
    while (again := investigation.confirmation) is not None:
        assert investigation.next == again, "what decides comes before everything else"
        first_again = again.id is X.CONTROL_REPEAT
        stages = investigation.first.stages if first_again else deciding.stages
        investigation = investigation.with_result(again, report_of(stages))
    return investigation


def cancelled() -> Report:
    kind = EvidenceKind.CANCELLED
    return ended(StageId.ASSOCIATE, kind, status=Status.SKIPPED, text="cancelled")


class TestBudget:
    def test_ends_after_18_associations(self) -> None:
        investigation = after(rejected_called_title())
        count = 1
        while following := investigation.possible():
            investigation = investigation.with_result(following[0], rejected_called_title())
            count += 1
        assert count == MAX_ASSOCIATIONS == 18
        assert (
            investigation.refusal == "no more experiments: the limit of 18 associations is reached"
        )
        assert len(investigation.report.experiments) == 17

    def test_an_experiment_over_the_limit_is_not_started(self) -> None:
        investigation = after(rejected_called_title())
        spare = investigation.possible()[-1]
        while following := investigation.possible():
            investigation = investigation.with_result(following[0], rejected_called_title())
        with pytest.raises(ExperimentRefusedError, match="the limit of 18 associations is reached"):
            start_experiment(investigation, spare, lambda _event: None)

    @pytest.mark.parametrize("kind", [EvidenceKind.CANCELLED, EvidenceKind.NO_TURN])
    def test_an_unfinished_experiment_is_not_counted(self, kind: EvidenceKind) -> None:
        investigation = after(rejected_called_title())
        unasked = ended(StageId.CONNECT, kind, status=Status.SKIPPED, text="not asked")
        again = investigation.with_result(investigation.possible()[0], unasked)
        assert again == investigation
        assert again.possible() == investigation.possible()


class TestRefusals:
    @pytest.mark.parametrize(
        ("target", "said"),
        [
            (
                replace(TARGET, no_experiments="clinical hours"),
                "experiments are off: clinical",
            ),
            (replace(TARGET, do_not_probe="vendor forbids it"), "not checked: vendor forbids it"),
            (replace(TARGET, no_experiments="a", do_not_probe="b"), "not checked: b"),
            (replace(TARGET, no_experiments="\x1b[2J"), "experiments are off: "),
        ],
    )
    def test_the_profile_refuses_and_says_why(self, target: Target, said: str) -> None:
        investigation = after(rejected_called_title(target))
        assert investigation.refusal.startswith(said)
        assert investigation.refusal.isprintable()
        assert investigation.possible() == ()
        wanted = Experiment(X.CONTROL_CALLED, TARGET, "", "", RunOptions())
        with pytest.raises(ExperimentRefusedError) as raised:
            start_experiment(investigation, wanted, lambda _event: None)
        assert str(raised.value) == investigation.refusal

    def test_nothing_is_refused_otherwise(self) -> None:
        assert after(rejected_called_title()).refusal == ""

    @pytest.mark.parametrize(
        "first",
        [cancelled(), ended(StageId.ECHO, EvidenceKind.INTERNAL_ERROR)],
        ids=["cancelled", "a fault of ours"],
    )
    def test_a_run_that_shows_nothing_about_the_peer_allows_no_experiments(
        self, first: Report
    ) -> None:
        assert after(first).possible() == ()


class TestSettled:
    def test_one_proven_cause_settles_the_question(self) -> None:
        investigation = confirmed(made(after(rejected_called_title()), X.VARIANT_CASE, A.SUCCESS))
        (cause,) = investigation.report.causes
        assert (cause.id, cause.confidence) == (CauseId.AE_CASE, Confidence.PROVEN)
        assert investigation.settled

    def test_one_unproven_cause_does_not(self) -> None:
        investigation = made(after(rejected_called_title()), X.CONTROL_CALLING, A.REJECTED_CALLED)
        assert not investigation.settled

    def test_a_success_leaves_questions_open(self) -> None:
        assert not after(green()).settled
        assert [each.id for each in after(green()).possible()] == [
            X.CONTROL_CALLING,
            X.CONTROL_CALLED,
        ]

    def test_the_next_experiment_tells_causes_apart(self) -> None:
        first = after(rejected_called_title())
        assert first.next == first.possible()[0]
        assert confirmed(made(first, X.VARIANT_CASE, A.SUCCESS)).next is None
        assert (
            after(ended(StageId.CONTEXT, EvidenceKind.CONTEXT_REFUSED, {"result": 4})).next is None
        )

    def test_the_next_one_after_a_warning_does_too(self) -> None:
        missing = EvidenceKind.RELEASE_MISSING
        warned = ended(StageId.RELEASE, missing, status=Status.WARNING)
        assert warned.causes[0].confidence is Confidence.PROVEN
        assert not after(warned).settled
        assert after(warned).possible()


class TestTheReport:
    def test_is_about_the_first_run(self) -> None:
        first = rejected_called_title()
        report = made(after(first), X.OWN_CALLING, A.SUCCESS).report
        assert (report.run_id, report.started, report.elapsed_ms) == (
            first.run_id,
            first.started,
            first.elapsed_ms,
        )
        assert (report.target, report.verdict, report.stages) == (
            first.target,
            first.verdict,
            first.stages,
        )

    def test_lists_each_experiment_in_order(self) -> None:
        investigation = after(rejected_called_title())
        investigation = made(investigation, X.CONTROL_CALLED, A.REJECTED_CALLED)
        investigation = made(investigation, X.OWN_CALLING, A.SUCCESS)
        first, second = investigation.report.experiments
        assert (first.id, second.id) == ("control.called", "own.calling")
        assert "NOSUCH01" in first.sent
        assert second.sent == "another calling title, STATION_0"
        assert second.outcome == "C-ECHO answered with success"
        assert second.split.startswith("your other title is accepted")

    def test_lists_the_causes_that_are_left(self) -> None:
        report = made(after(rejected_called_title()), X.OWN_CALLING, A.SUCCESS).report
        assert report.causes[0].id is CauseId.AE_CALLING_UNKNOWN
        assert CauseId.AE_CALLED_UNKNOWN not in {cause.id for cause in report.causes}

    def test_a_success_stays_a_success_whatever_the_controls_show(self) -> None:
        report = made(after(green()), X.CONTROL_CALLING, A.REJECTED_CALLED).report
        assert report.verdict.status is VerdictStatus.OK
        assert report.causes == ()


UNTOLD = (
    "that the peer checks AE titles at all: many accept any title (to find out, press"
    " x in the console or use --experiments)"
)
CALLED_IS_CHECKED = (
    "the peer checks the called AE title: it accepts this one and rejects a made-up one"
)
CALLING_IS_CHECKED = (
    "the peer checks the calling AE title: it accepts this one and rejects a made-up one"
)
CALLED_IS_NOT = "the peer does not check the called AE title: a made-up one is accepted too"
CALLING_IS_NOT = "the peer does not check the calling AE title: a made-up one is accepted too"
UNTOLD_AND_TRIED = "that the peer checks AE titles at all: many accept any title"
CALLED_UNTOLD = "that the peer checks the called AE title: many accept any"
CALLING_UNTOLD = "that the peer checks the calling AE title: many accept any"


class TestWhatASuccessProved:
    def test_it_proves_nothing_about_titles_by_itself(self) -> None:
        assert UNTOLD in green().not_proven

    @pytest.mark.parametrize(
        ("answers", "proven", "not_proven"),
        [
            ({X.CONTROL_CALLING: A.SUCCESS}, [CALLING_IS_NOT], [CALLED_UNTOLD]),
            ({X.CONTROL_CALLED: A.SUCCESS}, [CALLED_IS_NOT], [CALLING_UNTOLD]),
            (
                {X.CONTROL_CALLING: A.SUCCESS, X.CONTROL_CALLED: A.SUCCESS},
                [CALLING_IS_NOT, CALLED_IS_NOT],
                [],
            ),
            ({X.CONTROL_CALLING: A.REJECTED_CALLED}, [CALLING_IS_CHECKED], [CALLED_UNTOLD]),
            (
                {X.CONTROL_CALLING: A.REJECTED_CALLING, X.CONTROL_CALLED: A.REJECTED_CALLED},
                [CALLING_IS_CHECKED, CALLED_IS_CHECKED],
                [],
            ),
            ({X.CONTROL_CALLED: A.REJECTED}, [CALLED_IS_CHECKED], [CALLING_UNTOLD]),
            # A limit, an abort or a silence says nothing about titles for certain.
            ({X.CONTROL_CALLED: A.REJECTED_FOR_NOW}, [], [UNTOLD]),
            ({X.CONTROL_CALLING: A.ABORTED}, [], [UNTOLD]),
            ({X.CONTROL_CALLING: A.ABORTED_AT_ECHO}, [], [UNTOLD]),
            ({X.CONTROL_CALLING: A.SILENT}, [], [UNTOLD]),
            (
                {X.CONTROL_CALLING: A.SILENT, X.CONTROL_CALLED: A.ABORTED},
                [],
                [UNTOLD_AND_TRIED],
            ),
        ],
    )
    def test_control_experiments_show_whether_titles_are_checked(
        self,
        answers: dict[ExperimentId, AnswerKind],
        proven: list[str],
        not_proven: list[str],
    ) -> None:
        investigation = after(green())
        for experiment, kind in answers.items():
            investigation = made(investigation, experiment, kind)
        about_titles = {
            UNTOLD,
            UNTOLD_AND_TRIED,
            CALLED_IS_CHECKED,
            CALLING_IS_CHECKED,
            CALLED_IS_NOT,
            CALLING_IS_NOT,
            CALLED_UNTOLD,
            CALLING_UNTOLD,
        }
        report = investigation.report
        assert [each for each in report.proven if each in about_titles] == proven
        assert [each for each in report.not_proven if each in about_titles] == not_proven

    @pytest.mark.parametrize("first", [A.ABORTED_AT_ECHO, A.CLOSED_AT_ECHO, A.CONTEXT_REFUSED])
    def test_a_failure_offers_no_experiments_about_titles_that_it_will_not_make(
        self, first: AnswerKind
    ) -> None:
        seen = EXAMPLES[first]
        accepted = ended(seen.stage, seen.finding, dict(seen.data))
        investigation = after(accepted)
        assert UNTOLD_AND_TRIED in investigation.report.not_proven
        while (following := investigation.next) is not None:
            investigation = investigation.with_result(following, accepted)
        assert UNTOLD not in investigation.report.not_proven

    @pytest.mark.parametrize(
        ("experiment", "then", "says"),
        [
            (X.CONTROL_CALLING, A.SUCCESS, "the peer does not check it"),
            (X.CONTROL_CALLING, A.REJECTED_CALLED, "the peer checks it"),
            (X.CONTROL_CALLING, A.REJECTED_CALLING, "the peer checks it"),
            (X.CONTROL_CALLING, A.ABORTED_AT_ECHO, "the peer probably knows yours"),
            (X.CONTROL_CALLING, A.REJECTED_FOR_NOW, "it settles nothing"),
            (X.CONTROL_CALLED, A.SUCCESS, "the peer does not check it"),
            (X.CONTROL_CALLED, A.REJECTED_CALLED, "the peer checks it"),
            (X.CONTROL_CALLED, A.REJECTED_FOR_NOW, "it settles nothing"),
            (X.CONTROL_CALLED, A.SILENT, "it settles nothing"),
        ],
    )
    def test_the_text_of_a_control_experiment(
        self, experiment: ExperimentId, then: AnswerKind, says: str
    ) -> None:
        (result,) = made(after(green()), experiment, then).report.experiments
        assert says in result.split

    def test_a_title_that_is_accepted_and_may_not_echo_is_right(self) -> None:
        """Orthanc with AllowEcho false: a stranger is rejected, this title only aborted."""
        investigation = after(report_of(EXAMPLES[A.ABORTED_AT_ECHO].stages))
        report = made(investigation, X.CONTROL_CALLING, A.REJECTED_CALLING).report
        assert CALLING_IS_CHECKED in report.proven
        assert CALLING_IS_NOT not in report.not_proven

    def test_a_made_up_title_proves_nothing_after_a_failure(self) -> None:
        report = made(after(rejected_called_title()), X.CONTROL_CALLING, A.REJECTED_CALLED).report
        assert CALLING_IS_CHECKED not in report.proven


@pytest.mark.parametrize("kind", [A.REJECTED_NO_REASON, A.REJECTED, A.REJECTED_FOR_NOW])
def test_every_rejection_proves_a_dicom_application(kind: AnswerKind) -> None:
    """1/1/1, 1/3/56 and 2/3/2, as 1/1/7 does."""
    report = report_of(EXAMPLES[kind].stages)
    assert "a DICOM application answers on that port" in report.proven


@pytest.mark.parametrize("kind", [A.CLOSED, A.SILENT, A.NOT_DICOM])
def test_no_other_end_of_that_stage_does(kind: AnswerKind) -> None:
    assert report_of(EXAMPLES[kind].stages).proven == ()


class TestOtherAddresses:
    """A peer can be checked from another address of the same family (IPv4 or IPv6)."""

    @pytest.mark.parametrize(
        ("addresses", "left"),
        [
            (("192.0.2.20", "192.0.2.21"), ("192.0.2.21",)),
            (("127.0.0.1", "192.0.2.21"), ("192.0.2.21",)),
            (("2001:db8::1",), ()),
            ((), ()),
        ],
    )
    def test_which_addresses_can_be_used(
        self, addresses: tuple[str, ...], left: tuple[str, ...]
    ) -> None:
        operator_setup = OperatorSetup("NOSUCH1", addresses=addresses)
        investigation = Investigation.of(rejected_called_title(), operator_setup)
        assert investigation.operator_setup.addresses == left
