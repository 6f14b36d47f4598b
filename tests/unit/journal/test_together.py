"""What failed in the same minutes is read once, and then only what is new."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

import pytest

from dcmecho.diagnosis.history.compared import compared_values
from dcmecho.diagnosis.history.history import Together
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target
from dcmecho.journal.targets import known
from dcmecho.journal.times import milliseconds
from dcmecho.journal.together import Neighbours
from tests.unit.journal.journals import BOOK, at, data_of, fails, journal_in, keep, works
from tests.unit.report.reports import TARGET

HERE = "on 192.0.2.0/24"


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    with journal_in(tmp_path) as found:
        yield found


def one(number: int) -> Target:
    return replace(TARGET, name=f"CT {number}", host=f"192.0.2.{number}", calling_ae=f"AE{number}")


def told(connection: Connection, neighbours: Neighbours, report: Report) -> list[Together]:
    id = known(connection, report.target, BOOK)
    values = compared_values(data_of(report))
    now = milliseconds(report.started)
    return list(neighbours.together(connection, id, now, report.target, values))


def both(connection: Connection, neighbours: Neighbours, report: Report) -> list[Together]:
    """Return what one who has read before tells, which one who reads now must tell too."""
    found = told(connection, neighbours, report)
    assert found == told(connection, Neighbours(), report)
    return found


def test_those_that_others_keep_later_are_counted(connection: Connection) -> None:
    neighbours = Neighbours()
    keep(connection, fails(0, one(1)))
    assert both(connection, neighbours, fails(1, one(9))) == []
    keep(connection, fails(1, one(2)), works(1, one(3)))
    assert both(connection, neighbours, fails(2, one(9))) == [Together(HERE, 2, 3)]


def test_the_last_run_of_each_counts_and_not_its_own(connection: Connection) -> None:
    neighbours = Neighbours()
    keep(connection, *(fails(0, one(number)) for number in (1, 2, 3, 9)))
    assert both(connection, neighbours, fails(1, one(9))) == [Together(HERE, 3, 3)]
    keep(connection, works(1, one(1)))
    assert both(connection, neighbours, fails(2, one(9))) == [Together(HERE, 2, 3)]
    assert both(connection, neighbours, fails(2, one(2))) == [Together(HERE, 2, 3)]
    keep(connection, works(2, one(2)))
    assert both(connection, neighbours, fails(3, one(9))) == []


def test_what_is_older_than_ten_minutes_is_forgotten(connection: Connection) -> None:
    neighbours = Neighbours()
    keep(connection, *(fails(number, one(number)) for number in (1, 2, 3)))
    assert both(connection, neighbours, fails(4, one(9))) == [Together(HERE, 3, 3)]
    assert both(connection, neighbours, fails(11.5, one(9))) == [Together(HERE, 2, 2)]
    assert both(connection, neighbours, fails(30, one(9))) == []


def test_an_earlier_run_that_comes_later_changes_nothing(connection: Connection) -> None:
    neighbours = Neighbours()
    keep(connection, *(fails(5, one(number)) for number in (1, 2)))
    assert both(connection, neighbours, fails(6, one(9))) == [Together(HERE, 2, 2)]
    keep(connection, works(1, one(1)))
    assert both(connection, neighbours, fails(6, one(9))) == [Together(HERE, 2, 2)]
    assert at(6) > at(5)
