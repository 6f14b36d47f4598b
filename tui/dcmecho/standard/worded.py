"""Numbers of the standard that have a text."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class WordedNumber(IntEnum):
    """A number with the standard's words, and plainer words for other readers."""

    words: str
    plain_words: str

    def __new__(cls, number: int, words: str, plain_words: str = "") -> Self:
        """Make a member. If ``plain_words`` is empty, ``words`` is used."""
        member = int.__new__(cls, number)
        member._value_ = number
        member.words = words
        member.plain_words = plain_words or words
        return member

    @classmethod
    def words_of(cls, number: int, unknown: str) -> str:
        """Return the standard's words for ``number``, or ``unknown`` if it has none."""
        return next((known.words for known in cls if known == number), unknown)
