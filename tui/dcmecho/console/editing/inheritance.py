"""The values that a target inherits, and from which table of the file. No I/O."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.console.editing.field_values import as_text
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import REFUSALS, Field
from dcmecho.profiles.book.model import ProfileBook

BUILT_IN_ORIGIN = "built in"
"""The origin of a value that is not in the file."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """A value that applies unless the target sets its own, as text, and its origin.

    Both are empty if there is no such value.
    """

    text: str
    origin: str

    @property
    def source(self) -> str:
        """The origin in words."""
        return self.origin if self.origin == BUILT_IN_ORIGIN else f"from {self.origin}"

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Inherited("", "")
"""For a field that only the target itself can set."""


def inherited(book: ProfileBook, field: Field, group: str) -> Inherited:
    """Return what a target of this group inherits for a field, and from where."""
    text = own_text(as_text(book.inherited(group).get(field, "")))
    if not text:
        return NOTHING
    origins = [
        origin
        for origin, table in (
            (f"[group.{group}]", book.groups.get(group, {})),
            ("[defaults]", book.defaults),
        )
        if table.get(field, "") != ""
    ]
    if field in REFUSALS:
        return Inherited(text, ", ".join(origins))
    return Inherited(text, origins[0] if origins else BUILT_IN_ORIGIN)
