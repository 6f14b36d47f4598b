"""Finds the profiles.toml to use, its real path, and the file that receives edits."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

FILE_NAME = "profiles.toml"
ENVIRONMENT_VARIABLE = "DCMECHO_PROFILES"


def locate(
    explicit: Path | None,
    env: Mapping[str, str],
    cwd: Path,
    config_dir: Path | None = None,
) -> Path:
    """Choose the file to read, which need not exist.

    The first that applies: ``explicit`` (``--profiles``), ``DCMECHO_PROFILES``, ``profiles.toml``
    in ``cwd`` if it is there, ``profiles.toml`` in ``config_dir`` (by default the user's
    configuration folder).
    """
    if explicit is not None:
        return explicit
    if from_environment := env.get(ENVIRONMENT_VARIABLE):
        return Path(from_environment)
    local = cwd / FILE_NAME
    if local.is_file():
        return local
    return (config_dir or _user_config_dir()) / FILE_NAME


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
    personal = _user_config_dir() / FILE_NAME
    return None if real_place(personal) == real_place(path) else personal


def _user_config_dir() -> Path:
    from platformdirs import user_config_path

    return user_config_path("dcmecho", appauthor=False)
