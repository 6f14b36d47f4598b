"""Enums that carry a row for each member: all that is known of it, declared in one place."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self


class RowEnum(StrEnum):
    """Members are written ``NAME = "value", Row(...)``; the class says of which type ``row`` is."""

    row: Any

    def __new__(cls, value: str, *rows: object) -> Self:
        """Make a member of its value and its row. Raises ``TypeError`` without one."""
        if len(rows) != 1:
            raise TypeError(f"{cls.__name__} {value!r} needs one row")
        member = str.__new__(cls, value)
        member._value_ = value
        (member.row,) = rows
        return member


class WordsEnum(StrEnum):
    """Members are written ``NAME = "value", "the words for a person"``."""

    words: str

    def __new__(cls, value: str, *words: str) -> Self:
        """Make a member of its value and its words. Raises ``TypeError`` without any."""
        if len(words) != 1 or not words[0]:
            raise TypeError(f"{cls.__name__} {value!r} needs words")
        member = str.__new__(cls, value)
        member._value_ = value
        (member.words,) = words
        return member
