"""A paste of several lines: a field has one, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input

from tests.console.driving import SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN

FIELDS = {
    "a cell": ("e",),
    "the form": ("E",),
    "a field of several": ("space", "space", "e"),
    "the filter of the targets": ("slash",),
    "the filter of the log": ("3", "slash"),
    "the listener": ("L",),
    "a path": ("s", "o"),
    "the palette": ("colon",),
}
"""How to get to each field of the console."""


async def _paste(profiles: Path, size: tuple[int, int], keys: Sequence[str], text: str) -> str:
    """Paste into the field that these keys lead to; return what is in it, and what is shown."""
    engine = PlayedEngine()
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, size) as console:
        for key in keys:
            await console.press(key)
        await console.until(lambda: isinstance(console.app.focused, Input))
        box = console.app.focused
        assert isinstance(box, Input)
        console.app.post_message(Paste(text))
        await console.until(lambda: "ALPHA" in box.value)
        # Textual's palette fails if it is closed just before its search begins.
        await console.app.workers.wait_for_complete()
        await console.pilot.pause()
        assert "BETA" not in box.value
        return console.text


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
@pytest.mark.parametrize("keys", FIELDS.values(), ids=FIELDS)
async def test_a_field_says_that_one_of_the_pasted_lines_was_taken(
    profiles: Path, size: tuple[int, int], keys: Sequence[str]
) -> None:
    assert "One of 3 pasted lines" in await _paste(profiles, size, keys, "ALPHA\r\nBETA\nGAMMA\n")


@pytest.mark.parametrize("text", ["ALPHA", "ALPHA\n", "\n\nALPHA\r\n"])
async def test_one_line_is_taken_without_a_word(profiles: Path, text: str) -> None:
    assert "pasted" not in await _paste(profiles, WIDE, ("e",), text)


async def test_blank_lines_are_pasted_into_no_field(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("e")
        await console.until(lambda: isinstance(console.app.focused, Input))
        box = console.app.focused
        assert isinstance(box, Input)
        console.app.post_message(Paste("\n\n"))
        await console.pilot.pause()
        assert box.value == "pacs.hospital.lan"
