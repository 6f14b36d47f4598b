"""The network as a machine sees it: its names, and connections from it."""

from __future__ import annotations

import socket
from collections.abc import Callable
from threading import Condition
from typing import NamedTuple, Protocol

from dcmecho.diagnosis.network.connection import Address, Resolution
from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached
from dcmecho.dicom.wire import resolver
from dcmecho.dicom.wire.channel import Channel, Sockaddr
from dcmecho.dicom.wire.clock import RunClock


class Waiting(NamedTuple):
    """What a run has for its waits: its clock, and ``woken`` is notified once it has given up."""

    clock: RunClock
    woken: Condition
    given_up: Callable[[], bool]


class Network(Protocol):
    """From where a run asks: this machine, or a vantage point."""

    def reach(self, given_up: Callable[[], bool]) -> VantageReached | VantageFailure | None:
        """Reach it, unless that was done: ``None`` is this machine, or ``given_up``."""

    @property
    def failure(self) -> VantageFailure | None:
        """Why nothing can be asked from there, or any more."""

    def cancels_when_lost(self, cancel: Callable[[], None]) -> object:
        """Call ``cancel`` if it is lost, as long as what is returned is kept."""

    def literal(self, host: str, port: int) -> Address | None:
        """Return ``host`` as a numeric address, or ``None`` if it has to be looked up."""

    def resolve(self, host: str, port: int, timeout_s: float, run: Waiting) -> Resolution:
        """Look ``host`` up for ``timeout_s``. Its times leave out the way to a vantage point."""

    def channel(self, address: Address) -> Channel:
        """Return an unconnected channel for ``address``. Raises ``OSError``."""


class ThisMachine:
    """The network as this machine sees it."""

    def reach(self, _given_up: Callable[[], bool]) -> None:
        """As :meth:`Network.reach`: we are here."""

    @property
    def failure(self) -> VantageFailure | None:
        """As :attr:`Network.failure`: none."""
        return None

    def cancels_when_lost(self, _cancel: Callable[[], None]) -> object:
        """As :meth:`Network.cancels_when_lost`: it cannot be lost."""
        return None

    def literal(self, host: str, port: int) -> Address | None:
        """As :meth:`Network.literal`."""
        return resolver.literal(host, port)

    def resolve(self, host: str, port: int, timeout_s: float, run: Waiting) -> Resolution:
        """As :meth:`Network.resolve`."""
        began = run.clock.now_ms()
        lookup = resolver.look_up(host, port, timeout_s, run.woken, run.given_up)
        return lookup.resolution(began, run.clock.now_ms(), timeout_s)

    def channel(self, address: Address) -> Channel:
        """As :meth:`Network.channel`."""
        return Channel(socket.socket(_family(address), socket.SOCK_STREAM))


def sockaddr(address: Address) -> Sockaddr:
    """Return ``address`` as connect(2) takes it."""
    if _family(address) == socket.AF_INET6:
        return (address.ip, address.port, 0, address.scope_id)
    return (address.ip, address.port)


def _family(address: Address) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address.ip else socket.AF_INET
