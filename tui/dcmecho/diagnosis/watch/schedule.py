"""Schedules the checks: spread over the period, and never two at once on one peer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.diagnosis.investigation import PAUSE_S
from dcmecho.diagnosis.target.target import Target

Peer = tuple[str, int]
"""Host as written in the target, and port."""


def peer_of(target: Target) -> Peer:
    """Return the peer of a target: targets with the same host and port share one."""
    return (target.host.casefold(), target.port)


@dataclass(slots=True)
class _Entry:
    peer: Peer
    due_s: float
    running: bool = False


class Schedule:
    """The due times of all targets. All times are readings of the monotonic clock, in seconds."""

    def __init__(self, period_s: float) -> None:
        self._period_s = period_s
        self._entries: dict[str, _Entry] = {}
        self._busy: set[Peer] = set()
        self._free_from_s: dict[Peer, float] = {}

    def add(self, targets: Iterable[tuple[str, Target]], now_s: float) -> None:
        """Add targets by their keys, with their first starts spread over the period."""
        added = list(targets)
        for number, (key, target) in enumerate(added):
            due_s = now_s + self._period_s * number / len(added)
            self._entries[key] = _Entry(peer_of(target), due_s)

    def remove(self, key: str) -> None:
        """Remove a target."""
        entry = self._entries.pop(key)
        if entry.running:
            self._busy.discard(entry.peer)

    def due(self, now_s: float, room: int) -> list[str]:
        """Return up to ``room`` keys to start now, most overdue first, and mark them as running."""
        started: list[str] = []
        for key, entry in sorted(self._entries.items(), key=lambda item: item[1].due_s):
            if len(started) >= room or entry.due_s > now_s:
                break
            if not entry.running and self._is_free(entry.peer, now_s):
                entry.running = True
                self._busy.add(entry.peer)
                started.append(key)
        return started

    def _is_free(self, peer: Peer, now_s: float) -> bool:
        return peer not in self._busy and self._free_from_s.get(peer, now_s) <= now_s

    def ended(self, key: str, now_s: float, delay_s: float) -> None:
        """Record that a check has ended, and plan the next one at its place within the period.

        Missed starts are skipped.
        """
        entry = self._entries[key]
        entry.running = False
        self._busy.discard(entry.peer)
        self._free_from_s[entry.peer] = now_s + PAUSE_S
        due_s = entry.due_s + delay_s
        missed = math.ceil((now_s + PAUSE_S - due_s) / self._period_s)
        entry.due_s = due_s + max(0, missed) * self._period_s

    def reschedule_overdue(self, now_s: float) -> None:
        """Spread overdue checks over the period, after a time in which nothing ran."""
        overdue = [each for each in self._entries.values() if each.due_s < now_s]
        for number, entry in enumerate(sorted(overdue, key=lambda each: each.due_s)):
            entry.due_s = now_s + self._period_s * number / len(overdue)

    @property
    def running(self) -> frozenset[str]:
        """The keys of the checks that are running."""
        return frozenset(key for key, entry in self._entries.items() if entry.running)

    def due_s(self, key: str) -> float:
        """Return when the next check is due, or when the running one was due."""
        return self._entries[key].due_s

    def wait_s(self, now_s: float) -> float | None:
        """Return the seconds until a check is due, or ``None`` if a running one must end first."""
        starts = [
            max(entry.due_s, self._free_from_s.get(entry.peer, 0.0))
            for entry in self._entries.values()
            if not entry.running and entry.peer not in self._busy
        ]
        return max(0.0, min(starts) - now_s) if starts else None
