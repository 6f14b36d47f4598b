"""What is to be explained: a pasted text, or the file at a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from dcmecho.console.widgets.typed_path import existing_path
from dcmecho.diagnosis.sanitize import error_text, path_text
from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.regular_file import require_regular

_PIECE = 1 << 18


class NothingToExplainError(Exception):
    """The source cannot be read; the text says why and what to do."""


def explained(given: str, check: Callable[[], None]) -> Explained:
    """Explain the file at the path ``given``, or else ``given`` itself.

    ``check`` is called again and again; what it raises ends the reading. Raises
    ``NothingToExplainError``.
    """
    text = given.strip()
    if not text:
        raise NothingToExplainError("Paste lines of a log, or type the path of one.")
    path = None if "\n" in text else existing_path(text)
    if path is None:
        return explain([[given.encode(errors="replace")]])
    try:
        return explain([_pieces(path, check)])
    except OSError as error:
        raise NothingToExplainError(f"{path_text(text)}: {error_text(error)}") from error


def _pieces(path: Path, check: Callable[[], None]) -> Iterator[bytes]:
    require_regular(path)
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            check()
            yield piece
