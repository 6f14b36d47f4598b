"""Save edits to the profile file, and read it again.

Everything here blocks for as long as the disk takes, and does not touch the screen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from dcmecho.console.editing.draft import Draft
from dcmecho.console.file.profile_keys import key_of, profile_key
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.target.tls_keys import TlsSwitch
from dcmecho.profiles.book.load import load, sources
from dcmecho.profiles.book.model import Profile, ProfileBook
from dcmecho.profiles.book.tables.tls import PASSPHRASES
from dcmecho.profiles.book.tables.written_tls import NO_TLS, TlsChanges

if TYPE_CHECKING:
    from dcmecho.profiles.book.change import Collision, FileChange, TargetEdit
    from dcmecho.profiles.exchange.planning import ImportPlan

Stamp = tuple[tuple[int, ...] | None, ...]
"""Time, length, inode, mode, owner and group of each file: they tell its states on disk apart."""


@dataclass(frozen=True, slots=True)
class BookReading:
    """A book, and the state of the files on disk that it was read from."""

    book: ProfileBook
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class SavedChange:
    """One change to the file.

    ``words`` name it, as in "undid the edit to Main PACS". ``key`` is the key of the changed
    target, empty for none or several. ``former_key`` is its key before the change, empty for a new
    target.
    """

    change: FileChange
    words: str
    key: str = ""
    former_key: str = ""


def read(path: Path) -> BookReading:
    """Read the file; if it is read-only, also the user's own file that overrides it."""
    stamp = stamp_of(*sources(path))
    return BookReading(load(path), stamp)


def read_if_changed(path: Path, stamp: Stamp) -> BookReading | None:
    """Read the file again if it has changed on disk."""
    return None if stamp_of(*sources(path)) == stamp else read(path)


def stamp_of(*paths: Path) -> Stamp:
    """Return the state of the files on disk."""
    return tuple(_stamp(path) for path in paths)


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    changed = (found.st_mtime_ns, found.st_size, found.st_ino)
    return (*changed, found.st_mode, found.st_uid, found.st_gid)


def save(
    path: Path, draft: Draft, changes: Mapping[Field, Value | None], tls: TlsChanges
) -> SavedChange:
    """Save a new target. Raises ``ProfileError`` or ``OSError``."""
    from dcmecho.profiles.edit.edit import add_target, clone_target

    name = str(changes.get(Field.NAME) or "")
    if draft.original is not None:
        original = draft.original
        change = clone_target(path, original.name, changes, original.occurrence, tls)
        return SavedChange(change, f"the addition of {name}", key=name)
    values = {field: value for field, value in changes.items() if value is not None}
    return SavedChange(add_target(path, values, tls), f"the addition of {name}", key=name)


def edit_of(
    profile: Profile, changes: Mapping[Field, Value | None], tls: TlsChanges = NO_TLS
) -> TargetEdit:
    """Return the edit that makes these changes to a target."""
    from dcmecho.profiles.book.change import TargetEdit

    at = (profile.name, profile.occurrence)
    return TargetEdit(*at, changes, profile.own, tls, profile.own_tls)


def save_edits(path: Path, edits: Sequence[TargetEdit]) -> SavedChange:
    """Save edits of several targets in one write. Raises what :func:`save` raises."""
    from dcmecho.profiles.edit.edit import save_targets

    change = save_targets(path, edits)
    if len(edits) != 1:
        return SavedChange(change, f"the edit to {len(edits)} targets", "")
    (edit,) = edits
    former = key_of(edit.name, edit.occurrence)
    if Field.NAME in edit.changes:
        name = str(edit.changes[Field.NAME] or "")
        return SavedChange(change, f"the edit to {name}", name, former)
    return SavedChange(change, f"the edit to {edit.name}", former, former)


def settled(
    edits: Sequence[TargetEdit], collisions: Collection[Collision], ours: Collection[Collision]
) -> tuple[TargetEdit, ...]:
    """Return the edits after a conflict, in which ``ours`` replace the values of the file."""
    return tuple(_settled(edit, collisions, ours) for edit in edits)


def _settled(
    edit: TargetEdit, collisions: Collection[Collision], ours: Collection[Collision]
) -> TargetEdit:
    changes, base = dict(edit.changes), dict(edit.base or {})
    for collision in collisions:
        key, theirs = collision.field, collision.theirs
        if not isinstance(key, Field) or not _is_of(collision, edit):
            continue
        if collision not in ours:
            del changes[key]
        elif theirs is None:
            base.pop(key, None)
        elif not isinstance(theirs, tuple):
            base[key] = theirs
    about_tls = [each for each in collisions if _is_of(each, edit)]
    return _settled_tls(replace(edit, changes=changes, base=base), about_tls, ours)


def _is_of(collision: Collision, edit: TargetEdit) -> bool:
    return (collision.name, collision.occurrence) == (edit.name, edit.occurrence)


def _settled_tls(
    edit: TargetEdit, collisions: Collection[Collision], ours: Collection[Collision]
) -> TargetEdit:
    """Settle the TLS values. If their table stays, or their end of it, so do all their values."""
    if not edit.tls:
        return edit
    changes, base = dict(edit.tls), dict(edit.tls_base or {})
    for collision in collisions:
        item, theirs = collision.field, collision.theirs
        if isinstance(item, Field):
            continue
        if collision not in ours:
            ends_it = edit.tls.get(TlsSwitch.TLS) is not True
            if ends_it or item in TlsSwitch:
                return replace(edit, tls={})
            for each in PASSPHRASES if item in PASSPHRASES else (item,):
                changes.pop(each, None)
        elif theirs is None:
            base.pop(item, None)
        elif not isinstance(theirs, int | float) or isinstance(theirs, bool):
            base[item] = theirs
    return replace(edit, tls=changes, tls_base=base)


def delete(path: Path, profile: Profile) -> SavedChange:
    """Delete a target from the file. Raises ``ProfileError`` or ``OSError``."""
    from dcmecho.profiles.edit.edit import delete_target

    change = delete_target(path, profile.name, profile.occurrence)
    return SavedChange(change, f"the deletion of {profile.name}", former_key=profile_key(profile))


def import_targets(path: Path, planned: ImportPlan) -> SavedChange:
    """Write the targets of an import. Raises what :func:`save` raises."""
    from dcmecho.profiles.exchange.applying import apply_plan

    words = f"the import of {count(len(planned.written), 'target')}"
    return SavedChange(apply_plan(path, planned), words)


def take_back(written: SavedChange) -> SavedChange:
    """Undo a change. Raises ``ProfileError`` or ``OSError``."""
    from dcmecho.profiles.edit.history import undo

    change = undo(written.change)
    return SavedChange(change, written.words, key=written.former_key, former_key=written.key)
