"""What is written: experiments and services become part of the run that they follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

from dcmecho.diagnosis.listen.book import CallBook
from dcmecho.diagnosis.listen.events import CallChanged
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import kept
from dcmecho.journal.place import Place
from dcmecho.journal.reading import history
from dcmecho.journal.together import Neighbours
from dcmecho.journal.writing import write
from dcmecho.report.history.calls import call_entry
from tests.unit.journal.journals import BOOK, at, data_of, fails, journal_in, keep, rows, works
from tests.unit.listen.calling import call, request
from tests.unit.report.reports import TARGET

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
