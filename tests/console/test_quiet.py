"""The console is quick to open and silent when nothing happens."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from textual.drivers.headless_driver import HeadlessDriver

from tests.console.driving import opened
from tests.console.playback import Theatre

WATCHED_S = 1.0
"""Four drains of the log and twice a blink of a cursor would fit in."""


@pytest.mark.parametrize(
    "keys",
    [
        (),
        ("e",),
        ("E",),
        ("slash",),
        ("r",),
        ("colon",),
        ("question_mark",),
        ("g",),
        ("r", "g"),
        ("w",),
        ("w", "escape"),
    ],
    ids=str,
)
async def test_an_idle_console_writes_nothing(
    profiles: Path, theatre: Theatre, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda _, data: written.append(data))
    async with opened(profiles, theatre) as console:
        await console.press(*keys)
        await console.until(lambda: not console.main.session.bridge.busy)
        await asyncio.sleep(WATCHED_S / 2)
        assert written, "the screen itself was written"
        written.clear()
        await asyncio.sleep(WATCHED_S)
        assert written == []


def test_the_console_itself_loads_no_dicom_library() -> None:
    code = (
        "import sys, dcmecho.console.app; "
        "print([name for name in ('pynetdicom', 'pydicom', 'tomlkit') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
