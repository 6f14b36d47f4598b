"""Raises the limit of open files, which is 1,024 on most systems, for many connections."""

from __future__ import annotations

import contextlib
import resource

_BESIDES = 256
"""Descriptors for lookups and everything else that is not a connection."""


def make_room_for(connections: int) -> None:
    """Raise the soft limit of descriptors as far as needed and allowed (getrlimit(2)).

    A connection needs two: its socket, and the lock of its peer.

    If the hard limit is too low, a connection without a descriptor is reported as a problem of this
    machine (``tcp.local-error``).
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = 2 * connections + _BESIDES
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
