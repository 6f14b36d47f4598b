"""What is written: experiments and services become part of the run that they follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest

from dcmecho.diagnosis.listen.book import CallBook
from dcmecho.diagnosis.listen.events import CallChanged
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.diagnosis.stage import StageId
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import kept
from dcmecho.journal.place import Place
from dcmecho.journal.reading import history
from dcmecho.journal.together import Neighbours
from dcmecho.journal.writing import write
from dcmecho.report.compare import comparison
from dcmecho.report.history.calls import call_entry
from dcmecho.report.history.entries import diagnosis_entry
from tests.unit.journal.journals import (
    BOOK,
    at,
    data_of,
    fails,
    journal_in,
    keep,
    rows,
    slow,
    works,
)
from tests.unit.listen.calling import call, request
from tests.unit.report.reports import TARGET

LESS_THAN_A_MS = timedelta(microseconds=999)
SLOW = slow(works(2), StageId.ECHO, 4000.0)
EXPERIMENT = ExperimentResult("e.title", "another title", "accepted", "the title is the cause")


def keep_further(connection: Connection, report: Report, way: Way = Way.CHECK) -> None:
    further = replace(report, experiments=(*report.experiments, EXPERIMENT))
    body = data_of(further)
    write(connection, [Entry(further.target, BOOK, Kind.FURTHER, way, body, one_run(body))])


def test_an_experiment_becomes_part_of_its_run(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), fails(1))
        keep_further(connection, fails(1))
        keep_further(connection, replace(fails(1), experiments=(EXPERIMENT,)))
        newest, oldest = kept(connection)
        assert (newest.kind, newest.runs) == (Kind.FURTHER, 1)
        assert newest.body["experiments"] != []
        assert oldest.kind is Kind.DIAGNOSIS
        assert (rows(connection, "span"), rows(connection, "report")) == (2, 2)


def test_the_report_of_other_runs_stays_when_one_of_them_is_followed_up(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0), fails(1))
        keep_further(connection, fails(1))
        keep(connection, fails(2))
        kinds = [each.kind for each in kept(connection)]
        changes = connection.execute("SELECT is_change FROM span ORDER BY began").fetchall()
    assert kinds == [Kind.DIAGNOSIS, Kind.FURTHER, Kind.DIAGNOSIS]
    assert changes == [(1,), (1,), (1,)]


def test_a_call_counts_as_no_check(tmp_path: Path) -> None:
    book = CallBook(Expectation(peer=TARGET.name))
    book.add(CallChanged(replace(call(request()), at=at(1))))
    (judged,) = book.newest_first
    journal = Journal(Place(tmp_path / "history.db"), Way.LISTEN, print, BOOK)
    with journal_in(tmp_path) as connection:
        keep(connection, works(0))
        assert journal.keep([call_entry(judged, TARGET, journal)])
        keep(connection, works(2))
        (newest, heard, _) = kept(connection)
        found = history(connection, TARGET, BOOK, data_of(works(3)), Neighbours)
        changes = connection.execute("SELECT is_change FROM span ORDER BY began").fetchall()
    assert (heard.kind, heard.way, heard.cause) == (Kind.CALL, Way.LISTEN, "reached us")
    assert newest.kind is Kind.DIAGNOSIS
    assert (found.runs, found.ok, len(found.latest)) == (2, 2, 1)
    assert changes == [(1,), (0,), (0,)]


def test_experiments_of_a_run_that_is_not_kept_are_kept_by_themselves(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0))
        keep_further(connection, fails(1))
        keep_further(connection, fails(0), Way.CONSOLE)
        assert rows(connection, "span") == 3


@pytest.mark.parametrize(
    ("then", "now", "is_told"),
    [
        ([works(0), works(1)], works(2), False),
        ([works(0), fails(1)], works(2), True),
        ([works(0), fails(1)], replace(works(2), started=at(2) + LESS_THAN_A_MS), True),
        ([works(0)], fails(1), True),
        ([], works(0), True),
        ([works(0), works(1)], SLOW, True),
        ([works(0), SLOW], replace(SLOW, started=at(3)), False),
        ([works(0)], works(1, replace(TARGET, called_ae="OTHER")), True),
    ],
)
def test_only_what_is_unlike_the_check_before_is_news(
    tmp_path: Path, then: list[Report], now: Report, is_told: bool
) -> None:
    journal = Journal(Place(tmp_path / "history.db"), Way.CHECK, pytest.fail, BOOK)
    for each in (*then, now):
        journal.keep([diagnosis_entry(each, journal)])
    assert journal.has_news(now.target, now.started) is is_told


def test_causes_in_the_light_of_a_history_are_the_same_verdict(tmp_path: Path) -> None:
    """A watch reads no history, and a check does: both see the same."""
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), fails(1), in_other_order(fails(2)), fails(3))
        assert (rows(connection, "span"), rows(connection, "report")) == (4, 2)
    assert comparison("a", data_of(fails(1)), "b", data_of(in_other_order(fails(2)))).is_equal


def in_other_order(report: Report) -> Report:
    assert len(report.causes) > 1
    return replace(report, causes=tuple(reversed(report.causes)))


def test_what_was_not_kept_is_no_news(tmp_path: Path) -> None:
    journal = Journal(Place(tmp_path / "history.db"), Way.CHECK, pytest.fail, BOOK)
    assert not journal.has_news(TARGET, works(0).started)
    journal.keep([diagnosis_entry(works(0), journal)])
    assert not journal.has_news(TARGET, works(1).started)
