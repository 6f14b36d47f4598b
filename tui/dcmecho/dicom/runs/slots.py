"""Allows one association at a time per peer, for all runs of a process, which share the slots.

A peer is a numeric address and a port, so two names for one machine are one peer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.target.prohibition import Prohibitions
from dcmecho.dicom.runs.guard import Guard
from dcmecho.dicom.wire.network import Network, ThisMachine
from dcmecho.dicom.wire.resolver import normal

PATIENCE_S = 300.0
"""How long a run waits for its turn."""


class Vantages(Protocol):
    """The vantage points of this process, by their names."""

    def network(self, name: str) -> Network:
        """Return the network as that one sees it. Raises ``KeyError`` for an unknown name."""


class Slot:
    """A place in the queue of one peer. Given by :meth:`PeerSlots.ask`."""

    def __init__(
        self, peer: Address, who: str, slots: PeerSlots, woken: threading.Condition
    ) -> None:
        self.peer = peer
        self.who = who
        self.held = False
        """True once it is this run's turn; ``woken`` has been notified."""
        self._slots = slots
        self._woken = woken

    def wait(self, given_up: Callable[[], bool], timeout_s: float) -> bool:
        """Wait for the turn, unless ``given_up``, checked when ``woken`` is notified.

        Returns whether it is this run's turn.
        """
        if not self.held:
            with self._woken:
                self._woken.wait_for(lambda: self.held or given_up(), timeout_s)
        return self.held

    def holder(self) -> str:
        """Return the run that has the turn."""
        return self._slots.holder(self) or "another check"

    def release(self) -> None:
        """End the turn, or stop waiting for it. Safe from any thread, more than once."""
        self._slots.leave(self)

    def grant(self) -> None:
        """Give the turn to the run."""
        with self._woken:
            self.held = True
            self._woken.notify_all()


class PeerSlots:
    """Decides which run is allowed to connect to which peer. Share one in all of a process.

    ``patience_s`` is how long each run waits for its turn. Nothing that is among ``prohibitions``
    gets a connection.
    """

    def __init__(
        self,
        patience_s: float = PATIENCE_S,
        prohibitions: Prohibitions | None = None,
        vantages: Vantages | None = None,
    ) -> None:
        self.patience_s = patience_s
        self.vantages = vantages
        """The machines from which a run can ask, besides this one."""
        self.guard = Guard(prohibitions or Prohibitions())
        self._lock = threading.Lock()
        self._queues: dict[Address, deque[Slot]] = {}

    def network(self, vantage: str) -> Network:
        """Return the network as ``vantage`` sees it, or this machine. Raises ``KeyError``."""
        if not vantage:
            return ThisMachine()
        if self.vantages is None:
            raise KeyError(vantage)
        return self.vantages.network(vantage)

    def ask(self, address: Address, woken: threading.Condition, who: str = "") -> Slot:
        """Queue for the peer at ``address``. The slot is ``held`` at once if the peer is free.

        ``woken`` is notified when the slot becomes held. ``who`` is shown by runs that wait for it.
        Does not wait.
        """
        slot = Slot(normal(address), who, self, woken)
        with self._lock:
            queue = self._queues.setdefault(slot.peer, deque())
            queue.append(slot)
            slot.held = queue[0] is slot
        return slot

    def holder(self, slot: Slot) -> str:
        """Return the run at the head of the queue of ``slot``, or an empty text."""
        with self._lock:
            queue = self._queues.get(slot.peer)
            return queue[0].who if queue else ""

    def leave(self, slot: Slot) -> None:
        """Remove ``slot`` from its queue and give the next one its turn."""
        with self._lock:
            queue = self._queues.get(slot.peer, deque())
            if slot not in queue:
                return
            was_first = queue[0] is slot
            queue.remove(slot)
            following = queue[0] if queue and was_first else None
            if not queue:
                del self._queues[slot.peer]
        if following is not None:
            following.grant()
