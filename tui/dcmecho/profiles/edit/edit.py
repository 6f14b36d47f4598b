"""Changes targets in a profiles.toml without changing any other byte.

The file is read again before each change, so edits made by others in between are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.change import (
    Changes,
    Collision,
    EditConflict,
    FileChange,
    TargetEdit,
    collisions,
)
from dcmecho.profiles.book.locate import overlay_of
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.tables.written_tls import (
    NO_TLS,
    TlsChanges,
    news_of,
    written_problem,
    written_tls,
)
from dcmecho.profiles.book.values import same_value, type_problem
from dcmecho.profiles.book.wording import shown
from dcmecho.profiles.edit.overlay import Overlay
from dcmecho.profiles.file.rewriting import rewrite
from dcmecho.profiles.text.inline import InlineTargets
from dcmecho.profiles.text.tables import TargetTables
from dcmecho.profiles.text.text import ProfileText
from dcmecho.profiles.text.tls import with_tls


def save_targets(
    path: Path, edits: Sequence[TargetEdit], additions: Sequence[Mapping[Field, Value]] = ()
) -> FileChange:
    """Change targets, and add new ones at the end of the file, all in one write.

    Raises ``EditConflict`` if the file now has a value that is neither an edit's ``base`` nor the
    new value, else ``ProfileError``; the file is then unchanged.
    """
    for edit in edits:
        _check_types(path, edit.changes, edit.tls)
    for values in additions:
        _check_types(path, values)
    return rewrite_text(path, lambda file, below: saved(file, below, edits, additions))


def add_target(path: Path, values: Mapping[Field, Value], tls: TlsChanges = NO_TLS) -> FileChange:
    """Add a target at the end of the file, creating the file and its folder if missing.

    Raises ``ProfileError``; the file is then unchanged.
    """
    _check_types(path, values, tls)
    return rewrite_text(
        path, lambda file, below: _last_with(file, saved(file, below, [], [values]), tls)
    )


def clone_target(
    path: Path,
    original_name: str,
    changes: Changes,
    occurrence: int = 0,
    tls: TlsChanges = NO_TLS,
) -> FileChange:
    """Add a copy of a target, with its TLS table and everything inside it, at the end of the file.

    ``changes`` and ``tls`` are applied to the copy like those of a ``TargetEdit``; they include its
    new name. Raises ``ProfileError``; the file is then unchanged.
    """
    _check_types(path, changes, tls)

    def cloned(file: ProfileText, below: Overlay | None) -> str:
        return _last_with(file, _cloned(file, below, original_name, changes, occurrence), tls)

    return rewrite_text(path, cloned)


def delete_target(path: Path, name: str, occurrence: int = 0) -> FileChange:
    """Delete a target with the tables and comments inside it; comments around it stay.

    Raises ``ProfileError``; the file is then unchanged.
    """
    return rewrite_text(path, lambda file, below: _deleted(file, below, name, occurrence))


def rewrite_text(path: Path, edited: Callable[[ProfileText, Overlay | None], str]) -> FileChange:
    """Replace the text of a file with the result of ``edited``. Raises ``ProfileError``.

    If the file is read-only for this user, the text is that of the personal file, and ``edited``
    also gets the overlay.
    """
    place = overlay_of(path) or path

    def content(before: bytes | None) -> bytes:
        file = ProfileText.of(place, before)
        below = None if place is path else Overlay.over(path)
        return file.content_of(edited(file, below))

    return rewrite(place, content)


def saved(
    file: ProfileText,
    below: Overlay | None,
    edits: Sequence[TargetEdit],
    additions: Sequence[Mapping[Field, Value]],
) -> str:
    """Return the text with targets changed and added. Raises like ``save_targets``."""
    if below is None:
        return _with_changes(file, edits, additions)
    for values in (*(edit.changes for edit in edits), *additions):
        below.check_free(values.get(Field.NAME))
    own_edits, overrides = below.translated(file, edits)
    return _with_changes(file, own_edits, [*overrides, *additions])


def _last_with(file: ProfileText, text: str, tls: TlsChanges) -> str:
    """Return the text with TLS values of its last target changed."""
    grown = file.with_text(text) if tls else file
    return with_tls(grown, len(grown.tables) - 1, tls) if tls else text


def _with_changes(
    file: ProfileText, edits: Sequence[TargetEdit], additions: Sequence[Mapping[Any, Any]]
) -> str:
    """Return the text with targets changed and added. Raises like ``save_targets``."""
    wanted, tls = _differing(file, edits)
    text = _with_values(file, wanted, additions)
    for number, changes in tls.items():
        text = with_tls(file.with_text(text), number, changes)
    return text


def _with_values(
    file: ProfileText,
    wanted: dict[int, dict[Field, Value | None]],
    additions: Sequence[Mapping[Any, Any]],
) -> str:
    for number, values in enumerate(additions, start=len(file.tables)):
        wanted[number] = {Field.NAME: None, **values}
    if not wanted:
        return file.text
    _check_names(file, wanted)
    edited = file.text
    if changes := {n: keys for n, keys in wanted.items() if n < len(file.tables)}:
        edited = _targets(file).edited(changes)
    if additions:
        edited = _targets(file.with_text(edited)).with_added(additions)
    _check_outcome(file, edited, wanted)
    return edited


def _cloned(
    file: ProfileText, below: Overlay | None, name: str, changes: Changes, occurrence: int
) -> str:
    if below:
        below.check_free(changes.get(Field.NAME))
        if copied := below.copied(file, name, occurrence):
            values: dict[Any, Any] = {**copied, Field.NAME: None, **changes}
            given = {key: value for key, value in values.items() if value is not None}
            return _with_changes(file, [], [given])
        occurrence = below.personal_occurrence(name, occurrence)
    number, copy = file.number_of(name, occurrence), len(file.tables)
    _check_names(file, {copy: {Field.NAME: None, **changes}})
    grown = file.with_text(_targets(file).with_copy(number))
    text = _targets(grown).edited({copy: _news(grown.tables[copy], changes)})
    _check_outcome(file, text, {copy: changes})
    return text


def _deleted(file: ProfileText, below: Overlay | None, name: str, occurrence: int) -> str:
    if below:
        occurrence = below.personal_occurrence(name, occurrence)
    text = _targets(file).without(file.number_of(name, occurrence))
    return file.with_text(text).text


def _targets(file: ProfileText) -> TargetTables | InlineTargets:
    return InlineTargets(file, file.array) if file.array else TargetTables(file)


def _differing(
    file: ProfileText, edits: Sequence[TargetEdit]
) -> tuple[dict[int, dict[Field, Value | None]], dict[int, TlsChanges]]:
    """Return the changes that the file does not have yet. Raises ``EditConflict``."""
    differing: dict[int, dict[Field, Value | None]] = {}
    tls: dict[int, TlsChanges] = {}
    found: list[Collision] = []
    for edit in edits:
        number = file.number_of(edit.name, edit.occurrence)
        own = file.tables[number]
        own_tls = written_tls(own)
        found += collisions(edit, own, own_tls)
        if news := _news(own, edit.changes):
            differing.setdefault(number, {}).update(news)
        if tls_news := news_of(own_tls, edit.tls):
            tls[number] = tls_news
    if found:
        raise EditConflict(file.path, found)
    return differing, tls


def _news(own: Mapping[str, object], changes: Changes) -> dict[Field, Value | None]:
    return {key: value for key, value in changes.items() if not same_value(own.get(key), value)}


def _check_types(path: Path, values: Changes, tls: TlsChanges = NO_TLS) -> None:
    problems = [
        *((key, type_problem(key, value)) for key, value in values.items() if value is not None),
        *((key, written_problem(key, value)) for key, value in tls.items() if value is not None),
    ]
    for key, problem in problems:
        if problem:
            raise ProfileError(f"{path}: {key}: {problem}")


def _check_names(file: ProfileText, changes: Mapping[int, Changes]) -> None:
    """Raise ``ProfileError`` if a new name is empty or another target has it."""
    renamed = {n: keys[Field.NAME] for n, keys in changes.items() if Field.NAME in keys}
    taken = {name for number, name in enumerate(file.names) if number not in renamed}
    for name in renamed.values():
        if not name:
            raise ProfileError(f"{file.path}: name: every target needs a name")
        if name in taken:
            told = f"another target is already named {shown(name)}"
            raise ProfileError(f"{file.path}: name: {told}")
        taken.add(str(name))


def _check_outcome(file: ProfileText, text: str, expected: Mapping[int, Changes]) -> None:
    """Raise ``ProfileError`` if the changed text does not have the new values."""
    tables = file.with_text(text).tables
    for number, keys in expected.items():
        for key, value in keys.items():
            if not same_value(tables[number].get(key), value):
                raise ProfileError(f"{file.path}: {key}: this value cannot be written to the file")
