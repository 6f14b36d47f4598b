"""Keyed functions over numbers and texts: without the secret nobody can undo or guess them."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import shake_256
from math import isqrt

_ROUNDS = 8
"""A Feistel network of eight rounds hides what it permutes (Luby and Rackoff; Patarin)."""


def digest(secret: bytes, words: str, length: int) -> bytes:
    """Return bytes that follow from the secret and the words, and show neither.

    A prefix is enough of a key for SHAKE, which has no length extension.
    """
    return shake_256(secret + words.encode("utf-8", "surrogatepass")).digest(length)


class Cycle:
    """A keyed order of the numbers below ``size``, in a circle.

    The next number of each is another one, and no two have the same next one.
    """

    def __init__(self, secret: bytes, purpose: str, size: int) -> None:
        self._secret = secret
        self._purpose = purpose
        self._size = size
        self._side = isqrt(max(size - 1, 0)) + 1

    def after(self, number: int) -> int:
        """Return the next number: never the same one, unless there is only one."""
        return self._walked(range(_ROUNDS), (self._place(number) + 1) % self._size)

    def _place(self, number: int) -> int:
        return self._walked(range(_ROUNDS - 1, -1, -1), number)

    def _walked(self, rounds: range, number: int) -> int:
        """Permute the square around the numbers, until it leads to one of them again."""
        step = self._forth if rounds.step > 0 else self._back
        while True:
            for turn in rounds:
                number = step(turn, number)
            if number < self._size:
                return number

    def _forth(self, turn: int, number: int) -> int:
        left, right = divmod(number, self._side)
        return right * self._side + (left + self._mix(turn, right)) % self._side

    def _back(self, turn: int, number: int) -> int:
        right, mixed = divmod(number, self._side)
        return (mixed - self._mix(turn, right)) % self._side * self._side + right

    def _mix(self, turn: int, right: int) -> int:
        length = self._side.bit_length() // 8 + 9
        mixed = digest(self._secret, f"{self._purpose}\n{self._size}\n{turn}\n{right}", length)
        return int.from_bytes(mixed, "big")


def folded(sizes: list[int], digits: list[int]) -> int:
    """Return the digits of a number as the number; each digit has a base of its own."""
    number = 0
    for size, digit in zip(sizes, digits, strict=True):
        number = number * size + digit
    return number


def unfolded(sizes: list[int], number: int) -> Iterator[int]:
    """Yield the digits of a number, the last one first."""
    for size in reversed(sizes):
        number, digit = divmod(number, size)
        yield digit
