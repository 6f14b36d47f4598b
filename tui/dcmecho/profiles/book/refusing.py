"""Tells quickly whether a file can forbid anything."""

from __future__ import annotations

from pathlib import Path

from dcmecho.diagnosis.target.fields import REFUSALS
from dcmecho.regular_file import read_regular


def may_refuse(path: Path) -> bool:
    """Report whether the text of a file contains a refusal; true if it cannot be read."""
    try:
        content = read_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return any(key.encode() in content for key in REFUSALS)
