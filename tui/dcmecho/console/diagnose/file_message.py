"""The text of the diagnosis pane if no target can be checked. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.profiles.book.model import Problem, Profile, ProfileBook


@dataclass(frozen=True, slots=True)
class KeyHint:
    """Something the user can do, and the key (or the command) for it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class FileMessage:
    """A title, a sentence, the problems of the file that it is about, and what the user can do."""

    title: str
    head: str
    problems: Sequence[Problem] = ()
    hints: Sequence[KeyHint] = ()


def file_message(book: ProfileBook, profile: Profile | None) -> FileMessage:
    """Describe the problems of the file or of one target, or how to add the first target."""
    if profile is not None:
        title = profile.name or "Target without a name"
        head = "This target has errors in the file and cannot be checked. Press e to fix them."
        return FileMessage(title, head, profile.problems)
    if book.problems:
        head = "The file has these problems:"
        return FileMessage(path_text(book.path), head, book.problems)
    if book.profiles:
        return FileMessage("Targets", "No target matches the filter. Press / to change it.")
    return _welcome(path_text(book.path))


def _welcome(path: str) -> FileMessage:
    return FileMessage(
        "Welcome",
        "No targets yet. A target is a DICOM application that you want to test: its host, port and"
        " AE title.",
        hints=(
            KeyHint("n", f"adds a target to {path}."),
            KeyHint(
                "I",
                "imports targets from Orthanc, dcmqrscp, dcm4che or a CSV table, or from pasted"
                " AET@host:port lines.",
            ),
            KeyHint("L", "listens: shows who calls you and what each one really sends."),
            KeyHint("?", "shows all keys; q quits."),
            KeyHint(
                "dcmecho demo",
                "opens practice peers, healthy and broken (type it on the command line).",
            ),
        ),
    )
