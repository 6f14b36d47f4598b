"""One change of a file: read, edit and replace it under the lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dcmecho.owners import PlantedLinkError, followed
from dcmecho.profiles.book.change import FileChange
from dcmecho.profiles.book.locate import is_writable
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.file.atomic import remove_leftovers, replace_file
from dcmecho.profiles.file.lock import locked
from dcmecho.regular_file import read_regular


def rewrite(path: Path, edited: Callable[[bytes | None], bytes]) -> FileChange:
    """Replace the content of a file with the result of ``edited``, which gets ``None`` for no file.

    Unchanged content is not written. Raises ``ProfileError``; the file is then unchanged.
    """
    _require_writable(path)
    with locked(path) as is_held:
        _require_writable(path)
        before = _content(path)
        after = edited(before)
        if after != (before or b""):
            if is_held:
                remove_leftovers(path)
            _replace(path, after)
    return FileChange(path, before, after, is_locked=is_held)


def _require_writable(path: Path) -> None:
    if not is_writable(path):
        raise ProfileError(f"{path} is read-only for you; ask its owner")
    try:
        followed(path)
    except PlantedLinkError as error:
        told = f"{path}: cannot be written: {error.strerror}. Name the file that it leads to"
        raise ProfileError(told) from error
    except OSError:
        # Reading the file, which comes next, tells what is wrong with its path.
        return


def _content(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read: {error.strerror or error}") from error


def _replace(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise ProfileError(f"{path}: cannot be written: {error.strerror or error}") from error
