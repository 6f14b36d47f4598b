"""Reads the size of a test image that a person typed: ``512k``, ``5M``, ``300000``."""

from __future__ import annotations

import re

from dcmecho.diagnosis.store.model import LARGEST_BYTES, SMALLEST_BYTES
from dcmecho.diagnosis.target.digits import DIGITS

_UNITS = {"": 1, "k": 1024, "m": 1024 * 1024}
_SIZE = re.compile(rf"({DIGITS})([km]?)b?", re.IGNORECASE)


def size_bytes(text: str) -> int:
    """Return the size in bytes. Raises ``ValueError`` with a text that says what to type."""
    found = _SIZE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a size. Enter for example 512k or 5M")
    size = int(found[1]) * _UNITS[found[2].lower()]
    if not SMALLEST_BYTES <= size <= LARGEST_BYTES:
        span = f"{SMALLEST_BYTES // 1024}k to {LARGEST_BYTES // 1024 // 1024}M"
        raise ValueError(f"{text} is out of range. Use {span}")
    return size
