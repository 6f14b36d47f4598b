"""Edits of the file: what to change, what was changed, and collisions with other edits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dcmecho.diagnosis.sanitize import path_text
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.tables.written_tls import TlsChanges, TlsValues, WrittenTls, is_secret
from dcmecho.profiles.book.values import same_value
from dcmecho.profiles.book.wording import shown

Changes = Mapping[Field, Value | None]
"""Values to write; ``None`` removes a value."""

_UNLOCKED = "if someone else saved at the same moment, one of the two changes is lost."


@dataclass(frozen=True, slots=True)
class FileChange:
    """One save: the bytes of the file before it (``None`` if there was no file) and after it.

    ``is_locked`` is false on a file system without locks, where saves can be made at once.
    """

    path: Path
    before: bytes | None
    after: bytes
    is_locked: bool = True

    @property
    def is_empty(self) -> bool:
        """Report whether the file already had this content."""
        return (self.before or b"") == self.after

    @property
    def caution(self) -> str:
        """What the user has to know of this save; empty for nothing."""
        if self.is_locked or self.is_empty:
            return ""
        return f"{path_text(self.path.parent)} has no locks: {_UNLOCKED}"


@dataclass(frozen=True, slots=True)
class TargetEdit:
    """Changes of one target, found by ``name`` and ``occurrence`` as in ``Profile``.

    A change to ``None`` removes a value, so it is inherited again. ``base`` has the target's own
    values as the editor saw them; without it any value in the file is replaced.
    """

    name: str
    occurrence: int
    changes: Changes
    base: Mapping[Field, Value] | None = None
    tls: TlsChanges = field(default_factory=dict)
    tls_base: TlsValues | None = None


@dataclass(frozen=True, slots=True)
class Collision:
    """A key of the target ``name`` that two people changed to different values.

    ``occurrence`` tells targets of the same name apart. ``base`` is the value both started from,
    ``theirs`` the value now in the file, ``ours`` the one to write; ``None`` means no own value.
    ``theirs`` is text if the file has a value of a type that no key takes.
    """

    field: TargetKey
    base: Value | WrittenTls | None
    theirs: Value | WrittenTls | None
    ours: Value | WrittenTls | None
    name: str
    occurrence: int = 0

    def __str__(self) -> str:
        theirs, ours = (self._shown(value) for value in (self.theirs, self.ours))
        return f"{self.name}: {self.field}: theirs {theirs}, yours {ours}"

    def _shown(self, value: Value | WrittenTls | None) -> str:
        if value is None:
            return "removed"
        return "(not shown)" if is_secret(self.field) else shown(value)


class EditConflict(ProfileError):
    """The file no longer has the values that the editor saw. Nothing was written.

    To go on, save again without the keys to keep as they are, and with ``theirs`` as the ``base``
    of the keys to overwrite.
    """

    def __init__(self, path: Path, collisions: Sequence[Collision]) -> None:
        told = "; ".join(map(str, collisions))
        super().__init__(f"{path}: someone else changed this file: {told}")
        self.collisions = tuple(collisions)


def collisions(edit: TargetEdit, own: Mapping[str, object], tls: TlsValues) -> list[Collision]:
    """Find changes in the file that an edit would overwrite.

    ``own`` and ``tls`` have the target's values in the file.
    """
    at = (edit.name, edit.occurrence)
    found: list[Collision] = []
    if edit.base is not None:
        found += [
            Collision(key, edit.base.get(key), _as_value(own.get(key)), value, *at)
            for key, value in edit.changes.items()
            if _collide(edit.base.get(key), own.get(key), value)
        ]
    if edit.tls_base is not None:
        found += [
            Collision(item, edit.tls_base.get(item), tls.get(item), written, *at)
            for item, written in edit.tls.items()
            if _collide(edit.tls_base.get(item), tls.get(item), written)
        ]
    return found


def _collide(base: object, theirs: object, ours: object) -> bool:
    return not same_value(theirs, ours) and not same_value(theirs, base)


def _as_value(value: object) -> Value | None:
    return value if isinstance(value, str | int | float | None) else shown(value)
