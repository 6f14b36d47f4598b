"""Marks, and one field of several targets at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine


async def test_space_marks_and_goes_on_and_esc_takes_the_marks_away(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space")
        await console.shows("Targets  2 marked", "•· Main PACS", "•· CT 2", "▌ · Echo cart")
        assert [each.name for each in console.main.session.marked] == ["Main PACS", "CT 2"]
        await console.press("escape")
        await console.until(lambda: "marked" not in console.text)


async def test_asterisk_marks_what_the_filter_shows(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("radio")
        await console.press("enter", "asterisk")
        await console.shows("2 marked", "/radio  2 of")
        await console.press("escape")
        await console.shows("Echo cart", "2 marked")
        await console.press("asterisk")
        await console.shows("3 marked")
        await console.press("asterisk")
        await console.until(lambda: "marked" not in console.text)


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_one_title_for_all_marked_is_previewed_and_written_at_once(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    profiles.write_text(PROFILES.replace('"CT2"\n', '"CT2"\ncalling_ae = "CT_WS"\n'))
    async with opened(profiles, engine, size) as console:
        await console.press("space", "space", "e")
        await console.shows("Edit 2 targets", "mixed", "0 of 2 targets change")
        await console.type("WS")
        await console.shows(
            "2 of 2 targets change", "MY_WORKSTATION from [defaults]  ->  WS", "CT_WS  ->  WS"
        )
        await console.press("enter")
        await console.shows("Saved Calling AE title of 2 targets")
        saved = profiles.read_text()
        assert saved.count('calling_ae = "WS"') == 2
        assert "# ask for Ms Weber" in saved
        await console.press("u")
        await console.shows("Undid the edit to 2 targets")
        assert 'calling_ae = "CT_WS"' in profiles.read_text()
        assert '"WS"' not in profiles.read_text()


async def test_backspace_where_they_differ_takes_away_what_each_has_of_its_own(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES.replace('"CT2"\n', '"CT2"\ncalling_ae = "CT_WS"\n'))
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "e")
        await console.shows("mixed", "backspace in an empty field inherits")
        await console.press("backspace")
        await console.shows("1 of 2 targets change", "CT_WS  ->  MY_WORKSTATION from [defaults]")
        await console.press("x", "backspace")
        await console.shows("0 of 2 targets change", "mixed")
        await console.press("backspace", "enter")
        await console.shows("Saved Calling AE title of 1 target")
        assert profiles.read_text() == PROFILES
        await console.press("u")
        await console.shows("Undid")
        assert 'calling_ae = "CT_WS"' in profiles.read_text()


async def test_what_every_target_needs_is_not_taken_away(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "e", "down", "down")
        await console.shows("Host", "mixed")
        await console.press("backspace", "enter")
        await console.shows("Not saved. Host:")
        assert profiles.read_text() == PROFILES


async def test_a_value_that_cannot_work_is_not_written(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("asterisk", "e", "down", "down")
        await console.shows("Host")
        while "Port  " not in console.line("type one for all"):
            await console.press("down")
        await console.type("70000")
        await console.shows("70000 is not a port")
        await console.press("enter")
        await console.shows("Not saved. Port:")
        assert profiles.read_text() == PROFILES


async def test_nothing_typed_writes_nothing(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "e", "enter")
        await console.shows("nothing to change")
        await console.press("escape")
        await console.shows("2 marked", "Not checked yet")
        assert profiles.read_text() == PROFILES


async def test_marks_go_with_a_new_name_and_with_a_deletion(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("asterisk", "E")
        await console.press("right")
        await console.type("2")
        await console.press("enter")
        await console.shows("Saved Main PACS2", "3 marked")
        await console.press("D", "y")
        await console.shows("Deleted Main PACS2", "2 marked")


async def test_the_selected_target_alone_is_edited_in_its_row_though_it_is_marked(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "up", "e")
        await console.shows("1 marked", "ctrl+o All fields")
        assert "Edit 1 target" not in console.text
        await console.press("escape", "down", "e")
        await console.shows("Edit 1 target", "0 of 1 target changes")
