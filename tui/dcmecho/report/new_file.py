"""Writes a text to a new file."""

from __future__ import annotations

import os
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Write ``text`` to a new file that only its owner can read: it has addresses and AE titles.

    Raises ``FileExistsError`` or another ``OSError``.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
