"""The two layouts of the JSON that dcmecho prints: on one line, and indented. Both are ASCII.

Python's C encoder cannot indent, and its Python encoder is slow: one generator for each container.
Here the C encoder makes the tokens, and this module only arranges the lines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from json.encoder import encode_basestring_ascii as quoted
from types import NoneType
from typing import Any

_NEWLINE = "\n"
_STEP = "  "


def one_line(data: object) -> str:
    """Return ASCII on one line, without the newline."""
    return json.dumps(data, ensure_ascii=True)


def indented(data: object) -> str:
    """Return indented ASCII, ending with a newline. Keys must be strings."""
    return _laid_out(data, _NEWLINE) + _NEWLINE


class IndentedArray:
    """An array written one element at a time; the result is that of :func:`indented`."""

    def __init__(self) -> None:
        self._before = "["

    def element(self, data: object) -> str:
        """Return the text of the next element, with the separator before it."""
        inner = _NEWLINE + _STEP
        text = self._before + inner + _laid_out(data, inner)
        self._before = ","
        return text

    def end(self) -> str:
        """Return the end of the array, with a newline."""
        return "[]\n" if self._before == "[" else "\n]\n"


def _laid_out(data: Any, newline: str) -> str:
    """Lay out ``data``; ``newline`` starts a line at its indentation."""
    if token := _TOKENS.get(type(data)):
        return token(data)
    inner = newline + _STEP
    if isinstance(data, dict):
        # Scalars are written here without another call: a report has more than a hundred.
        members = [
            f"{quoted(key)}: "
            + (token(each) if (token := _TOKENS.get(type(each))) else _laid_out(each, inner))
            for key, each in data.items()
        ]
        return f"{{{inner}{f',{inner}'.join(members)}{newline}}}" if members else "{}"
    if isinstance(data, list | tuple):
        members = [_laid_out(each, inner) for each in data]
        return f"[{inner}{f',{inner}'.join(members)}{newline}]" if members else "[]"
    return one_line(data)


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else one_line(value)


_TOKENS: Mapping[type, Callable[[Any], str]] = {
    str: quoted,
    int: repr,
    float: _number,
    bool: {True: "true", False: "false"}.__getitem__,
    NoneType: lambda _: "null",
}
"""The writers of the scalar types in a report; other types are written on one line."""
