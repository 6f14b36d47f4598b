"""Starts and stops a listener."""

from __future__ import annotations

import socket
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any

from dcmecho.diagnosis.listen.calls import Call
from dcmecho.diagnosis.listen.events import (
    Admission,
    Admit,
    CallChanged,
    CallsClosedUnread,
    ClosedUnreadReason,
    EmitListening,
    ListeningStarted,
    ListeningStopped,
    PendingAssociation,
    StopReason,
)
from dcmecho.diagnosis.network.connection import Address
from dcmecho.diagnosis.network.shortage import shortage_text
from dcmecho.dicom.listen.accept_loop import AcceptLoop, ListeningSocket, SocketAddress
from dcmecho.dicom.listen.association import Association
from dcmecho.dicom.listen.binding import CannotListenError, address_of, bind_all
from dcmecho.dicom.listen.limits import ConnectionLimiter, Limits
from dcmecho.dicom.listen.stream import Stream
from dcmecho.dicom.pdu.uid_names import uid_name
from dcmecho.standard.uids import VERIFICATION_SOP_CLASS

LISTEN_FOR_S = 600.0
"""A listener stops by itself after this time."""
_TOLD_EACH_S = 1.0


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """Where to listen (port 0: any free port), for how long, and with which limits."""

    ends: tuple[Address, ...]
    for_s: float = LISTEN_FOR_S
    limits: Limits = field(default_factory=Limits)


def verification_only(_inbound: PendingAssociation) -> Admission:
    """Accept every association, but only its presentation contexts for Verification."""
    return Admission.VERIFICATION


def start(
    config: ListenerConfig, emit: EmitListening, admit: Admit = verification_only
) -> Listener:
    """Bind the ports and listen on a daemon thread. The ports accept when this returns.

    Raises :class:`~dcmecho.dicom.listen.binding.CannotListenError`; then nothing stays bound.
    """
    listener = Listener(config, emit, admit)
    listener.begin()
    return listener


class Listener:
    """A listener that runs until it is stopped or its time is over. Made by :func:`start`."""

    def __init__(self, config: ListenerConfig, emit: EmitListening, admit: Admit) -> None:
        self._config = config
        self._emit = emit
        self._admit = admit
        self._sockets = bind_all(config.ends)
        self.bound = tuple(address_of(sock.getsockname()) for sock in self._sockets)
        """The listening addresses, in the order of the configuration."""
        self._limiter = ConnectionLimiter(config.limits, time.monotonic)
        self._calls = 0
        self._closed_unread = 0
        self._untold: CallsClosedUnread | None = None
        self._told_s = -_TOLD_EACH_S
        self._serving = AcceptLoop(
            "dcmecho-listener",
            [
                ListeningSocket(sock, partial(self._attend, at))
                for sock, at in zip(self._sockets, self.bound, strict=True)
            ],
            config.for_s,
            self._ended,
        )

    def begin(self) -> None:
        """Start accepting. Called once, by :func:`start`."""
        # Load the large table of UID names now, so the first caller does not wait for it.
        uid_name(VERIFICATION_SOP_CLASS)
        self._emit(ListeningStarted(_now(), self.bound, self._config.for_s))
        try:
            self._serving.start()
        except RuntimeError as error:
            for sock in self._sockets:
                sock.close()
            raise CannotListenError(shortage_text(error)) from error

    def ask_to_stop(self) -> None:
        """Ask the listener to end, without waiting. Safe from any thread and from a signal."""
        self._serving.ask_to_stop()

    def stop(self) -> None:
        """End all connections, close all ports and wait up to 2 s. Can be repeated."""
        self._serving.stop()

    def wait(self, timeout_s: float | None = None) -> bool:
        """Wait for the end (after the last event); return false if the time passed first."""
        return self._serving.wait(timeout_s)

    @property
    def running(self) -> bool:
        """True until the last event was emitted."""
        return not self._serving.wait(0)

    def _attend(
        self, arrived_at: Address, sock: socket.socket, sockaddr: SocketAddress
    ) -> Coroutine[Any, Any, None] | None:
        source = address_of(sockaddr)
        refusal = self._limiter.enter(source.ip)
        if refusal is not None:
            self._count_closed_unread(source.ip, refusal)
            return None
        self._calls += 1
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # A wildcard address does not show at which address the call arrived.
        arrived_at = address_of(sock.getsockname()) if arrived_at.is_unspecified else arrived_at
        return self._associate(Call(self._calls, _now(), source, arrived_at), sock)

    async def _associate(self, call: Call, sock: socket.socket) -> None:
        try:
            await Association(
                Stream(sock), call, self._config.limits, self._admit, self._changed
            ).attend()
        finally:
            self._limiter.leave(call.source.ip)

    def _changed(self, call: Call) -> None:
        self._emit(CallChanged(call))

    def _count_closed_unread(self, ip: str, reason: ClosedUnreadReason) -> None:
        """Count each one but report once a second, so a flood does not flood the screen."""
        self._closed_unread += 1
        self._untold = CallsClosedUnread(_now(), ip, reason, self._closed_unread)
        if time.monotonic() - self._told_s >= _TOLD_EACH_S:
            self._tell_closed_unread()

    def _tell_closed_unread(self) -> None:
        if self._untold is not None:
            self._told_s = time.monotonic()
            self._emit(self._untold)
            self._untold = None

    def _ended(self, time_over: bool) -> None:
        for sock in self._sockets:
            sock.close()
        self._tell_closed_unread()
        reason = StopReason.TIME_OVER if time_over else StopReason.ASKED
        self._emit(ListeningStopped(_now(), reason))


def _now() -> datetime:
    return datetime.now(UTC)
