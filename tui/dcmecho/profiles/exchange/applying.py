"""Writes the targets of an import, all in one write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.target.fields import Field
from dcmecho.profiles.book.change import FileChange, TargetEdit
from dcmecho.profiles.book.load import parse
from dcmecho.profiles.book.model import ProfileError
from dcmecho.profiles.book.tables.tls import TLS_KEY
from dcmecho.profiles.edit.edit import rewrite_text, saved
from dcmecho.profiles.edit.overlay import Overlay
from dcmecho.profiles.exchange.planning import Action, ImportPlan, PlannedRow
from dcmecho.profiles.exchange.rows import Channel
from dcmecho.profiles.text.text import Patch, ProfileText, patched

_NO_ROOM_FOR_TLS = (
    "an inline array cannot take new targets with TLS; write [[target]] above each target first"
)


def apply_plan(path: Path, planned: ImportPlan) -> FileChange:
    """Change and add the targets of a plan in one write; the rest of the file stays as it is.

    Raises ``EditConflict`` if a value to change is no longer what it was when the plan was made,
    else ``ProfileError``; the file is then unchanged.
    """
    return rewrite_text(path, lambda file, below: _applied(file, below, planned))


def _applied(file: ProfileText, below: Overlay | None, planned: ImportPlan) -> str:
    new = planned.of(Action.NEW)
    edits = [_edit(row) for row in planned.of(Action.CHANGED)]
    text = saved(file, below, edits, [row.values for row in new])
    return _with_channels(file, text, new) if new else text


def _edit(row: PlannedRow) -> TargetEdit:
    changes = {change.field: change.after for change in row.changes}
    return TargetEdit(row.name, row.occurrence, changes, row.own)


def _with_channels(file: ProfileText, text: str, new: Sequence[PlannedRow]) -> str:
    """Turn on TLS for the new targets that need it, and turn off TLS inherited by plain ones."""
    grown = file.with_text(text)
    _, document = parse(file.path, text.encode("utf-8"))
    patches = []
    for number, row in enumerate(new, start=len(grown.tables) - len(new)):
        lines = "".join(f"{line}{file.newline}" for line in _channel_lines(document, row))
        if lines and grown.array:
            raise ProfileError(f"{file.path}: {_NO_ROOM_FOR_TLS}")
        if lines:
            end = grown.blocks[number][0].end
            patches.append(Patch(end, end, lines))
    return file.with_text(patched(text, patches)).text


def _channel_lines(document: Mapping[str, Any], row: PlannedRow) -> Iterator[str]:
    if row.channel is Channel.TLS:
        yield f"[target.{TLS_KEY}]"
    elif row.channel is Channel.PLAIN and _inherits_tls(document, row):
        yield f"{TLS_KEY} = false"


def _inherits_tls(document: Mapping[str, Any], row: PlannedRow) -> bool:
    defaults = document.get("defaults", {})
    group = row.values.get(Field.GROUP, defaults.get(Field.GROUP))
    nearest = document.get("group", {}).get(group, {}).get(TLS_KEY, defaults.get(TLS_KEY, False))
    return nearest is not False
