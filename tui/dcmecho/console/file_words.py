"""What stands in the place of a diagnosis where there is no target that can run. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.diagnosis.sanitize import printable
from dcmecho.profiles.model import Problem, Profile, ProfileBook


@dataclass(frozen=True, slots=True)
class FileWords:
    """A title, a sentence, and the problems of the file that it is about."""

    title: str
    head: str
    problems: Sequence[Problem] = ()


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
    return FileWords(
        "Welcome", f"No targets yet: n adds one, to be kept in {printable(str(book.path))}."
    )
