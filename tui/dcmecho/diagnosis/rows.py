"""Enums whose members carry a row with everything about them, declared in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class RowEnum(StrEnum):
    """Members are written ``NAME = "value", Row(...)``; the class declares the type of ``row``."""

    row: Any

    def __new__(cls, value: str, *_rows: object) -> Self:
        """Make a member from its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        return member

    def __init__(self, _value: str, *rows: object) -> None:
        """Give the member its row. Raises ``TypeError`` without one."""
        if len(rows) != 1:
            raise TypeError(f"{type(self).__name__}.{self._name_} needs one row")
        (self.row,) = rows


class WordsEnum(StrEnum):
    """Members are written ``NAME = "value", "the words for a person"``."""

    words: str

    def __new__(cls, value: str, *_words: str) -> Self:
        """Make a member from its value."""
        member = str.__new__(cls, value)
        member._value_ = value
        return member

    def __init__(self, _value: str, *words: str) -> None:
        """Give the member its words. Raises ``TypeError`` without any."""
        if len(words) != 1 or not words[0]:
            raise TypeError(f"{type(self).__name__}.{self._name_} needs words")
        (self.words,) = words
