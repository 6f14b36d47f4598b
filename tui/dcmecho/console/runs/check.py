"""A round: all targets asked for at once, how far it is, and how to end it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from time import monotonic

from dcmecho.console.runs.engine import CheckHandle
from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.report.progress import Progress

LaunchAll = Callable[[Sequence[Emit]], CheckHandle]
"""Starts the runs of a round; what each tells goes to the ``emit`` of its place."""


class CheckSession:
    """The screen's thread reads and counts; ``launch`` is for a thread of its own."""

    def __init__(self, keys: Collection[str]) -> None:
        self.progress = Progress(len(keys))
        self.failing: list[str] = []
        """The keys of the targets that failed, in the order they came."""
        self.waiting = set(keys)
        """The keys of those that have not reported."""
        self.fault = ""
        """Why the runs could not begin, where they could not."""
        self.cancelled = False
        self._started = monotonic()
        self._handle: CheckHandle | None = None
        self._changed = threading.Condition()

    @property
    def words(self) -> str:
        """How far it is, in one line."""
        said = self.progress.words(monotonic() - self._started)
        return f"{said}, cancelling" if self.cancelled else said

    @property
    def over(self) -> bool:
        """True once no run of it goes on or will begin."""
        return bool(self.fault) or (self._handle is not None and self._handle.join(0.0))

    def take(self, key: str, report: Report) -> None:
        """Count the report of one of its targets."""
        if key not in self.waiting:
            return
        self.waiting.discard(key)
        if report.verdict.status is VerdictStatus.CANCELLED:
            return
        self.progress = self.progress.with_report(report)
        if report.verdict.status.is_failing:
            self.failing.append(key)

    def rename(self, old: str, new: str) -> None:
        """One of its targets got another name."""
        if old in self.waiting:
            self.waiting.remove(old)
            self.waiting.add(new)
        self.failing = [new if key == old else key for key in self.failing]

    @property
    def unchecked(self) -> int:
        """How many of its targets were not asked to the end."""
        return self.progress.total - self.progress.done

    def launch(self, start: Callable[[], CheckHandle]) -> None:
        """Start the runs, and end them at once where that was asked for meanwhile."""
        try:
            handle = start()
        except Exception as error:
            with self._changed:
                self.fault = f"{type(error).__name__}: {error}"
                self._changed.notify_all()
            return
        with self._changed:
            self._handle = handle
            self._changed.notify_all()
            cancelled = self.cancelled
        if cancelled:
            handle.cancel()

    def cancel(self) -> None:
        """End all runs, now or as soon as they have begun. Does not wait."""
        with self._changed:
            self.cancelled = True
            handle = self._handle
        if handle is not None:
            handle.cancel()

    def join(self, deadline: float) -> None:
        """Wait for the end, until the monotonic clock shows ``deadline``."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._handle is not None or bool(self.fault),
                max(0.0, deadline - monotonic()),
            )
            handle = self._handle
        if handle is not None:
            handle.join(max(0.0, deadline - monotonic()))
