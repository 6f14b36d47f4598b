"""Tells quickly whether a file can forbid anything, or speak of something."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dcmecho.diagnosis.target.fields import REFUSALS
from dcmecho.regular_file import read_regular


def may_refuse(path: Path) -> bool:
    """Report whether the text of a file contains a refusal; true if it cannot be read."""
    return mentions(path, (key.encode() for key in REFUSALS))


def mentions(path: Path, words: Iterable[bytes]) -> bool:
    """Report whether a file contains one of these words; true if it cannot be read."""
    try:
        content = read_regular(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return any(word in content for word in words)
