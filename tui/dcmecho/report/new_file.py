"""Writes a text to a file that is not there yet."""

from __future__ import annotations

import os
from pathlib import Path


def write_new(path: Path, text: str) -> None:
    """Write ``text``, readable by its owner only: addresses and titles are nobody else's business.

    Raises ``FileExistsError``, and else ``OSError``.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(handle, "w", encoding="utf-8", newline="") as file:
        file.write(text)
