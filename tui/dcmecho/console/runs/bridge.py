"""From the threads of the runs to the screen: events in, batches out."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Sequence
from functools import partial
from time import monotonic
from typing import TypeVar

from dcmecho.console.runs.check import CheckSession, LaunchAll
from dcmecho.diagnosis.events import Emit, Event, LogLine, RunStarted, ServicesProgressed
from dcmecho.diagnosis.runs import Handle

_T = TypeVar("_T")

Told = LogLine | RunStarted | ServicesProgressed
"""The lines of the log, and what begins: the lines after it count their time from there."""

Launch = Callable[[Emit], Handle]
"""Starts one run; what it tells goes to the ``emit`` it is given."""


class PartOfCheck:
    """One run of a round, which is ended as a whole."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Leave it to the round."""

    def join(self, deadline: float) -> None:
        """Leave it to the round."""


class RequestedRun(PartOfCheck):
    """One run asked for on the screen."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.handle: Handle | None = None
        """The run, once it has begun."""

    def cancel(self) -> None:
        """Ask the run to end."""
        if self.handle is not None:
            self.handle.cancel()

    def join(self, deadline: float) -> None:
        """Wait for the run's end, until the monotonic clock shows ``deadline``."""
        if self.handle is not None:
            self.handle.join(max(0.0, deadline - monotonic()))


class Bridge:
    """Runs by target name. All methods but the runs' own emits belong to the screen's thread.

    ``wake`` is called on a run's thread when something came that the screen should show at once.
    """

    def __init__(self, wake: Callable[[], object]) -> None:
        self._wake = wake
        self.round: CheckSession | None = None
        """The round that is under way, or whose end has not been taken in."""
        self._errands: dict[str, PartOfCheck] = {}
        self._news: deque[tuple[PartOfCheck, Event]] = deque()
        self._lines: deque[tuple[PartOfCheck, Told]] = deque()
        self._failures: deque[tuple[RequestedRun, str]] = deque()

    def run(self, name: str, launch: Launch) -> None:
        """Start a run; an older one of the same name is cancelled and ignored."""
        self.cancel(name)
        errand = RequestedRun(name)
        self._errands[name] = errand
        try:
            errand.handle = launch(partial(self._emit, errand))
        except Exception as error:
            self._failures.append((errand, f"{type(error).__name__}: {error}"))
            self._wake()

    def run_all(self, names: Sequence[str], launch: LaunchAll) -> None:
        """Start a round of runs, none of which goes on now. They wake nobody: they are many."""
        members = [PartOfCheck(name) for name in names]
        self._errands.update((member.name, member) for member in members)
        emits = [partial(self._keep, member) for member in members]
        started = self.round = CheckSession(names)
        threading.Thread(
            target=started.launch,
            args=(partial(launch, emits),),
            name="dcmecho-launch-all",
            daemon=True,
        ).start()

    def finished_round(self) -> CheckSession | None:
        """Give the round once, when it is over and all that it told has been taken in."""
        done = self.round
        if done is None or not done.over or self._news:
            return None
        for name in done.waiting:
            self.end(name)
        self.round = None
        return done

    def cancel(self, name: str) -> None:
        """Ask the run of this name to end; its report still comes."""
        if errand := self._errands.get(name):
            errand.cancel()

    def end(self, name: str) -> None:
        """The run of this name has reported."""
        self._errands.pop(name, None)

    def rename(self, old: str, new: str) -> None:
        """The target of a run got another name."""
        if old != new and (errand := self._errands.pop(old, None)):
            errand.name = new
            self._errands[new] = errand
            if self.round is not None:
                self.round.rename(old, new)

    @property
    def busy(self) -> bool:
        """True while a run has not reported."""
        return bool(self._errands) or self.round is not None

    @property
    def keys(self) -> Collection[str]:
        """The names of the runs that have not reported."""
        return tuple(self._errands)

    def news(self) -> list[tuple[str, Event]]:
        """The stage and run events since the last call, of the runs that still count."""
        return [
            (errand.name, event) for errand, event in _drain(self._news) if self._counts(errand)
        ]

    def lines(self) -> list[tuple[str, Told]]:
        """The log lines since the last call, of the runs that still count.

        What they count their time from stands among them, where it was told.
        """
        return [(errand.name, told) for errand, told in _drain(self._lines) if self._counts(errand)]

    def failures(self) -> list[tuple[str, str]]:
        """Runs that could not even begin, and why."""
        failed = [(e.name, why) for e, why in _drain(self._failures) if self._counts(e)]
        for name, _ in failed:
            self.end(name)
        return failed

    def shut_down(self, timeout_s: float = 1.5) -> None:
        """Cancel every run and wait for all of them, ``timeout_s`` together."""
        errands = list(self._errands.values())
        for errand in errands:
            errand.cancel()
        deadline = monotonic() + timeout_s
        if self.round is not None:
            self.round.cancel()
            self.round.join(deadline)
        for errand in errands:
            errand.join(deadline)

    def _emit(self, errand: RequestedRun, event: Event) -> None:
        self._keep(errand, event)
        if not isinstance(event, LogLine):
            self._wake()

    def _keep(self, errand: PartOfCheck, event: Event) -> None:
        if isinstance(event, Told):
            self._lines.append((errand, event))
        if not isinstance(event, LogLine):
            self._news.append((errand, event))

    def _counts(self, errand: PartOfCheck) -> bool:
        return self._errands.get(errand.name) is errand


def _drain(queue: deque[_T]) -> list[_T]:
    drained = []
    while queue:
        drained.append(queue.popleft())
    return drained
