"""The words of the standard for the numbers on the wire, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

REJECT_RESULTS = {1: "permanent", 2: "transient"}
REJECT_SOURCES = {
    1: "service user",
    2: "service provider (ACSE)",
    3: "service provider (presentation)",
}
REJECT_REASONS = {
    (1, 1): "no reason given",
    (1, 2): "application context name not supported",
    (1, 3): "calling AE title not recognised",
    (1, 7): "called AE title not recognised",
    (2, 1): "no reason given",
    (2, 2): "protocol version not supported",
    (3, 1): "temporary congestion",
    (3, 2): "local limit exceeded",
}
"""By source and reason (PS3.8 9.3.4)."""

ABORT_SOURCES = {0: "service user", 2: "service provider"}
ABORT_REASONS = {
    0: "reason not specified",
    1: "unrecognised PDU",
    2: "unexpected PDU",
    4: "unrecognised PDU parameter",
    5: "unexpected PDU parameter",
    6: "invalid PDU parameter value",
}
"""Reasons of the service provider (PS3.8 9.3.8)."""

COMMANDS = {
    0x0001: "C-STORE-RQ",
    0x8001: "C-STORE-RSP",
    0x0020: "C-FIND-RQ",
    0x8020: "C-FIND-RSP",
    0x0010: "C-GET-RQ",
    0x8010: "C-GET-RSP",
    0x0021: "C-MOVE-RQ",
    0x8021: "C-MOVE-RSP",
    0x0030: "C-ECHO-RQ",
    0x8030: "C-ECHO-RSP",
    0x0100: "N-EVENT-REPORT-RQ",
    0x8100: "N-EVENT-REPORT-RSP",
    0x0FFF: "C-CANCEL-RQ",
}
"""Command fields (PS3.7 E.1)."""

STATUSES = {
    0x0000: "success",
    0x0110: "processing failure",
    0x0112: "no such SOP instance",
    0x0122: "SOP class not supported",
    0x0124: "not authorized",
    0x0210: "duplicate invocation",
    0x0211: "unrecognized operation",
    0x0212: "mistyped argument",
    0xA700: "refused, out of resources",
    0xA900: "identifier does not match the SOP class",
    0xC000: "cannot understand",
    0xFE00: "cancelled",
    0xFF00: "pending",
    0xFF01: "pending, with keys that it does not support",
}
"""General status codes (PS3.7 C), and those that C-ECHO and C-FIND (PS3.4 C.4.1.1.4) have."""


MOVE_STATUSES = {
    0xA701: "out of resources, matches cannot be counted",
    0xA702: "out of resources, sub-operations cannot be performed",
    0xA801: "move destination unknown",
    0xA900: "identifier does not match the SOP class",
    0xB000: "ended, and some sub-operations failed",
    0xC000: "unable to process",
    0xFE00: "ended by C-CANCEL",
    0xFF00: "pending",
}
"""What C-MOVE has of its own (PS3.4 C.4.2.1.5)."""

STORE_STATUSES = {
    0x0111: "duplicate SOP instance",
    0xA700: "out of resources",
    0xA900: "data set does not match the SOP class",
    0xB000: "stored, with data elements coerced",
    0xB006: "stored, with elements discarded",
    0xB007: "stored, though it does not match the SOP class",
    0xC000: "cannot understand",
}
"""What C-STORE has of its own (PS3.4 B.2.3)."""


def rejection(source: int, reason: int) -> str:
    """The reason of a rejection in words; a number outside the standard stays a number."""
    return REJECT_REASONS.get((source, reason), f"reason {reason} outside the standard")


def rejection_manner(result: int, source: int) -> str:
    """For how long a rejection is meant, and who rejects."""
    how = REJECT_RESULTS.get(result, f"result {result} outside the standard")
    who = REJECT_SOURCES.get(source, f"source {source} outside the standard")
    return f"{how}, {who}"


def abort(source: int, reason: int) -> str:
    """An A-ABORT in words; the reason means something only from the service provider."""
    who = ABORT_SOURCES.get(source, f"source {source} outside the standard")
    if source == 0:
        return f"by {who}"
    return f"by {who}, {ABORT_REASONS.get(reason, f'reason {reason} outside the standard')}"


def status(code: int, service: Mapping[int, str] = STATUSES) -> str:
    """``0x0122`` in words, first those of ``service``.

    A code that the tables do not know keeps only its class.
    """
    if code in service:
        return service[code]
    if code in STATUSES:
        return STATUSES[code]
    if code & 0xF000 == 0xA000 or code & 0xF000 == 0xC000:
        return "failure"
    return "a status outside the standard"


@lru_cache(maxsize=4096)
def uid_name(uid: str) -> str:
    """The name of a UID from pydicom's dictionary; the UID itself where it has none."""
    from pydicom.uid import UID

    return UID(uid, validation_mode=0).name if uid else ""
