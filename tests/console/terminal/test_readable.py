"""Every text that the console draws is readable, on each palette, on black and on white."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import groupby

import pyte
import pytest

from tests.console.terminal.on_a_terminal import (
    DEMO,
    KEY_QUIET_S,
    on_a_terminal,
    read_until,
    read_until_quiet,
)

Rgb = tuple[int, int, int]
Pair = tuple[str, str]
"""Foreground and background as pyte names them."""

READABLE = 4.5
"""The contrast that text needs at least (WCAG 2.2, 1.4.3)."""

_NAMES = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
_PUTTY = "000000 bb0000 00bb00 bbbb00 0000bb bb00bb 00bbbb bbbbbb"
_PUTTY += " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"
_XTERM = "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5"
_XTERM += " 7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff"
_LINUX = "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa"
_LINUX += " 555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff"


def _palette(colors: str) -> dict[str, Rgb]:
    """The sixteen colors of a terminal program by pyte's names."""
    names = (*_NAMES, *(f"bright{name}" for name in _NAMES))
    return {name: _rgb(color) for name, color in zip(names, colors.split(), strict=True)}


def _rgb(color: str) -> Rgb:
    red, green, blue = bytes.fromhex(color)
    return red, green, blue


PALETTES = {"PuTTY": _palette(_PUTTY), "xterm": _palette(_XTERM), "Linux": _palette(_LINUX)}
GROUNDS = {"black": ((187, 187, 187), (0, 0, 0)), "white": ((0, 0, 0), (255, 255, 255))}
"""The default foreground and background of a dark terminal and of a white one."""


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast of two colors, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: Rgb) -> float:
    parts = [part / 255 for part in color]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def texts(screen: pyte.Screen) -> Iterator[tuple[Pair, str]]:
    """Each text of the screen with its two colors; lines and bars are no text."""
    for row in range(screen.lines):
        cells = [screen.buffer[row][column] for column in range(screen.columns)]
        for pair, run in groupby(cells, key=_pair):
            text = "".join(cell.data for cell in run)
            if any(map(str.isalnum, text)):
                yield pair, text.strip()


def _pair(cell: pyte.screens.Char) -> Pair:
    return (cell.bg, cell.fg) if cell.reverse else (cell.fg, cell.bg)


SCREENS = (
    *(b"\r", b"jjj", b"\r", b"2", b"j", b"j", b"3", b"1", b"k"),
    *(b"/", b"zz", b"\x1b", b"g", b"\x1b", b"s", b"\x1b"),
    *(b"L", b"\t", b"\x1b", b"w", b"W", b"\x1b", b"I", b"\x1b", b"e", b"x", b"\t"),
)
"""Checks, the three panes, filter, guide, services, listener, watch, import, a changed value."""
DIALOGS = (b"\x1b", b"y", b"E", b"\t", b"\x1b", b"?", b"\x1b", b":", b"un", b"\x1b", b"n", b"\x1b")
"""A question, all fields, help, palette, a new target. With many colors, they dim the rest."""
WALKS = {"xterm": SCREENS + DIALOGS, "linux": SCREENS + DIALOGS, "xterm-256color": SCREENS}


@pytest.fixture(scope="module", params=WALKS)
def drawn(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> set[tuple[Pair, str]]:
    """Every text with its colors, of a walk through the screens."""
    env = {"TERM": request.param, "LANG": "C.UTF-8", "COLUMNS": "120", "LINES": "36"}
    screen = pyte.Screen(120, 36)
    stream = pyte.Stream(screen)
    found: set[tuple[Pair, str]] = set()
    profiles = tmp_path_factory.mktemp("readable") / "profiles.toml"
    with on_a_terminal(profiles, env, DEMO) as (terminal, _):
        stream.feed(read_until(terminal, b"Quit").decode())
        for key in WALKS[request.param]:
            os.write(terminal, key)
            stream.feed(read_until_quiet(terminal, KEY_QUIET_S))
            found.update(texts(screen))
    return found


def _unreadable(pair: Pair, palette: dict[str, Rgb], ground: tuple[Rgb, Rgb]) -> bool:
    colors = [
        default if name == "default" else palette.get(name) or _rgb(name)
        for name, default in zip(pair, ground, strict=True)
    ]
    return contrast(*colors) < READABLE


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("palette", PALETTES)
def test_every_text_has_enough_contrast(
    drawn: set[tuple[Pair, str]], palette: str, ground: str
) -> None:
    unreadable = {
        (pair, text)
        for pair, text in drawn
        if _unreadable(pair, PALETTES[palette], GROUNDS[ground])
    }
    assert not unreadable
    assert len({pair for pair, _ in drawn}) >= 4
