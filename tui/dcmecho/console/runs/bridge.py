"""The bridge from the threads of the runs to the screen: events in, batches out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Sequence
from functools import partial
from time import monotonic
from typing import TypeVar

from dcmecho.console.runs.check import CheckSession, LaunchAll
from dcmecho.console.threads import do_beside
from dcmecho.diagnosis.events import Emit, Event, LogLine, RunStarted, ServicesProgressed
from dcmecho.diagnosis.runs import Handle
from dcmecho.diagnosis.sanitize import error_text

_T = TypeVar("_T")

Told = LogLine | RunStarted | ServicesProgressed
"""Log lines, and the starts of runs, from which the following lines count their time."""

Launch = Callable[[Emit], Handle]
"""Starts one run, which sends its events to the ``emit`` it is given."""


class PartOfCheck:
    """One run in a check of many, which is cancelled only as a whole."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Do nothing: the whole check is cancelled."""

    def join(self, deadline: float) -> None:
        """Do nothing: the whole check is joined."""


class RequestedRun(PartOfCheck):
    """One run requested by the user."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.handle: Handle | None = None
        """The run, once it has begun."""

    def cancel(self) -> None:
        """Ask the run to end."""
        if self.handle is not None:
            self.handle.cancel()

    def join(self, deadline: float) -> None:
        """Wait until the run has ended, or the monotonic clock shows ``deadline``."""
        if self.handle is not None:
            self.handle.join(max(0.0, deadline - monotonic()))


class Bridge:
    """Runs by target name. Only the emits of the runs are called outside the screen's thread.

    ``wake`` is called on a run's thread after an event that the screen should show at once.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self.running_check: CheckSession | None = None
        """The check of many under way, or one whose end was not taken in yet."""
        self._requested: dict[str, PartOfCheck] = {}
        self._news: deque[tuple[PartOfCheck, Event]] = deque()
        self._lines: deque[tuple[PartOfCheck, Told]] = deque()
        self._failures: deque[tuple[RequestedRun, str]] = deque()

    def run(self, name: str, launch: Launch) -> None:
        """Start a run; an older run of the same name is cancelled and ignored."""
        self.cancel(name)
        requested = RequestedRun(name)
        self._requested[name] = requested
        try:
            requested.handle = launch(partial(self._emit, requested))
        except Exception as error:
            self._failures.append((requested, f"{type(error).__name__}: {error_text(error)}"))
            self._wake()

    def run_all(self, names: Sequence[str], launch: LaunchAll) -> None:
        """Start a check of many targets, none of which is running. It never calls ``wake``."""
        members = [PartOfCheck(name) for name in names]
        self._requested.update((member.name, member) for member in members)
        emits = [partial(self._keep, member) for member in members]
        started = self.running_check = CheckSession(names)
        do_beside("dcmecho-launch-all", partial(started.launch, partial(launch, emits)))

    def finished_check(self) -> CheckSession | None:
        """Return a check of many once, when it is over and all its events were taken in."""
        done = self.running_check
        if done is None or not done.over or self._news:
            return None
        for name in done.waiting:
            self.end(name)
        self.running_check = None
        return done

    def cancel(self, name: str) -> None:
        """Ask the run of this name to end; its report still arrives."""
        if requested := self._requested.get(name):
            requested.cancel()

    def end(self, name: str) -> None:
        """Forget the run of this name, which has reported."""
        self._requested.pop(name, None)

    def rename(self, old: str, new: str) -> None:
        """Rename a run along with its target."""
        if old != new and (requested := self._requested.pop(old, None)):
            requested.name = new
            self._requested[new] = requested
            if self.running_check is not None:
                self.running_check.rename(old, new)

    @property
    def busy(self) -> bool:
        """True while a run has not reported."""
        return bool(self._requested) or self.running_check is not None

    @property
    def keys(self) -> Collection[str]:
        """The names of the runs that have not reported."""
        return tuple(self._requested)

    def news(self) -> list[tuple[str, Event]]:
        """Return the stage and run events since the last call, except those of replaced runs."""
        return [
            (requested.name, event)
            for requested, event in _drain(self._news)
            if self._counts(requested)
        ]

    def lines(self) -> list[tuple[str, Told]]:
        """Return the log lines since the last call, except those of replaced runs.

        The events from which the lines count their time are among them, in order.
        """
        return [
            (requested.name, told)
            for requested, told in _drain(self._lines)
            if self._counts(requested)
        ]

    def failures(self) -> list[tuple[str, str]]:
        """Return the runs that could not begin, and why."""
        failed = [(e.name, why) for e, why in _drain(self._failures) if self._counts(e)]
        for name, _ in failed:
            self.end(name)
        return failed

    def shut_down(self, timeout_s: float = 1.5) -> None:
        """Cancel every run and wait for all of them, ``timeout_s`` in total."""
        deadline = monotonic() + timeout_s
        self.cancel_all()
        if self.running_check is not None:
            self.running_check.join(deadline)
        for requested in tuple(self._requested.values()):
            requested.join(deadline)

    def cancel_all(self) -> None:
        """Cancel every run. Does not wait."""
        for requested in self._requested.values():
            requested.cancel()
        if self.running_check is not None:
            self.running_check.cancel()

    def _emit(self, requested: RequestedRun, event: Event) -> None:
        self._keep(requested, event)
        if not isinstance(event, LogLine):
            self._wake()

    def _keep(self, requested: PartOfCheck, event: Event) -> None:
        if isinstance(event, Told):
            self._lines.append((requested, event))
        if not isinstance(event, LogLine):
            self._news.append((requested, event))

    def _counts(self, requested: PartOfCheck) -> bool:
        return self._requested.get(requested.name) is requested


def _drain(queue: deque[_T]) -> list[_T]:
    drained = []
    while queue:
        drained.append(queue.popleft())
    return drained
