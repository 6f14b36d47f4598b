"""Which profiles.toml is meant, and where it really is."""

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
    """Follow links to the file that they mean, which need not exist. Raises nothing."""
    return Path(os.path.realpath(path))


def _user_config_dir() -> Path:
    from platformdirs import user_config_path

    return user_config_path("dcmecho", appauthor=False)
