"""Compares a received AE title with the expected one, byte by byte. No I/O."""

from __future__ import annotations

from enum import Enum, auto
from itertools import zip_longest

from dcmecho.diagnosis.listen.calls import AeTitle
from dcmecho.diagnosis.sanitize import PeerText

_LOOKALIKES = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "i": "1", "-": "_", " ": "_"})
"""Characters that are easily confused, mapped to one representative."""


class TitleMatch(Enum):
    """The result of comparing a title with the expected one, most similar first."""

    SAME = auto()
    LEADING_SPACE = auto()
    """Equal except for leading spaces. They mean nothing (PS3.5 6.2), but many archives differ."""
    NUL_PADDED = auto()
    """Equal except that it is padded with NUL instead of spaces."""
    CASE = auto()
    LOOKALIKE = auto()
    BLANK = auto()
    """Only spaces or NUL."""
    OTHER = auto()


def match_titles(expected: AeTitle, came: AeTitle) -> TitleMatch:
    """Compare byte by byte, as a strict archive does, and return the closest match."""
    ours, theirs = expected.significant, came.significant
    bare = came.field.strip(b" \0")
    if theirs == ours:
        leading = came.field.startswith(b" ")
        return TitleMatch.LEADING_SPACE if leading else TitleMatch.SAME
    if not bare:
        return TitleMatch.BLANK
    if bare == ours:
        return TitleMatch.NUL_PADDED
    if bare.lower() == ours.lower():
        return TitleMatch.CASE
    if _alike(bare) == _alike(ours):
        return TitleMatch.LOOKALIKE
    return TitleMatch.OTHER


def title_faults(title: AeTitle) -> tuple[str, ...]:
    """Return how a title breaks the standard (PS3.5 6.2, VR AE), in words."""
    bare = title.field.strip(b" \0")
    faults = []
    if not bare:
        return ("it is blank, which the standard does not allow",)
    if b"\0" in title.field:
        faults.append("it is padded with NUL (00) instead of spaces (20)")
    if any((byte < 0x20 or byte == 0x7F) for byte in bare):
        faults.append("it contains a control character")
    if any(byte > 0x7F for byte in bare):
        faults.append("it contains bytes outside ASCII")
    if b"\\" in bare:
        faults.append("it contains a backslash, which separates values")
    return tuple(faults)


def difference(expected: AeTitle, came: AeTitle, whose: str = "yours") -> str:
    """Return the first difference: ``byte 5 is O (4f), yours has 0 (30)``; empty if equal.

    ``whose`` names the expected title.
    """
    pairs = zip_longest(came.field.rstrip(b" "), expected.field.rstrip(b" "))
    for position, (theirs, ours) in enumerate(pairs, start=1):
        if theirs != ours:
            return f"byte {position} is {_byte(theirs)}, {whose} has {_byte(ours)}"
    return ""


def _byte(value: int | None) -> str:
    if value is None:
        return "nothing"
    shown = "a space" if value == 0x20 else str(PeerText(bytes([value])))
    return f"{shown} ({value:02x})" if 0x20 <= value < 0x7F else shown


def _alike(title: bytes) -> str:
    return title.decode("latin-1").translate(_LOOKALIKES).lower()
