"""Testing values before they are saved: the run is real, the file stays as it is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dcmecho.diagnosis.stage import StageId
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, GREEN


@pytest.mark.parametrize("size", [WIDE, SMALL], ids=["120x36", "80x24"])
@pytest.mark.parametrize("key", ["e", "E"], ids=["row", "form"])
async def test_a_test_runs_with_what_is_typed_and_writes_nothing(
    profiles: Path, engine: PlayedEngine, key: str, size: tuple[int, int]
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, size) as console:
        await console.press(key)
        await console.until(lambda: console.main.editing.editor)
        while getattr(console.app.focused, "field", None) != "called_ae":
            await console.press("tab")
        await console.press("right")
        await console.type("2")
        await console.press("ctrl+t")
        await console.idle()
        await console.shows("Test, not saved: Main PACS", "rejected 1/1/7")
        assert "Next: " not in console.text, "keys are text here"
        await console.shows("enter  saves these values. After that, x runs an experiment, and g")
        assert engine.runs[0].target.called_ae == "TARGET_PACS2"
        assert profiles.read_text() == PROFILES
        await console.press("escape", "y")
        await console.shows("-> TARGET_PACS @", "nothing yet")


async def test_the_field_with_the_cursor_stays_in_view_when_a_test_takes_room(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine, SMALL) as console:
        await console.press("E")
        await console.until(lambda: console.main.editing.editor)
        await console.press("up")
        await console.type("yes")
        await console.press("down")
        await console.type("ca.pem")
        await console.press("ctrl+t")
        await console.idle()
        await console.shows("Test, not saved: Main PACS")
        assert "ca.pem" in console.line("CA files  ")


async def test_what_was_tested_and_saved_need_not_run_again(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("e")
        await console.press("right")
        await console.type("2")
        await console.press("ctrl+t")
        await console.idle()
        await console.shows("Test, not saved", "C-ECHO-RSP 0x0000")
        await console.press("enter")
        await console.shows("Saved Main PACS", "1 ok", "Main PACS  MY_WORKSTATION")
        assert len(engine.runs) == 1


async def test_a_result_of_other_values_is_not_taken_for_the_targets_own(
    profiles: Path, engine: PlayedEngine
) -> None:
    async with opened(profiles, engine) as console:
        await console.press("e")
        await console.press("f5")
        await console.idle()
        await console.shows("C-ECHO-RSP 0x0000")
        await console.press("right")
        await console.type("2")
        await console.press("enter")
        await console.shows("Saved Main PACS", "Not checked yet")
        assert "1 ok" not in console.text


async def test_leaving_ends_a_test_that_runs(profiles: Path, engine: PlayedEngine) -> None:
    engine.peers["Main PACS"] = replace(GREEN, held_at=StageId.ASSOCIATE)
    async with opened(profiles, engine) as console:
        await console.press("e", "ctrl+t")
        await console.shows("Test, not saved", "… Association")
        await console.press("escape")
        await console.shows("Not checked yet")
        await console.until(lambda: not engine.runs[0].thread.is_alive())


async def test_a_reason_in_the_file_not_to_probe_holds_until_it_is_taken_out(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(
        PROFILES.replace('"TARGET_PACS"\n', '"TARGET_PACS"\ndo_not_probe = "in surgery"\n')
    )
    async with opened(profiles, engine) as console:
        await console.press("E", "up", "up", "ctrl+u", "ctrl+t")
        await console.idle()
        await console.shows("Test, not saved", "in surgery")
        assert engine.runs[0].target.do_not_probe == "in surgery"


async def test_what_cannot_work_is_not_tested(profiles: Path, engine: PlayedEngine) -> None:
    async with opened(profiles, engine) as console:
        await console.press("n", "ctrl+t")
        await console.shows("These values cannot work yet. Name: is required")
        assert not engine.runs


async def test_a_new_target_is_tested_with_the_tls_of_its_group(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(f"{PROFILES}\n[group.Radiology.tls]\nverify = false\n")
    async with opened(profiles, engine) as console:
        await console.press("c", "ctrl+t")
        await console.idle()
        assert engine.runs[0].target.tls is not None
        await console.press("escape", "end", "n")
        await console.type("A")
        await console.press("tab", "ctrl+u")
        await console.type("Radiology")
        await console.press("tab")
        await console.type("h")
        await console.press("tab", "tab")
        await console.type("B")
        await console.press("ctrl+t")
        await console.idle()
        assert engine.runs[1].target.tls is not None
