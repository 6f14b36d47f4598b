"""Messages of a command on stderr."""

from __future__ import annotations

import sys

from dcmecho.diagnosis.sanitize import printable

_LONGEST = 4096


def complain(text: str) -> None:
    """Write one line, with control characters from arguments, paths and files escaped."""
    sys.stderr.write(f"dcmecho: {printable(text, _LONGEST)}\n")
