"""Asks the terminal, before the first screen, how wide it draws the signs of the console.

A terminal with another encoding, or one that draws some signs two cells wide, would show columns in
the wrong place, and wrong facts would stay on the screen.
"""

from __future__ import annotations

import os
import re
import select
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import NamedTuple

from dcmecho.console.symbols import Mark, Symbols

ANSWERED_WITHIN_S = 1.0
"""A terminal that knows the question answers after one round trip of its line."""

_REPORT = re.compile(rb"\x1b\[[0-9]+;([0-9]{1,4})R")
"""Cursor position report (ECMA-48 8.3.14)."""


class Answer(NamedTuple):
    """``column`` is where the cursor was after the signs, counted from 1; ``None``: no answer.

    ``typed`` is what the user typed meanwhile.
    """

    column: int | None
    round_trip_s: float
    typed: bytes


def ask(keyboard: int, screen: int, signs: str, within_s: float = ANSWERED_WITHIN_S) -> Answer:
    """Write ``signs`` at the start of the line, ask for the column, and remove them.

    ``keyboard`` and ``screen`` are file descriptors of the terminal, one to read from and one to
    write to. Raises ``OSError`` and ``termios.error`` if the terminal is gone.
    """
    start = monotonic()
    with _unechoed(keyboard):
        os.write(screen, f"\r{signs}\x1b[6n".encode())
        read = _read_report(keyboard, start + within_s)
        os.write(screen, b"\r\x1b[K")
    report = _REPORT.search(read)
    return Answer(
        int(report[1]) if report else None,
        monotonic() - start,
        _REPORT.sub(b"", read, count=1),
    )


def signs_to_measure(symbols: Symbols) -> str:
    """Return signs that terminals disagree on; each is one cell wide here."""
    return symbols.marks[Mark.OK] + symbols.marks[Mark.FAILED] + symbols.rule + symbols.folded


def _read_report(keyboard: int, deadline: float) -> bytes:
    read = b""
    while not _REPORT.search(read):
        ready, _, _ = select.select([keyboard], [], [], max(0.0, deadline - monotonic()))
        more = os.read(keyboard, 1024) if ready else b""
        if not more:
            break
        read += more
    return read


@contextmanager
def _unechoed(keyboard: int) -> Iterator[None]:
    """Give each byte at once, and draw none that the user types."""
    before, changed = termios.tcgetattr(keyboard), termios.tcgetattr(keyboard)
    changed[tty.IFLAG] &= ~termios.ICRNL
    changed[tty.LFLAG] &= ~(termios.ECHO | termios.ICANON)
    termios.tcsetattr(keyboard, termios.TCSADRAIN, changed)
    try:
        yield
    finally:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)
