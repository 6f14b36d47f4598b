"""What this machine lacks: descriptors, memory, threads. It says nothing about a peer."""

from __future__ import annotations

import errno
import os

from dcmecho.diagnosis.sanitize import error_text

SHORTAGES = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})
"""The errors of system calls that ask this machine for something that it has no more of."""

NO_THREAD = "can't start new thread"
"""All that Python says about a thread that it cannot start."""


def is_shortage(error: BaseException) -> bool:
    """Report whether ``error`` was caused by what this machine lacks."""
    match error:
        case MemoryError():
            return True
        case OSError():
            return error.errno in SHORTAGES
        case RuntimeError():
            return NO_THREAD in str(error)
        case ImportError():
            # The loader of a library gives the words of the system only.
            return any(os.strerror(code) in str(error) for code in SHORTAGES)
        case _:
            return error.__cause__ is not None and is_shortage(error.__cause__)


def shortage_text(error: BaseException) -> str:
    """Return what this machine lacks, in a sentence; printable."""
    if isinstance(error, OSError) and error.errno is not None:
        what = os.strerror(error.errno)
    else:
        what = error_text(error) or "out of memory"
    return f"this machine lacks something, which is no fault of the peer: {what}"
