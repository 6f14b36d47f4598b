"""What the list shows when the console is opened: how its targets were, with the age of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dcmecho.console.runs.state.targets import Tally
from dcmecho.console.symbols import ASCII, UNICODE, WGL4, Symbols
from dcmecho.console.terminal.terminal import TRUE_COLOUR
from dcmecho.diagnosis.conclusion.course import Course
from dcmecho.diagnosis.report import Report
from dcmecho.journal.connection import opened as journal_opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book, Way
from dcmecho.journal.place import Place
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, GREEN
from tests.unit.journal.journals import keep
from tests.unit.report.reports import TARGET, green, rejected_called_title

NOW = datetime.now(UTC).replace(microsecond=0)
ROOMY = (200, 60)
NAMES = frozenset({"Main PACS", "CT 2", "Echo cart"})
MAIN = replace(TARGET, host="pacs.hospital.lan", calling_ae="MY_WORKSTATION")
CT = replace(MAIN, name="CT 2", host="192.168.1.61", called_ae="CT2")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES)
    return path


def ago(report: Report, hours: float) -> Report:
    return replace(report, started=NOW - timedelta(hours=hours))


def journal(path: Path, *reports: Report) -> Journal:
    """A journal that has kept these reports."""
    place = Place(path.with_name("history.db"))
    with journal_opened(place) as connection:
        keep(connection, *reports, book=Book(str(path), NAMES))
    return Journal(place, Way.CONSOLE, print)


@pytest.fixture
def yesterday(path: Path) -> Journal:
    """One target worked and then failed, one worked, and one was never checked."""
    failed = rejected_called_title(MAIN)
    return journal(path, ago(green(MAIN), 9), ago(failed, 8), ago(green(CT), 3))


def row(console: Console, name: str) -> str:
    """The row of a target in the list."""
    width = console.main.panes.targets.outer_size.width
    return next(line[:width] for line in console.lines if f" {name} " in line[:width])


@pytest.mark.parametrize("size", [SMALL, WIDE, ROOMY])
async def test_the_list_shows_how_its_targets_were_with_the_age_of_that(
    path: Path, yesterday: Journal, size: tuple[int, int]
) -> None:
    async with opened(path, PlayedEngine(), size, journal=yesterday) as console:
        await console.shows("8 h", "3 h")
        assert UNICODE.marks[console.main.session.state["CT 2"].mark] in row(console, "CT 2")
        assert row(console, "Main PACS").rstrip(" │").endswith("8 h")
        assert "not checked" in row(console, "Echo cart")
        every = [(name, None) for name in NAMES]
        assert console.main.session.state.tally(every) == Tally()
        assert "failing" not in console.lines[0]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_a_past_report_is_shown_with_its_time_and_nothing_goes_on_from_it(
    path: Path, yesterday: Journal, size: tuple[int, int]
) -> None:
    async with opened(path, PlayedEngine(), size, journal=yesterday) as console:
        await console.shows("before dcmecho was opened", "called AE title")
        record = console.main.session.state["Main PACS"]
        assert record.next_experiment(MAIN) is None
        assert "x Experiment" not in console.lines[-1]
        await console.press("R")
        await console.shows("Report of Main PACS", "TARGET_PACS @ pacs.hospital.lan:104")


async def test_a_check_takes_the_place_of_the_past(path: Path, yesterday: Journal) -> None:
    async with opened(path, PlayedEngine(), journal=yesterday) as console:
        await console.shows("before dcmecho was opened")
        await console.run()
        assert "before dcmecho" not in console.text
        assert "8 h" not in row(console, "Main PACS")
        await console.shows("1 ok")


async def test_the_guide_checks_anew(path: Path, yesterday: Journal) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    async with opened(path, engine, journal=yesterday) as console:
        await console.shows("before dcmecho was opened")
        await console.press("g")
        await console.shows("What is wrong?", "Nothing is known yet")


async def test_a_change_of_the_file_keeps_the_past_and_an_edited_target_is_told(
    path: Path, yesterday: Journal
) -> None:
    async with opened(path, PlayedEngine(), journal=yesterday) as console:
        await console.shows("before dcmecho was opened")
        assert "edited since" not in console.text
        path.write_text(PROFILES.replace("TARGET_PACS", "OTHER_PACS"))
        await console.shows("OTHER_PACS", "The target has been edited since", "8 h")


@pytest.mark.parametrize("signs", Signs)
async def test_the_columns_stand_where_there_is_room(
    path: Path, yesterday: Journal, signs: Signs
) -> None:
    terminal = replace(TRUE_COLOUR, signs=signs)
    async with opened(path, PlayedEngine(), ROOMY, terminal, yesterday) as console:
        await console.shows("address", "AE title", "last ok", "C-ECHO", "trend", "3 h")
        if signs is Signs.ASCII:
            assert all(line.isascii() for line in console.lines)
    async with opened(path, PlayedEngine(), WIDE, terminal, yesterday) as console:
        await console.shows("3 h")
        assert "last ok" not in console.text


@pytest.mark.parametrize("symbols", [UNICODE, WGL4, ASCII])
def test_a_trend_is_made_of_signs_of_the_set(symbols: Symbols) -> None:
    bars = symbols.spark((1.0, None, 8.0), 8)
    assert len(bars) == 8
    assert set(bars.strip()) <= {*symbols.sparks, symbols.lost}


def test_the_course_of_a_target() -> None:
    def after(*reports: Report) -> Course:
        course = Course()
        for each in reports:
            course = course.after(each)
        return course

    works, fails = ago(green(MAIN), 3), rejected_called_title(MAIN)
    first, second = ago(fails, 2), ago(fails, 1)
    assert after(first, second).failing_since is None
    assert after(works, first, second).failing_since == first.started
    assert after(works, first, second).last_ok == works.started
    assert after(first, works) == Course(works.started, None, (None, after(works).recent[0]))


async def names(console: Console) -> Sequence[str]:
    await console.pilot.pause()
    return [each for line in console.lines for each in NAMES if f" {each} " in line[:44]]


async def test_only_the_failing_ones_are_shown_until_esc(path: Path, yesterday: Journal) -> None:
    async with opened(path, PlayedEngine(), journal=yesterday) as console:
        await console.shows("8 h", "3 h")
        await console.press("f")
        await console.shows("failing only", "1 of 3")
        assert await names(console) == ["Main PACS"]
        await console.press("escape")
        assert len(await names(console)) == len(NAMES)
        assert "failing only" not in console.text


async def test_the_list_is_sorted_until_esc(path: Path, yesterday: Journal) -> None:
    async with opened(path, PlayedEngine(), journal=yesterday) as console:
        await console.shows("8 h", "3 h")
        for words, first in {
            "by state": "Main PACS",
            "by name": "CT 2",
            "last checked first": "CT 2",
            "failing since": "Main PACS",
        }.items():
            await console.press("o")
            await console.shows(words)
            assert (await names(console))[0] == first, words
        await console.press("o")
        assert "failing since" not in console.text
        await console.press("o", "escape")
        assert "by state" not in console.text


async def test_a_filter_finds_the_past(path: Path, yesterday: Journal) -> None:
    async with opened(path, PlayedEngine(), journal=yesterday) as console:
        await console.shows("8 h", "3 h")
        await console.press("slash")
        await console.type("failing")
        await console.shows("1 of 3")


async def test_a_target_that_comes_to_the_file_has_its_past(path: Path, yesterday: Journal) -> None:
    other = PROFILES.replace('name = "CT 2"', 'name = "CT 3"').replace("192.168.1.61", "192.0.2.3")
    path.write_text(other)
    async with opened(path, PlayedEngine(), WIDE, journal=yesterday) as console:
        await console.shows("CT 3", "8 h")
        assert "3 h" not in console.text
        path.write_text(PROFILES)
        await console.shows("CT 2", "3 h")


async def test_a_test_that_is_saved_goes_on_with_the_course_of_its_target(
    path: Path, yesterday: Journal
) -> None:
    async with opened(path, PlayedEngine({"Main PACS": GREEN}), journal=yesterday) as console:
        await console.shows("8 h", "3 h")
        await console.until(lambda: console.main.session.state["Main PACS"].course.recent)
        await console.press("e", "right")
        await console.type("2")
        await console.press("ctrl+t")
        await console.idle()
        await console.press("enter")
        await console.shows("Saved Main PACS")
        course = console.main.session.state["Main PACS"].course
        assert len(course.recent) == 3
        assert course.failing_since is None
