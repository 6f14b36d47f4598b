"""A C-MOVE, a test image and a survey of services are kept, without anything of a patient."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.diagnosis.store.model import StoreAttempt, new_test_image
from dcmecho.diagnosis.store.verdict import judge as judge_store
from dcmecho.diagnosis.survey.proofs import with_services
from dcmecho.exit_codes import ExitCode
from dcmecho.journal.connection import opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import Kept, kept, last_kept
from dcmecho.journal.place import Place
from dcmecho.report.history.entries import entries_of
from dcmecho.report.history.surveys import survey_entries
from dcmecho.report.json.reading import report_of
from tests.unit.report.reports import TARGET, green
from tests.unit.services.moved import REACHED, WRONG_PORT, answered
from tests.unit.services.surveyed import STARTED, surveyed

UID = WRONG_PORT.order.study_uid
IMAGE = new_test_image(5000)
MOVED = ServicesResult(
    "run-s", STARTED, 900.0, associations=1, move=judge(WRONG_PORT), opened=green().stages
)
REACHED_US = replace(MOVED, move=judge(REACHED))
STORED = replace(
    MOVED, move=None, store=judge_store(IMAGE, [StoreAttempt(False, text="refused")], TARGET)
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(Place(tmp_path / "history.db"), Way.CHECK, pytest.fail)


def all_kept(journal: Journal) -> list[Kept]:
    with opened(journal.place) as connection:
        return list(kept(connection))


def test_a_move_after_a_check_stands_by_itself(journal: Journal) -> None:
    report = with_services(green(), MOVED)
    assert journal.keep(entries_of(report, journal))
    move, check = sorted(all_kept(journal), key=lambda each: each.kind, reverse=True)
    assert (check.kind, check.runs, check.ok) == (Kind.DIAGNOSIS, 1, 1)
    assert "services" not in check.body
    assert (move.kind, move.runs, move.status, move.cause) == (Kind.MOVE, 0, "move", "wrong-port")
    assert move.body["services"]["move"]["outcome"] == "wrong-port"
    assert (move.body["kind"], move.body["source"]) == ("move", "journal")
    assert move.body["verdict"]["exit_code"] == ExitCode.SERVICES


def test_it_counts_as_no_check(journal: Journal) -> None:
    journal.keep(entries_of(with_services(green(), REACHED_US), journal))
    found = journal.history(TARGET, report_data_of(journal))
    assert found is not None
    assert (found.runs, found.ok, len(found.latest)) == (0, 0, 0)
    with opened(journal.place) as connection:
        last = last_kept(connection, all_kept(journal)[0].target)
    assert last is not None
    assert last.kind is Kind.DIAGNOSIS


def report_data_of(journal: Journal) -> dict[str, object]:
    """Return the kept check, as one of now."""
    return next(each.body for each in all_kept(journal) if each.kind is Kind.DIAGNOSIS)


def test_the_check_claims_nothing_that_only_the_move_has_proven(journal: Journal) -> None:
    journal.keep(entries_of(with_services(green(), REACHED_US), journal))
    for each in all_kept(journal):
        report = report_of(each.body)
        says = any("reached this machine for a C-MOVE" in sentence for sentence in report.proven)
        assert says is (each.kind is Kind.MOVE)
    check = report_of(report_data_of(journal))
    assert set(check.not_proven) == set(green().not_proven)


def test_the_study_is_not_kept_even_if_the_peer_repeats_its_uid(journal: Journal) -> None:
    seen = replace(REACHED, answer=answered(0xC000, comment=f"no study {UID} of mine"))
    journal.keep(entries_of(with_services(green(), replace(MOVED, move=judge(seen))), journal))
    bodies = json.dumps([each.body for each in all_kept(journal)])
    assert "of mine" in bodies
    assert UID not in bodies


def test_a_test_image_is_kept_with_the_uids_that_are_needed_to_delete_it(journal: Journal) -> None:
    journal.keep(entries_of(with_services(green(), STORED), journal))
    (stored,) = (each for each in all_kept(journal) if each.kind is Kind.STORE)
    assert stored.body["services"]["store"]["instance_uid"] == IMAGE.instance_uid


def test_services_belong_to_their_check_if_there_is_one(journal: Journal) -> None:
    services = replace(surveyed(), opened=green().stages)
    for with_check, kinds in ((True, []), (False, [Kind.SURVEY])):
        entries = survey_entries(services, TARGET, journal, with_check=with_check)
        assert [each.kind for each in entries] == kinds


@pytest.mark.parametrize(
    "result",
    [
        replace(MOVED, opened=()),
        replace(MOVED, move=judge(replace(REACHED, over=False))),
        replace(surveyed(), opened=green().stages, cancelled=True),
    ],
    ids=["not asked", "cut short by the user", "services cut short"],
)
def test_what_says_nothing_of_the_peer_is_not_kept(
    journal: Journal, result: ServicesResult
) -> None:
    assert list(survey_entries(result, TARGET, journal, with_check=False)) == []
