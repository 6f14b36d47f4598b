"""What an edit asks for, what it did to the file, and where it collides with somebody else's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dcmecho.diagnosis.sanitize import printable
from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.values import same_value
from dcmecho.profiles.book.wording import shown

Changes = Mapping[Field, Value | None]
"""Values to write, ``None`` for those to remove."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """One save: the bytes of the file before it, ``None`` for no file, and after it."""

    path: Path
    before: bytes | None
    after: bytes

    @property
    def is_empty(self) -> bool:
        """True where nothing had to be written."""
        return (self.before or b"") == self.after


@dataclass(frozen=True, slots=True)
class TargetEdit:
    """Changes of one target, found by ``name`` and ``occurrence`` as in ``Profile``.

    ``None`` removes a value, to be inherited again. ``base`` has the target's own values as the
    editor saw them; without it whatever stands in the file is replaced.
    """

    name: str
    occurrence: int
    changes: Changes
    base: Mapping[Field, Value] | None = None


@dataclass(frozen=True, slots=True)
class Collision:
    """A key of the target ``name`` that two have changed to different values.

    ``occurrence`` tells targets of the same name apart.
    ``base`` is what both began with, ``theirs`` stands in the file now, ``ours`` was to be
    written. ``None`` is no value of its own. ``theirs`` is text where it is no value of a target.
    """

    field: Field
    base: Value | None
    theirs: Value | None
    ours: Value | None
    name: str
    occurrence: int = 0

    def __str__(self) -> str:
        theirs, ours = (
            "removed" if value is None else shown(value) for value in (self.theirs, self.ours)
        )
        return f"{printable(self.name)}: {self.field}: theirs {theirs}, yours {ours}"


class EditConflict(ProfileError):
    """The file says something else now than the editor saw. Nothing was written.

    To go on, save again without the keys that shall stay as they are, or with ``theirs`` as the
    ``base`` of those that shall be replaced.
    """

    def __init__(self, path: Path, collisions: Sequence[Collision]) -> None:
        told = "; ".join(map(str, collisions))
        super().__init__(f"{path}: was changed elsewhere meanwhile: {told}")
        self.collisions = tuple(collisions)


def collisions(edit: TargetEdit, own: Mapping[str, object]) -> list[Collision]:
    """Find what an edit would overwrite unseen; ``own`` is what the file says of its target."""
    if edit.base is None:
        return []
    return [
        Collision(
            key, edit.base.get(key), _as_value(own.get(key)), value, edit.name, edit.occurrence
        )
        for key, value in edit.changes.items()
        if not same_value(own.get(key), value) and not same_value(own.get(key), edit.base.get(key))
    ]


def _as_value(value: object) -> Value | None:
    return value if isinstance(value, str | int | float | None) else shown(value)
