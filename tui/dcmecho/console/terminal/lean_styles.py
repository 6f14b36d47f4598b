"""The looks of text on a terminal (SGR, ECMA-48 8.3.117), and short changes between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "7": "27", "8": "28", "9": "29"}
"""The code that ends each attribute; bold and dim end together."""
_SEEN_ON_SPACES = frozenset("479")
"""Underline, reverse, strike."""
_COLOUR_PARTS = {"5": 3, "2": 5}


class Look(NamedTuple):
    """Colors as SGR parameters (empty: the terminal's own) and attributes as SGR numbers."""

    foreground: str = ""
    background: str = ""
    attributes: frozenset[str] = frozenset()

    @property
    def of_space(self) -> Look:
        """The part of the look that is visible on a space."""
        seen = self.attributes & _SEEN_ON_SPACES
        return Look(self.foreground if seen else "", self.background, seen)


PLAIN = Look()


@lru_cache(maxsize=4096)
def with_sgr(look: Look, parameters: str) -> Look:
    """Return the look after an SGR sequence. Raises ``ValueError`` for an unknown parameter."""
    foreground, background, attributes = look
    for code, whole in _codes(parameters):
        match code:
            case 0:
                foreground, background, attributes = PLAIN
            case _ if 30 <= code <= 39 or 90 <= code <= 97:
                foreground = "" if code == 39 else whole
            case _ if 40 <= code <= 49 or 100 <= code <= 107:
                background = "" if code == 49 else whole
            case _ if str(code) in _OFF:
                attributes |= {str(code)}
            case _ if str(code) in _OFF.values():
                attributes -= {on for on, off in _OFF.items() if off == str(code)}
            case _:
                raise ValueError(f"SGR {parameters}")
    return Look(foreground, background, attributes)


def _codes(parameters: str) -> Iterator[tuple[int, str]]:
    """Yield each number, with the color that belongs to it."""
    parts = parameters.split(";")
    while parts:
        length = _COLOUR_PARTS.get(parts[1], 1) if parts[0] in ("38", "48") and parts[1:] else 1
        yield int(parts[0] or "0"), ";".join(parts[:length])
        del parts[:length]


@lru_cache(maxsize=4096)
def change(now: Look, then: Look) -> str:
    """Return the shortest sequence that changes ``now`` into ``then``."""
    if now == then:
        return ""
    if then == PLAIN:
        return "\x1b[m"
    anew = ";".join(["", *_parameters(PLAIN, then)])
    if not now.attributes <= then.attributes:
        return f"\x1b[{anew}m"
    return min(f"\x1b[{';'.join(_parameters(now, then))}m", f"\x1b[{anew}m", key=len)


def _parameters(now: Look, then: Look) -> Iterator[str]:
    yield from sorted(then.attributes - now.attributes)
    if then.foreground != now.foreground:
        yield then.foreground or "39"
    if then.background != now.background:
        yield then.background or "49"
