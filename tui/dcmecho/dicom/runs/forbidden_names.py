"""The addresses of the names that must not be probed: looked up together, and not for each run."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from threading import Condition
from typing import NamedTuple

from dcmecho.diagnosis.network.connection import Address, NameFailure
from dcmecho.diagnosis.network.shortage import shortage_text
from dcmecho.diagnosis.target.prohibition import Prohibition
from dcmecho.diagnosis.target.target import DEFAULT_CALLED_AE
from dcmecho.dicom.wire.resolver import NameAnswer, ask_for, normal

_AT_ONCE = 16
_KNOWN_FOR_S = 60.0
_NO_TITLE = frozenset({"", DEFAULT_CALLED_AE.casefold()})
"""Titles that name no peer."""


class Unknown(NamedTuple):
    """A forbidden name that could have any address, and why."""

    forbidden: Prohibition
    why: str
    is_alike: bool
    """Whether it could be a peer with the title in question."""


class ForbiddenNames:
    """The forbidden names of one port. Shared by all runs of a process.

    A lookup that is not answered changes nothing: the addresses of the last answer stay forbidden.
    """

    def __init__(self, entries: Iterable[Prohibition]) -> None:
        self._names: dict[str, Prohibition] = {}
        for each in entries:
            self._names.setdefault(each.host.casefold(), each)
        self._addresses: dict[str, tuple[Address, ...]] = {}
        self._by_address: dict[Address, dict[str, Prohibition]] = {}
        self._unknown = _by_title(self._names.values())
        self._why = "no name lookup was answered in time"
        self._lock = threading.Lock()
        self._queue: deque[Prohibition] = deque()
        self._asking = 0
        self._until_s = 0.0
        self._again_at_s = 0.0
        self._waiting: list[Condition] = []

    def refresh(self, timeout_s: float, woken: Condition, given_up: Callable[[], bool]) -> None:
        """Look up all names, unless that was done lately, and wait for it at most ``timeout_s``.

        Ends early if ``given_up``, checked when ``woken`` is notified.
        """
        with self._lock:
            if not self._asking and time.monotonic() >= self._again_at_s:
                self._begin(timeout_s)
            if not self._asking:
                return
            self._waiting.append(woken)
            left_s = self._until_s - time.monotonic()
        with woken:
            woken.wait_for(lambda: not self._asking or given_up(), max(left_s, 0.0))

    def at(self, address: Address) -> Prohibition | None:
        """Return what forbids an address, which is as :func:`normal` makes it."""
        with self._lock:
            return next(iter(self._by_address.get(address, {}).values()), None)

    def unknown(self, called_ae: str) -> Unknown | None:
        """Return a name without known addresses, one with a title like ``called_ae`` if there is.

        Two titles are two peers, but a default title names none, so it could be any.
        """
        title = _title(called_ae)
        with self._lock:
            titles = self._unknown if title in _NO_TITLE else (title, *_NO_TITLE)
            alike = next((each for each in titles if each in self._unknown), None)
            for found in (alike, *self._unknown):
                if found is not None:
                    forbidden = next(iter(self._unknown[found].values()))
                    return Unknown(forbidden, self._why, found == alike)
        return None

    def _begin(self, timeout_s: float) -> None:
        now = time.monotonic()
        self._until_s, self._again_at_s = now + timeout_s, now + _KNOWN_FOR_S
        self._queue.extend(self._names.values())
        self._waiting.clear()
        for _ in range(min(_AT_ONCE, len(self._queue))):
            self._asking += 1
            try:
                threading.Thread(target=self._ask, name="dcmecho-resolve", daemon=True).start()
            except RuntimeError as error:
                self._asking -= 1
                self._lack(shortage_text(error))
                break

    def _lack(self, why: str) -> None:
        self._why, self._again_at_s = why, 0.0
        if not self._asking:
            self._queue.clear()

    def _ask(self) -> None:
        while (forbidden := self._next()) is not None:
            answer = ask_for(forbidden.host, forbidden.port)
            with self._lock:
                self._take(forbidden, answer)
        with self._lock:
            self._asking -= 1
            waiting = [] if self._asking else list(self._waiting)
        for woken in waiting:
            with woken:
                woken.notify_all()

    def _next(self) -> Prohibition | None:
        with self._lock:
            return self._queue.popleft() if self._queue else None

    def _take(self, forbidden: Prohibition, answer: NameAnswer) -> None:
        if answer.failure is NameFailure.NOT_ASKED:
            self._lack(answer.message)
        elif answer.failure is NameFailure.NO_ANSWER:
            self._why = answer.message
            if time.monotonic() > self._until_s:
                self._queue.clear()  # With a dead name server, the others would take hours.
        else:
            self._know(forbidden, tuple(map(normal, answer.addresses)))

    def _know(self, forbidden: Prohibition, addresses: tuple[Address, ...]) -> None:
        host, title = forbidden.host.casefold(), _title(forbidden.called_ae)
        for each in self._addresses.get(host, ()):
            self._by_address[each].pop(host, None)
        self._addresses[host] = addresses
        for each in addresses:
            self._by_address.setdefault(each, {})[host] = forbidden
        names = self._unknown.get(title, {})
        names.pop(host, None)
        if not names:
            self._unknown.pop(title, None)


def _by_title(entries: Iterable[Prohibition]) -> dict[str, dict[str, Prohibition]]:
    found: dict[str, dict[str, Prohibition]] = {}
    for each in entries:
        found.setdefault(_title(each.called_ae), {})[each.host.casefold()] = each
    return found


def _title(called_ae: str) -> str:
    return called_ae.strip().casefold()
