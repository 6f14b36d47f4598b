"""The next step of the guide, from a failed check to the end."""

from __future__ import annotations

import string
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files

import pytest

from dcmecho.diagnosis.cause import CauseId, Who
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.plans import Experiment, ExperimentId, OperatorSetup
from dcmecho.diagnosis.guide.walk import (
    Advice,
    Ask,
    Edit,
    Fixed,
    HandOver,
    OfferEdits,
    Propose,
    RunAgain,
    Step,
    Unknown,
    Walk,
    next_step,
)
from dcmecho.diagnosis.guide.words import (
    Symptom,
    look_for,
    question_about,
    symptom_text,
    value_about,
)
from dcmecho.diagnosis.investigation import Investigation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TLS_ITEMS
from dcmecho.report.handover import message as handover
from tests.unit.causes.slow import SLOW_MS, checked
from tests.unit.report.reports import TARGET, ended, green, rejected_called_title

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SURROUNDINGS = OperatorSetup("NOSUCH123", own_titles=("OTHER_WS",))


def walk_of(report: Report, symptom: Symptom | None = None) -> Walk:
    return Walk(Investigation.of(report, SURROUNDINGS), symptom)


def made(walk: Walk, experiment: Experiment, outcome: Report) -> Walk:
    return walk.after(walk.investigation.with_result(experiment, outcome))


def proposed(step: Step) -> Experiment:
    assert isinstance(step, Propose)
    return step.experiment


def own_title(walk: Walk) -> Experiment:
    possible = walk.investigation.possible()
    return next(each for each in possible if each.id is ExperimentId.OWN_CALLING)


def without_experiments(walk: Walk) -> Walk:
    """Decline every proposed experiment."""
    while isinstance(step := next_step(walk), Propose):
        walk = walk.declining(step.experiment)
    return walk


def closed(report_target: StageId = StageId.ASSOCIATE) -> Report:
    return ended(report_target, EvidenceKind.PEER_BYTES, {"cause": "peer.is-http", "seen": "HTTP"})


class TestASlowPeer:
    """It works, and somebody has to be told all the same."""

    def test_the_administrator_is_asked_to_look_at_the_name_server(self) -> None:
        report = checked({StageId.ASSOCIATE: SLOW_MS})
        step = next_step(walk_of(report))
        assert isinstance(step, HandOver)
        assert step.who is Who.PEER
        message = handover.render(report, step.who, step.causes, AT)
        assert message.startswith("DICOM from WS to PACS is slow:\n")
        assert "getent hosts 192.0.2.1" in " ".join(message.split())

    def test_the_network_team_has_nothing_to_open(self) -> None:
        report = checked({StageId.CONNECT: SLOW_MS})
        step = next_step(walk_of(report))
        assert isinstance(step, HandOver)
        assert step.who is Who.NETWORK
        assert "What is needed" not in handover.render(report, step.who, step.causes, AT)

    def test_after_an_edit_it_is_fixed(self) -> None:
        walk = walk_of(checked({StageId.ASSOCIATE: SLOW_MS}))
        edit = Edit(Field.CALLED_AE, "PACS", "it works")
        assert isinstance(next_step(walk.edited((edit,), walk.investigation)), Fixed)


