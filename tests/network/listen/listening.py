"""Runs a listener for the tests and waits for its events."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dcmecho.diagnosis.listen.book import CallBook, JudgedCall
from dcmecho.diagnosis.listen.events import Admit, ListeningEvent
from dcmecho.diagnosis.listen.verdict import Expectation
from dcmecho.diagnosis.network.connection import Address
from dcmecho.dicom.listen.limits import Limits
from dcmecho.dicom.listen.listener import Listener, ListenerConfig, start, verification_only

LOOPBACK = "127.0.0.1"
PATIENCE_S = 20.0
TITLE = "MY_WORKSTATION"


class Hearing:
    """A listener's events, as they come."""

    def __init__(self) -> None:
        self.events: list[ListeningEvent] = []
        self._book = CallBook(Expectation())
        self._told = threading.Condition()
        self.listener: Listener | None = None

    def take(self, event: ListeningEvent) -> None:
        with self._told:
            self.events.append(event)
            self._book.add(event)
            self._told.notify_all()

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports that accept."""
        assert self.listener is not None
        return tuple(address.port for address in self.listener.bound)

    @property
    def port(self) -> int:
        """The first one."""
        return self.ports[0]

    def until(self, condition: Callable[[CallBook], object]) -> CallBook:
        """Wait until the events come to this."""
        with self._told:
            held = self._told.wait_for(lambda: condition(self._book), PATIENCE_S)
            assert held, f"did not come about: {self.events[-3:]}"
            return self._book

    def call(self, number: int = 1) -> JudgedCall:
        """Wait for a call to end."""

        def ended(book: CallBook) -> bool:
            judged = book.find(number)
            return judged is not None and judged.call.ending is not None

        found = self.until(ended).find(number)
        assert found is not None
        return found

    def connect(self, port: int | None = None) -> socket.socket:
        """Connect to it."""
        return socket.create_connection((LOOPBACK, port or self.port), PATIENCE_S)

    def say(self, data: bytes) -> JudgedCall:
        """Connect, say something, say no more, and wait for the end of that call."""
        number = self._book.calls + 1
        with self.connect() as connection:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            return self.call(number)


@contextmanager
def hearing(
    *,
    ports: int = 1,
    limits: Limits | None = None,
    for_s: float = 120.0,
    admit: Admit = verification_only,
) -> Iterator[Hearing]:
    """Listen on free ports of loopback."""
    heard = Hearing()
    config = ListenerConfig((Address(LOOPBACK, 0),) * ports, for_s, limits or Limits())
    heard.listener = start(config, heard.take, admit)
    try:
        yield heard
    finally:
        heard.listener.stop()
