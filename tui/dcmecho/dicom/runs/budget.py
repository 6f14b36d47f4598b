"""The budget of the diagnoses of one peer, over all processes of this machine."""

from __future__ import annotations

from threading import Condition

from dcmecho.diagnosis.investigation import MAX_ASSOCIATIONS
from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.runs.machine_lock import MachineLock, lock_name


class Budget:
    """The associations of one diagnosis, which has made ``used`` already.

    Each of them, open or over, holds one of :data:`MAX_ASSOCIATIONS` locks. So all diagnoses of a
    peer that are under way at the same time share one budget: what others have made meanwhile is
    spent, also when they are over. If it ``lasts``, the locks are held until :meth:`close`;
    otherwise while an association is open. Used by one thread at a time.
    """

    def __init__(self, used: int, *, lasts: bool = False) -> None:
        self._used = used
        self._lasts = lasts
        self._peer: Address | None = None
        self._held: dict[int, MachineLock] = {}
        self._spent: dict[int, str] = {}
        """The numbers that others had at some time, and who they were."""

    def take(self, peer: Address) -> str:
        """Count one association with ``peer``; if none is left, say whose they are.

        Raises ``OSError`` if this machine lacks descriptors or memory.
        """
        if peer != self._peer:
            self.close()
            self._peer = peer
        for number in range(1, MAX_ASSOCIATIONS + 1):
            if number not in self._held and number not in self._spent:
                self._look_at(number, peer)
        if len(self._held) <= self._used:
            return _spent(peer, set(self._spent.values()))
        self._used += 1
        return ""

    def association_ended(self) -> None:
        """Give all associations back, unless the diagnosis goes on."""
        if not self._lasts:
            self.close()

    def close(self) -> None:
        """Give all associations back, as the diagnosis is over. Safe to call twice."""
        held, self._held = self._held, {}
        self._spent.clear()
        for lock in held.values():
            lock.release()

    def _look_at(self, number: int, peer: Address) -> None:
        """Count one association if one more is needed, or note who has made it."""
        lock = MachineLock(f"{lock_name(peer)} association {number}", Condition())
        needs_one = len(self._held) <= self._used
        if not (lock.take() if needs_one else lock.is_free()):
            self._spent[number] = lock.holder()
        elif needs_one:
            self._held[number] = lock
            return
        lock.release()


def _spent(peer: Address, others: set[str]) -> str:
    together = f" together with {', '.join(sorted(others))}" if others else ""
    return (
        f"{peer} was not checked: the limit of {MAX_ASSOCIATIONS} associations is reached{together}"
    )
