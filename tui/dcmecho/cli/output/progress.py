"""Lines on stderr while many checks run, with a progress line below them on a terminal."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from typing import TextIO

from dcmecho.report.progress import Progress

_BAR_WIDTH = 24
_WIDTH = 80


class ProgressOutput:
    """Writes lines and a progress line. Any thread can call it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._shown = ""
        self._on_terminal = stream.isatty()

    def say(self, text: str) -> None:
        """Write one line above the progress."""
        with self._lock:
            shown = self._shown
            self._write(f"{self._erasure()}{text}\n")
            self._shown = shown
            self._write(shown)

    def show(self, progress: Progress, elapsed_s: float) -> None:
        """Draw the progress on a terminal; do nothing elsewhere."""
        if not self._on_terminal:
            return
        filled = _BAR_WIDTH * progress.done // max(progress.total, 1)
        bar = "#" * filled + "." * (_BAR_WIDTH - filled)
        with self._lock:
            line = f"[{bar}] {progress.words(elapsed_s)}"[: self._width() - 1]
            if line != self._shown:
                self._write(self._erasure() + line)
                self._shown = line

    def end(self) -> None:
        """Erase the progress."""
        with self._lock:
            self._write(self._erasure())

    def _erasure(self) -> str:
        width, self._shown = len(self._shown), ""
        return f"\r{' ' * width}\r" if width else ""

    def _write(self, text: str) -> None:
        # The reader of stderr can exit early; the runs still go on to their end.
        with suppress(BrokenPipeError):
            self._stream.write(text)
            self._stream.flush()

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._stream.fileno()).columns or _WIDTH
        except OSError:
            return _WIDTH
