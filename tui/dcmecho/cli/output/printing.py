"""Prints data to stdout, and words a bug in dcmecho."""

from __future__ import annotations

import os
import sys


def print_out(text: str) -> bool:
    """Print and flush. Returns false if the reader has exited; later output is then discarded.

    The exit code stays valid in both cases.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return False
    return True


def bug_message(fault: Exception | None) -> str:
    """Return the message for a run that ended without a result."""
    return f"dcmecho: bug in dcmecho, not in the peer: {fault!r}"
