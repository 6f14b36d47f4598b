"""The garbage collector around a start: what is imported is no garbage, and is not walked over.

A start makes tens of thousands of objects that stay to the end. Walking over them again and again
costs a one-shot command a sixth of its time, and finds nothing.
"""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()
_START_OBJECTS = 100_000
"""So many new objects a start may make before the first walk: the memory stays bounded."""
_FULL_WALK_AFTER = 200
"""Walks over the middle generation before one over everything, in place of 10."""


def starts() -> None:
    """Collect rarely, until :func:`stays`."""
    gc.set_threshold(_START_OBJECTS)


def stays() -> None:
    """Collect as usual from here on, among what is made from here on: the program goes on."""
    gc.freeze()
    gc.set_threshold(*_USUAL)


def keeps_much() -> None:
    """Walk over everything less often: who keeps 100,000 lines of a log would wait 0.1 s each time.

    Nothing is found there: lines hold no cycles.
    """
    gc.freeze()
    youngest, middle, _ = gc.get_threshold()
    gc.set_threshold(youngest, middle, _FULL_WALK_AFTER)


def ends() -> None:
    """Leave what is there to the end of the process; Python would walk over it twice."""
    gc.freeze()
