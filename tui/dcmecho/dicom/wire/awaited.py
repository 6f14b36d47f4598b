"""Calls of libraries that cannot be interrupted, on threads that nobody has to wait for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

_Result = TypeVar("_Result")


class NotDoneError(Exception):
    """The call did not end in time, or nobody wants its result any more. Its thread goes on."""


class _Call(Generic[_Result]):
    """One call. ``woken`` is notified when it ends."""

    def __init__(self, function: Callable[[], _Result], woken: threading.Condition) -> None:
        self._function = function
        self._woken = woken
        self._results: list[_Result] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Call the function, and keep what comes of it."""
        try:
            self._results.append(self._function())
        except BaseException as error:
            self._error = error
        with self._woken:
            self._woken.notify_all()

    @property
    def ended(self) -> bool:
        """True once the function returned or raised."""
        return bool(self._results) or self._error is not None

    def result(self) -> _Result:
        """Return or raise what the function did. Raises ``NotDoneError`` before its end."""
        if self._error is not None:
            raise self._error
        if not self._results:
            raise NotDoneError
        return self._results[0]


def awaited(
    function: Callable[[], _Result],
    woken: threading.Condition,
    given_up: Callable[[], bool],
    within_s: float,
) -> _Result:
    """Return what ``function`` returns, or raise what it raises, if it ends ``within_s``.

    Raises ``NotDoneError`` if it does not, or once ``given_up``, checked when ``woken`` is
    notified, and ``RuntimeError`` if this machine has no thread for it.
    """
    call = _Call(function, woken)
    threading.Thread(target=call.run, name="dcmecho-awaited", daemon=True).start()
    with woken:
        woken.wait_for(lambda: call.ended or given_up(), within_s)
    return call.result()
