"""A watch keeps what is summed up, a part at a time, and later if the journal is locked."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.cli.watch_memory import WatchMemory
from dcmecho.diagnosis.watch.sample import sample_of
from dcmecho.diagnosis.watch.watch import Sampled
from dcmecho.journal.connection import connected, opened
from dcmecho.journal.entry import Entry
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Way
from dcmecho.journal.place import Place
from tests.unit.journal.journals import journal_in, rows, works
from tests.unit.report.reports import TARGET


def checked(number: int, minutes: float) -> Sampled:
    target = replace(TARGET, name=f"PACS {number}", host=f"10.0.0.{number + 1}")
    report = works(minutes, target)
    return Sampled(str(number), target, sample_of(report, 0.0), report)


def test_all_targets_are_kept_though_they_are_complete_at_once(tmp_path: Path) -> None:
    sizes: list[int] = []

    class Noting(Journal):
        def keep(self, entries: Iterable[Entry], tidying_s: float = 0.0) -> bool:
            found = [*entries]
            sizes.append(len(found))
            return super().keep(found, tidying_s)

    memory = WatchMemory(Noting(Place(tmp_path / "history.db"), Way.WATCH, pytest.fail))
    for minutes in (0, 1, 5, 6):
        for number in range(100):
            memory.add(checked(number, minutes))
    memory.end()
    assert max(sizes) <= 20
    with journal_in(tmp_path) as connection:
        assert rows(connection, "target") == 100
        assert rows(connection, "span") == 200
        assert connection.execute("SELECT sum(runs) FROM span").fetchone() == (400,)


def test_what_cannot_be_kept_now_is_kept_later(tmp_path: Path) -> None:
    place = Place(tmp_path / "history.db")
    with opened(place):
        pass
    told: list[str] = []
    memory = WatchMemory(Journal(place, Way.WATCH, told.append))
    with closing(connected(place.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for minutes in (0, 5, 10):
            memory.add(checked(0, minutes))
        assert len(told) == 1
        other.execute("ROLLBACK")
    memory.end()
    with journal_in(tmp_path) as connection:
        assert connection.execute("SELECT sum(runs) FROM span").fetchone() == (3,)
