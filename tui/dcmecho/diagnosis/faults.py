"""Bugs in dcmecho as text that nobody mistakes for a statement about the peer."""

from __future__ import annotations

import traceback
from pathlib import Path

from dcmecho.diagnosis.network.shortage import is_shortage, shortage_text
from dcmecho.diagnosis.sanitize import error_text


def fault_text(error: Exception) -> str:
    """Return the error and its place in the code, for a bug report; printable.

    An error that comes from what this machine lacks is no bug.
    """
    if is_shortage(error):
        return shortage_text(error)
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    frames = traceback.extract_tb(root.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"bug in dcmecho, not in the peer: {type(root).__name__}: {error_text(root)}{place}"
