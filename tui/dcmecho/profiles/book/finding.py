"""Finds the profiles.toml to use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.owners import who_else_writes
from dcmecho.profiles.book.load import is_trusted
from dcmecho.profiles.book.locate import (
    ENVIRONMENT_VARIABLE,
    FILE_NAME,
    own_file,
    own_file_text,
    real_place,
)


@dataclass(frozen=True, slots=True)
class Found:
    """The file to use, which need not exist, and a notice about one that was passed over."""

    path: Path
    notice: str = ""


def find_file(
    explicit: Path | None, env: Mapping[str, str], cwd: Path, config_dir: Path | None = None
) -> Found:
    """Choose the file to read.

    The first that applies: ``explicit`` (``--profiles``), ``DCMECHO_PROFILES``, ``profiles.toml``
    in ``cwd`` if it is there and nobody else can change it, ``profiles.toml`` in ``config_dir`` (by
    default the user's configuration folder).
    """
    if explicit is not None:
        return Found(explicit)
    if from_environment := env.get(ENVIRONMENT_VARIABLE):
        return Found(Path(from_environment))
    own = config_dir / FILE_NAME if config_dir else own_file()
    local = cwd / FILE_NAME
    if not local.is_file():
        return Found(own)
    reason = _reason(local)
    return Found(own, _notice(local, reason)) if reason and not is_trusted(local) else Found(local)


def _reason(local: Path) -> str:
    """Return why a file that nobody has named may be somebody else's; empty if it is not."""
    path = local.absolute()
    return next(
        filter(None, (reason for each in (path, real_place(path)) for reason in _at(each))), ""
    )


def _at(path: Path) -> Iterator[str]:
    try:
        yield who_else_writes(path.lstat())
        yield who_else_writes(path.parent.stat(), "its folder")
    except OSError as error:
        yield f"it cannot be looked at ({error.strerror})"


def _notice(local: Path, reason: str) -> str:
    return (
        f"{path_text(local.absolute())} is not used, because {reason}. To use it, name it with"
        f" --profiles, or add it to trust in [settings] of {own_file_text()}"
    )
