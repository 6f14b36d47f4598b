"""The filter finds what is on the screen, and esc takes it away wherever one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.command import Pane
from tests.console.driving import Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED


def shown(console: Console) -> list[str]:
    return [profile.name for profile in console.main.panes.targets.shown]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("refused", ["CT 2"]),
        ("failing", ["Main PACS", "CT 2"]),
        ("ae titles", ["Main PACS"]),
        ("does not know called", ["Main PACS"]),
        ("peer admin", ["Main PACS", "CT 2"]),
        ("not checked", ["Echo cart"]),
        ("192.168.1.61", ["CT 2"]),
    ],
)
async def test_the_filter_finds_states_causes_and_who_acts(
    profiles: Path, engine: PlayedEngine, text: str, found: list[str]
) -> None:
    engine.peers["Main PACS"], engine.peers["CT 2"] = CALLED_UNKNOWN, REFUSED
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("down")
        await console.run()
        console.main.panes.targets.filter(text)
        assert shown(console) == found


@pytest.mark.parametrize("pane", ["1", "2", "3"])
async def test_esc_takes_the_filter_of_the_targets_away_in_each_pane(
    profiles: Path, engine: PlayedEngine, pane: str
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash", "C", "T", "enter", pane)
        assert shown(console) == ["CT 2"]
        await console.press("escape")
        assert len(shown(console)) == 3


async def test_the_log_says_that_lines_are_hidden_and_esc_shows_all(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        total = console.main.panes.log_view.row_count
        await console.press("3", "f")
        await console.shows(f" of {total} lines, esc shows all")
        await console.press("slash", "z", "z", "enter")
        await console.shows(f"0 of {total} lines, esc shows all")
        await console.press("escape")
        await console.until(lambda: console.main.panes.log_view.row_count == total)
        assert "esc shows all" not in console.text
        assert console.main.panes.at is Pane.LOG
