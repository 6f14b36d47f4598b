"""Saves a log, a report or a message to a new file, never over an existing one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from dcmecho.console.symbols import Mark
from dcmecho.diagnosis.sanitize import error_text, path_text
from dcmecho.new_file import write_new


class SavedKind(StrEnum):
    """The kind of contents; it is part of the file's name."""

    LOG = "log"
    REPORT = "report"
    HANDOVER = "handover"
    CALLERS = "callers"
    EXPORT = "export"
    SERVICES = "services"
    REGISTRATION = "registration"


@dataclass(frozen=True, slots=True)
class SaveResult:
    """The message about a saved text, and whether it was saved."""

    text: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Saving:
    """Saves texts to new files in one folder, and says where."""

    folder: Path | None
    """``None``: the current one, when something is saved."""

    def keep(self, kind: SavedKind, name: str, text: str, suffix: str = ".txt") -> SaveResult:
        """Save ``text``."""
        return self._kept(kind, name, text, "Saved {path}", suffix)

    def copy_and_keep(
        self,
        copy: Callable[[str], object],
        kind: SavedKind,
        name: str,
        text: str,
        suffix: str = ".txt",
    ) -> SaveResult:
        """Copy ``text`` to the terminal's clipboard, and save it as well.

        The file is needed because a terminal never reports whether it took the text.
        """
        copy(text)
        return self._kept(
            kind,
            name,
            text,
            "Saved {path} and copied it, if the terminal allows that (or select with shift+drag)",
            suffix,
        )

    def _kept(
        self, kind: SavedKind, name: str, text: str, said: str, suffix: str = ".txt"
    ) -> SaveResult:
        try:
            folder = self.folder or Path.cwd()
            path = save_text(folder, kind, name, datetime.now(UTC), text, suffix)
        except OSError as error:
            place = path_text(self.folder) if self.folder else "the current folder"
            said = f"The {kind} was not saved in {place}: {error_text(error)}"
            return SaveResult(said, Mark.FAILED)
        return SaveResult(said.format(path=path_text(path)), Mark.OK)


def save_text(
    folder: Path, kind: SavedKind, name: str, at: datetime, text: str, suffix: str = ".txt"
) -> Path:
    """Write ``dcmecho-KIND-NAME-TIME.txt`` into ``folder``; ``suffix`` replaces ``.txt``.

    Raises ``OSError``.
    """
    for path in _candidates(folder, kind, name, at, suffix):
        try:
            write_new(path, text)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{folder} already has too many files from this second")


def _candidates(
    folder: Path, kind: SavedKind, name: str, at: datetime, suffix: str
) -> Iterator[Path]:
    slug = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] or "target"
    stem = f"dcmecho-{kind}-{slug}-{at.astimezone():%Y%m%d-%H%M%S}"
    yield folder / f"{stem}{suffix}"
    for number in range(2, 100):
        yield folder / f"{stem}-{number}{suffix}"
