"""A member of an enum without its row, or without its words, is named when it is declared."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.rows import RowEnum, WordsEnum


def test_a_member_without_a_row_is_named() -> None:
    with pytest.raises(TypeError, match=r"^Grown\.NEW needs one row$"):

        class Grown(RowEnum):
            OLD = "old", 1
            NEW = "new"


def test_a_member_without_words_is_named() -> None:
    with pytest.raises(TypeError, match=r"^Grown\.NEW needs words$"):

        class Grown(WordsEnum):
            OLD = "old", "the old one"
            NEW = "new", ""
