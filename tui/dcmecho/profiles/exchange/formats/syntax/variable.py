"""A variable of the environment, where a file sets it."""

from __future__ import annotations

from typing import NamedTuple


class Variable(NamedTuple):
    """A name and its value. ``first_line`` is the line where the text of the value begins."""

    name: str
    value: str
    line: int
    first_line: int
