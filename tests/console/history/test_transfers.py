"""h shows C-MOVEs, test images and surveys beside the checks, each to open."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dcmecho.diagnosis.move.model import MoveEvidence
from dcmecho.diagnosis.move.verdict import judge
from dcmecho.diagnosis.services.model import ServicesResult
from dcmecho.journal.connection import opened as journal_opened
from dcmecho.journal.journal import Journal
from dcmecho.journal.kinds import Kind, Way
from dcmecho.journal.listing import kept
from dcmecho.journal.place import Place
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import STARTED, PlayedEngine
from tests.console.played_peers import GREEN
from tests.unit.report.reports import TARGET, green
from tests.unit.services.moved import REACHED, WRONG_PORT
from tests.unit.services.surveyed import surveyed

STUDY = "1.2.826.0.1"
PACS = replace(TARGET, name="Main PACS", host="pacs.hospital.lan")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES)
    return path


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(Place(tmp_path / "history.db"), Way.CONSOLE, print)


def moved(seen: MoveEvidence, minute: int) -> ServicesResult:
    started = STARTED + timedelta(minutes=minute)
    opened = green(PACS).stages
    return replace(surveyed(), started=started, matrix=None, move=judge(seen), opened=opened)


async def move(console: Console) -> None:
    await console.press("m", *STUDY, "enter")
    await console.shows("Send a C-MOVE for this study?")
    await console.press("y")
    await console.shows("C-MOVE to this machine")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_move_stands_beside_the_checks_and_opens(
    path: Path, journal: Journal, size: tuple[int, int]
) -> None:
    engine = PlayedEngine({"Main PACS": GREEN}, survey_result=moved(WRONG_PORT, 5))
    async with opened(path, engine, size, journal=journal) as console:
        await console.run()
        await console.press("s")
        await move(console)
        engine.survey_result = moved(REACHED, 6)
        await move(console)
        await console.idle()
        await console.press("escape", "h")
        await console.shows("1 check, 3 states", "C-MOVE: ")
        rows = [line for line in console.lines if "C-MOVE: " in line]
        assert ["✓" in row or "✔" in row for row in rows] == [True, False]
        await console.press("c")
        await console.shows("C-MOVE", "wrong-port -> reached")
        await console.press("escape", "enter")
        await console.shows("Report of Main PACS")
        await console.press("end")
        await console.shows("the peer reached you at")
        assert STUDY not in console.text


async def test_services_without_a_check_are_kept_too(path: Path, journal: Journal) -> None:
    engine = PlayedEngine({}, survey_result=replace(surveyed(), opened=green(PACS).stages))
    async with opened(path, engine, journal=journal) as console:
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        await console.press("escape", "h")
        await console.shows("0 checks, 1 state", "Services: What the peer accepts", "1 survey")
        await console.press("enter")
        await console.shows("Report of Main PACS", "C-ECHO")
        await console.press("end")
        await console.shows("JPEG Baseline")


async def test_services_after_a_check_belong_to_it(path: Path, journal: Journal) -> None:
    engine = PlayedEngine(
        {"Main PACS": GREEN}, survey_result=replace(surveyed(), opened=green(PACS).stages)
    )
    async with opened(path, engine, journal=journal) as console:
        await console.run()
        await console.press("s", "enter")
        await console.shows("▌ Verification")
        await console.idle()
        await console.press("escape", "h")
        await console.shows("1 check, 1 state")
        await console.press("enter")
        await console.shows("Report of Main PACS")
        await console.press("end")
        await console.shows("JPEG Baseline")
    with journal_opened(journal.place) as connection:
        assert [each.kind for each in kept(connection)] == [Kind.FURTHER]
