"""The statuses of DIMSE responses (PS3.7 C, PS3.4 B.2.3 and C.4)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SUCCESS = 0x0000
NOT_AUTHORIZED = 0x0124
UNRECOGNIZED_OPERATION = 0x0211
MOVE_DESTINATION_UNKNOWN = 0xA801
PENDING = frozenset({0xFF00, 0xFF01})
"""More responses follow (PS3.4 C.4.1.1.4, C.4.2.1.5)."""

GENERAL_STATUSES: Mapping[int, str] = MappingProxyType(
    {
        SUCCESS: "success",
        0x0110: "processing failure",
        0x0112: "no such SOP instance",
        0x0122: "SOP class not supported",
        NOT_AUTHORIZED: "not authorized",
        0x0210: "duplicate invocation",
        UNRECOGNIZED_OPERATION: "unrecognized operation",
        0x0212: "mistyped argument",
        0xA700: "refused, out of resources",
        0xA900: "identifier does not match the SOP class",
        0xC000: "cannot understand",
        0xFE00: "cancelled",
        0xFF00: "pending",
        0xFF01: "pending, some keys not supported",
    }
)
"""General status codes (PS3.7 C), and those of C-ECHO and C-FIND (PS3.4 C.4.1.1.4)."""

MOVE_STATUSES: Mapping[int, str] = MappingProxyType(
    {
        0xA701: "out of resources, matches cannot be counted",
        0xA702: "out of resources, sub-operations cannot be performed",
        MOVE_DESTINATION_UNKNOWN: "move destination unknown",
        0xB000: "completed, but some sub-operations failed",
        0xC000: "unable to process",
        0xFE00: "ended by C-CANCEL",
    }
)
"""Status codes that are specific to C-MOVE (PS3.4 C.4.2.1.5)."""

STORE_STATUSES: Mapping[int, str] = MappingProxyType(
    {
        0x0111: "duplicate SOP instance",
        0xA700: "out of resources",
        0xA900: "data set does not match the SOP class",
        0xB000: "stored, with data elements coerced",
        0xB006: "stored, with elements discarded",
        0xB007: "stored, but data set does not match the SOP class",
    }
)
"""Status codes that are specific to C-STORE (PS3.4 B.2.3)."""


def status_words(code: int, service: Mapping[int, str] = GENERAL_STATUSES) -> str:
    """Return ``0x0122`` as text, from the table of ``service`` first.

    For a code in neither table, return only its class.
    """
    if code in service:
        return service[code]
    if code in GENERAL_STATUSES:
        return GENERAL_STATUSES[code]
    if code & 0xF000 == 0xA000 or code & 0xF000 == 0xC000:
        return "failure"
    return "a status outside the standard"
