"""What becomes of a watch while others edit the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.command import Pane
from dcmecho.console.file.edits import read
from tests.console.driving import PROFILES, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED


@pytest.mark.parametrize("meanwhile", ["[[target]\n", None], ids=["a typing error", "no file"])
async def test_a_file_that_tells_nothing_for_a_moment_ends_no_watch(
    profiles: Path, engine: PlayedEngine, meanwhile: str | None
) -> None:
    async with opened(profiles, engine) as console:
        session = console.main.session
        console.main.watching.watch(session.book.profiles)
        watched = session.watching.targets
        if meanwhile is None:
            profiles.unlink()
        else:
            profiles.write_text(meanwhile)
        session.after_reading(read(profiles))
        assert not session.book.targets
        assert session.watching.targets == watched
        profiles.write_text(PROFILES.replace("port = 11112", 'port = 104\ndo_not_probe = "no"'))
        session.after_reading(read(profiles))
        assert set(session.watching.targets) == {"Main PACS", "CT 2"}


@pytest.mark.parametrize("meanwhile", ["", "\n# being written\n"], ids=["empty", "a comment"])
async def test_an_empty_look_ends_no_watch(
    profiles: Path, engine: PlayedEngine, meanwhile: str
) -> None:
    async with opened(profiles, engine) as console:
        session = console.main.session
        console.main.watching.watch(session.book.profiles)
        watched = session.watching.targets
        for text in (meanwhile, PROFILES):
            profiles.write_text(text)
            session.after_reading(read(profiles))
            assert session.watching.targets == watched


async def test_a_watch_that_ends_says_so_at_once(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        console.main.watching.watch(console.main.session.book.profiles)
        await console.shows("watching 3")
        profiles.write_text(PROFILES.replace('name = "', 'name = "New '))
        await console.shows("No longer watched: Main PACS (not in the file any more), CT 2")
        assert "watching" not in console.lines[0]


async def test_the_screen_of_a_watch_that_ends_is_left(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("w")
        await console.shows("What changed")
        profiles.write_text(PROFILES.replace('name = "Main', 'name = "New'))
        await console.until(lambda: console.app.screen is console.main)
        await console.shows("No longer watched: Main PACS (not in the file any more).")


async def test_the_list_shows_what_the_watch_saw_and_enter_opens_its_diagnosis(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["CT 2"] = REFUSED
    async with opened(profiles, engine) as console:
        console.main.panes.targets.filter("PACS")
        console.main.watching.watch(console.main.session.book.profiles)
        await console.shows("watching 3, 1 failing", "1 failing")
        await console.press("w", "down", "enter")
        await console.until(lambda: console.app.screen is console.main)
        await console.shows("What to do next")
        assert "refused" in console.line("✘ CT 2")
        assert console.main.panes.at is Pane.DIAGNOSIS


async def test_experiments_stay_while_the_watch_sees_the_same(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await console.go("x", "x")
        record = console.main.session.state["Main PACS"]
        await console.until(lambda: record.report and record.report.experiments)
        await console.press("w", "escape")
        await console.shows("watching 1, 1 failing")
        assert record.report
        assert record.report.experiments
        del engine.peers["Main PACS"]
        console.main.session.watching.drop("Main PACS")
        await console.press("w", "escape")
        await console.until(lambda: "1 ok" in console.lines[0])
