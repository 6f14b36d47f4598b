"""Reads a profiles.toml. Writing is in ``edit``, which takes longer to import."""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.target.fields import REFUSALS
from dcmecho.profiles.book.books import book_of
from dcmecho.profiles.book.locate import is_writable, overlay_of
from dcmecho.profiles.book.model import Problem, ProfileBook
from dcmecho.profiles.book.reading import FileReading
from dcmecho.regular_file import read_regular

_ERROR_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class UnreadableFileError(Exception):
    """The file cannot be read or is not TOML; ``problem`` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def load(path: Path) -> ProfileBook:
    """Read the profiles of a file. Raises nothing: problems are in the book.

    A missing file gives an empty book. A file that cannot be read or is not TOML gives a book with
    that one problem, without targets and not writable. The personal file (``locate.overlay_of``)
    overrides a read-only file. If it cannot be read and might contain refusals, no target can run.
    """
    try:
        file = _read(path)
        if file is None:
            return ProfileBook(path, exists=False, writable=is_writable(path))
        overlay = overlay_of(path)
        if overlay is None:
            return book_of(file, writable=is_writable(path))
    except UnreadableFileError as error:
        return ProfileBook(path, exists=True, writable=False, problems=(error.problem,))
    try:
        personal = _read(overlay) or FileReading(overlay, "", {})
        return book_of(file, personal, writable=is_writable(overlay))
    except UnreadableFileError as error:
        return _without_personal(book_of(file, writable=False), overlay, error.problem)


def _without_personal(book: ProfileBook, overlay: Path, problem: Problem) -> ProfileBook:
    """Return the book for a personal file that cannot be read.

    If that file might forbid checking a target, no target can run until it is fixed.
    """
    profiles = book.profiles
    if _may_refuse(overlay):
        profiles = tuple(
            replace(profile, target=None, problems=(problem, *profile.problems))
            for profile in profiles
        )
    problems = (problem, *book.problems)
    return replace(book, overlay=overlay, profiles=profiles, problems=problems)


def _may_refuse(path: Path) -> bool:
    try:
        content = read_regular(path)
    except OSError:
        return True
    return any(key.encode() in content for key in REFUSALS)


def _read(path: Path) -> FileReading | None:
    """Read one file; return ``None`` if it is missing. Raises ``UnreadableFileError``."""
    try:
        content = read_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        problem = Problem(path, 1, "", f"cannot be read: {error.strerror or error}")
        raise UnreadableFileError(problem) from error
    text, document = parse(path, content)
    return FileReading(path, text, document)


@lru_cache(maxsize=1)
def parse(path: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    """Parse the content of a file: its text without byte order mark, and its values.

    The last result is cached, so callers must not change its values. A save starts from the content
    that was read last, and the content it wrote is read again; with 5,000 targets, parsing is a
    third of the time of each. Raises ``UnreadableFileError`` if it is not UTF-8 or not TOML.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableFileError(Problem(path, line, "", message)) from error
    try:
        return text, tomllib.loads(text)
    except ValueError as error:
        raise UnreadableFileError(_syntax_problem(path, text, error)) from error
    except RecursionError as error:
        message = "is nested too deeply to be a profiles file"
        raise UnreadableFileError(Problem(path, 1, "", message)) from error


def _syntax_problem(path: Path, text: str, error: ValueError) -> Problem:
    reason = str(error)
    place = _ERROR_PLACE.search(reason)
    reason = _ERROR_PLACE.sub("", reason)
    if place and place["line"]:
        line, column = int(place["line"]), int(place["column"])
        message = f"column {column} is not TOML: {reason}"
    else:
        line = text.rstrip().count("\n") + 1
        too_long = "a number in this file has too many digits"
        message = f"the file ends too early to be TOML: {reason}" if place else too_long
    return Problem(path, line, "", message)
