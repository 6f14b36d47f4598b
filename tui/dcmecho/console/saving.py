"""Writes a log or a report to a new file, never over another one."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path


def save_text(folder: Path, kind: str, name: str, at: datetime, text: str) -> Path:
    """Write ``dcmecho-KIND-NAME-TIME.txt`` into ``folder``, readable by its owner only.

    Addresses and AE titles are nobody else's business. Raises ``OSError``.
    """
    for path in _candidates(folder, kind, name, at):
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            continue
        with open(handle, "w", encoding="utf-8") as file:
            file.write(text)
        return path
    raise FileExistsError(f"{folder} already holds too many files of this second")


def _candidates(folder: Path, kind: str, name: str, at: datetime) -> Iterator[Path]:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "target"
    stem = f"dcmecho-{kind}-{slug}-{at.astimezone():%Y%m%d-%H%M%S}"
    yield folder / f"{stem}.txt"
    for number in range(2, 100):
        yield folder / f"{stem}-{number}.txt"
