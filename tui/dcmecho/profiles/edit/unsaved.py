"""What was typed when the console had to end: kept in the user's state folder, for the next start.

Nobody else can read it, and no symbolic link is followed: not for the folder, not for a file in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.target.tls_keys import TargetKey, target_key

_MOST_BYTES = 65536
_MOST_FILES = 20
"""Kept for one profile file: one for each console that had to end since."""

_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE_FLAGS = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Unsaved:
    """What was typed in an editor.

    ``keys`` are the targets it was about, none for a new one, which may be a copy of ``original``.
    ``typed`` has the changed texts, ``texts`` those of every field in the editor.
    """

    about: str
    at: datetime
    keys: Sequence[str]
    typed: Mapping[TargetKey, str]
    texts: Mapping[TargetKey, str]
    original: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit that is kept in the state folder as the file of this name."""

    name: str
    unsaved: Unsaved


def keep(file: Path, unsaved: Unsaved) -> str:
    """Keep what was typed for the profile file ``file``; return its name. Raises ``OSError``."""
    text = json.dumps(
        {
            "about": unsaved.about,
            "at": unsaved.at.isoformat(),
            "keys": list(unsaved.keys),
            "typed": unsaved.typed,
            "texts": unsaved.texts,
            "original": unsaved.original,
        }
    )
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with _own_folder() as folder:
        for name in _names(file):
            with suppress(FileExistsError):
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _FILE_FLAGS
                with open(os.open(name, flags, 0o600, dir_fd=folder), "w") as kept:
                    kept.write(text)
                return name
    raise FileExistsError(f"{_folder()} is full")


def kept_for(file: Path) -> list[Kept]:
    """Return what is kept for a profile file; what cannot be read is passed over."""
    found = []
    with suppress(OSError), _own_folder() as folder:
        for name in _names(file):
            with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
                found.append(Kept(name, _unsaved(json.loads(_read(name, folder)))))
    return found


def forget(name: str) -> None:
    """Delete what was kept under this name."""
    with suppress(OSError), _own_folder() as folder:
        os.unlink(name, dir_fd=folder)


def _unsaved(data: Mapping[str, Any]) -> Unsaved:
    return Unsaved(
        about=str(data["about"]),
        at=datetime.fromisoformat(data["at"]),
        keys=[str(key) for key in data["keys"]],
        typed=_texts(data["typed"]),
        texts=_texts(data["texts"]),
        original=str(data["original"]),
    )


def _texts(data: Mapping[str, Any]) -> dict[TargetKey, str]:
    return {target_key(name): str(text) for name, text in data.items()}


def _read(name: str, folder: int) -> bytes:
    with open(os.open(name, os.O_RDONLY | _FILE_FLAGS, dir_fd=folder), "rb") as file:
        _require_own(os.fstat(file.fileno()), stat.S_ISREG)
        return file.read(_MOST_BYTES)


def _names(file: Path) -> Iterator[str]:
    digest = hashlib.sha256(os.fsencode(file.absolute())).hexdigest()[:16]
    return (f"unsaved-{digest}-{number}.json" for number in range(1, _MOST_FILES + 1))


def _folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("dcmecho", appauthor=False)


@contextmanager
def _own_folder() -> Iterator[int]:
    """Give a descriptor of the state folder. Raises ``OSError`` if it is not this user's own."""
    folder = os.open(_folder(), _FOLDER_FLAGS)
    try:
        _require_own(os.fstat(folder), stat.S_ISDIR)
        yield folder
    finally:
        os.close(folder)


def _require_own(found: os.stat_result, is_kind: Any) -> None:
    if not is_kind(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise PermissionError(f"{_folder()}: not your own, or others can write to it")
