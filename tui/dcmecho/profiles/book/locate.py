"""The user's own profiles.toml, the real path of another, and the file that receives edits."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from dcmecho.diagnosis.sanitize import path_text

FILE_NAME = "profiles.toml"
ENVIRONMENT_VARIABLE = "DCMECHO_PROFILES"


def own_file() -> Path:
    """Return the path of ``profiles.toml`` in the user's configuration folder."""
    from platformdirs import user_config_path

    return user_config_path("dcmecho", appauthor=False) / FILE_NAME


def own_file_text() -> str:
    """Return the path of ``own_file`` for a message, with ~ for the home folder."""
    path = own_file()
    with contextlib.suppress(ValueError, RuntimeError):
        return path_text(Path("~") / path.relative_to(Path.home()))
    return path_text(path)


def is_own_file(path: Path) -> bool:
    """Report whether a path leads to ``own_file``."""
    return real_place(path) == real_place(own_file())


def real_place(path: Path) -> Path:
    """Follow links to the real path, which need not exist. Raises nothing."""
    return Path(os.path.realpath(path))


def is_writable(path: Path) -> bool:
    """Report whether this user can replace the file, or create it with its folders."""
    place = real_place(path)
    if os.path.exists(place) and not os.access(place, os.W_OK):
        return False
    folder = next(parent for parent in place.parents if os.path.exists(parent))
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


def overlay_of(path: Path) -> Path | None:
    """Return the personal file that overrides ``path`` and receives edits of it.

    It is ``profiles.toml`` in the user's configuration folder, which need not exist. ``None`` if
    this user can write ``path``, or ``path`` does not exist.
    """
    if is_writable(path) or not path.is_file():
        return None
    return None if is_own_file(path) else own_file()
