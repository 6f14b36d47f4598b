"""The report of the console: as it is, or redacted, or as Markdown; S and y take what is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from dcmecho.journal.secret import FILE_NAME
from tests.console.driving import PROFILES, SMALL, WIDE, opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN

NAMES = ("MY_WORKSTATION", "TARGET_PACS", "hospital", "Main PACS")


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "state" / "dcmecho"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "profiles.toml"
    path.write_text(PROFILES)
    return path


@pytest.mark.parametrize("size", [WIDE, SMALL])
async def test_x_redacts_the_report_and_shows_it_again(path: Path, size: tuple[int, int]) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    async with opened(path, engine, size) as console:
        await console.run()
        await console.press("R")
        await console.shows("Report of Main PACS", "MY_WORKSTATION -> TARGET_PACS", "x Redact")
        await console.press("x")
        await console.shows("(redacted)", "x shows the names again")
        assert [name for name in NAMES if name in console.text] == []
        await console.press("x")
        await console.shows("Report of Main PACS", "MY_WORKSTATION -> TARGET_PACS")


async def test_what_is_saved_and_copied_is_what_is_shown(path: Path) -> None:
    engine = PlayedEngine({"Main PACS": CALLED_UNKNOWN})
    async with opened(path, engine, WIDE) as console:
        await console.run()
        await console.press("R", "x", "m")
        await console.shows("## DICOM: ", "(redacted)")
        await console.press("S")
        await console.shows("Saved ")
        (saved,) = path.parent.glob("dcmecho-report-*.md")
        page = saved.read_text(encoding="utf-8")
        assert "### Request to the peer's administrator" in page
        assert [name for name in NAMES if name in page or name in saved.name] == []
        await console.press("y")
        await console.shows("copied")
        assert console.app.clipboard == page
        await console.press("m", "x", "y")
        await console.shows("MY_WORKSTATION -> TARGET_PACS")
        assert "MY_WORKSTATION" in console.app.clipboard


async def test_a_key_that_cannot_be_used_is_told(path: Path, state: Path) -> None:
    state.mkdir(parents=True)
    (state / FILE_NAME).symlink_to(path)
    async with opened(path, PlayedEngine({"Main PACS": CALLED_UNKNOWN}), WIDE) as console:
        await console.run()
        await console.press("R", "x")
        await console.shows("Not redacted", "it is a link", "MY_WORKSTATION -> TARGET_PACS")
