"""Where the console saves what it shows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.console.driving import PROFILES, Console, opened
from tests.console.playback import PlayedEngine


async def _report(console: Console) -> None:
    await console.press("R", "S")


async def _copied_report(console: Console) -> None:
    await console.press("y")


async def _log(console: Console) -> None:
    await console.press("3", "S")


async def _export(console: Console) -> None:
    await console.press("X", "enter")


@pytest.mark.parametrize("save", [_report, _copied_report, _log, _export])
async def test_what_is_saved_goes_to_the_folder_of_the_settings(
    profiles: Path,
    engine: PlayedEngine,
    tmp_path: Path,
    save: Callable[[Console], Awaitable[None]],
) -> None:
    folder = tmp_path / "reports"
    folder.mkdir()
    profiles.write_text(f'{PROFILES}\n[settings]\nfolder = "{folder}"\n')
    async with opened(profiles, engine) as console:
        await console.run()
        await save(console)
        await console.shows("Saved")
        assert len(list(folder.iterdir())) == 1
        assert not list(tmp_path.glob("dcmecho-*"))


async def test_a_folder_that_is_missing_is_named(profiles: Path, engine: PlayedEngine) -> None:
    profiles.write_text(f'{PROFILES}\n[settings]\nfolder = "/nowhere/at/all"\n')
    async with opened(profiles, engine) as console:
        await console.run()
        await console.press("y")
        await console.shows("The report was not saved in /nowhere/at/all")
