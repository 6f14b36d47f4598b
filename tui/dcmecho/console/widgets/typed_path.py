"""A file's path as the user types it or drops it on the terminal. Reads only file names."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PathCompletion:
    """A path with every certain character added; ``names`` are the names that still fit."""

    text: str
    names: Sequence[str] = ()


def existing_path(text: str) -> Path | None:
    """Return the existing file that a text names, or ``None``.

    A terminal writes the path of a dropped file with the quotes and escapes of a shell.
    """
    try:
        paths = (Path(name).expanduser() for name in (text, *shlex.split(text)[:1]))
        return next((path for path in paths if path.exists()), None)
    except (OSError, ValueError, RuntimeError):
        return None


def completed(text: str) -> PathCompletion:
    """Complete a path as a shell does: with the characters that all matches have in common."""
    folder, start = os.path.split(text)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted(
                each.name + ("/" if each.is_dir() else "")
                for each in entries
                if each.name.startswith(start) and (start or not each.name.startswith("."))
            )
    except (OSError, ValueError, RuntimeError):
        return PathCompletion(text)
    common = os.path.commonprefix(found) or start  # noqa: RUF071  names, no paths
    return PathCompletion(os.path.join(folder, common), found if len(found) > 1 else ())
