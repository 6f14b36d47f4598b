"""The interface of a started run; ``dicom.runs.workers`` has the real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target


class Handle(Protocol):
    """A started activity that continues in the background."""

    def cancel(self) -> None:
        """Ask it to end. Does not wait."""

    def join(self, timeout_s: float | None = None) -> object:
        """Wait for the end."""


class RunHandle(Handle, Protocol):
    """A started run, such as ``dcmecho.dicom.runs.workers.Run``."""

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end."""


StartRun = Callable[[Target, Emit], RunHandle]
"""Starts a run on its own thread, as ``dcmecho.dicom.runs.workers.start`` does."""
