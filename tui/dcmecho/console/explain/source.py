"""What is to be explained: a pasted text, or the log or the capture at a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from dcmecho.console.widgets.typed_path import existing_path
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.sanitize import error_text, path_text
from dcmecho.diagnosis.texts.explaining import Explained, explain
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.regular_file import require_regular

_PIECE = 1 << 18


class NothingToExplainError(Exception):
    """The source cannot be read; the text says why and what to do."""


def explained(given: str, tell: Callable[[str], None]) -> Explained:
    """Explain the file at the path ``given``, a log or a capture, or else ``given`` itself.

    ``tell`` is called again and again with how far the reading is; what it raises ends the
    reading. Raises ``NothingToExplainError``.
    """
    text = given.strip()
    if not text:
        raise NothingToExplainError("Paste lines of a log, or type the path of one.")
    path = None if "\n" in text else existing_path(text)
    if path is None:
        return explain([[given.encode(errors="replace")]])
    try:
        require_regular(path)
        captured = _captured(path, tell)
        return explain([_pieces(path, tell)]) if captured is None else captured
    except OSError as error:
        raise NothingToExplainError(f"{path_text(text)}: {error_text(error)}") from error


def _captured(path: Path, tell: Callable[[str], None]) -> Explained | None:
    """Read the associations in a capture; ``None`` if the file is no capture."""
    from dcmecho.capture.associations.reading import read_associations
    from dcmecho.capture.read import NotACaptureError, Progress

    def progress(at: Progress) -> None:
        tell(_so_far(at.bytes_read, path))

    try:
        found = read_associations([str(path)], progress, with_log=True)
    except NotACaptureError:
        return None
    groups = tuple(found.grouped())
    fine = tuple(each for each in groups if _is_fine(each))
    return Explained(
        tuple(each for each in groups if not _is_fine(each)),
        sum(each.alike.times for each in fine),
        untold=0,
        is_dicom=bool(found.accounts),
        without_failure=fine,
    )


def _is_fine(observed: ObservedAssociation) -> bool:
    return observed.report.verdict.status is VerdictStatus.OK


def _pieces(path: Path, tell: Callable[[str], None]) -> Iterator[bytes]:
    done = 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            done += len(piece)
            tell(_so_far(done, path))
            yield piece


def _so_far(done: int, path: Path) -> str:
    return f"{done >> 20} of {path.stat().st_size >> 20} MB"
