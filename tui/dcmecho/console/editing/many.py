"""Editing one field of several targets at once. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dcmecho.console.editing.draft import Draft, draft_of, has_errors
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import IN_THE_FORM, Field, Value
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.profiles.book.model import Profile, ProfileBook
from dcmecho.profiles.lint import Neighbours

FIELDS = (
    Field.CALLING_AE,
    *(field for field in IN_THE_FORM if field not in (Field.NAME, Field.CALLING_AE)),
)
"""The fields that several targets can share, the most useful first."""


@dataclass(frozen=True, slots=True)
class Preview:
    """The change that a text would make to one target. Both texts include the origin."""

    name: str
    before: str
    after: str
    complaints: tuple[Complaint, ...]

    @property
    def changes(self) -> bool:
        """False if the target has that value already."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class TargetChange:
    """The values to write to one target."""

    profile: Profile
    changes: dict[Field, Value | None]


@dataclass(frozen=True, slots=True)
class ManyDraft:
    """Several targets of a file that will get the same value."""

    drafts: tuple[Draft, ...]

    @classmethod
    def of(cls, book: ProfileBook, profiles: Sequence[Profile], others: Neighbours) -> ManyDraft:
        """Edit these targets."""
        return cls(tuple(draft_of(book, profile, others) for profile in profiles))

    def shared(self, field: Field) -> str | None:
        """Return the text that all of them have for a field, ``None`` if they differ."""
        texts = {draft.texts[field] for draft in self.drafts}
        return texts.pop() if len(texts) == 1 else None

    def preview(self, field: Field, text: str) -> list[Preview]:
        """Return what a text would change in each of them."""
        return [_preview(draft, field, text) for draft in self.drafts]

    def changes(self, field: Field, text: str) -> list[TargetChange]:
        """Return the changes to write. Only for a text without errors."""
        changes = []
        for draft in self.drafts:
            changed = draft.changes({**draft.texts, field: text})
            if field in changed and draft.profile is not None:
                changes.append(TargetChange(draft.profile, {field: changed[field]}))
        return changes


def first_error(previews: Sequence[Preview]) -> Complaint | None:
    """Return the first complaint that prevents writing."""
    errors = (each for preview in previews for each in preview.complaints if has_errors((each,)))
    return next(errors, None)


def _preview(draft: Draft, field: Field, text: str) -> Preview:
    texts = {**draft.texts, field: text}
    complaints = tuple(each for each in draft.complaints(texts) if each.field is field)
    name = draft.profile.name if draft.profile else ""
    before = _in_force(draft, field, draft.texts[field])
    return Preview(name, before, _in_force(draft, field, text), complaints)


def _in_force(draft: Draft, field: Field, text: str) -> str:
    if text:
        return own_text(text)
    found = draft.inherited(field, draft.group_of(draft.texts))
    return f"{found.text} {found.source}" if found else "nothing"
