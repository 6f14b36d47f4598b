"""Rejections of an association and aborts, in words (PS3.8 9.3.4, 9.3.8)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, IntEnum
from types import MappingProxyType
from typing import Self


class RejectResult(IntEnum):
    """For how long a rejection is meant."""

    PERMANENT = 1
    TRANSIENT = 2


class RejectReason(Enum):
    """Why an association is rejected: source, reason (each source counts from 1), and words."""

    NO_REASON = 1, 1, "no reason given"
    APPLICATION_CONTEXT = 1, 2, "application context name not supported"
    CALLING_AE = 1, 3, "calling AE title not recognised"
    CALLED_AE = 1, 7, "called AE title not recognised"
    NO_REASON_OF_ACSE = 2, 1, "no reason given"
    PROTOCOL_VERSION = 2, 2, "protocol version not supported"
    CONGESTION = 3, 1, "temporary congestion"
    LOCAL_LIMIT = 3, 2, "local limit exceeded"

    def __init__(self, source: int, number: int, words: str) -> None:
        self.source = source
        self.number = number
        self.words = words

    @classmethod
    def of(cls, source: object, number: object) -> Self | None:
        """The reason by its numbers; ``None`` for those that the standard does not have."""
        return next((each for each in cls if (each.source, each.number) == (source, number)), None)


_REJECT_SOURCES: Mapping[int, str] = MappingProxyType(
    {
        1: "service user",
        2: "service provider (ACSE)",
        3: "service provider (presentation)",
    }
)
_ABORT_SOURCES: Mapping[int, str] = MappingProxyType({0: "service user", 2: "service provider"})
_ABORT_REASONS: Mapping[int, str] = MappingProxyType(
    {
        0: "reason not specified",
        1: "unrecognised PDU",
        2: "unexpected PDU",
        4: "unrecognised PDU parameter",
        5: "unexpected PDU parameter",
        6: "invalid PDU parameter value",
    }
)
"""Reasons of the service provider."""


def rejection_words(source: int, reason: int) -> str:
    """The reason of a rejection in words; a number outside the standard stays a number."""
    known = RejectReason.of(source, reason)
    return known.words if known else f"reason {reason} outside the standard"


def rejection_manner(result: int, source: int) -> str:
    """For how long a rejection is meant, and who rejects."""
    known = result in tuple(RejectResult)
    how = RejectResult(result).name.lower() if known else f"result {result} outside the standard"
    who = _REJECT_SOURCES.get(source, f"source {source} outside the standard")
    return f"{how}, {who}"


def abort_words(source: int, reason: int) -> str:
    """An A-ABORT in words; the reason means something only from the service provider."""
    who = _ABORT_SOURCES.get(source, f"source {source} outside the standard")
    if source == 0:
        return f"by {who}"
    return f"by {who}, {_ABORT_REASONS.get(reason, f'reason {reason} outside the standard')}"