class TestSteps:
    def test_a_failed_check_begins_with_an_experiment(self) -> None:
        walk = walk_of(rejected_called_title())
        assert proposed(next_step(walk)) == walk.investigation.next

    def test_a_declined_experiment_is_not_proposed_again(self) -> None:
        walk = walk_of(rejected_called_title())
        first = proposed(next_step(walk))
        assert proposed(next_step(walk.declining(first))) != first

    def test_a_variant_that_works_is_offered_as_an_edit(self) -> None:
        walk = walk_of(rejected_called_title())
        variant = Experiment(
            ExperimentId.VARIANT_CASE,
            replace(TARGET, called_ae="target_pacs"),
            "the called title as target_pacs",
            "whether capitals differ",
            RunOptions(),
        )
        step = next_step(made(walk, variant, green(variant.target)))
        assert isinstance(step, OfferEdits)
        (edit,) = step.edits
        assert (edit.field, edit.value) == (Field.CALLED_AE, "target_pacs")
        assert "use target_pacs instead of TARGET_PACS" in edit.why

    def test_refused_edits_are_not_offered_again(self) -> None:
        walk = walk_of(rejected_called_title())
        variant = Experiment(
            ExperimentId.VARIANT_CASE,
            replace(TARGET, called_ae="target_pacs"),
            "",
            "",
            RunOptions(),
        )
        walk = made(walk, variant, green(variant.target))
        step = next_step(walk)
        assert isinstance(step, OfferEdits)
        assert not isinstance(next_step(walk.refusing(step.edits)), OfferEdits)

    def test_does_not_ask_for_a_title_that_an_experiment_confirmed(self) -> None:
        calling = ended(
            StageId.AE_TITLE,
            EvidenceKind.ASSOCIATION_REJECTED,
            {"result": 1, "source": 1, "reason": 3},
        )
        nonsense = replace(TARGET, called_ae="NOSUCH123")
        control = Experiment(ExperimentId.CONTROL_CALLED, nonsense, "", "", RunOptions())
        walk = made(walk_of(calling), control, rejected_called_title(nonsense))
        step = next_step(without_experiments(walk))
        assert isinstance(step, HandOver)
        assert CauseId.AE_CASE in [cause.id for cause in step.causes]

    def test_a_success_a_little_later_leads_to_another_check(self) -> None:
        congested = ended(
            StageId.ASSOCIATE,
            EvidenceKind.ASSOCIATION_REJECTED,
            {"result": 2, "source": 3, "reason": 1},
        )
        retry = Experiment(
            ExperimentId.RETRY_LATER, TARGET, "the same", "whether", RunOptions(), wait_s=5
        )
        assert isinstance(next_step(made(walk_of(congested), retry, green())), RunAgain)

    def test_after_the_experiments_it_asks_for_a_value(self) -> None:
        step = next_step(without_experiments(walk_of(rejected_called_title())))
        assert isinstance(step, Ask)
        assert step.cause.id is CauseId.AE_CALLED_UNKNOWN
        assert step.question.field is Field.CALLED_AE
        assert "on port 104" in step.question.question

    def test_a_confirmed_value_is_ruled_out_with_a_reason(self) -> None:
        walk = without_experiments(walk_of(rejected_called_title()))
        walk = walk.confirming(CauseId.AE_CALLED_UNKNOWN)
        (struck,) = walk.struck_out()
        assert struck.cause.id is CauseId.AE_CALLED_UNKNOWN
        assert "confirmed TARGET_PACS" in struck.why

    def test_a_cause_that_an_experiment_rules_out_is_shown(self) -> None:
        walk = walk_of(rejected_called_title())
        own = own_title(walk)
        walk = made(walk, own, green(own.target))
        assert [struck.cause.id for struck in walk.struck_out()] == [CauseId.AE_CALLED_UNKNOWN]

    def test_what_the_peers_administrator_must_check_is_handed_over(self) -> None:
        walk = without_experiments(walk_of(rejected_called_title()))
        while isinstance(step := next_step(walk), Ask):
            walk = walk.confirming(step.cause.id)
        assert isinstance(step, HandOver)
        assert step.who is Who.PEER
        assert {cause.id for cause in step.causes} == {
            CauseId.AE_CALLING_UNKNOWN,
            CauseId.AE_HOST_NOT_ALLOWED,
        }

    def test_a_proven_cause_needs_no_experiment(self) -> None:
        step = next_step(walk_of(closed()))
        assert isinstance(step, Ask)
        assert step.question.field is Field.PORT

    def test_if_all_local_values_are_right_the_peers_administrator_checks(self) -> None:
        walk = walk_of(closed()).confirming(CauseId.PEER_IS_HTTP)
        step = next_step(walk)
        assert isinstance(step, HandOver)
        assert step.who is Who.PEER

    def test_success_means_fixed(self) -> None:
        assert next_step(walk_of(green())) == Fixed(())

    def test_success_after_an_edit_says_what_was_changed(self) -> None:
        walk = walk_of(rejected_called_title())
        variant = Experiment(
            ExperimentId.VARIANT_CASE,
            replace(TARGET, called_ae="target_pacs"),
            "",
            "",
            RunOptions(),
        )
        step = next_step(made(walk, variant, green(variant.target)))
        assert isinstance(step, OfferEdits)
        fixed = walk.edited(step.edits, Investigation.of(green(), SURROUNDINGS))
        assert next_step(fixed) == Fixed(step.edits)

    def test_refused_experiments_are_omitted(self) -> None:
        target = replace(TARGET, no_experiments="clinical hours")
        step = next_step(walk_of(rejected_called_title(target)))
        assert isinstance(step, Ask)

    def test_without_a_cause_the_result_is_unknown(self) -> None:
        fault = ended(StageId.CONNECT, EvidenceKind.INTERNAL_ERROR)
        assert next_step(walk_of(fault)) == Unknown(())


@pytest.mark.parametrize("symptom", Symptom)
def test_a_symptom_of_a_target_whose_echo_succeeds_gets_advice(symptom: Symptom) -> None:
    step = next_step(walk_of(green(), symptom))
    assert isinstance(step, Advice)
    assert step.title == symptom_text(symptom).title
    assert "MY_WORKSTATION" in " ".join((step.text, *step.next))


