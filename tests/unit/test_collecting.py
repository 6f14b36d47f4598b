"""The garbage collector is left as it was found."""

from __future__ import annotations

import gc

import pytest

from dcmecho.cli.collecting import seldom_collected


def test_only_within_it_is_looked_at_less() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.get_threshold()[0] > before[0]
        assert gc.get_freeze_count() > 0
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_also_where_it_ends_badly() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyboardInterrupt), seldom_collected():
        raise KeyboardInterrupt
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
