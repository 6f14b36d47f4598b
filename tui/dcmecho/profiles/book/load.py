"""Reads a profiles.toml. Writing is in ``edit``, which takes longer to import."""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.diagnosis.target.fields import Field
from dcmecho.owners import who_else_writes
from dcmecho.profiles.book.books import book_of
from dcmecho.profiles.book.locate import (
    is_own_file,
    is_writable,
    overlay_of,
    own_file,
    own_file_text,
    real_place,
)
from dcmecho.profiles.book.model import Problem, ProfileBook
from dcmecho.profiles.book.reading import FileReading
from dcmecho.profiles.book.refusing import may_refuse
from dcmecho.profiles.book.settings import SETTINGS_KEY, Settings, Values, in_force
from dcmecho.profiles.book.standing import FULL, Standing
from dcmecho.profiles.book.syntax import long_key
from dcmecho.regular_file import read_with_status

_ERROR_PLACE = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


_MOST_COMPARISONS = 200_000
_TOO_DEEP = "is nested too deeply to be a profiles file"


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
    if may_refuse(overlay):
        profiles = tuple(
            replace(profile, target=None, problems=(problem, *profile.problems))
            for profile in profiles
        )
    problems = (problem, *book.problems)
    return replace(book, overlay=overlay, profiles=profiles, problems=problems)


def sources(path: Path) -> tuple[Path, ...]:
    """Return the files that the book of a file is made of: the file, and perhaps the user's own."""
    with contextlib.suppress(OSError):
        if who_else_writes(path.stat()) or overlay_of(path):
            return (path, own_file())
    return (path,)


def settings(path: Path) -> Settings:
    """Return the settings in force while a file is used. Raises nothing."""
    return in_force(_own_settings(), {} if is_own_file(path) else _settings_of(path))


def is_trusted(path: Path) -> bool:
    """Report whether the user's own settings name a file as one to trust."""
    trusted = in_force(_own_settings(), {}).trust
    return real_place(path) in map(real_place, trusted)


def _own_settings() -> Values:
    return _settings_of(own_file())


def _settings_of(path: Path) -> Values:
    try:
        file = _read(path)
    except UnreadableFileError:
        return {}
    return file.settings if file else {}


def _read(path: Path) -> FileReading | None:
    """Read one file; return ``None`` if it is missing. Raises ``UnreadableFileError``."""
    try:
        content, found = read_with_status(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        problem = Problem(path, 1, "", f"cannot be read: {error.strerror or error}")
        raise UnreadableFileError(problem) from error
    text, document = parse(path, content)
    standing = standing_of(path, found, has_settings=SETTINGS_KEY in document)
    return FileReading(path, text, document, standing)


def standing_of(path: Path, found: os.stat_result, *, has_settings: bool = False) -> Standing:
    """Judge whose a file is; ``found`` describes the very file that was read."""
    reason = who_else_writes(found, "this file")
    if not reason and not has_settings:
        return FULL
    if is_own_file(path):
        return Standing(f"{reason}. It counts when only you can write the file" if reason else "")
    own = own_file_text()
    if not reason or is_trusted(path):
        return Standing(elsewhere=own)
    place = json.dumps(path_text(real_place(path)), ensure_ascii=False)
    return Standing(f"{reason}. To allow it, add trust = [{place}] to [settings] in {own}", own)


@lru_cache(maxsize=2)
def parse(path: Path, content: bytes) -> tuple[str, dict[str, Any]]:
    """Parse the content of a file: its text without byte order mark, and its values.

    The last results are cached, for the file and the user's own, so callers must not change their
    values. A save starts from the content that was read last, and the content it wrote is read
    again; with 5,000 targets, parsing is a third of the time of each. Raises
    ``UnreadableFileError`` if it is not UTF-8 or not TOML.
    """
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"byte {content[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise UnreadableFileError(Problem(path, line, "", message)) from error
    try:
        if line := long_key(text):
            raise UnreadableFileError(Problem(path, line, "", _TOO_DEEP))
        document = tomllib.loads(text)
    except ValueError as error:
        raise UnreadableFileError(_syntax_problem(path, text, error)) from error
    except RecursionError as error:
        raise UnreadableFileError(Problem(path, 1, "", _TOO_DEEP)) from error
    if _has_too_many_groups(document):
        message = "has too many groups; each group of a target is compared with each [group.NAME]"
        raise UnreadableFileError(Problem(path, 1, "group", message))
    return text, document


def _has_too_many_groups(document: Mapping[str, Any]) -> bool:
    """Report whether misspelled groups (``books``) would take more than a few seconds to find."""
    groups, targets = document.get("group"), document.get("target")
    if not isinstance(groups, dict) or not isinstance(targets, list):
        return False
    named = {
        group
        for each in targets
        if isinstance(each, dict) and isinstance(group := each.get(Field.GROUP), str)
    }
    return len(groups) * len(named - groups.keys()) > _MOST_COMPARISONS


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
