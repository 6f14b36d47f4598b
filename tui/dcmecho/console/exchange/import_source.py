"""What was given to import: the path of a file, or the peers themselves, typed or pasted."""

from __future__ import annotations

from dcmecho.console.widgets.typed_path import existing_path
from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes
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
    path = None if "\n" in text else existing_path(text)
    try:
        return read_bytes(read_regular(path) if path else given.encode())
    except OSError as error:
        raise NothingToImportError(f"{printable(text)}: {error.strerror or error}.") from error
    except UnknownFormatError as error:
        if path or "\n" in text:
            raise NothingToImportError(f"This cannot be read: {error}.") from error
        message = f"{printable(text)} is no file here, and no peer such as AET@host:port."
        raise NothingToImportError(message) from error
