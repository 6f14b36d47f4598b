"""What a terminal can show, and where the console refuses to open."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO, cast

import pytest

from dcmecho.console.symbols import Mark
from dcmecho.console.terminal import terminal
from dcmecho.console.terminal.lean_driver import LossTolerantOutput
from dcmecho.console.terminal.terminal import Terminal, look, speaks_utf8
from dcmecho.console.terminal.theme import SPARING
from dcmecho.diagnosis.stage import StageId
from dcmecho.profiles.book.settings import Signs
from tests.console.driving import opened
from tests.console.playback import PlayedEngine
from tests.console.played_peers import CALLED_UNKNOWN, PlayedPeer
from tests.console.terminal.on_a_terminal import (
    KEY_QUIET_S,
    OPEN,
    on_a_terminal,
    read_until,
    read_until_quiet,
)
from tests.console.terminal.small_terminal import SmallTerminal
from tests.console.terminal.textual_private import WriterThread

COLORS = {"linux": 8, "xterm": 8, "screen": 8, "vt220": 0, "putty": 8}
COLORS |= {"xterm-256color": 256, "screen-256color": 256}
"""What terminfo says (ncurses 6.4)."""


@pytest.mark.parametrize(
    ("env", "utf8"),
    [
        ({"LANG": "C"}, False),
        ({}, False),
        ({"LANG": "de_DE.UTF-8"}, True),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.utf8"}, True),
        ({"LANG": "de_DE.ISO-8859-1@euro"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": ""}, True),
    ],
    ids=str,
)
def test_the_locale_decides_on_symbols(env: dict[str, str], utf8: bool) -> None:
    assert speaks_utf8(env) is utf8


@pytest.mark.parametrize(
    ("env", "sixteen"),
    [
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "screen", "COLORTERM": "truecolor"}, False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1"}, True),
    ],
    ids=str,
)
def test_the_terminal_decides_on_colours(env: dict[str, str], sixteen: bool) -> None:
    assert look(env, colors=COLORS.__getitem__).sixteen_colours is sixteen


@pytest.mark.parametrize(
    ("term", "colors"),
    [("linux", 8), ("xterm-256color", 256), ("nosuch-256color", 256), ("nosuch", 16)],
)
def test_terminfo_knows_the_colors(term: str, colors: int) -> None:
    """In a process of its own: the library reads terminfo only once."""
    ask = "import sys; from dcmecho.console.terminal.terminal import number_of_colors as n"
    done = subprocess.run(
        [sys.executable, "-c", f"{ask}; print(n(sys.argv[1]))", term],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == colors


@pytest.mark.parametrize(
    ("env", "signs"),
    [
        ({"TERM": "xterm", "LANG": "C.UTF-8"}, Signs.WGL4),
        ({"TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1"}, Signs.WGL4),
        ({"TERM": "putty", "LANG": "C.UTF-8"}, Signs.WGL4),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, Signs.UNICODE),
        ({"TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1"}, Signs.UNICODE),
        ({"TERM": "screen", "LANG": "C.UTF-8"}, Signs.UNICODE),
        ({"TERM": "xterm", "LANG": "C"}, Signs.ASCII),
        ({"TERM": "linux", "LANG": "C.UTF-8"}, Signs.ASCII),
        ({"TERM": "vt220", "LANG": "C.UTF-8"}, Signs.ASCII),
    ],
    ids=str,
)
def test_the_signs_are_those_of_the_font_that_the_terminal_probably_has(
    env: dict[str, str], signs: Signs
) -> None:
    assert look(env, colors=COLORS.__getitem__).signs is signs


@pytest.mark.parametrize(
    ("env", "mouse"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "xterm-256color", "SSH_CONNECTION": "192.0.2.1 22 192.0.2.2 22"}, False),
        ({"TERM": "screen"}, False),
        ({"TERM": "xterm-256color", "STY": "1.pts-0.host"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, True),
        ({"TERM": "screen", "TERM_PROGRAM": "tmux"}, True),
    ],
    ids=str,
)
def test_the_mouse_is_used_only_where_that_takes_nothing_away(
    env: dict[str, str], mouse: bool
) -> None:
    assert look(env, colors=COLORS.__getitem__).mouse is mouse


async def test_without_utf8_states_are_ascii_signs_and_words(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["Main PACS"] = CALLED_UNKNOWN
    async with opened(profiles, engine, terminal=Terminal(Signs.ASCII, True)) as console:
        assert "[--]" in console.line("CT 2")
        await console.run()
        await console.shows("[ok] passed: Values, Name, TCP", "[!!] AE titles", "not reached")
        assert console.text.isascii()
        await console.press("down", "enter")
        await console.shows("[ok] CT 2")


async def test_over_a_slow_line_borders_are_plain_and_names_stay_as_they_are(
    profiles: Path, engine: PlayedEngine
) -> None:
    profiles.write_text(profiles.read_text().replace("Echo cart", "Röntgen"))
    slow = look({"TERM": "xterm-256color", "LANG": "C.UTF-8"}, low_bandwidth=True)
    async with opened(profiles, engine, terminal=slow) as console:
        assert console.app.theme == SPARING.name
        await console.run()
        await console.shows("✔ TCP", "Röntgen")
        assert not set("─│╭╮╰╯") & set(console.text)
        assert set("|+-") <= set(console.text)


def test_over_a_slow_line_less_is_drawn_less_often() -> None:
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
    slow, quick = look(env, low_bandwidth=True), look(env)
    assert slow.sixteen_colours
    assert not quick.sixteen_colours
    assert slow.drain_interval_s >= 2 * quick.drain_interval_s
    assert slow.patience_s > quick.patience_s == 0
    assert quick.symbols.sparks
    assert not slow.symbols.sparks
    assert slow.symbols.mark(Mark.OK) == quick.symbols.mark(Mark.OK)


async def test_over_a_slow_line_a_run_is_drawn_once_it_lasts_or_ends(
    profiles: Path, engine: PlayedEngine
) -> None:
    engine.peers["CT 2"] = PlayedPeer(held_at=StageId.ASSOCIATE)
    slow = Terminal(sixteen_colours=True, slow=True)
    async with opened(profiles, engine, terminal=slow) as console:
        await console.press("down", "r")
        await console.shows("running", "Press esc to cancel")
        engine.go_on()
        await console.idle()
        await console.shows("C-ECHO-RSP 0x0000, success")


async def test_over_a_slow_line_words_tell_that_a_diagnosis_goes_on_below(
    profiles: Path, engine: PlayedEngine
) -> None:
    slow = Terminal(sixteen_colours=True, slow=True)
    async with opened(profiles, engine, terminal=slow, size=(120, 24)) as console:
        assert "PgUp PgDn scroll" not in console.text
        await console.run()
        await console.shows("PgUp PgDn scroll  checked")
    async with opened(profiles, engine, terminal=slow, size=(120, 60)) as console:
        await console.run()
        assert "PgUp PgDn scroll" not in console.text


def test_without_a_terminal_it_refuses_and_names_the_command_to_use(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(tmp_path / "profiles.toml")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "dcmecho check" in done.stderr
    assert "Traceback" not in done.stderr


def test_on_a_dumb_terminal_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminalish:
        def isatty(self) -> bool:
            return True

    for name in ("__stdin__", "__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, Terminalish())
    assert "dcmecho check" in str(terminal.refusal({"TERM": "dumb"}))
    assert terminal.refusal({"TERM": "linux"}) is None


def test_with_lang_c_a_real_terminal_gets_nothing_but_ascii(profiles: Path) -> None:
    """Python makes UTF-8 of a C locale (PEP 538), so only a process of its own can show this."""
    with on_a_terminal(profiles, {"TERM": "linux", "LANG": "C"}) as (terminal_end, process):
        shown = read_until(terminal_end, b"Quit")
        os.write(terminal_end, b"q")
        assert process.wait(timeout=20) == 0
    assert b"Main PACS" in shown
    assert b"[--]" in shown
    assert shown.isascii()
    assert b"\x1b[38;2;" not in shown
    assert b"\x1b[38;5;" not in shown


def test_ctrl_l_draws_again_what_another_program_has_written_over(profiles: Path) -> None:
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with on_a_terminal(profiles, env) as (terminal_end, _):
        read_until(terminal_end, b"Quit")
        os.write(terminal_end, b"\x0c")
        assert b"Main PACS" in read_until(terminal_end, b"Quit")


def test_what_is_left_on_the_terminal_is_what_a_whole_redraw_draws(profiles: Path) -> None:
    """Only what differs is written: through screens that open, close and take the focus."""
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "80", "LINES": "24"}
    screen = SmallTerminal(80, 24)
    with on_a_terminal(profiles, env) as (terminal_end, _):
        _, opens, first = read_until(terminal_end, b"Quit").decode().partition("\x1b[?1049h")
        screen.write(opens + first)
        for key in (b"3", b"?", b"\x1b", b"e", b"\x1b", b"1j", b":", b"\x1b"):
            os.write(terminal_end, key)
            screen.write(read_until_quiet(terminal_end, KEY_QUIET_S))
        screen.write(read_until_quiet(terminal_end))
        left = screen.seen
        os.write(terminal_end, b"\x0c")
        redrawn = read_until_quiet(terminal_end)
        screen.write(redrawn)
    assert "Main PACS" in redrawn
    assert screen.seen == left


def test_who_writes_to_a_terminal_that_is_gone_does_not_wait_for_ever() -> None:
    main, side = pty.openpty()
    os.close(main)
    with suppress(OSError), open(side, "w", encoding="utf-8") as gone:
        writer = WriterThread(cast(TextIO, LossTolerantOutput(gone)))
        writer.start()
        for _ in range(100):
            writer.write("more than its queue holds")
        writer.stop()
        assert not writer.is_alive()


CANNOT_FLUSH = 120
"""Python's own exit code where nobody takes what is left to be written."""


def test_a_terminal_that_is_gone_ends_the_console_also_where_no_signal_tells(
    profiles: Path,
) -> None:
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with on_a_terminal(profiles, env) as (terminal_end, process):
        read_until(terminal_end, b"Quit")
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), terminal_end)
        assert process.wait(timeout=20) in (0, CANNOT_FLUSH)


@pytest.mark.parametrize("end", [b"q", b"\x03", signal.SIGHUP, signal.SIGTERM], ids=str)
def test_every_way_to_leave_ends_in_order(profiles: Path, end: bytes | signal.Signals) -> None:
    env = {"TERM": "xterm-256color", "LANG": "C.UTF-8"}
    with on_a_terminal(profiles, env) as (terminal_end, process):
        read_until(terminal_end, b"Quit")
        if isinstance(end, bytes):
            os.write(terminal_end, end)
        else:
            process.send_signal(end)
        assert process.wait(timeout=20) == 0
