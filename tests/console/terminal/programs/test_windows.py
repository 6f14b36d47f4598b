"""The console in PuTTY's terminal, xterm and urxvt: keys do there what they do everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from tests.console.terminal.programs.windows import Display, wait_until, window

pytestmark = [pytest.mark.nightly, pytest.mark.timeout(180)]

PROGRAMS = {
    "PuTTY": ("pterm", "-geometry", "80x24"),
    "xterm, 16 colors": ("xterm", "-tn", "xterm", "-geometry", "80x24"),
    "xterm, 256 colors": ("xterm", "-tn", "xterm-256color", "-geometry", "120x36"),
    "xterm, white": ("xterm", "-tn", "xterm", "-bg", "white", "-fg", "black"),
    "xterm, wide signs": ("xterm", "-tn", "xterm", "-cjk_width"),
    "urxvt": ("urxvt", "-geometry", "80x24"),
}


@pytest.fixture(scope="module")
def display() -> Iterator[Display]:
    """One X server for all windows."""
    with Display.running() as running:
        yield running


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_an_edit_is_saved_another_is_left_and_the_console_quits(
    display: Display, profiles: Path, program: Sequence[str]
) -> None:
    with window(display, program, profiles) as shown:
        shown.press("e", "End", "x", "Return")
        wait_until(lambda: 'host = "pacs.hospital.lanx"' in profiles.read_text(encoding="utf-8"))
        shown.press("e", "End", "y", "Escape", "y", "q")
        assert shown.process.wait(timeout=40) == 0
    assert "lanxy" not in profiles.read_text(encoding="utf-8")
