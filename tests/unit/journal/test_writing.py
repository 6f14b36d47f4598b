"""What is written: experiments and services become part of the run that they follow."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

from dcmecho.diagnosis.report import ExperimentResult, Report
from dcmecho.journal.entry import Entry, one_run
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import kept
from dcmecho.journal.writing import write
from tests.unit.journal.journals import BOOK, data_of, fails, journal_in, keep, rows, works

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


def test_experiments_of_a_run_that_is_not_kept_are_kept_by_themselves(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, fails(0))
        keep_further(connection, fails(1))
        keep_further(connection, fails(0), Way.CONSOLE)
        assert rows(connection, "span") == 3
