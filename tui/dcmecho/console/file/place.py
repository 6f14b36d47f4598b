"""The place of a target in its file: where a text editor begins. Reads the file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dcmecho.profiles.book.model import Origin, Problem, Profile, ProfileBook, ProfileError
from dcmecho.profiles.text.text import ProfileText
from dcmecho.regular_file import read_regular


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A line of a file, counted from 1."""

    path: Path
    line: int


def place_of(book: ProfileBook, profile: Profile | None) -> FilePlace:
    """Return where a target is, or its first error; without a target, the first of the file."""
    problems = book.problems if profile is None else profile.problems if not profile.target else ()
    if (first := next(iter(errors(problems)), None)) is not None:
        return FilePlace(first.path, first.line)
    if profile is None:
        return FilePlace(book.path, 1)
    if book.overlay is None or (profile.origin is Origin.FILE and not profile.overrides):
        return _place(book.path, profile.name, profile.occurrence)
    return _place(book.overlay, profile.name, _personal_occurrence(book, profile))


def errors(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Return the problems that are more than a notice."""
    return tuple(problem for problem in problems if not problem.is_notice)


def _personal_occurrence(book: ProfileBook, profile: Profile) -> int:
    """Return which of the personal tables of this name it is; the first one can be an override."""
    alike = [each for each in book.profiles if each.name == profile.name]
    below = sum(each.origin is Origin.FILE for each in alike)
    if profile.origin is Origin.FILE:
        return 0
    return profile.occurrence - below + (1 if below and profile.name else 0)


def _place(path: Path, name: str, occurrence: int) -> FilePlace:
    try:
        file = ProfileText.of(path, read_regular(path))
        number = file.number_of(name, occurrence)
    except (OSError, ProfileError):
        return FilePlace(path, 1)
    if file.array is None:
        return FilePlace(path, file.blocks[number][0].header.line)
    lines = file.text[file.array.start : file.array.end].splitlines()
    named = (line for line, text in enumerate(lines, file.array.line) if name and name in text)
    return FilePlace(path, next(named, file.array.line))
