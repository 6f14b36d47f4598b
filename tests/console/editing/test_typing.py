"""Where editing begins, and what happens to the text that a field has already."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.console.driving import PROFILES, Console, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, REFUSED, PlayedPeer


async def _edit(console: Console) -> Input:
    """Edit the cells of the first target; the host has the cursor."""
    await console.press("e")
    await console.until(lambda: isinstance(console.app.focused, Input))
    box = console.app.focused
    assert isinstance(box, Input)
    return box


async def test_what_is_typed_replaces_the_text_of_a_field(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        assert box.value == "pacs.hospital.lan"
        await console.type("new")
        assert box.value == "new"


async def test_an_arrow_key_keeps_the_text_of_a_field(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        await console.press("right")
        await console.type("x")
        assert box.value == "pacs.hospital.lanx"


async def test_what_is_typed_replaces_the_value_of_all_marked_targets(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("space", "space", "e")
        await console.until(lambda: isinstance(console.app.focused, Input))
        await console.until(lambda: "MY_WORKSTATION" in console.text or "mixed" in console.text)
        box = console.app.focused
        assert isinstance(box, Input)
        while not box.value:
            await console.press("down")
        await console.type("7")
        assert box.value == "7"


async def test_what_is_typed_replaces_the_filter(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("slash")
        await console.type("cart")
        await console.press("enter", "slash")
        await console.type("ct")
        await console.press("enter")
        assert console.main.panes.targets.filter_text == "ct"


async def test_what_is_typed_replaces_a_value_of_the_listener(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("L", "tab")
        box = console.app.focused
        assert isinstance(box, Input)
        assert box.value
        await console.type("11113")
        assert box.value == "11113"


@pytest.mark.parametrize(
    ("peer", "cell"), [(CALLED_UNKNOWN, "cell-called_ae"), (REFUSED, "cell-port")]
)
async def test_editing_begins_at_the_value_that_the_check_blames(
    profiles: Path, engine: PlayedEngine, peer: PlayedPeer, cell: str
) -> None:
    engine.peers["Main PACS"] = peer
    async with opened(profiles, engine) as console:
        await console.run()
        assert (await _edit(console)).id == cell


async def test_editing_begins_at_the_value_that_is_wrong_in_the_file(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES.replace("port = 104", 'port = "none"', 1))
    async with opened(profiles, engine) as console:
        box = await _edit(console)
        assert box.parent is not None
        assert box.parent.id == "field-port"
