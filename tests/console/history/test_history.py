"""The console remembers: above the causes what changed, and with h every state of a target."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dcmecho.diagnosis.report import Report
from dcmecho.journal.connection import opened as journal_opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book, Way
from dcmecho.journal.listing import kept
from dcmecho.journal.place import Place
from dcmecho.report.json.reading import report_of
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import STARTED, PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, GREEN
from tests.unit.journal.journals import keep
from tests.unit.report.reports import TARGET, green, rejected_called_title

HOURS_AGO = STARTED - timedelta(hours=8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES)
    return path


@pytest.fixture
def place(path: Path) -> Place:
    """A journal in which the first target worked with another title."""
    place = Place(path.with_name("history.db"))
    names = frozenset({"Main PACS", "CT 2", "Echo cart"})
    earlier = replace(TARGET, host="pacs.hospital.lan", called_ae="OLD_TITLE")
    with journal_opened(place) as connection:
        for minute in range(3):
            keep(connection, at(green(earlier), minute), book=Book(str(path), names))
    return place


def at(report: Report, minute: int) -> Report:
    return replace(report, started=HOURS_AGO + timedelta(minutes=minute))


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_failure_opens_with_what_changed_since_it_worked(
    path: Path, place: Place, size: tuple[int, int]
) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    journal = Journal(place, Way.CONSOLE, print)
    async with opened(path, engine, size, journal=journal) as console:
        await console.run()
        await console.shows("last ok", "7 h ago", "3 of 3 ok in 30 days")
        await console.shows("OLD_TITLE -> TARGET_PACS")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_check_that_works_again_says_what_made_it_work(
    path: Path, place: Place, size: tuple[int, int]
) -> None:
    names = frozenset({"Main PACS", "CT 2", "Echo cart"})
    failed = rejected_called_title(replace(TARGET, host="pacs.hospital.lan", called_ae="OLD_TITLE"))
    with journal_opened(place) as connection:
        keep(connection, at(failed, 5), book=Book(str(path), names))
    journal = Journal(place, Way.CONSOLE, print)
    async with opened(path, PlayedEngine({"Main PACS": GREEN}), size, journal=journal) as console:
        await console.run()
        await console.shows("works", "again: it failed", "OLD_TITLE -> TARGET_PACS")


async def test_h_shows_the_states_and_opens_and_compares_them(
    path: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(path.parent / "state"))
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    journal = Journal(place, Way.CONSOLE, print)
    async with opened(path, engine, journal=journal) as console:
        await console.run()
        await console.shows("last ok")
        await console.press("h")
        await console.shows("History of Main PACS", "4 checks, 2 states", "3 checks")
        await console.press("c")
        await console.shows("called AE", "OLD_TITLE -> TARGET_PACS  (our profile)")
        await console.press("m")
        await console.shows("This page has no form for a ticket")
        await console.press("x")
        await console.shows("(redacted)", "called AE")
        assert "OLD_TITLE" not in console.text
        await console.press("escape", "down", "enter")
        await console.shows("Report of Main PACS", "OLD_TITLE @ pacs.hospital.lan:104")


async def test_the_causes_are_kept_as_they_were_told(path: Path, place: Place) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    async with opened(path, engine, journal=Journal(place, Way.CONSOLE, print)) as console:
        await console.run()
        await console.shows("last ok", "OLD_TITLE -> TARGET_PACS")
        told = console.main.session.state["Main PACS"].new_report
        await console.press("h")
        await console.shows("4 checks, 2 states")
    assert told is not None
    with journal_opened(place) as connection:
        kept_causes = report_of(next(kept(connection)).body).causes
    assert kept_causes == told.causes
    assert "It worked at" in kept_causes[0].explanation


async def test_a_test_that_was_saved_is_a_check_of_the_target(path: Path, place: Place) -> None:
    journal = Journal(place, Way.CONSOLE, print)
    async with opened(path, PlayedEngine({"Main PACS": GREEN}), journal=journal) as console:
        await console.press("e", "right")
        await console.type("2")
        await console.press("ctrl+t")
        await console.idle()
        await console.press("enter")
        await console.shows("Saved Main PACS")
        await console.press("h")
        await console.shows("4 checks, 2 states")


async def test_a_state_is_compared_with_a_marked_one(path: Path, place: Place) -> None:
    journal = Journal(place, Way.CONSOLE, print)
    async with opened(path, PlayedEngine({"Main PACS": GREEN}), journal=journal) as console:
        await console.press("h")
        await console.shows("3 checks, 1 state")
        await console.press("c")
        await console.shows("Nothing to compare with")


async def test_without_a_journal_h_says_so(path: Path) -> None:
    async with opened(path, PlayedEngine({})) as console:
        await console.press("h")
        await console.shows("No history is kept")


async def test_trouble_with_the_journal_is_told_and_the_check_is_shown(path: Path) -> None:
    path.with_name("history.db").write_bytes(b"no database at all" * 99)
    journal = Journal(Place(path.with_name("history.db")), Way.CONSOLE, print)
    async with opened(path, PlayedEngine({"Main PACS": GREEN}), journal=journal) as console:
        await console.shows("it was damaged")
        await console.run()
        await console.shows("C-ECHO-RSP 0x0000")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_an_experiment_is_part_of_its_run_and_no_title_is_cut(
    path: Path, place: Place, size: tuple[int, int]
) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    async with opened(path, engine, size, journal=Journal(place, Way.CONSOLE, print)) as console:
        await console.run()
        await console.shows("last ok")
        await console.press("x")
        if "Next: x" in console.text and not console.main.session.state["Main PACS"].running:
            await console.press("x")
        await console.idle()
        await console.until(lambda: console.main.session.state["Main PACS"].report_has_experiments)
        await console.press("h")
        await console.shows("4 checks, 2 states")
        first = next(line for line in console.lines if "1 check" in line)
        assert "…" not in first
        assert "does not know called AE TARGET_PACS" in first


async def test_leaving_while_the_journal_is_locked_tells_and_waits_for_nobody(
    path: Path, place: Place
) -> None:
    with journal_opened(place) as other:
        other.execute("BEGIN IMMEDIATE")
        journal = Journal(place, Way.CONSOLE, print)
        async with opened(path, PlayedEngine({"Main PACS": GREEN}), journal=journal) as console:
            await console.run()
            await console.shows("C-ECHO-RSP 0x0000, success")
            # The path of the journal is long, so the notice can be folded anywhere.
            told = "another process is writing to it"
            await console.until(lambda: told in " ".join(console.text.split()))
            memory = console.main.session.memory
        assert memory is not None
        memory.finish(0.0)
        other.execute("ROLLBACK")
    with journal_opened(place) as connection:
        assert len(list(kept(connection))) == 3
