"""Messages of a command on stderr."""

from __future__ import annotations

import sys

from dcmecho.diagnosis.sanitize import PARAGRAPH, printable


def complain(text: str) -> None:
    """Write one line, with control characters from arguments, paths and files escaped."""
    sys.stderr.write(f"dcmecho: {printable(text, PARAGRAPH)}\n")
