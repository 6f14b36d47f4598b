"""The network as a vantage point sees it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

from dcmecho.diagnosis.network.connection import Address, NameFailure, Resolution
from dcmecho.diagnosis.sanitize import PeerText
from dcmecho.diagnosis.vantage.vantage import VantageFailure, VantageReached
from dcmecho.dicom.vantage.connection import FarChannel, numeric
from dcmecho.dicom.vantage.line import Line
from dcmecho.dicom.vantage.point import VantagePoint
from dcmecho.dicom.vantage.question import Frame, Question
from dcmecho.dicom.vantage.ssh import far_socket_hash
from dcmecho.dicom.wire import resolver
from dcmecho.dicom.wire.channel import Channel
from dcmecho.dicom.wire.network import Waiting


class FarNetwork:
    """Implements :class:`dcmecho.dicom.wire.network.Network` for one run from a vantage point."""

    def __init__(self, point: VantagePoint) -> None:
        self._point = point
        self._reached: Line | None = None
        self._cancel: Callable[[], None] | None = None
        self._cancels_when_lost: object = None

    def reach(self, given_up: Callable[[], bool]) -> VantageReached | VantageFailure | None:
        """As :meth:`Network.reach`."""
        line = self._point.line(given_up)
        self._reached = line
        if self._cancel is not None and line.failure is None:
            self._cancels_when_lost = line.cancels_when_lost(self._cancel)
        if line.failure is not None:
            return line.failure
        ms = line.way_and_back_s * 1000
        return VantageReached(line.vantage.name, far_socket_hash(), ms) if line.was_open else None

    @property
    def failure(self) -> VantageFailure | None:
        """As :attr:`Network.failure`."""
        return None if self._reached is None else self._reached.failure

    def cancels_when_lost(self, cancel: Callable[[], None]) -> object:
        """As :meth:`Network.cancels_when_lost`."""
        self._cancel = cancel
        return self

    @property
    def _line(self) -> Line:
        assert self._reached is not None, "reach() comes first"
        return self._reached

    def literal(self, host: str, port: int) -> Address | None:
        """Return ``host`` as a numeric address. The interface of a scope is known there only."""
        return None if "%" in host else resolver.literal(host, port)

    def resolve(self, host: str, port: int, timeout_s: float, run: Waiting) -> Resolution:
        """As :meth:`Network.resolve`."""
        began_ms, began = run.clock.now_ms(), time.perf_counter()
        question = Question(b"r", run.woken)
        number = self._line.ask(b"R", json.dumps({"host": host}).encode(), question)
        frame = question.wait(
            lambda: run.given_up() or self._line.failure is not None,
            timeout_s + self._line.way_and_back_s,
        )
        self._line.forget(number)
        if frame is None:
            message = f"the name lookup did not answer within {timeout_s:g} s"
            now = run.clock.now_ms()
            return Resolution(now, now - began_ms, (), NameFailure.NO_ANSWER, message)
        run.clock.exclude(max(time.perf_counter() - began - frame.value / 1e9, 0.0))
        return _resolution(frame, port, began_ms, run.clock.now_ms())

    def channel(self, address: Address) -> Channel:
        """As :meth:`Network.channel`."""
        return FarChannel(address, self._line.connection())


def _resolution(frame: Frame, port: int, began_ms: float, now_ms: float) -> Resolution:
    said = frame.content()
    addresses = said.get("addresses")
    found: dict[Address, None] = {}
    for each in addresses if isinstance(addresses, list) else []:
        match each:
            case [str(ip), int(scope)] if numeric(ip.partition("%")[0]):
                found[Address(ip.partition("%")[0], port, scope)] = None
    elapsed_ms = now_ms - began_ms
    if found:
        return Resolution(now_ms, elapsed_ms, tuple(found))
    unknown = said.get("failure") == NameFailure.NOT_FOUND.value
    failure = NameFailure.NOT_FOUND if unknown else NameFailure.NO_ANSWER
    return Resolution(now_ms, elapsed_ms, (), failure, str(PeerText(str(said.get("text", "")))))
