"""Textual's driver for terminals, which writes only what the terminal does not show already."""

from __future__ import annotations

from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size

from dcmecho.console.lean_output import LeanOutput


class LeanDriver(LinuxDriver):
    """Passes everything through a :class:`LeanOutput`."""

    _output: LeanOutput | None = None

    def forget(self, size: Size, *, slow: bool) -> None:
        """The terminal has this size now, or shows something else than was written.

        ``slow``: not even the hidden cursor is moved for nothing.
        """
        if self._output is None:
            self._output = LeanOutput(leaves_cursor=slow)
        self._output.forget(size.width, size.height)

    def write(self, data: str) -> None:
        """Write what differs."""
        reduced = data if self._output is None else self._output.reduce(data)
        if reduced:
            super().write(reduced)
