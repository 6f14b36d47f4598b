"""A target's cells, edited where its row stands; values that are inherited, and what lint says."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.main.screen import MainScreen
from dcmecho.console.terminal.terminal import Terminal
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import PROFILES, SMALL, WIDE, Console, opened
from tests.console.playback import PlayedEngine

OVERRIDE = PROFILES.replace('"CT2"\n', '"CT2"\ncalling_ae = "CT_WS"\n')


def _cell(main: MainScreen, field: Field) -> ValueInput:
    return main.query_one(f"#cell-{field}", ValueInput)


async def _go_to_cell(console: Console, field: Field) -> None:
    await console.press("e")
    await console.until(lambda: console.main.editing.editor)
    while not _cell(console.main, field).has_focus:
        await console.press("tab")


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
async def test_a_cell_is_edited_in_the_row_and_nothing_else_moves(
    profiles: Path, engine: PlayedEngine, size: tuple[int, int]
) -> None:
    async with opened(profiles, engine, size) as console:
        before, names = console.lines, console.main.panes.targets.region
        at = before.index(console.line("· Main PACS"))
        await _go_to_cell(console, Field.CALLED_AE)
        assert "Main PACS" in console.lines[at]
        covered = range(at, at + console.main.query_one("#cells").size.height)
        for number, (now, then) in enumerate(zip(console.lines[:-1], before, strict=False)):
            if number in covered:
                now, then = now[names.right :], then[names.right :]
            assert now == then
        await console.press("right")
        await console.type("2")
        await console.press("enter")
        await console.shows("Saved Main PACS", "-> TARGET_PACS2 @")
        assert 'called_ae = "TARGET_PACS2"' in profiles.read_text()
        assert console.main.panes.targets.has_focus


async def test_leaving_the_cells_leaves_the_screen_as_it_was(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        before = console.lines
        await _go_to_cell(console, Field.HOST)
        await console.press("escape")
        await console.until(lambda: console.lines == before)


async def test_what_is_typed_in_a_cell_goes_along_into_the_form(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await _go_to_cell(console, Field.HOST)
        await console.press("right")
        await console.type("x")
        await console.press("ctrl+o")
        await console.shows("Edit Main PACS", "pacs.hospital.lanx", "Max PDU")
        await console.press("escape")
        await console.shows("Leave without saving?")


async def test_backspace_in_an_override_as_it_was_returns_to_the_inherited_value(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(OVERRIDE)
    async with opened(profiles, engine) as console:
        await console.press("down")
        await _go_to_cell(console, Field.CALLING_AE)
        await console.shows("backspace", "restores MY_WORKSTATION from", "[defaults]")
        await console.press("backspace")
        await console.shows("type to replace")
        await console.press("enter")
        await console.shows("Saved CT 2", "MY_WORKSTATION -> CT2 @")
        assert "CT_WS" not in profiles.read_text()


async def test_backspace_in_what_was_typed_deletes_one_character(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(OVERRIDE)
    async with opened(profiles, engine) as console:
        await console.press("down")
        await _go_to_cell(console, Field.CALLING_AE)
        await console.press("right")
        await console.type("XY")
        await console.shows("own, instead of")
        await console.press("backspace", "left", "backspace")
        assert _cell(console.main, Field.CALLING_AE).value == "CT_WX"


async def test_the_form_tells_where_each_value_is_from(
    profiles: Path, engine: PlayedEngine
) -> None:
    group = "[group.Radiology]\nacse_timeout_s = 12\n"
    profiles.write_text(f"{OVERRIDE}\n{group}")
    async with opened(profiles, engine) as console:
        await console.press("down", "E")
        await console.shows("own, instead of MY_WO", "from [group.Radiology]", "built in")
        assert "12" in console.line("Assoc. timeout")
        assert "built in" in console.line("Message timeout")


async def test_spaces_of_a_title_are_seen(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await _go_to_cell(console, Field.CALLED_AE)
        await console.press("right", "space")
        await console.shows("TARGET_PACS·", "ends with", "Called!")
    async with opened(profiles, engine, terminal=Terminal(Signs.ASCII)) as console:
        await _go_to_cell(console, Field.CALLED_AE)
        await console.press("right", "space")
        await console.shows("TARGET_PACS~")
        assert console.text.isascii()


async def test_a_title_that_reads_like_another_targets_is_noticed(
    profiles: Path, engine: PlayedEngine
) -> None:
    more = '\n[[target]]\nname = "Twin"\nhost = "10.0.0.8"\nport = 104\ncalled_ae = "TARGET_PACS"\n'
    profiles.write_text(PROFILES + more)
    async with opened(profiles, engine) as console:
        await _go_to_cell(console, Field.CALLED_AE)
        await console.press("ctrl+u")
        await console.type("TARGET-PACS")
        await console.shows("looks like")


async def test_a_host_that_does_not_resolve_is_noticed_while_one_types(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.unknown_hosts = frozenset({"pacs.hospital.lanx"})
    async with opened(profiles, engine) as console:
        await _go_to_cell(console, Field.HOST)
        await console.press("right")
        await console.type("x")
        await console.shows("does not resolve")
        await console.type("y")
        await console.until(lambda: "does not resolve" not in console.text)


async def test_a_target_that_cannot_run_opens_in_the_form(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(PROFILES.replace("port = 11112", 'port = "11112"'))
    async with opened(profiles, engine) as console:
        await console.press("end", "e")
        await console.shows("Edit Echo cart", "ECHOCART")
