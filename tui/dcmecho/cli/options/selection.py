"""Selects targets of the profile file for a command: by name, or all."""

from __future__ import annotations

import argparse
import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from dcmecho.cli.output.complaint import complain
from dcmecho.diagnosis.target.prohibition import Prohibitions
from dcmecho.diagnosis.target.target import Target
from dcmecho.exit_codes import ExitCode
from dcmecho.profiles.book.finding import find_file
from dcmecho.profiles.book.load import load
from dcmecho.profiles.book.model import Problem, ProfileBook


@dataclass(frozen=True, slots=True)
class Selection:
    """The selected targets, and messages about those that cannot be selected.

    ``notes`` are about targets that the file forbids to check, and ``notices`` about keys that do
    not count in it, which are no failures.
    """

    targets: tuple[Target, ...]
    complaints: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    def tell(self) -> None:
        """Print the messages on stderr."""
        for text in (*self.notices, *self.notes, *self.complaints):
            complain(text)

    @property
    def nothing_to_do(self) -> ExitCode:
        """Return the exit code if no target is left."""
        return ExitCode.PROFILE if self.notes else ExitCode.USAGE


_FOUND = "profiles_found"
"""What of a command line keeps the file, once it was looked for."""


def profile_book(given: argparse.Namespace) -> ProfileBook:
    """Read the profile file that ``--profiles`` names, or the default one."""
    return load(profile_path(given))


def profile_path(given: argparse.Namespace) -> Path:
    """Return the profile file that ``--profiles`` names, or the default one.

    A file that is passed over is told on stderr, once.
    """
    if _FOUND not in given:
        found = find_file(given.profiles, os.environ, Path())
        if found.notice:
            complain(found.notice)
        setattr(given, _FOUND, found.path)
    path = getattr(given, _FOUND)
    assert isinstance(path, Path), "what find_file returns"
    return path


def every(book: ProfileBook) -> Selection:
    """Select every target that is allowed to be checked."""
    complaints = [str(problem) for problem in book.problems if not problem.is_notice]
    if not book.exists:
        complaints.append(f"{book.path} does not exist (--profiles names another file)")
    elif not book.profiles and not complaints:
        complaints.append(f"{book.path} has no [[target]], so there is nothing to do")
    notices = _notices(book.problems)
    selection = Selection(book.targets, tuple(complaints), notices=notices)
    return without_forbidden(selection, book.prohibitions)


def named(book: ProfileBook, names: Sequence[str]) -> Selection:
    """Select targets by name, including forbidden ones: their check says why."""
    targets: list[Target] = []
    complaints: list[str] = []
    notices: list[str] = []
    for name in names:
        profile = book.find(name)
        if profile is None:
            complaints.append(_unknown(book, name))
        elif profile.target is None:
            complaints += [str(problem) for problem in profile.problems]
        else:
            targets.append(profile.target)
            notices += _notices(profile.problems)
    return Selection(tuple(targets), tuple(complaints), notices=tuple(notices))


def without_forbidden(selection: Selection, prohibitions: Prohibitions) -> Selection:
    """Remove the targets that the file forbids to check, and note them.

    Of two names for one peer, which only a lookup finds, the check of each says why.
    """
    forbidden = {(each.host.casefold(), each.port): each for each in prohibitions.entries}
    allowed: list[Target] = []
    notes = list(selection.notes)
    for target in selection.targets:
        found = forbidden.get((target.host.casefold(), target.port))
        if target.do_not_probe or found:
            notes.append(f"{target.name}: {target.not_checked or found}")
        else:
            allowed.append(target)
    return replace(selection, targets=tuple(allowed), notes=tuple(notes))


def _notices(problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(str(problem) for problem in problems if problem.is_notice)


def _unknown(book: ProfileBook, name: str) -> str:
    if not book.exists:
        return (
            f"no target named {name}, because {book.path} does not exist"
            " (--profiles names another file)"
        )
    hint = did_you_mean(name, [profile.name for profile in book.profiles])
    return f"no target named {name} in {book.path}{hint}"


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """Return ``. Did you mean Main PACS?``, or an empty text if no known name is similar."""
    near = difflib.get_close_matches(name, known, n=1)
    return f". Did you mean {near[0]}?" if near else ""
