"""The watch of this session: it continues while the user is on other screens."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.runs import StartRun
from dcmecho.diagnosis.target.target import Target

if TYPE_CHECKING:
    from dcmecho.diagnosis.watch.sample import Known
    from dcmecho.diagnosis.watch.watch import Sampled, WatchEvent, WatchState
    from dcmecho.dicom.watch import Watcher

_NAMED = 5
"""Number of targets that a question names."""

SHOWN_TIMES = 24
"""The longest sparkline."""


@dataclass(frozen=True, slots=True)
class WatchTally:
    """Number of watched and failing targets, for the heading."""

    watched: int = 0
    failing: int = 0


class WatchSession:
    """At most one watch. ``wake`` is called after a report, on its thread, and when it ends."""

    def __init__(self, start_run: StartRun, wake: Callable[[], object]) -> None:
        self._start_run = start_run
        self._wake = wake
        self._samples: deque[Sampled] = deque()
        self._watcher: Watcher | None = None
        self._ending: Watcher | None = None

    def watch(
        self, targets: Sequence[tuple[str, Target]], found: Mapping[str, Known] | None = None
    ) -> None:
        """Watch these targets, by their keys, in addition to those already watched.

        It begins with what earlier checks have ``found``.

        A target that was edited meanwhile begins again.
        """
        if not targets:
            return
        if self._watcher is None:
            from dcmecho.dicom.watch import Watcher

            self._watcher = Watcher(self._start_run, self._told)
            self._watcher.start(targets, found)
            return
        known = self.targets
        for key, target in targets:
            if known.get(key, target) != target:
                self._watcher.remove(key)
        self._watcher.add(targets, found)

    def _told(self, event: WatchEvent) -> None:
        from dcmecho.diagnosis.watch.watch import Sampled

        if isinstance(event, Sampled):
            self._samples.append(event)
        self._wake()

    def samples(self) -> list[Sampled]:
        """Return the checks since the last call, of targets that are still watched."""
        found, targets = [], self.targets
        while self._samples:
            sampled = self._samples.popleft()
            if targets.get(sampled.key) == sampled.target:
                found.append(sampled)
        return found

    def drop(self, key: str) -> None:
        """Stop watching this target; the watch ends with the last one."""
        if self._watcher is not None and key in self.targets:
            self._watcher.remove(key)
            if not self.targets:
                self.cancel()
            self._wake()

    def cancel(self) -> None:
        """Cancel the watch. Does not wait for what is running."""
        if self._watcher is not None:
            self._watcher.cancel()
            self._ending, self._watcher = self._watcher, None
            self._wake()

    def join(self, timeout_s: float) -> None:
        """Wait until a cancelled watch has ended."""
        if self._ending is not None:
            self._ending.join(timeout_s)

    @property
    def state(self) -> WatchState | None:
        """The current state; ``None`` if nothing is watched."""
        return self._watcher.state(SHOWN_TIMES) if self._watcher else None

    @property
    def targets(self) -> dict[str, Target]:
        """The watched targets, by their keys."""
        return {} if self._watcher is None else self._watcher.targets


def names_of(watched: Mapping[str, Target]) -> str:
    """The names of watched targets, for a question; of many only the first."""
    names = [each.name for each in watched.values()]
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {count(more, 'other')}" if more > 0 else "")


def tally(state: WatchState | None) -> WatchTally:
    """The number of watched and failing targets."""
    watched = state.watched if state else ()
    failing = sum(each.last is not None and each.last.is_failing for each in watched)
    return WatchTally(len(watched), failing)
