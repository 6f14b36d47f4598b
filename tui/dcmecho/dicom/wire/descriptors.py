"""Room for many connections: the soft limit on open files is 1,024 on most systems."""

from __future__ import annotations

import contextlib
import resource

_BESIDES = 256
"""Descriptors for everything that is no connection, and for lookups."""


def make_room_for(connections: int) -> None:
    """Raise this process's soft limit of descriptors as far as needed and allowed (getrlimit(2)).

    Where the hard limit is too low, a connection that finds no descriptor is reported as a fault of
    this machine (``tcp.local-error``).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = connections + _BESIDES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
