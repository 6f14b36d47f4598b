"""A check of many targets: its progress, and how to cancel it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from time import monotonic

from dcmecho.console.runs.engine import CheckHandle
from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.sanitize import error_text
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.progress import Progress

LaunchAll = Callable[[Sequence[Emit]], CheckHandle]
"""Starts the runs of a check; each sends its events to the ``emit`` at its position."""


class CheckSession:
    """The screen's thread reads and counts; ``launch`` is called on a thread of its own."""

    def __init__(self, keys: Collection[str]) -> None:
        self.progress = Progress(len(keys))
        self.failing: list[str] = []
        """The keys of the targets that failed, in the order of their reports."""
        self.waiting = set(keys)
        """The keys of the targets that have not reported."""
        self.fault = ""
        """The reason why the runs could not start; empty if they could."""
        self.cancelled = False
        self._started = monotonic()
        self._handle: CheckHandle | None = None
        self._changed = threading.Condition()

    def words(self, at_least_s: float) -> str:
        """Return the progress in one line; running timeouts take ``at_least_s`` from now."""
        said = self.progress.words(monotonic() - self._started, at_least_s)
        return f"{said}, cancelling" if self.cancelled else said

    @property
    def over(self) -> bool:
        """True once no run of the check is running or will start."""
        return bool(self.fault) or (self._handle is not None and self._handle.join(0.0))

    def take(self, key: str, report: Report) -> None:
        """Count the report of one target."""
        if key not in self.waiting:
            return
        self.waiting.discard(key)
        if report.verdict.status is VerdictStatus.CANCELLED:
            return
        self.progress = self.progress.with_report(report)
        if report.verdict.is_failing:
            self.failing.append(key)

    def rename(self, old: str, new: str) -> None:
        """Rename one target."""
        if old in self.waiting:
            self.waiting.remove(old)
            self.waiting.add(new)
        self.failing = [new if key == old else key for key in self.failing]

    @property
    def unchecked(self) -> int:
        """The number of targets that were not checked completely."""
        return self.progress.total - self.progress.done

    def launch(self, start: Callable[[], CheckHandle]) -> None:
        """Start the runs; cancel them at once if that was requested meanwhile."""
        try:
            handle = start()
        except Exception as error:
            with self._changed:
                self.fault = f"{type(error).__name__}: {error_text(error)}"
                self._changed.notify_all()
            return
        with self._changed:
            self._handle = handle
            self._changed.notify_all()
            cancelled = self.cancelled
        if cancelled:
            handle.cancel()

    def cancel(self) -> None:
        """Cancel all runs, now or as soon as they have begun. Does not wait."""
        with self._changed:
            self.cancelled = True
            handle = self._handle
        if handle is not None:
            handle.cancel()

    def join(self, deadline: float) -> None:
        """Wait until all have ended, or the monotonic clock shows ``deadline``."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._handle is not None or bool(self.fault),
                max(0.0, deadline - monotonic()),
            )
            handle = self._handle
        if handle is not None:
            handle.join(max(0.0, deadline - monotonic()))
