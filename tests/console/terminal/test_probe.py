"""What the terminal answers before the first screen, and what happens without an answer."""

from __future__ import annotations

import os
import pty
import signal
import termios
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dcmecho.console.symbols import symbols_of
from dcmecho.console.terminal.probe import Answer, ask, signs_to_measure
from dcmecho.profiles.book.settings import Signs
from tests.console.terminal.on_a_terminal import on_a_terminal, read_until

PUTTY = {"TERM": "xterm", "LANG": "C.UTF-8", "COLUMNS": "80", "LINES": "24"}


@pytest.fixture
def ends() -> Iterator[tuple[int, int]]:
    """Our end of a terminal, and the console's."""
    main, side = pty.openpty()
    yield main, side
    os.close(main)
    os.close(side)


def answered(ends: tuple[int, int], answer: bytes) -> Answer:
    """Ask, and let the terminal send ``answer``."""
    main, side = ends
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask, side, side, "√", 20.0)
        read_until(main, b"\x1b[6n", answers=False)
        os.write(main, answer)
        return asking.result()


@pytest.mark.parametrize("column", [2, 3, 4])
def test_the_column_after_the_sign_is_what_the_terminal_reports(
    ends: tuple[int, int], column: int
) -> None:
    before = termios.tcgetattr(ends[1])
    assert answered(ends, f"\x1b[7;{column}R".encode()).column == column
    assert termios.tcgetattr(ends[1]) == before


def test_what_is_typed_meanwhile_is_kept(ends: tuple[int, int]) -> None:
    assert answered(ends, b"ja\x1b[1;2R\r").typed == b"ja\r"


def test_a_terminal_that_does_not_answer_is_not_waited_for_long(ends: tuple[int, int]) -> None:
    assert ask(ends[1], ends[1], "√", 0.05).column is None


@pytest.mark.parametrize("signs", [Signs.UNICODE, Signs.WGL4])
def test_the_signs_to_measure_are_no_ascii(signs: Signs) -> None:
    assert not any(map(str.isascii, signs_to_measure(symbols_of(signs))))


@pytest.mark.parametrize(("column", "is_plain"), [(5, False), (6, True), (13, True)])
def test_a_terminal_that_draws_the_signs_too_wide_gets_ascii(
    profiles: Path, column: int, is_plain: bool
) -> None:
    with on_a_terminal(profiles, PUTTY) as (terminal, _):
        read_until(terminal, b"\x1b[6n", answers=False)
        os.write(terminal, f"\x1b[1;{column}R".encode())
        shown = read_until(terminal, b"Quit").decode()
    assert shown.isascii() is is_plain


def test_a_key_typed_before_the_first_screen_is_carried_out(profiles: Path) -> None:
    with on_a_terminal(profiles, PUTTY) as (terminal, process):
        read_until(terminal, b"\x1b[6n", answers=False)
        os.write(terminal, b"q\x1b[1;5R")
        assert process.wait(timeout=30) == 0


def test_ctrl_z_stops_the_console_and_fg_draws_it_again(profiles: Path) -> None:
    with on_a_terminal(profiles, PUTTY) as (terminal, process):
        read_until(terminal, b"Quit")
        os.write(terminal, b"\x1a")
        assert b"\x1b[?1049l" in read_until(terminal, b"\x1b[?1004l")
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        process.send_signal(signal.SIGCONT)
        assert b"Main PACS" in read_until(terminal, b"Quit")


def test_a_setting_decides_on_signs_and_mouse(profiles: Path) -> None:
    own = profiles.parent / ".config" / "dcmecho" / "profiles.toml"
    own.parent.mkdir(parents=True)
    own.write_text('[settings]\nsigns = "ascii"\nmouse = false\n', encoding="utf-8")
    with on_a_terminal(profiles, PUTTY) as (terminal, _):
        shown = read_until(terminal, b"Quit", answers=False)
    assert shown.isascii()
    assert b"\x1b[6n" not in shown
    assert b"\x1b[?1000h" not in shown
