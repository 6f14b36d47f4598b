"""Other letters and digits for a text, which keep its length, its capitals and its odd characters.

Spaces, punctuation and what is not printable stay as they are.
"""

from __future__ import annotations

import string
from functools import cache
from math import prod
from typing import NamedTuple

from dcmecho.report.redaction.keyed import Cycle, folded, unfolded

_ASCII_LETTERS = string.ascii_lowercase
_LATIN_LETTERS = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþ"
"""The letters of ISO 8859-1 that have a capital there."""

_BLOCK = 0x100
"""Other letters stay among their neighbors: most of one script."""


class _Place(NamedTuple):
    """Where a character stands among those of its class."""

    alphabet: str
    at: int
    is_capital: bool = False


def other_letters(secret: bytes, text: str) -> str:
    """Return a text of the same pattern; two texts that differ only in case stay alike."""
    places = [_place(character) for character in text]
    changing = [place for place in places if place is not None]
    sizes = [len(place.alphabet) for place in changing]
    pattern = "".join(f"{place.alphabet[:1]}{len(place.alphabet)}." for place in changing)
    cycle = Cycle(secret, pattern, prod(sizes))
    found = unfolded(sizes, cycle.after(folded(sizes, [place.at for place in changing])))
    pairs = zip(reversed(text), reversed(places), strict=True)
    shown = [_shown(place, next(found)) if place else old for old, place in pairs]
    return "".join(reversed(shown))


def _place(character: str) -> _Place | None:
    if not character.isalnum():
        return None
    for alphabet in (_ASCII_LETTERS, string.digits, _LATIN_LETTERS):
        # The sign for kelvin, beyond them, has an ASCII letter as its small one.
        if ord(character) < _BLOCK and (lower := character.lower()) in alphabet:
            return _Place(alphabet, alphabet.index(lower), character != lower)
    alphabet = _neighbors(ord(character) // _BLOCK)
    return _Place(alphabet, alphabet.index(character))


@cache
def _neighbors(block: int) -> str:
    known = string.ascii_letters + string.digits + _LATIN_LETTERS + _LATIN_LETTERS.upper()
    every = map(chr, range(block * _BLOCK, (block + 1) * _BLOCK))
    return "".join(each for each in every if each.isalnum() and each not in known)


def _shown(place: _Place, index: int) -> str:
    found = place.alphabet[index]
    return found.upper() if place.is_capital else found
