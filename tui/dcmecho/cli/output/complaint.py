"""What a command has to say on stderr beside its data."""

from __future__ import annotations

import sys

from dcmecho.diagnosis.sanitize import printable

_LONGEST = 4096


def complain(text: str) -> None:
    """Write one line; control characters of arguments, paths and files are escaped in it."""
    sys.stderr.write(f"dcmecho: {printable(text, _LONGEST)}\n")
