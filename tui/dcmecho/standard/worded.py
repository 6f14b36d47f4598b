"""Numbers of the standard that have words."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class WordedNumber(IntEnum):
    """A number with the standard's words, and plainer ones for who does not read it."""

    words: str
    plain_words: str

    def __new__(cls, number: int, words: str, plain_words: str = "") -> Self:
        """Make a member. Without ``plain_words`` the standard's serve."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        member.plain_words = plain_words or words
        return member

    @classmethod
    def words_of(cls, number: int, unknown: str) -> str:
        """The standard's words for ``number``; ``unknown`` for one that it does not have."""
        return next((known.words for known in cls if known == number), unknown)
