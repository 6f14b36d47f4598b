"""What a target has without a value of its own, and which table of the file says so. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dcmecho.console.editing.field_values import as_text
from dcmecho.diagnosis.target.fields import REFUSALS, Field
from dcmecho.profiles.book.model import ProfileBook

BUILT_IN_ORIGIN = "built in"
"""The origin of a value that stands in no file."""


@dataclass(frozen=True, slots=True)
class Inherited:
    """A value that holds where the target is silent, as text, and where it stands.

    Both are empty where there is none.
    """

    text: str
    origin: str

    @property
    def source(self) -> str:
        """Where it is from, in words."""
        return self.origin if self.origin == BUILT_IN_ORIGIN else f"from {self.origin}"

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Inherited("", "")
"""What a field has that only the target itself can fill."""


def inherited(book: ProfileBook, field: Field, group: str) -> Inherited:
    """Find what a target of this group has for a field, and where that stands."""
    text = as_text(book.inherited(group).get(field, ""))
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
