"""The answers to one proposed presentation context (PS3.8 9.3.3.2)."""

from __future__ import annotations

from enum import IntEnum


class ContextResult(IntEnum):
    """A result, with the standard's words for it and plainer ones for who does not read it."""

    ACCEPTANCE = 0, "accepted", "accepted"
    USER_REJECTION = 1, "user rejection", "user rejection"
    NO_REASON = 2, "no reason", "no reason given"
    ABSTRACT_SYNTAX_NOT_SUPPORTED = 3, "abstract syntax not supported", "SOP class not supported"
    TRANSFER_SYNTAXES_NOT_SUPPORTED = (
        4,
        "transfer syntaxes not supported",
        "transfer syntax not supported",
    )

    words: str
    plain_words: str

    def __new__(cls, number: int, words: str, plain_words: str) -> ContextResult:
        """Make a member of its number and its words."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        member.plain_words = plain_words
        return member


def context_result_words(result: int, unknown: str) -> str:
    """The standard's words for ``result``; ``unknown`` for a number that it does not have."""
    return next((known.words for known in ContextResult if known == result), unknown)
