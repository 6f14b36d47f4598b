"""What was given to import: the path of a file, or the peers themselves, typed or pasted."""

from __future__ import annotations

import shlex
from pathlib import Path

from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.exchange.formats import UnknownFormatError, read_bytes
from dcmecho.profiles.exchange.rows import Reading
from dcmecho.regular_file import read_regular


class NothingToImportError(Exception):
    """What was given cannot be read; the text says why and what to do."""


def reading_of(given: str) -> Reading:
    """Read a file where ``given`` is the path of one, else what stands in it.

    Raises ``NothingToImportError``.
    """
    text = given.strip()
    if not text:
        raise NothingToImportError("Type the path of a file, or paste peers such as AET@host:port.")
    path = _file(text)
    try:
        return read_bytes(read_regular(path) if path else given.encode())
    except OSError as error:
        raise NothingToImportError(f"{printable(text)}: {error.strerror or error}.") from error
    except UnknownFormatError as error:
        if path or "\n" in text:
            raise NothingToImportError(f"This cannot be read: {error}.") from error
        message = f"{printable(text)} is no file here, and no peer such as AET@host:port."
        raise NothingToImportError(message) from error


def _file(text: str) -> Path | None:
    """The file that a text names, if it is one line and there is such a file.

    Terminals write the path of a file that is dropped on them the way a shell needs it.
    """
    if "\n" in text:
        return None
    try:
        paths = (Path(name).expanduser() for name in (text, *shlex.split(text)[:1]))
        return next((path for path in paths if path.exists()), None)
    except (OSError, ValueError, RuntimeError):
        return None
