"""Prints data to stdout, and words a bug in dcmecho."""

from __future__ import annotations

import os
import sys

from dcmecho.cli.output import streams
from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text


def print_out(text: str) -> bool:
    """Print and flush. Returns false if the reader has exited; later output is then discarded.

    The exit code stays valid in both cases. If it cannot be written for another reason, such as a
    full disk, later output is discarded too, and the command ends with an error.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return _without_reader()
    except OSError as error:
        streams.lose_stdout(error)
    return True


def _without_reader() -> bool:
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    return False


def print_lasting(text: str) -> bool:
    """Print as :func:`print_out` does, but go on after an error: a full disk can have room again.

    The buffer keeps what could not be written, for the next time.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        return _without_reader()
    except OSError:
        return True
    return True


def bug_message(fault: Exception | None) -> str:
    """Return the message for a run that ended without a result."""
    if fault is not None and is_shortage(fault):
        return f"dcmecho: {shortage_text(fault)}"
    return f"dcmecho: bug in dcmecho, not in the peer: {fault!r}"
