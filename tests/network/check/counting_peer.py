"""A peer that counts how many callers it has at the same time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from pynetdicom import AE, evt
from pynetdicom.events import Event
from pynetdicom.sop_class import Verification  # type: ignore[attr-defined]

from tests.network.peers.real_peers import RealPeer

_OVERLAP_S = 0.02
"""Delay of each answer, in s, so a second caller has time to connect."""

_HELD_S = 20.0


class Counter:
    """Counts the C-ECHO-RQ being answered. While ``held``, it sends no answers."""

    def __init__(self) -> None:
        self.most = 0
        self.answered = 0
        self._inside = 0
        self._changed = threading.Condition()
        self._held = False

    def hold(self) -> None:
        """Send no answers until :meth:`go_on`."""
        self._held = True

    def go_on(self) -> None:
        """Answer the waiting callers."""
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def until_called(self) -> None:
        """Wait for a caller."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._inside, _HELD_S), "nobody called"

    def answer(self, _event: Event) -> int:
        """Handle one C-ECHO-RQ, and return the status of its response."""
        with self._changed:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._inside > 1, _OVERLAP_S)
            self._changed.wait_for(lambda: not self._held, _HELD_S)
            self._inside -= 1
            self.answered += 1
        return 0x0000


@contextmanager
def counting_peer() -> Iterator[tuple[RealPeer, Counter]]:
    """Run the peer on every address of this machine."""
    counter = Counter()
    ae = AE()
    ae.maximum_associations = 100
    ae.add_supported_context(Verification)
    handlers: list[evt.EventHandlerType] = [(evt.EVT_C_ECHO, counter.answer)]
    server = ae.start_server(("0.0.0.0", 0), block=False, evt_handlers=handlers)
    assert server is not None, "only a blocking server is not returned"
    try:
        yield RealPeer(server.server_address[1]), counter
    finally:
        counter.go_on()
        server.shutdown()
