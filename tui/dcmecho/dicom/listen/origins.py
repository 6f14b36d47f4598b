"""Looks up the addresses that a peer can call from."""

from __future__ import annotations

import threading
import time

from dcmecho.dicom.wire.resolver import Lookup, literal

_LOOKUP_S = 5.0


def addresses_of(host: str) -> frozenset[str]:
    """Return the numeric addresses of ``host``, or none if the lookup fails within 5 s."""
    address = literal(host, 0)
    if address is not None:
        return frozenset({address.ip})
    woken = threading.Condition()
    lookup = Lookup(host, 0, woken)
    deadline = time.monotonic() + _LOOKUP_S
    with woken:
        while not lookup.done and (left_s := deadline - time.monotonic()) > 0:
            woken.wait(left_s)
    resolution = lookup.resolution(0.0, 0.0, _LOOKUP_S)
    return frozenset(address.ip for address in resolution.addresses)
