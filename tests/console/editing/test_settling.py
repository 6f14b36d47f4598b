"""A conflict that was settled is settled for its own target alone."""

from __future__ import annotations

import pytest

from dcmecho.console.file.edits import settled
from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import Collision, TargetEdit

FIRST = TargetEdit("CT", 0, {Field.PORT: 1}, {Field.PORT: 5})
NAMESAKE = TargetEdit("CT", 1, {Field.HOST: "new"}, {Field.HOST: "old"})
ON_THE_FIRST = Collision(Field.PORT, 5, 7, 1, "CT")


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ([], TargetEdit("CT", 0, {}, {Field.PORT: 5})),
        ([ON_THE_FIRST], TargetEdit("CT", 0, {Field.PORT: 1}, {Field.PORT: 7})),
    ],
    ids=["theirs", "ours"],
)
def test_of_two_of_the_same_name(ours: list[Collision], expected: TargetEdit) -> None:
    assert settled((FIRST, NAMESAKE), [ON_THE_FIRST], ours) == (expected, NAMESAKE)
