"""Data to stdout, and the words for a fault of dcmecho itself."""

from __future__ import annotations

import os
import sys


def print_out(text: str) -> bool:
    """Print data at once. False where whoever read our output has left: the exit code still holds.

    What is printed after that goes nowhere.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return False
    return True


def fault_words(fault: Exception | None) -> str:
    """What to say where there is no result."""
    return f"dcmecho: fault in dcmecho, not in the peer: {fault!r}"
