"""Reads a profiles.toml. Writing is in ``edit``, which costs more to import."""

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
    """The file cannot be read or holds no TOML; ``problem`` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def load(path: Path) -> ProfileBook:
    """Read the profiles of a file. Raises nothing: what is wrong stands in the book.

    A missing file gives an empty book. One that cannot be read or is no TOML gives a book with
    that one problem, without targets, not writable. Over one that this user may not write lies the
    personal file (``locate.overlay_of``); where that cannot be read and may hold reasons to refuse,
    no target can run.
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
    """The book where the personal file cannot be read.

    Where that may forbid to probe a target, none can run until it is mended.
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
    """Read one file, ``None`` for a missing one. Raises ``UnreadableFileError``."""
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
    """Split the content of a file into its text, without byte order mark, and its values.

    The newest is kept, and its values are not to be changed: a save begins with what was read last,
    and what it wrote is read again; with 5,000 targets a parse is a third of either. Raises
    ``UnreadableFileError`` for what is not UTF-8 or not TOML.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:02x} is not UTF-8: save the file as UTF-8"
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
        message = f"the file ends too early to be TOML: {reason}" if place else reason
    return Problem(path, line, "", message)
