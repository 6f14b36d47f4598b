"""Targets whose failures began together stand together at the top of the list."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.conclusion.clock import time_or_day_and_time
from dcmecho.diagnosis.report import Report
from dcmecho.journal.connection import opened as journal_opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Book, Way
from dcmecho.journal.place import Place
from tests.console.driving import SMALL, WIDE, Console, opened
from tests.console.history.test_past import MAIN, NOW, ago
from tests.console.playback import PlayedEngine
from tests.console.played_peers import GREEN, REFUSED
from tests.unit.journal.journals import keep
from tests.unit.report.reports import green, rejected_called_title

WARD = [f"CT {number}" for number in range(1, 4)]
REST = [f"MR {number}" for number in range(1, 4)]


def profile(name: str, host: str, group: str) -> str:
    return (
        f'[[target]]\nname = "{name}"\ngroup = "{group}"\nhost = "{host}"\nport = 104\n'
        f'called_ae = "ANY"\ncalling_ae = "MY_WORKSTATION"\n'
    )


HOSTS = {name: f"192.168.4.{number}" for number, name in enumerate(WARD, 1)} | {
    name: f"10.0.{number}.1" for number, name in enumerate(REST, 1)
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text("".join(profile(name, host, "Radiology") for name, host in HOSTS.items()))
    return path


def report(name: str, hours: float, *, fails: bool = False) -> Report:
    target = replace(MAIN, name=name, host=HOSTS[name], called_ae="ANY")
    return ago(rejected_called_title(target) if fails else green(target), hours)


def journal(path: Path, *reports: Report) -> Journal:
    place = Place(path.with_name("history.db"))
    with journal_opened(place) as connection:
        keep(connection, *reports, book=Book(str(path), frozenset(HOSTS)))
    return Journal(place, Way.CONSOLE, print)


def listed(console: Console) -> list[str]:
    """The rows of the list, without cursor and signs."""
    width = console.main.panes.targets.outer_size.width
    rows = [line[:width].strip(" │▌✔✘") for line in console.lines[2:]]
    return [row.split("  ")[0] for row in rows if row]


@pytest.mark.parametrize("size", [SMALL, WIDE])
async def test_failures_of_the_journal_that_began_together_are_a_group(
    path: Path, size: tuple[int, int]
) -> None:
    worked = [report(name, 5) for name in HOSTS]
    failed = [report(name, 0.1, fails=True) for name in WARD]
    since = time_or_day_and_time(failed[0].started, NOW)
    known = journal(path, *worked, *failed)
    async with opened(path, PlayedEngine(), size, journal=known) as console:
        await console.shows("all on 192.168.4.0/24")
        rows = listed(console)
        assert rows[0].startswith("3 ")
        assert f" failing since {since}" in rows[0]
        assert rows[1].startswith("all on 192.168.4.0/24")
        assert [row.split(" (")[0] for row in rows[2:5]] == WARD
        assert rows[5].startswith("Radiology")


async def test_the_group_is_made_while_the_checks_fail_and_ends_when_they_work(path: Path) -> None:
    engine = PlayedEngine(dict.fromkeys(WARD, REFUSED))
    known = journal(path, *(report(name, 5) for name in HOSTS))
    async with opened(path, engine, WIDE, journal=known) as console:
        await console.shows("5 h")
        await console.press("a")
        await console.idle()
        await console.shows("3 failing since 11-23", "all on 192.168.4.0/24")
        engine.peers = dict.fromkeys(WARD, GREEN)
        await console.press("a")
        await console.idle()
        assert "failing since" not in console.text


async def test_two_failures_are_no_group_and_another_order_has_none(path: Path) -> None:
    worked = [report(name, 5) for name in HOSTS]
    failed = [report(name, 0.1, fails=True) for name in WARD[:2]]
    async with opened(path, PlayedEngine(), journal=journal(path, *worked, *failed)) as console:
        await console.shows("5 h")
        assert "failing since" not in console.text
