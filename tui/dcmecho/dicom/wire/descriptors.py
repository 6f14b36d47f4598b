"""Raises the limit of open files, which is 1,024 on most systems, for many connections."""

from __future__ import annotations

import contextlib
import os
import resource

_BESIDES = 256
"""Descriptors for lookups and everything else that is not a connection."""


_KEPT_FREE = 8
_OF_A_RUN = 4
"""Its socket, the lock of its peer, and what a name lookup opens."""


def make_room_for(connections: int) -> int:
    """Raise the soft limit of descriptors as far as needed and allowed (getrlimit(2)).

    A connection needs two: its socket, and the lock of its peer. Returns for how many connections
    there is room, at least one. If even that is too much, a connection without a descriptor is
    reported as a problem of this machine (``tcp.local-error``).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * connections + _BESIDES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return connections
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if allowed >= needed:
        return connections
    return max(1, min(connections, (allowed - _in_use() - _KEPT_FREE) // _OF_A_RUN))


def lacks_descriptors() -> bool:
    """Report whether this process can open no more files than a name lookup needs."""
    opened: list[int] = []
    try:
        opened += (os.open(os.devnull, os.O_RDONLY) for _ in range(_OF_A_RUN))
    except OSError:
        return True
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return False


def _in_use() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return _BESIDES
