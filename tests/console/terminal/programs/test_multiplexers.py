"""The console in GNU screen and in tmux, which read the keys before it does."""

from __future__ import annotations

import os
import sys
import termios
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest

from tests.console.terminal.on_a_terminal import (
    KEY_QUIET_S,
    OPEN,
    PATHS,
    read_until_quiet,
    started_on_a_terminal,
)
from tests.network.peers.real_peers import require_program

MULTIPLEXERS = {
    "screen": ["screen", "-c", "/dev/null"],
    "tmux": ["tmux", "-f", "/dev/null", "-S", "socket", "new-session"],
}


class Screen:
    """What the outer terminal shows."""

    def __init__(self, terminal: int) -> None:
        self._terminal = terminal
        self._shown = pyte.Screen(80, 24)
        self._stream = pyte.Stream(self._shown)

    def press(self, keys: bytes) -> None:
        """Type in the outer terminal."""
        os.write(self._terminal, keys)

    def until(self, condition: Callable[[str], bool]) -> None:
        """Read until the text on the screen is as wanted. Fails when nothing more comes."""
        for _ in range(40):
            self._stream.feed(read_until_quiet(self._terminal, KEY_QUIET_S))
            if condition("\n".join(self._shown.display)):
                return
        pytest.fail("\n".join(self._shown.display))


@pytest.mark.parametrize("name", MULTIPLEXERS)
def test_a_lone_escape_leaves_the_editor_at_once(profiles: Path, name: str) -> None:
    require_program(name, name)
    command = [*MULTIPLEXERS[name], sys.executable, "-c", OPEN, str(profiles)]
    sockets = profiles.parent / "sockets"
    sockets.mkdir(mode=0o700)
    env = {**PATHS, "TERM": "xterm", "LANG": "C.UTF-8"}
    env |= {"SCREENDIR": str(sockets), "SHELL": "/bin/sh"}
    with started_on_a_terminal(command, profiles.parent, env) as (terminal, process):
        termios.tcsetwinsize(terminal, (24, 80))
        screen = Screen(terminal)
        screen.until(lambda text: "Main PACS" in text and "Quit" in text)
        screen.press(b"e")
        screen.until(lambda text: "Save" in text)
        screen.press(b"\x1b")
        screen.until(lambda text: "Save" not in text and "Quit" in text)
        screen.press(b"q")
        assert process.wait(timeout=30) == 0
