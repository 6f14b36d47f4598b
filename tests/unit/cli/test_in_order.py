"""Things from many threads are given out in order, and not kept."""

from __future__ import annotations

import weakref

from hypothesis import given
from hypothesis import strategies as st

from dcmecho.cli.check.in_order import InOrder


class Thing:
    """A thing that can be weakly referenced."""


@given(st.permutations(range(6)))
def test_any_order_comes_back_as_soon_as_it_can(numbers: list[int]) -> None:
    waiting, given_out = InOrder[int](), list[int]()
    for arrived, number in enumerate(numbers, 1):
        waiting.put(number, number)
        given_out += waiting.ready()
        unbroken = next(n for n in range(7) if n not in numbers[:arrived])
        assert given_out == list(range(unbroken))


def test_the_rest_comes_in_order_over_what_is_missing() -> None:
    waiting = InOrder[str]()
    for number in (4, 0, 2):
        waiting.put(number, f"thing {number}")
    assert list(waiting.ready()) == ["thing 0"]
    assert list(waiting.rest()) == [(2, "thing 2"), (4, "thing 4")]
    assert list(waiting.rest()) == []


def test_what_was_given_out_is_let_go() -> None:
    waiting = InOrder[Thing]()
    watched = []
    for number in range(3):
        thing = Thing()
        watched.append(weakref.ref(thing))
        waiting.put(number, thing)
        del thing
    for _ in waiting.ready():
        pass
    del _
    assert [each() for each in watched] == [None, None, None]