class TestWords:
    TABLES = tomllib.loads(
        files("dcmecho.diagnosis.guide").joinpath("guide.toml").read_text(encoding="utf-8")
    )

    def test_every_symptom_has_a_text_and_no_text_is_left_over(self) -> None:
        assert set(self.TABLES["symptom"]) == set(Symptom)

    @pytest.mark.parametrize("section", ["ask", "edit", "look"])
    def test_tables_are_about_causes_that_exist(self, section: str) -> None:
        assert set(self.TABLES[section]) <= {cause.value for cause in CauseId}

    @pytest.mark.parametrize("cause", TABLES["ask"])
    def test_a_question_changes_a_value_of_the_target(self, cause: str) -> None:
        question = question_about(CauseId(cause), {"port": "104"})
        assert question is not None
        assert hasattr(TARGET, question.field.value)

    @pytest.mark.parametrize("cause", TABLES["edit"])
    def test_a_cause_without_a_question_can_be_about_a_value(self, cause: str) -> None:
        assert cause not in self.TABLES["ask"]
        assert value_about(CauseId(cause)) in TLS_ITEMS

    def test_placeholders_are_known(self) -> None:
        def texts(value: object) -> list[str]:
            if isinstance(value, dict):
                return [text for each in value.values() for text in texts(each)]
            if isinstance(value, list):
                return [text for each in value for text in texts(each)]
            return [str(value)]

        names = {
            name for text in texts(self.TABLES) for _, name, _, _ in string.Formatter().parse(text)
        }
        assert names - {None} <= set(CAUSES.neutral)

    def test_a_cause_without_a_question_returns_none(self) -> None:
        assert question_about(CauseId.ASSOC_LIMIT, {}) is None
        assert look_for(CauseId.DNS_NOT_FOUND, {}) == ""

    def test_everyone_who_must_act_gets_a_request(self) -> None:
        others = [cause for cause, text in CAUSES.texts.items() if text.who is not Who.YOU]
        # A release that is not confirmed is a warning, so nothing is handed over.
        others.remove(CauseId.RELEASE_NO_ANSWER)
        assert [cause for cause in others if not look_for(cause, {})] == []

    @pytest.mark.parametrize("cause", TABLES["ask"])
    def test_an_unknown_value_is_asked_of_the_peers_administrator(self, cause: str) -> None:
        settled_here = cause.startswith(("profile.", "dns."))
        assert settled_here or look_for(CauseId(cause), {})


class TestHandover:
    ZONE = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=1)))

    def page(self, report: Report, who: Who) -> str:
        return handover.render(report, who, report.causes, self.ZONE)

    def test_the_peers_administrator_gets_exact_values_to_enter(self) -> None:
        page = self.page(rejected_called_title(), Who.PEER)
        assert "2026-11-23 11:32:05 +0100 (10:32:05 UTC)" in page
        assert "MY_WORKSTATION at 192.0.2.20" in page
        assert "TARGET_PACS at pacs.example, port 104" in page
        assert '"MY_WORKSTATION": ["MY_WORKSTATION", "192.0.2.20", 11112]' in page
        assert "my_workstation = (MY_WORKSTATION, 192.0.2.20, 11112)" in page
        assert "Network AE MY_WORKSTATION" in page
        assert "Is exactly this AE title registered" in " ".join(page.split())

    def test_the_peers_administrator_gets_the_hints_of_the_likeliest_cause(self) -> None:
        page = self.page(rejected_called_title(), Who.PEER)
        assert 'Where to look\n  - Orthanc: "DicomAet"\n' in page
        assert "Accepted Calling AE Title" not in page
        assert "Where to look" not in self.page(rejected_called_title(), Who.NETWORK)

    def test_the_network_team_gets_the_connection_to_allow(self) -> None:
        dropped = ended(
            StageId.CONNECT,
            EvidenceKind.TCP_FAILED,
            {
                "peer": "192.0.2.50:104",
                "errno": None,
                "error": "no answer within 5 s",
                "timed_out": True,
                "elapsed_ms": 5000.0,
            },
        )
        page = self.page(dropped, Who.NETWORK)
        assert "TCP from this machine to pacs.example, port 104, and the answers back" in page
        assert "DicomModalities" not in page

    def test_says_what_was_tried(self) -> None:
        walk = walk_of(rejected_called_title())
        own = own_title(walk)
        report = made(walk, own, rejected_called_title(own.target)).report
        told = "What we tried\n  - another calling title, OTHER_WS: rejected"
        assert told in self.page(report, Who.PEER)

    def test_the_request_comes_before_what_was_tried(self) -> None:
        walk = walk_of(rejected_called_title())
        own = proposed(next_step(walk))
        report = made(walk, own, rejected_called_title(own.target)).report
        page = self.page(report, Who.PEER)
        assert page.index("Please check") < page.index("What we tried")

    def test_a_possible_cause_is_not_the_headline(self) -> None:
        page = self.page(rejected_called_title(), Who.PEER)
        assert "rejected 1/1/7" in page.splitlines()[1]
        assert "does not know" not in page

    def test_fits_in_an_email(self) -> None:
        page = self.page(rejected_called_title(), Who.PEER)
        assert all(len(line) <= 90 for line in page.splitlines())
        assert page.isascii()

    def test_a_title_that_breaks_json_is_escaped(self) -> None:
        target = replace(TARGET, calling_ae='A"B')
        assert '"A\\"B": ["A\\"B"' in self.page(rejected_called_title(target), Who.PEER)


def test_gives_utc_beside_the_local_time() -> None:
    page = handover.render(green(), Who.PEER, (), datetime.now(UTC))
    assert "10:32:05 UTC" in page
