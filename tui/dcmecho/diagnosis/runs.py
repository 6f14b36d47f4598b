"""What whoever starts runs has to know of them; ``dicom.runs.workers`` makes the real ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.target import Target


class Handle(Protocol):
    """Something that was started and goes on by itself."""

    def cancel(self) -> None:
        """Ask it to end. Does not wait."""

    def join(self, timeout_s: float | None = None) -> object:
        """Wait for the end."""


class RunHandle(Handle, Protocol):
    """A started run, as ``dcmecho.dicom.runs.workers.Run`` is one."""

    def join(self, timeout_s: float | None = None) -> Report | None:
        """Wait for the end."""


StartRun = Callable[[Target, Emit], RunHandle]
"""Starts a run on a thread of its own, as ``dcmecho.dicom.runs.workers.start`` does."""
