"""What is typed in an editor, in the form that is kept for the next start."""

from __future__ import annotations

from datetime import datetime

from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.many_form import EditMany
from dcmecho.console.file.profile_keys import profile_key
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.profiles.edit.unsaved import Unsaved


def unsaved_in(editor: Editor, at: datetime) -> Unsaved:
    """Return what is typed in the editor of one target."""
    draft, texts = editor.draft, editor.texts
    profile, original = draft.profile, draft.original
    return Unsaved(
        about=texts[Field.NAME] or (profile.name if profile else "a new target"),
        at=at,
        keys=[profile_key(profile)] if profile else [],
        typed={field: text for field, text in texts.items() if text != draft.texts[field]},
        texts=texts,
        original=profile_key(original) if original else "",
    )


def unsaved_in_many(editor: EditMany, at: datetime) -> Unsaved:
    """Return what is typed for several targets."""
    profiles = [each.profile for each in editor.draft.drafts if each.profile is not None]
    field, text = editor.typed
    typed: dict[TargetKey, str] = {field: text}
    return Unsaved(
        count(len(profiles), "target"), at, [profile_key(each) for each in profiles], typed, typed
    )
