"""Many diagnoses at once: a bounded number of them, and one at a time for each peer."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.link import Address
from dcmecho.diagnosis.model import RunOptions, Target
from dcmecho.dicom.descriptors import make_room_for
from dcmecho.dicom.peer_slots import PeerSlots
from dcmecho.dicom.resolver import literal
from dcmecho.dicom.workers import Run, wait_for

JOBS = 32
"""Diagnoses at once where nobody says otherwise."""

_Peer = Address | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Check:
    """A target to diagnose; its events go to ``emit``, on one of the pool's threads."""

    target: Target
    emit: Emit


class Pool:
    """Diagnoses every check, in their order as far as the peers allow. Made by :func:`start_all`.

    Keeps no report and no event: a thousand targets cost what their listeners keep.
    """

    def __init__(self, checks: Iterable[Check], options: RunOptions, slots: PeerSlots) -> None:
        self._options = options
        self._slots = slots
        self._schedule = _Schedule(checks)
        self._lock = threading.Lock()
        self._running: set[Run] = set()
        self._cancelled = False
        self._threads_left = 0
        self._ended = threading.Event()
        self.faults: list[Exception] = []
        """Why there is no report of a target, where dcmecho could not even make one."""

    def start(self, jobs: int) -> None:
        """Begin on ``jobs`` daemon threads. Raises ``RuntimeError`` where there can be none."""
        jobs = min(jobs, self._schedule.peers)
        make_room_for(jobs)
        if not jobs:
            self._ended.set()
        self._threads_left = jobs
        for number in range(jobs):
            thread = threading.Thread(target=self._work, name=f"dcmecho-pool-{number}", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                # The machine has no room for more threads: those there are do all of it.
                if not number:
                    raise
                self._threads_ended(jobs - number)
                break

    def cancel(self) -> None:
        """Ask every run to end, within 2 s, and begin no more. Safe from any thread."""
        with self._lock:
            self._cancelled = True
            running = tuple(self._running)
        self._schedule.clear()
        for run in running:
            run.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until all have ended. False where ``timeout_s`` passed first."""
        return wait_for(self._ended, timeout_s)

    def _work(self) -> None:
        try:
            while (peer := self._schedule.next_peer()) is not None:
                self._diagnose(self._schedule.next_check(peer))
                self._schedule.free(peer)
        finally:
            self._threads_ended(1)

    def _diagnose(self, check: Check | None) -> None:
        if check is None:
            return
        run = Run(check.target, check.emit, self._options, self._slots)
        with self._lock:
            if self._cancelled:
                return
            self._running.add(run)
        run.make()
        with self._lock:
            self._running.discard(run)
            if run.fault is not None:
                self.faults.append(run.fault)

    def _threads_ended(self, count: int) -> None:
        with self._lock:
            self._threads_left -= count
            over = not self._threads_left
        if over:
            self._ended.set()


class _Schedule:
    """Whose turn it is. A peer that is being asked is not given out until it is freed.

    A thread that finds no peer may go home: each peer with more to ask has a thread that will free
    it and take the next.
    """

    def __init__(self, checks: Iterable[Check]) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[_Peer, deque[Check]] = {}
        for check in checks:
            self._waiting.setdefault(_peer(check.target), deque()).append(check)
        self._free = deque(self._waiting)

    @property
    def peers(self) -> int:
        """How many can be asked at once."""
        return len(self._waiting)

    def next_peer(self) -> _Peer | None:
        with self._lock:
            return self._free.popleft() if self._free else None

    def next_check(self, peer: _Peer) -> Check | None:
        with self._lock:
            return self._waiting[peer].popleft() if self._waiting.get(peer) else None

    def free(self, peer: _Peer) -> None:
        """Let ``peer`` be asked again, after the others, where there is more to ask."""
        with self._lock:
            if self._waiting.get(peer):
                self._free.append(peer)

    def clear(self) -> None:
        """Give nothing out any more."""
        with self._lock:
            self._free.clear()
            self._waiting.clear()


def start_all(
    checks: Iterable[Check],
    jobs: int = JOBS,
    options: RunOptions | None = None,
    slots: PeerSlots | None = None,
) -> Pool:
    """Diagnose every check, at most ``jobs`` at once, on daemon threads.

    ``slots`` is shared with all other runs of the process. Raises ``RuntimeError`` where the
    machine has no room for a single thread.
    """
    pool = Pool(checks, options or RunOptions(), slots or PeerSlots())
    pool.start(jobs)
    return pool


def _peer(target: Target) -> _Peer:
    """What two targets share where they are one peer, as far as that is known without a lookup."""
    return literal(target.host, target.port) or (target.host.casefold(), target.port)
