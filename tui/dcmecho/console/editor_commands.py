"""The commands of the editors: the form, the row of a target, and several targets at once."""

from __future__ import annotations

from dcmecho.console.command import Command

_FIELD_KEYS = (
    Command("save", ("enter",), "Save", "Save the target to the file", in_palette=False),
    Command(
        "next_field", ("down", "tab"), "Next field", "Go to the next field", "tab", in_palette=False
    ),
    Command(
        "previous_field",
        ("up", "shift+tab"),
        "",
        "Go to the previous field",
        "shift+tab",
        in_palette=False,
    ),
    Command(
        "test",
        ("ctrl+t", "f5"),
        "Test",
        "Check the target with these values without saving them",
        in_palette=False,
    ),
)

_LEAVE_EDITOR = (
    Command("leave", ("escape",), "Leave", "Leave without saving", "esc", in_palette=False),
    Command("screen.help", ("f1",), "Help", "Show the keys of this pane", in_palette=False),
)

EDITOR = (*_FIELD_KEYS, *_LEAVE_EDITOR)

CELLS = (
    *_FIELD_KEYS,
    Command("whole", ("ctrl+o", "f2"), "All fields", "Open all fields", in_palette=False),
    *_LEAVE_EDITOR,
)

MANY = (
    Command("save", ("enter",), "Save", "Save this field for all marked targets", in_palette=False),
    Command(
        "next_field", ("down", "tab"), "Field", "Choose the next field", "↑ ↓", in_palette=False
    ),
    Command(
        "previous_field",
        ("up", "shift+tab"),
        "",
        "Choose the previous field",
        "↑ shift+tab",
        in_palette=False,
    ),
    Command(
        "page_down", ("pagedown",), "", "Scroll the list of changes down", "PgDn", in_palette=False
    ),
    Command("page_up", ("pageup",), "", "Scroll the list of changes up", "PgUp", in_palette=False),
    *_LEAVE_EDITOR,
)
