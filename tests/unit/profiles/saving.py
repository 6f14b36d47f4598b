"""The most common edit in the tests: one target, as the console saves it."""

from collections.abc import Mapping
from pathlib import Path

from dcmecho.diagnosis.target.fields import Field, Value
from dcmecho.profiles.book.change import Changes, FileChange, TargetEdit
from dcmecho.profiles.edit.edit import save_targets


def save_target(
    path: Path,
    name: str,
    changes: Changes,
    occurrence: int = 0,
    base: Mapping[Field, Value] | None = None,
) -> FileChange:
    """Save one target. Raises like ``save_targets``."""
    return save_targets(path, [TargetEdit(name, occurrence, changes, base)])
