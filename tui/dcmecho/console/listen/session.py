"""The console's listener: start, stop, and its events, also while its screen is closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from dcmecho.console.listen.request import ListenRequest
from dcmecho.console.runs.engine import Engine, ListenerHandle
from dcmecho.console.threads import do_beside
from dcmecho.diagnosis.listen.book import CallBook, JudgedCall
from dcmecho.diagnosis.listen.events import CallChanged, ListeningEvent
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.dicom.listen.listener import ListenerConfig


class ListenSession:
    """At most one listener at a time. The screen asks for its events.

    The host of the expected peer is looked up while the listener is already listening. ``host`` is
    its name, and ``looking_up`` is true until the lookup is done.
    """

    def __init__(self, engine: Engine, keep: Callable[[str, JudgedCall], object]) -> None:
        """``keep`` gets each call at its end, with the name of the peer that was expected."""
        self._engine = engine
        self._keep = keep
        self._events: deque[ListeningEvent | frozenset[str]] = deque()
        self.host = ""
        self.looking_up = False
        self._listener: ListenerHandle | None = None
        self.book = CallBook(Expectation())

    @property
    def running(self) -> bool:
        """True from the start until the last event was taken in."""
        return self._listener is not None

    def begin(self, order: ListenRequest) -> None:
        """Listen; the events of an earlier listener are forgotten.

        Raises :class:`~dcmecho.dicom.listen.binding.CannotListenError`; then nothing changes.
        """
        events: deque[ListeningEvent | frozenset[str]] = deque()
        listener = self._engine.listen(ListenerConfig(order.ends), events.append)
        self._events, self._listener = events, listener
        self.book = CallBook(order.expected)
        self.host, self.looking_up = order.host, bool(order.host)
        if order.host:
            do_beside("dcmecho-name", partial(self._look_up, order.host, events))

    def _look_up(self, host: str, events: deque[ListeningEvent | frozenset[str]]) -> None:
        found: frozenset[str] = frozenset()
        try:
            found = self._engine.addresses_of(host)
        finally:
            events.append(found)

    def absorb(self) -> bool:
        """Take in the events since the last call. Return whether there were any."""
        told = bool(self._events)
        while self._events:
            self._take(self._events.popleft())
        if self.book.stopped is not None:
            self._listener = None
        return told

    def _take(self, told: ListeningEvent | frozenset[str]) -> None:
        if isinstance(told, frozenset):
            self.looking_up = False
            self.book.expect(replace(self.book.expected, addresses=told))
        else:
            self.book.add(told)
            if isinstance(told, CallChanged) and told.call.ending and told.call.request:
                self._ended(told.call.number)

    def _ended(self, number: int) -> None:
        if self.book.expected.peer and (judged := self.book.find(number)):
            self._keep(self.book.expected.peer, judged)

    def stop(self) -> None:
        """Stop the listener, and take in its last events."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
        self.absorb()
