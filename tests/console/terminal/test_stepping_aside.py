"""The console steps aside for the user's editor, on a real terminal."""

from __future__ import annotations

import os
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from tests.console.terminal.on_a_terminal import (
    on_a_terminal,
    read_until,
    read_until_quiet,
    written,
)

_PATIENCE_S = 20.0
_EDITOR = """#!/bin/sh
trap 'echo interrupted' INT
echo "the editor is open on $1"
read answer || read answer || exit 1
echo "# $answer" >> "$2"
"""


@contextmanager
def editor_open(profiles: Path) -> Iterator[tuple[int, Popen[bytes]]]:
    """Open the console, and its user's editor from it."""
    program = profiles.parent / "vi"
    program.write_text(_EDITOR)
    program.chmod(0o755)
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "VISUAL": str(program)}
    with on_a_terminal(profiles, env) as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"O")
        seen = read_until(terminal, b"the editor is open on +5")
        assert b"\x1b[?1049l" in seen, "the console still has the screen"
        yield terminal, process


def test_the_editor_has_the_terminal_and_the_console_gets_it_back(profiles: Path) -> None:
    with editor_open(profiles) as (terminal, process):
        assert termios.tcgetattr(terminal)[3] & termios.ICANON
        os.write(terminal, b"a comment\n")
        seen = read_until(terminal, b"was changed and read again")
        assert b"\x1b[?1049h" in seen
        assert "Main PACS" in seen.decode(errors="replace")
        assert profiles.read_text().endswith("# a comment\n")
        read_until_quiet(terminal)
        os.write(terminal, b"q")
        assert process.wait(_PATIENCE_S) == 0


def test_nothing_is_drawn_over_the_editor(profiles: Path) -> None:
    with editor_open(profiles) as (terminal, _):
        profiles.write_text(profiles.read_text() + "# changed meanwhile\n")
        os.utime(profiles, (0, 0))
        assert written(terminal, 3.0) == b""


def test_ctrl_c_is_the_editors(profiles: Path) -> None:
    with editor_open(profiles) as (terminal, process):
        os.killpg(process.pid, signal.SIGINT)
        read_until(terminal, b"interrupted")
        os.write(terminal, b"go on\n")
        read_until(terminal, b"was changed and read again")
        assert process.poll() is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_editor_and_the_console(profiles: Path, number: signal.Signals) -> None:
    with editor_open(profiles) as (terminal, process):
        editor = _child(process)
        process.send_signal(number)
        assert process.wait(_PATIENCE_S) == 0
        assert not Path(f"/proc/{editor}").exists()
        assert termios.tcgetattr(terminal)[3] & termios.ICANON


def test_a_lost_terminal_ends_the_console(profiles: Path) -> None:
    with editor_open(profiles) as (terminal, process):
        other = os.dup(terminal)
        os.close(terminal)
        os.close(other)
        try:
            process.wait(_PATIENCE_S)
        finally:
            # The context closes this number again.
            os.dup2(os.open("/dev/null", os.O_RDONLY), terminal)


def _child(process: Popen[bytes]) -> int:
    return int(Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0])
