"""Textual's driver for terminals, which writes only what the terminal does not show already."""

from __future__ import annotations

import contextlib
import io
from typing import TextIO

from textual.app import App
from textual.geometry import Size

from dcmecho.console.terminal.hangup import is_lost
from dcmecho.console.terminal.lean_output import LeanOutput
from dcmecho.console.textual_private import StoppableDriver, wrap_terminal


class LossTolerantOutput(io.TextIOBase):
    """A terminal stream that discards writes after the terminal has gone.

    Without it, the writer thread would die, and its callers would block forever.
    """

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Write, if the terminal is still there."""
        with contextlib.suppress(OSError):
            self._terminal.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush, if the terminal is still there."""
        with contextlib.suppress(OSError):
            self._terminal.flush()

    def fileno(self) -> int:
        """Return the terminal's file descriptor."""
        return self._terminal.fileno()


class LeanDriver(StoppableDriver):
    """Passes all output through a :class:`LeanOutput`."""

    _output: LeanOutput | None = None
    _title = ""

    def __init__(
        self,
        app: App[object],
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        wrap_terminal(self, LossTolerantOutput)

    @property
    def has_terminal(self) -> bool:
        """True until the terminal is gone."""
        return not is_lost(self.fileno)

    def forget(self, size: Size, *, slow: bool) -> None:
        """Forget what the terminal shows, and note its size.

        ``slow``: do not move even the hidden cursor without need.
        """
        if self._output is None:
            self._output = LeanOutput(leaves_cursor=slow)
        self._output.forget(size.width, size.height)

    def entitle(self, title: str) -> None:
        """Give the window a title until the end; the terminal keeps the one before."""
        self._title = title
        super().write(f"\x1b[22;2t\x1b]2;{title}\x1b\\")

    def start_application_mode(self) -> None:
        """Also give the window its title again, after it was suspended."""
        super().start_application_mode()
        if self._title:
            self.entitle(self._title)

    def stop_application_mode(self) -> None:
        """Also leave a clean screen, where the terminal has only one (mosh)."""
        super().write("\x1b[m\x1b[2J\x1b[H")
        super().stop_application_mode()
        if self._title:
            super().write("\x1b[23;2t")
            self.flush()

    def write(self, data: str) -> None:
        """Write what the terminal does not show yet."""
        reduced = data if self._output is None else self._output.reduce(data)
        if reduced:
            super().write(reduced)
