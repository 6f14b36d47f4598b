"""A call of a library that does not end holds nobody."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Condition, Event, Thread

import pytest

from dcmecho.dicom.wire.awaited import NotDoneError, awaited

PATIENCE_S = 30.0


@pytest.fixture
def hung() -> Iterator[Event]:
    """What a hung call waits for."""
    event = Event()
    yield event
    event.set()


def never() -> bool:
    return False


def test_its_result_is_returned() -> None:
    assert awaited(lambda: 7, Condition(), never, PATIENCE_S) == 7


def test_nothing_is_a_result_too() -> None:
    assert awaited(lambda: None, Condition(), never, PATIENCE_S) is None


def test_its_error_is_raised() -> None:
    with pytest.raises(ValueError, match="x"):
        awaited(lambda: int("x"), Condition(), never, PATIENCE_S)


def test_one_that_hangs_is_not_waited_for(hung: Event) -> None:
    with pytest.raises(NotDoneError):
        awaited(hung.wait, Condition(), never, 0.01)
    assert not hung.is_set()


def test_giving_up_ends_the_wait(hung: Event) -> None:
    woken, given_up = Condition(), Event()

    def cancel() -> None:
        with woken:
            given_up.set()
            woken.notify_all()

    Thread(target=cancel).start()
    with pytest.raises(NotDoneError):
        awaited(hung.wait, woken, given_up.is_set, PATIENCE_S)
    assert not hung.is_set()
