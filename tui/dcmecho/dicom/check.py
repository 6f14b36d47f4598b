"""Many diagnoses at once: a bounded number of them, and one at a time for each peer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.diagnosis.events import Emit
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import Run
from dcmecho.dicom.wire.descriptors import make_room_for
from dcmecho.dicom.wire.resolver import literal
from dcmecho.dicom.wire.waiting import wait_for

JOBS = 32
"""Diagnoses at once where nobody says otherwise."""

_LENDS_AFTER_S = 1.0
"""When the kernel repeats a SYN for the first time (RFC 6298 2.1): it may well have been lost."""

_LENT_PART = 4
"""At most one place in so many is lent."""

_LEND_EVERY_S = 0.1

_Peer = Address | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Check:
    """A target to diagnose; its events go to ``emit``, on one of the pool's threads."""

    target: Target
    emit: Emit
    wants_log: bool = True
    """False where the lines of the log are for nobody: they are not made then."""


class CheckPool:
    """Diagnoses every check, in their order as far as the peers allow. Made by :func:`start_all`.

    Keeps no report and no event: a thousand targets cost what their listeners keep. A run whose
    peer does not answer its SYN lends its place, so that dead peers do not hold up the others.
    """

    def __init__(
        self, checks: Iterable[Check], jobs: int, options: RunOptions, slots: PeerSlots
    ) -> None:
        self._options = options
        self._slots = slots
        self._schedule = _Schedule(checks)
        self._jobs = min(jobs, self._schedule.peers)
        self._lock = threading.Lock()
        self._running: set[Run] = set()
        self._cancelled = False
        self._threads = 0
        self._idle = threading.Event()
        self._ended = threading.Event()
        self.faults: list[Exception] = []
        """Why there is no report of a target, where dcmecho could not even make one."""

    def start(self) -> None:
        """Begin, on daemon threads. Raises ``RuntimeError`` where there can be none."""
        make_room_for(self._jobs + self._jobs // _LENT_PART)
        if not self._jobs:
            self._ended.set()
        elif not self._add_threads(self._jobs):
            raise RuntimeError("this machine has no room for a thread")
        else:
            threading.Thread(target=self._lend, name="dcmecho-pool-lend", daemon=True).start()

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

    def _add_threads(self, count: int) -> int:
        """Start so many threads, or as many as the machine has room for; their number."""
        with self._lock:
            self._threads += count
        for number in range(count):
            thread = threading.Thread(target=self._work, name="dcmecho-pool", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                self._threads_ended(count - number)
                return number
        return count

    def _work(self) -> None:
        while (peer := self._schedule.next_peer()) is not None:
            self._diagnose(self._schedule.next_check(peer))
            self._schedule.free(peer)
            with self._lock:
                # Who waited for a dead peer has its place back: one that was lent it goes home.
                if self._threads > self._jobs and self._threads > self._places():
                    self._threads -= 1
                    return
        self._threads_ended(1)

    def _diagnose(self, check: Check | None) -> None:
        if check is None:
            return
        run = Run(check.target, check.emit, self._options, self._slots, wants_log=check.wants_log)
        with self._lock:
            if self._cancelled:
                return
            self._running.add(run)
        run.make()
        with self._lock:
            self._running.discard(run)
            if run.fault is not None:
                self.faults.append(run.fault)

    def _lend(self) -> None:
        while not self._idle.wait(_LEND_EVERY_S):
            with self._lock:
                room = self._places() - self._threads
            self._add_threads(max(0, min(room, self._schedule.free_peers)))
        self._ended.set()

    def _places(self) -> int:
        """How many runs there may be now. The lock is held."""
        late = time.monotonic() - _LENDS_AFTER_S
        waiting = sum(
            (since := run.connecting_since) is not None and since <= late for run in self._running
        )
        return self._jobs + min(waiting, self._jobs // _LENT_PART)

    def _threads_ended(self, count: int) -> None:
        with self._lock:
            self._threads -= count
            if not self._threads:
                self._idle.set()


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

    @property
    def free_peers(self) -> int:
        """How many can be asked now."""
        return len(self._free)

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
) -> CheckPool:
    """Diagnose every check, ``jobs`` at once, on daemon threads.

    Where peers leave their SYN unanswered, up to a quarter more may be under way.
    ``slots`` is shared with all other runs of the process. Raises ``RuntimeError`` where the
    machine has no room for a single thread.
    """
    pool = CheckPool(checks, jobs, options or RunOptions(), slots or PeerSlots())
    pool.start()
    return pool


def _peer(target: Target) -> _Peer:
    """What two targets share where they are one peer, as far as that is known without a lookup."""
    return literal(target.host, target.port) or (target.host.casefold(), target.port)
