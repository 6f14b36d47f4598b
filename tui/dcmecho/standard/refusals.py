"""Rejections and aborts of an association as text (PS3.8 9.3.4, 9.3.8)."""

from __future__ import annotations

from enum import Enum
from typing import Self

from dcmecho.standard.worded import WordedNumber


class RejectResult(WordedNumber):
    """The result of a rejection: permanent or transient."""

    PERMANENT = 1, "permanent"
    TRANSIENT = 2, "transient"


class RejectSource(WordedNumber):
    """The part of the peer that rejects."""

    SERVICE_USER = 1, "service user"
    ACSE = 2, "service provider (ACSE)"
    PRESENTATION = 3, "service provider (presentation)"


class RejectReason(Enum):
    """The reason for a rejection. Each source has its own numbers."""

    NO_REASON = RejectSource.SERVICE_USER, 1, "no reason given"
    APPLICATION_CONTEXT = RejectSource.SERVICE_USER, 2, "application context name not supported"
    CALLING_AE = RejectSource.SERVICE_USER, 3, "calling AE title not recognized"
    CALLED_AE = RejectSource.SERVICE_USER, 7, "called AE title not recognized"
    NO_REASON_OF_ACSE = RejectSource.ACSE, 1, "no reason given"
    PROTOCOL_VERSION = RejectSource.ACSE, 2, "protocol version not supported"
    CONGESTION = RejectSource.PRESENTATION, 1, "temporary congestion"
    LOCAL_LIMIT = RejectSource.PRESENTATION, 2, "local limit exceeded"

    def __init__(self, source: RejectSource, number: int, words: str) -> None:
        self.source = source
        self.number = number
        self.words = words

    @classmethod
    def of(cls, source: object, number: object) -> Self | None:
        """Return the reason with these numbers; ``None`` if the standard does not define them."""
        return next((each for each in cls if (each.source, each.number) == (source, number)), None)


ABOUT_AE_TITLES = frozenset({RejectReason.CALLING_AE, RejectReason.CALLED_AE})


class AbortSource(WordedNumber):
    """The part of the peer that aborts."""

    SERVICE_USER = 0, "service user"
    SERVICE_PROVIDER = 2, "service provider"


class AbortReason(WordedNumber):
    """The reason why the service provider aborts."""

    NOT_SPECIFIED = 0, "reason not specified"
    UNRECOGNIZED_PDU = 1, "unrecognized PDU"
    UNEXPECTED_PDU = 2, "unexpected PDU"
    UNRECOGNIZED_PARAMETER = 4, "unrecognized PDU parameter"
    UNEXPECTED_PARAMETER = 5, "unexpected PDU parameter"
    INVALID_PARAMETER_VALUE = 6, "invalid PDU parameter value"


def rejection_words(source: int, reason: int) -> str:
    """Return the reason of a rejection as text, or its number if the standard has no text."""
    known = RejectReason.of(source, reason)
    return known.words if known else f"reason {reason} outside the standard"


def rejection_manner(result: int, source: int) -> str:
    """Return whether a rejection is permanent, and which part of the peer rejects."""
    how = RejectResult.words_of(result, f"result {result} outside the standard")
    who = RejectSource.words_of(source, f"source {source} outside the standard")
    return f"{how}, {who}"


def abort_words(source: int, reason: int) -> str:
    """Return an A-ABORT as text. Only the service provider's reasons have a meaning."""
    who = AbortSource.words_of(source, f"source {source} outside the standard")
    if source == AbortSource.SERVICE_USER:
        return f"by {who}"
    why = AbortReason.words_of(reason, f"reason {reason} outside the standard")
    return f"by {who}, {why}"
