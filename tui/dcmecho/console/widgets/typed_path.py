"""The path of a file as it is typed, or dropped on the terminal. Looks at the file system only."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Completion:
    """A path with as much added as is certain; ``names`` are those that it can still become."""

    text: str
    names: Sequence[str] = ()


def existing_path(text: str) -> Path | None:
    """The file that a text names, if there is such a file.

    Terminals write the path of a file that is dropped on them the way a shell needs it.
    """
    try:
        paths = (Path(name).expanduser() for name in (text, *shlex.split(text)[:1]))
        return next((path for path in paths if path.exists()), None)
    except (OSError, ValueError, RuntimeError):
        return None


def completed(text: str) -> Completion:
    """Complete a path as a shell does: to the end of what all names that fit have in common."""
    folder, start = os.path.split(text)
    try:
        with os.scandir(os.path.expanduser(folder) or ".") as entries:
            found = sorted(
                each.name + ("/" if each.is_dir() else "")
                for each in entries
                if each.name.startswith(start) and (start or not each.name.startswith("."))
            )
    except (OSError, ValueError, RuntimeError):
        return Completion(text)
    common = os.path.commonprefix(found) or start  # noqa: RUF071  names, no paths
    return Completion(os.path.join(folder, common), found if len(found) > 1 else ())
