"""The limits of a listener, and the check that a new connection is within them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from dcmecho.diagnosis.listen.events import ClosedUnreadReason


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one listener."""

    connections: int = 16
    """Simultaneous connections on all ports."""
    connections_of_source: int = 12
    """Simultaneous connections from one address, so one caller cannot block the others."""
    connections_of_source_in_window: int = 60
    """Connections within ``window_s`` from one address. Some archives open one per image."""
    window_s: float = 10.0
    request_bytes: int = 65_536
    """The longest A-ASSOCIATE-RQ accepted."""
    pdu_bytes: int = 16_384
    """The longest P-DATA-TF announced and accepted, without its header (PS3.8 D.1)."""
    request_timeout_s: float = 30.0
    """Time for the whole A-ASSOCIATE-RQ to arrive (the ARTIM timer of PS3.8 9.1.5)."""
    idle_timeout_s: float = 60.0
    """Time for each further PDU to arrive completely."""
    linger_s: float = 5.0
    """Time for the caller to close after a rejection, release or abort (ARTIM again)."""


_KNOWN_SOURCES = 1024


class ConnectionLimiter:
    """Counts the connections of one listener, for at most 1,024 recent addresses."""

    def __init__(self, limits: Limits, now_s: Callable[[], float]) -> None:
        self._limits = limits
        self._now_s = now_s
        self._open: Counter[str] = Counter()
        self._recent: dict[str, deque[float]] = {}

    def enter(self, address: str) -> ClosedUnreadReason | None:
        """Admit a connection or return why not. Call :meth:`leave` for each admitted one."""
        refusal = self._refusal(address)
        if refusal is None:
            self._open[address] += 1
        return refusal

    def leave(self, address: str) -> None:
        """Record the end of an admitted connection."""
        self._open[address] -= 1
        self._open += Counter()

    def _refusal(self, address: str) -> ClosedUnreadReason | None:
        if self._is_too_often(address):
            return ClosedUnreadReason.TOO_OFTEN
        if self._open.total() >= self._limits.connections:
            return ClosedUnreadReason.TOO_MANY
        if self._open[address] >= self._limits.connections_of_source:
            return ClosedUnreadReason.TOO_MANY_OF_SOURCE
        return None

    def _is_too_often(self, address: str) -> bool:
        now_s, limits = self._now_s(), self._limits
        times = self._recent.pop(address, deque(maxlen=limits.connections_of_source_in_window))
        while times and now_s - times[0] > limits.window_s:
            times.popleft()
        full = len(times) == times.maxlen
        if not full:
            times.append(now_s)
        self._recent[address] = times
        while len(self._recent) > _KNOWN_SOURCES:
            del self._recent[next(iter(self._recent))]
        return full
