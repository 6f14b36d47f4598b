"""Keys that arrive together, as over a slow line, do what they do when typed one by one."""

from __future__ import annotations

from pathlib import Path

from textual.events import Key

from tests.console.driving import Console, opened
from tests.console.playback import PlayedEngine

_CHARACTERS = {"slash": "/"}


def burst(console: Console, *keys: str) -> None:
    """Send keys at once, none waiting for another."""
    for key in keys:
        character = key if len(key) == 1 else _CHARACTERS.get(key)
        console.app.post_message(Key(key, character))


async def test_what_is_typed_behind_the_filter_key_is_the_filter(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("2")
        burst(console, "1", "slash", *"echo")
        await console.until(lambda: "CT 2" not in console.text)
        await console.shows("Echo cart", "/echo")


async def test_each_tab_moves_one_pane(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        burst(console, "tab", "tab")
        await console.until(lambda: console.main.panes.log_view.has_focus)


async def test_what_is_typed_behind_the_edit_key_goes_into_the_form(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        burst(console, "E", "tab", "tab", "right", "X")
        await console.shows("pacs.hospital.lanX")


async def test_a_confirmation_is_answered_by_the_key_behind(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        burst(console, "down", "D", "y")
        await console.until(lambda: "CT 2" not in profiles.read_text())
        assert "Main PACS" in profiles.read_text()
