"""The source of an import: a file path, or the peers themselves, typed or pasted."""

from __future__ import annotations

from dcmecho.console.widgets.typed_path import existing_path
from dcmecho.diagnosis.sanitize import path_text
from dcmecho.profiles.exchange.formats.known import UnknownFormatError, read_bytes
from dcmecho.profiles.exchange.rows import Reading
from dcmecho.regular_file import read_regular


class NothingToImportError(Exception):
    """The source cannot be read; the text says why and what to do."""


def reading_of(given: str) -> Reading:
    """Read the file at the path ``given``, or else ``given`` itself.

    Raises ``NothingToImportError``.
    """
    text = given.strip()
    if not text:
        raise NothingToImportError("Type the path of a file, or paste peers such as AET@host:port.")
    path = None if "\n" in text else existing_path(text)
    try:
        return read_bytes(read_regular(path) if path else given.encode())
    except OSError as error:
        raise NothingToImportError(f"{path_text(text)}: {error.strerror or error}.") from error
    except UnknownFormatError as error:
        if path or "\n" in text:
            raise NothingToImportError(f"Cannot read this: {error}.") from error
        message = f"{path_text(text)} is neither a file nor a peer such as AET@host:port."
        raise NothingToImportError(message) from error
