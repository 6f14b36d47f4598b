"""Fewer stops for Python's garbage collector while many runs are under way."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_NEW_OBJECTS = 20_000
"""Runs leave no circles behind: what is collected is next to nothing, and each search for it stops
all of them."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look only at what is made from here on, and not at every few objects of it."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
