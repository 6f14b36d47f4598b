"""Waits until this machine has room for one more: other runs give back what they use."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition
from typing import Protocol, TypeVar

_PATIENCE_S = 5.0
_AGAIN_S = 0.1


class _Attempted(Protocol):
    @property
    def lacks(self) -> bool:
        """Whether this machine had no room for it."""


_Result = TypeVar("_Result", bound=_Attempted)


def when_there_is_room(
    attempt: Callable[[], _Result],
    woken: Condition,
    given_up: Callable[[], bool],
) -> _Result:
    """Return the first result of ``attempt`` that lacks nothing, or the last one.

    Gives up after some seconds, or once ``given_up``, checked when ``woken`` is notified.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while (result := attempt()).lacks and time.monotonic() < deadline:
        with woken:
            if woken.wait_for(given_up, _AGAIN_S):
                break
    return result
