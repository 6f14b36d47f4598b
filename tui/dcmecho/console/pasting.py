"""A paste of several lines into a field, which has room for one."""

from __future__ import annotations

from textual.events import Paste
from textual.widget import Widget
from textual.widgets import Input

from dcmecho.console.widgets.source_input import SourceInput


def keep_one_line(paste: Paste, focused: Widget | None) -> str:
    """Cut a paste into a field down to its first line that is not blank.

    Return what to say about the other lines, empty if there are none.
    """
    if not isinstance(focused, Input) or isinstance(focused, SourceInput):
        return ""
    lines = [line for line in paste.text.splitlines() if line.strip()]
    paste.text = lines[0] if lines else ""
    return f"One of {len(lines)} pasted lines was taken: a field has one line." * (len(lines) > 1)
