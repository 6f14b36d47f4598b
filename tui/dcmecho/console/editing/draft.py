"""Editing a target field by field: the typed texts, their values and their problems. No I/O."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from dcmecho.console.editing.field_values import as_text, fault, parse
from dcmecho.console.editing.inheritance import Inherited, inherited
from dcmecho.console.editing.tls_draft import TlsDraft, tls_texts
from dcmecho.diagnosis.target.fields import IN_THE_FORM, REFUSALS, REQUIRED, Field, Value
from dcmecho.diagnosis.target.target import Target
from dcmecho.diagnosis.target.tls_keys import TLS_ITEMS, TargetKey
from dcmecho.diagnosis.target.validation import Complaint, check
from dcmecho.diagnosis.target.value_checks import Severity
from dcmecho.profiles.book.model import BUILT_IN, Profile, ProfileBook, in_force
from dcmecho.profiles.lint import Neighbours, lint

NEEDED = "is required"
"""The complaint about an empty field that cannot stay empty."""

_NONE: Mapping[Field, Value] = MappingProxyType({})

ALONE = Neighbours.of(())
"""No other targets to compare with."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A target being edited.

    ``profile`` is ``None`` for a new target; ``original`` is the one that a new target is a copy
    of. ``texts`` holds what the editor starts with; an empty text means that the value is
    inherited. ``others`` are the targets that its titles are compared with.
    """

    title: str
    profile: Profile | None
    texts: Mapping[TargetKey, str]
    book: ProfileBook
    original: Profile | None = None
    others: Neighbours = ALONE

    @property
    def tls(self) -> TlsDraft:
        """The TLS values of the target."""
        return TlsDraft.of(self.book, self.profile or self.original, self.texts)

    def group_of(self, texts: Mapping[TargetKey, str]) -> str:
        """Return the group of a target with these texts."""
        return texts[Field.GROUP] or str(self.book.defaults.get(Field.GROUP, ""))

    def inherited(self, field: TargetKey, group: str) -> Inherited:
        """Return what an empty field inherits."""
        if not isinstance(field, Field):
            return self.tls.inherited(field, group)
        return inherited(self.book, field, group)

    def complaints(self, texts: Mapping[TargetKey, str]) -> tuple[Complaint, ...]:
        """Return every complaint, including those about other targets, by field."""
        group = self.group_of(texts)
        found: dict[TargetKey, list[Complaint]] = {
            field: list(self.judge(field, text, group, texts))
            if isinstance(field, Field)
            else list(self.tls.judge(field, texts))
            for field, text in texts.items()
        }
        beside = lint(self._as_target(texts), self.others, self._known_as)
        for complaint in beside:
            about = found[complaint.field]
            is_new = complaint not in about and not has_errors(about)
            if complaint.severity is Severity.WARNING and texts[complaint.field] and is_new:
                about.append(complaint)
        return tuple(complaint for about in found.values() for complaint in about)

    def judge(
        self, field: Field, text: str, group: str, texts: Mapping[TargetKey, str] | None = None
    ) -> tuple[Complaint, ...]:
        """Return every complaint about one field's text, except comparisons with other targets.

        ``texts`` are those of the other fields, if they have changed.
        """
        if not text:
            return self._judge_empty(field, group)
        if field is Field.NAME and text in self._other_names():
            return (fault(field, f"another target is named {text}. Choose another name"),)
        value = parse(field, text)
        if isinstance(value, Complaint):
            return (value,)
        return check(field, value, self.tls.settings(texts or self.texts, group))

    def changes(self, texts: Mapping[TargetKey, str]) -> dict[Field, Value | None]:
        """Return the values to write, ``None`` for those to inherit. Only for texts without errors.

        For a target in the file, only the touched values: other programs might have changed the
        rest of the file meanwhile.
        """
        changed: dict[Field, Value | None] = {}
        for field, text in texts.items():
            if not isinstance(field, Field):
                continue
            value = parse(field, text) if text else None
            if not isinstance(value, Complaint) and not self._stands_in_file(field, text, value):
                changed[field] = value
        return changed

    def target(self, texts: Mapping[TargetKey, str]) -> Target | None:
        """Return the target that these texts make, ``None`` if it could not work.

        If the file has a reason not to probe or experiment, it applies until it is removed from the
        file.
        """
        if has_errors(self.complaints(texts)):
            return None
        former = self.profile or self.original
        in_file = former.target if former else None
        kept = {key: str(getattr(in_file, key, "")) for key in REFUSALS}
        return self._as_target(texts, {key: reason for key, reason in kept.items() if reason})

    def _as_target(
        self, texts: Mapping[TargetKey, str], kept: Mapping[Field, Value] = _NONE
    ) -> Target:
        """Return the target so far; a required value that is missing or invalid is empty."""
        group = self.book.groups.get(self.group_of(texts), {})
        own: dict[Field, Value] = {}
        for field, text in texts.items():
            value = parse(field, text) if isinstance(field, Field) else None
            if (
                isinstance(field, Field)
                and value is not None
                and text
                and not isinstance(value, Complaint)
            ):
                own[field] = value
        values: dict[str, Any] = {"name": "", "host": "", "port": 0, "called_ae": ""}
        in_all = in_force(BUILT_IN, self.book.defaults, group, kept, own)
        tls = self.tls.settings(texts, self.group_of(texts))
        return Target(**values | {key.value: value for key, value in in_all.items()}, tls=tls)

    @property
    def _known_as(self) -> str:
        return self.profile.name if self.profile else ""

    def _stands_in_file(self, field: Field, text: str, value: Value | None) -> bool:
        """Return whether a value is untouched and the file has it in the right type."""
        if self.profile is None or text != self.texts.get(field, ""):
            return False
        own = self.profile.own.get(field)
        return own == value or (value is None and own in (None, ""))

    def _judge_empty(self, field: Field, group: str) -> tuple[Complaint, ...]:
        if field in REQUIRED and not self.inherited(field, group):
            return (fault(field, NEEDED),)
        return ()

    def _other_names(self) -> Collection[str]:
        return {each.name for each in self.book.profiles if each is not self.profile}


def draft_of(book: ProfileBook, profile: Profile, others: Neighbours = ALONE) -> Draft:
    """Edit a target of the file, valid or not."""
    title = f"Edit {profile.name or 'the target without a name'}"
    return Draft(title, profile, _own(profile), book, others=others)


def draft_new(book: ProfileBook, group: str, others: Neighbours = ALONE) -> Draft:
    """Add a target to the group of the selected one."""
    texts: dict[TargetKey, str] = dict.fromkeys((*IN_THE_FORM, *TLS_ITEMS), "")
    texts[Field.GROUP] = group
    if Field.PORT not in book.inherited(group):
        texts[Field.PORT] = "104"
    return Draft("New target", None, texts, book, others=others)


def draft_clone(book: ProfileBook, profile: Profile, others: Neighbours = ALONE) -> Draft:
    """Add a target that starts as a copy."""
    texts = dict(_own(profile))
    names = {each.name for each in book.profiles}
    copies = (f"{profile.name} copy{f' {n}' if n > 1 else ''}" for n in range(1, len(names) + 2))
    texts[Field.NAME] = next(name for name in copies if name not in names)
    return Draft(f"Copy of {profile.name}", None, texts, book, profile, others)


def has_errors(complaints: Collection[Complaint]) -> bool:
    """Return whether a target with these complaints cannot work."""
    return any(complaint.severity is Severity.ERROR for complaint in complaints)


def _own(profile: Profile) -> dict[TargetKey, str]:
    own: dict[TargetKey, str] = {
        field: as_text(profile.own.get(field, "")) for field in IN_THE_FORM
    }
    return own | tls_texts(profile)
