"""Checks of many targets at once: a limited number, and only one at a time for each peer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from dcmecho.diagnosis.events import Detail, Emit
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.network.shortage import NO_THREAD
from dcmecho.diagnosis.run_options import RunOptions
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.runs.loading import load_for_many
from dcmecho.dicom.runs.slots import PeerSlots
from dcmecho.dicom.runs.workers import Run
from dcmecho.dicom.wire.descriptors import make_room_for
from dcmecho.dicom.wire.resolver import literal
from dcmecho.dicom.wire.waiting import wait_for

JOBS = 32
"""Default number of checks at once."""

_LENDS_AFTER_S = 1.0
"""Time until the kernel first repeats a SYN (RFC 6298 2.1): the peer is probably dead."""

_LENT_PART = 4
"""At most one extra thread is added for this many jobs."""

_LEND_EVERY_S = 0.1

_Peer = Address | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Check:
    """A target to check. ``emit`` gets its events, on one of the pool's threads."""

    target: Target
    emit: Emit
    detail: Detail = Detail.LOG


class CheckPool:
    """Runs the checks, in their order as far as the peers allow. Use :func:`start_all`.

    Keeps no report and no event, so memory depends only on what ``emit`` keeps. A run whose
    peer does not answer its SYN lends its place, so dead peers do not delay the others.
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
        """The exceptions because of which targets have no report."""

    def start(self) -> None:
        """Start on daemon threads. Raises ``RuntimeError`` if none can be started."""
        wanted = self._jobs + self._jobs // _LENT_PART
        room = make_room_for(wanted)
        if room < wanted:
            self._jobs = max(1, room - room // _LENT_PART)
        load_for_many(self._schedule.targets)
        if not self._jobs:
            self._ended.set()
        elif not self._add_threads(self._jobs):
            raise RuntimeError(NO_THREAD)
        else:
            self._start_lending()

    def cancel(self) -> None:
        """Ask every run to end within 2 s, and start no more. Safe from any thread."""
        with self._lock:
            self._cancelled = True
            running = tuple(self._running)
        self._schedule.clear()
        for run in running:
            run.cancel()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait until all have ended. Returns false if ``timeout_s`` passed first."""
        return wait_for(self._ended, timeout_s)

    def _add_threads(self, count: int) -> int:
        """Start up to ``count`` threads, as many as the machine allows; return the number."""
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
                # A run that waited for a dead peer is done, so one borrowed extra thread can exit.
                if self._threads > self._jobs and self._threads > self._places():
                    self._threads -= 1
                    return
        self._threads_ended(1)

    def _diagnose(self, check: Check | None) -> None:
        if check is None:
            return
        run = Run(check.target, check.emit, self._options, self._slots, detail=check.detail)
        with self._lock:
            if self._cancelled:
                return
            self._running.add(run)
        run.make()
        with self._lock:
            self._running.discard(run)
            if run.fault is not None:
                self.faults.append(run.fault)

    def _start_lending(self) -> None:
        try:
            threading.Thread(target=self._lend, name="dcmecho-pool-lend", daemon=True).start()
        except RuntimeError:
            self._ended = self._idle  # No place is lent.

    def _lend(self) -> None:
        while not self._idle.wait(_LEND_EVERY_S):
            with self._lock:
                room = self._places() - self._threads
            self._add_threads(max(0, min(room, self._schedule.free_peers)))
        self._ended.set()

    def _places(self) -> int:
        """Return how many runs are allowed now. The caller must hold the lock."""
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
    """Chooses the next peer. A peer with a running check is not chosen until it is freed.

    A thread that finds no peer can exit: each peer with more checks has a thread that will free
    it and take the next.
    """

    def __init__(self, checks: Iterable[Check]) -> None:
        self._lock = threading.Lock()
        self._waiting: dict[_Peer, deque[Check]] = {}
        for check in checks:
            self._waiting.setdefault(_peer(check.target), deque()).append(check)
        self._free = deque(self._waiting)

    @property
    def targets(self) -> list[Target]:
        """All that wait, before the first is given out."""
        return [check.target for checks in self._waiting.values() for check in checks]

    @property
    def peers(self) -> int:
        """The number of peers that can be checked at once."""
        return len(self._waiting)

    @property
    def free_peers(self) -> int:
        """The number of peers that can be checked now."""
        return len(self._free)

    def next_peer(self) -> _Peer | None:
        with self._lock:
            return self._free.popleft() if self._free else None

    def next_check(self, peer: _Peer) -> Check | None:
        with self._lock:
            return self._waiting[peer].popleft() if self._waiting.get(peer) else None

    def free(self, peer: _Peer) -> None:
        """Allow the next check of ``peer``, after the other peers, if it has one."""
        with self._lock:
            if self._waiting.get(peer):
                self._free.append(peer)

    def clear(self) -> None:
        """Drop all checks that have not started."""
        with self._lock:
            self._free.clear()
            self._waiting.clear()


def start_all(
    checks: Iterable[Check],
    jobs: int = JOBS,
    options: RunOptions | None = None,
    slots: PeerSlots | None = None,
) -> CheckPool:
    """Run every check, ``jobs`` at once, on daemon threads.

    While peers leave their SYN unanswered, up to a quarter more run.
    ``slots`` is shared with all other runs of the process. Raises ``RuntimeError`` if the
    machine cannot start a single thread.
    """
    pool = CheckPool(checks, jobs, options or RunOptions(), slots or PeerSlots())
    pool.start()
    return pool


def _peer(target: Target) -> _Peer:
    """Return a key that targets of the same peer share, as far as known without a lookup."""
    return literal(target.host, target.port) or (target.host.casefold(), target.port)
