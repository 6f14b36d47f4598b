"""What stands in the place of a diagnosis where there is no target that can run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.book.model import Problem, Profile, ProfileBook


@dataclass(frozen=True, slots=True)
class KeyHint:
    """What can be done, and the key (or the command) that does it."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class FileWords:
    """A title, a sentence, the problems of the file that it is about, and what can be done."""

    title: str
    head: str
    problems: Sequence[Problem] = ()
    ways: Sequence[KeyHint] = ()


def file_words(book: ProfileBook, profile: Profile | None) -> FileWords:
    """Tell what is wrong with the file or with a target of it, or that there is none to show."""
    if profile is not None:
        title = profile.name or "A target without a name"
        head = "This target cannot run: the file has to be mended first. e edits it."
        return FileWords(title, head, profile.problems)
    if book.problems:
        head = "These parts of the file are not as they should be:"
        return FileWords(str(book.path), head, book.problems)
    if book.profiles:
        return FileWords("Targets", "No target contains this: / changes it.")
    return _welcome(printable(str(book.path)))


def _welcome(path: str) -> FileWords:
    return FileWords(
        "Welcome",
        "No targets yet. A target is a DICOM application to test: its host, port and AE title.",
        ways=(
            KeyHint("n", f"adds one. It is kept in {path}."),
            KeyHint(
                "I",
                "imports them: from Orthanc, dcmqrscp, dcm4che or a table, or pasted as"
                " AET@host:port.",
            ),
            KeyHint("L", "listens: shows who calls us, and what they really send."),
            KeyHint("?", "shows all keys; q quits."),
            KeyHint(
                "dcmecho demo", "on the command line: peers to practise on, healthy and broken."
            ),
        ),
    )
