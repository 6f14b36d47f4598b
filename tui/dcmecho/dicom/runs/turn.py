"""The turn of a run at its peer: one association at a time, for all processes of this machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.runs.guard import Asked, Ruling
from dcmecho.dicom.runs.machine_lock import MachineLock, lock_name
from dcmecho.dicom.runs.slots import PeerSlots, Slot

if TYPE_CHECKING:
    from dcmecho.diagnosis.events import Emit
    from dcmecho.dicom.runs.budget import Budget


class Applicant(NamedTuple):
    """The run that wants a turn."""

    who: str = ""
    """Its name, shown by runs that wait for it."""
    emit: Emit | None = None
    """Receives a line that says for whom it waits, if the turn is not free."""
    budget: Budget | None = None
    """The budget that its association belongs to; none for a check by itself."""
    called_ae: str = ""
    """The title of the peer; empty for one that names none."""
    vantage: str = ""
    """The vantage point from which it asks; empty for this machine."""


class _Gate(Protocol):
    def wait(self, given_up: Callable[[], bool], timeout_s: float) -> bool:
        """Return whether it opened within the time."""

    def holder(self) -> str:
        """Return who keeps it closed."""


class Turn:
    """A turn at one peer at a time. Used by the thread of one run."""

    def __init__(
        self,
        slots: PeerSlots,
        applicant: Applicant,
        woken: Condition,
        cancelled: Callable[[], bool],
    ) -> None:
        """Make one for a run that is ``cancelled`` once ``woken`` is notified."""
        self._slots = slots
        self._applicant = applicant
        self._woken = woken
        self._cancelled = cancelled
        self._slot: Slot | None = None
        self._lock: MachineLock | None = None

    @property
    def unseen(self) -> str:
        """Who can be connected to the peer without being noticed; usually empty."""
        return self._lock.unseen if self._lock is not None else ""

    def ruling(self, host: str, address: Address, timeout_s: float) -> Ruling:
        """Return whether ``address`` of ``host`` can be probed; waits at most ``timeout_s``."""
        asked = Asked(host, self._applicant.called_ae)
        guard = self._slots.guard
        return guard.ruling(asked, address, timeout_s, self._woken, self._cancelled)

    def take(self, address: Address, tell: Callable[[str], None]) -> str:
        """Wait for the turn; on failure say why there is none.

        ``tell`` receives the one that it waits for, in words, if the turn is not free.
        Raises ``OSError`` if this machine lacks descriptors or memory.
        """
        deadline = time.monotonic() + self._slots.patience_s
        self._slot = slot = self._slots.ask(address, self._woken, self._applicant.who)
        budget = self._applicant.budget
        no_turn = budget.take(slot.peer) if budget is not None else ""
        no_turn = no_turn or self._pass(slot, slot.peer, deadline, tell)
        if not no_turn:
            self._lock = MachineLock(lock_name(slot.peer), self._woken)
            no_turn = self._pass(self._lock, slot.peer, deadline, tell)
        if no_turn:
            self.end()
        return no_turn

    def end(self) -> None:
        """Let the next run have its turn. Safe to call twice."""
        lock, self._lock = self._lock, None
        slot, self._slot = self._slot, None
        if lock is not None:
            lock.release()
        if slot is not None:
            slot.release()
            if self._applicant.budget is not None:
                self._applicant.budget.association_ended()

    def _pass(
        self, gate: _Gate, peer: Address, deadline: float, tell: Callable[[str], None]
    ) -> str:
        if gate.wait(self._cancelled, 0.0):
            return ""
        tell(f"waiting for {gate.holder()}, which is connected to {peer}")
        if gate.wait(self._cancelled, max(deadline - time.monotonic(), 0.0)):
            return ""
        return (
            f"{peer} was not checked: {gate.holder()} was still connected to it after"
            f" {self._slots.patience_s:g} s, and dcmecho opens one association at a time with a"
            " peer"
        )
