"""A fault of dcmecho itself, in words that nobody takes for a statement about the peer."""

from __future__ import annotations

import traceback
from pathlib import Path

from dcmecho.diagnosis.sanitize import printable


def fault_text(error: Exception) -> str:
    """What went wrong, with the place in the code that a bug report needs; printable."""
    root: BaseException = error
    while root.__cause__ is not None:
        root = root.__cause__
    frames = traceback.extract_tb(root.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return (
        f"fault in dcmecho, not in the peer: {type(root).__name__}: {printable(str(root))}{place}"
    )
