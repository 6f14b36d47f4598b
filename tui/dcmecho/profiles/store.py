"""Reads a profiles.toml. Writing is in ``edit``, which costs more to import."""

from __future__ import annotations

import codecs
import os
import re
import tomllib
from pathlib import Path
from typing import Any

from dcmecho.profiles.locate import real_place
from dcmecho.profiles.model import Problem, ProfileBook
from dcmecho.profiles.reading import read_book

_ERROR_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


class UnreadableFileError(Exception):
    """The file holds no TOML; ``problem`` says where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def load(path: Path) -> ProfileBook:
    """Read the profiles of a file. Raises nothing: what is wrong stands in the book.

    A missing file gives an empty book. One that cannot be read or is no TOML gives a book with
    that one problem, without targets, not writable.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return ProfileBook(path, exists=False, writable=is_writable(path))
    except OSError as error:
        problem = Problem(path, 1, "", f"cannot be read: {error.strerror or error}")
        return ProfileBook(path, exists=True, writable=False, problems=(problem,))
    try:
        text, document = parse(path, content)
    except UnreadableFileError as error:
        return ProfileBook(path, exists=True, writable=False, problems=(error.problem,))
    return read_book(path, text, document, writable=is_writable(path))


def parse(path: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    """Split the content of a file into its text, without byte order mark, and its values.

    Raises ``UnreadableFileError`` for what is not UTF-8 or not TOML.
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


def is_writable(path: Path) -> bool:
    """Whether this user may replace the file, or create it with the folders it needs."""
    place = real_place(path)
    if os.path.exists(place) and not os.access(place, os.W_OK):
        return False
    folder = next(parent for parent in place.parents if os.path.exists(parent))
    return os.path.isdir(folder) and os.access(folder, os.W_OK | os.X_OK)


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
