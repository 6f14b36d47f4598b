"""What the list and the heading say of a target whose values are others than those checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN


def state(console: Console) -> str:
    """The state of the selected target in the list."""
    width = console.main.panes.targets.outer_size.width
    return console.line("▌ ")[:width].rstrip(" │").split()[-1]


async def edit_title(console: Console, text: str) -> None:
    await console.press("e", "tab", "tab", "tab")
    await console.type(text)
    await console.press("enter")
    await console.shows("Saved Main PACS")


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_a_result_about_former_values_counts_no_more(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        await console.run()
        assert "1 ok" in console.lines[0]
        await edit_title(console, "OTHER")
        assert "1 ok" not in console.lines[0]
        assert state(console) == "edited"
        await console.run()
        assert "1 ok" in console.lines[0]
        await console.press("u")
        await console.shows("Undid the edit to Main PACS")
        assert "1 ok" not in console.lines[0]
        assert state(console) == "edited"


async def test_the_undo_brings_back_a_result_that_is_about_the_values_again(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        failed = state(console)
        await edit_title(console, "OTHER")
        assert "1 failing" not in console.lines[0]
        await console.press("u")
        await console.shows("Undid the edit to Main PACS", "1 failing")
        assert state(console) == failed


async def test_what_a_check_does_not_depend_on_leaves_its_result(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.run()
        profiles.write_text(PROFILES.replace("vendor hotline", "our hotline"))
        await console.shows("was changed elsewhere", "our hotline", "1 ok")
        assert state(console) != "edited"


async def test_neither_a_filter_nor_failing_only_finds_a_former_result(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine) as console:
        await console.run()
        await edit_title(console, "OTHER")
        await console.press("f")
        await console.shows("No target is known to fail")
        await console.press("escape", "slash")
        await console.type("failing")
        await console.shows("No target contains failing")
