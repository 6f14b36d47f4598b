"""Numbers with their nouns."""

from __future__ import annotations

import pytest

from dcmecho.diagnosis.counting import count


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (14, "14 days")]
)
def test_one_is_singular(number: int, words: str) -> None:
    assert count(number, "day") == words
