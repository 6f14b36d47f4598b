"""The journal stays small: by age, by count, by size; what matters stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from sqlite3 import Connection

import pytest

from dcmecho.journal import tidying
from dcmecho.journal.listing import kept
from dcmecho.journal.tidying import KEPT_DAYS, tidy
from tests.unit.journal.journals import at, fails, journal_in, keep, rows, works

DAY = 24 * 60
PATIENT_S = 60.0


def minutes(connection: Connection) -> list[int]:
    """Return when the kept runs were, oldest first."""
    return [round((each.began - at(0)).total_seconds() / 60) for each in kept(connection)][::-1]


def test_after_a_week_equal_runs_of_an_hour_are_one_row(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(0, 180, 5)))
        assert tidy(connection, at(8 * DAY), PATIENT_S)
        spans = list(kept(connection))
        assert len(spans) < 8
        assert sum(each.runs for each in spans) == sum(each.ok for each in spans) == 36


def test_old_rows_go_but_the_first_of_each_change_and_the_last_success_stay(
    tmp_path: Path,
) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(70), works(140), fails(210), fails(280), fails(350))
        assert tidy(connection, at((KEPT_DAYS + 1) * DAY), PATIENT_S)
        assert minutes(connection) == [0, 140, 210]
        assert rows(connection, "report") == 2


def test_what_is_not_old_stays(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, works(0), works(1), fails(2))
        assert tidy(connection, at(DAY), PATIENT_S)
        assert minutes(connection) == [0, 1, 2]


def test_of_one_target_only_so_many_rows_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tidying, "KEPT_SPANS", 10)
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(40)))
        assert tidy(connection, at(DAY), PATIENT_S)
        assert minutes(connection) == [0, *range(31, 40)]


def test_a_full_file_drops_the_oldest_first(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(1500)))
        assert tidy(connection, at(DAY), PATIENT_S, max_mb=0.12)
        left = minutes(connection)
        assert 0 < len(left) < 1500
        assert left == list(range(1500 - len(left), 1500))


def test_tidying_stops_when_its_time_is_over_and_goes_on_later(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(0, 6000, 10)))
        now = at(8 * DAY)
        assert not tidy(connection, now, 0)
        assert tidy(connection, now, PATIENT_S)
        assert tidy(connection, now + timedelta(minutes=1), 0)


def test_a_clock_that_was_ahead_does_not_end_tidying(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        assert tidy(connection, at(1000 * DAY), PATIENT_S)
        keep(connection, *(works(minute) for minute in range(0, 180, 5)))
        assert tidy(connection, at(8 * DAY), PATIENT_S)
        assert rows(connection, "span") < 8
        assert tidy(connection, at((KEPT_DAYS + 1) * DAY), PATIENT_S)
        assert minutes(connection) == [0, 150]


def test_what_is_merged_is_merged_once(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(24 * 60)))
        for hour in range(7 * 24, 9 * 24):
            assert tidy(connection, at(hour * 60), PATIENT_S)
        spans = list(kept(connection))
        assert 24 <= len(spans) <= 26
        assert sum(each.runs for each in spans) == 24 * 60


def test_of_old_changes_only_so_many_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tidying, "KEPT_CHANGES", 10)
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(40)))
        keep(connection, *(run(minute) for minute in range(100, 200, 2) for run in (works, fails)))
        assert tidy(connection, at((KEPT_DAYS + 1) * DAY), PATIENT_S)
        assert minutes(connection)[-1] == 198
        assert len(minutes(connection)) <= 11


def test_the_file_becomes_shorter(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection:
        keep(connection, *(works(minute) for minute in range(2000)))
        (before,) = connection.execute("PRAGMA page_count").fetchone()
        assert tidy(connection, at((KEPT_DAYS + 5) * DAY), PATIENT_S)
        (after,) = connection.execute("PRAGMA page_count").fetchone()
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    assert after * 4 < before


def test_two_can_tidy_at_once(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection, journal_in(tmp_path) as other:
        keep(connection, *(works(minute) for minute in range(0, 6000, 10)))
        now = at(12 * DAY)
        is_done = False
        while not is_done:
            is_done = tidy(connection, now, 0) and tidy(other, now, 0)
        spans = list(kept(connection))
        assert len(spans) <= 105
        assert sum(each.runs for each in spans) == 600


def test_a_full_file_drops_the_oldest_while_another_process_reads_it(tmp_path: Path) -> None:
    with journal_in(tmp_path) as connection, journal_in(tmp_path) as reader:
        keep(connection, *(works(minute) for minute in range(1500)))
        reader.execute("BEGIN")
        before = minutes(reader)
        assert tidy(connection, at(DAY), PATIENT_S, max_mb=0.12)
        assert len(minutes(connection)) < len(before)
        assert minutes(reader) == before
        reader.execute("COMMIT")
        assert minutes(reader) == minutes(connection)
        keep(connection, works(1600))
        assert minutes(reader)[-1] == 1600
