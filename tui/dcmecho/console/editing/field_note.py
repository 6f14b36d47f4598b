"""The note about the field being typed. It has a fixed place, so nothing moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import assert_never

from textual.content import Content
from textual.widgets import Static

from dcmecho.console.editing.field_values import bytes_shown, is_title
from dcmecho.console.editing.inheritance import BUILT_IN_ORIGIN, Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.diagnosis.target.fields import REFUSALS
from dcmecho.diagnosis.target.tls_keys import TargetKey, TlsKey, TlsSwitch
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import MAX_AE_TITLE_BYTES, Severity


def _mark(severity: Severity) -> Mark:
    match severity:
        case Severity.ERROR:
            return Mark.FAILED
        case Severity.WARNING:
            return Mark.WARNING
        case _:
            assert_never(severity)


def complaint_line(complaint: Complaint, symbols: Symbols) -> Content:
    """Return a complaint with its sign and word."""
    mark = _mark(complaint.severity)
    said = (f"{symbols.mark(mark)} {mark.word}: ", mark.style)
    return Content.assemble(said, complaint.message)


def note_lines(
    field: TargetKey, text: str, complaints: Sequence[Complaint], symbols: Symbols
) -> list[Content]:
    """Return the complaints about a field, and its bytes if some of them are unusual."""
    lines = [complaint_line(each, symbols) for each in complaints]
    shown = bytes_shown(field, text)
    if shown and not any(shown in each.message for each in complaints):
        lines.append(Content.styled(f"sent as {shown}", "$accent"))
    return lines


def field_state(
    field: TargetKey, text: str, inherits: Inherited, *, returns_to_inherited: bool
) -> str:
    """Return what an empty field inherits, what a typed value replaces, or a title's length."""
    is_switched = isinstance(field, TlsKey | TlsSwitch) and inherits.origin == BUILT_IN_ORIGIN
    if not inherits or (text and is_switched):
        return _length(field, text) or field.row.hint
    if not text:
        return inherits.source
    if field in REFUSALS:
        return f"and {inherits.origin}: {inherits.text}"
    what = "backspace restores" if returns_to_inherited else "own, instead of"
    return f"{what} {inherits.text} {inherits.source}"


def _advice(box: ValueInput, inherits: Inherited) -> str:
    if inherits and not box.value:
        return f"{inherits.text} ({inherits.source}); type to replace it here"
    return field_state(
        box.field, box.value, inherits, returns_to_inherited=box.returns_to_inherited
    )


def _length(field: TargetKey, text: str) -> str:
    if not is_title(field) or not text:
        return ""
    length = len(text.encode("utf-8", "surrogatepass"))
    return f"{length} of {MAX_AE_TITLE_BYTES} bytes"


class FieldNote(Static):
    """The full text about one field, in a place of fixed size."""

    DEFAULT_CSS = """
    FieldNote { height: 3; color: $foreground; }
    """

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(markup=False)
        self._symbols = symbols
        self._said = Content()

    def show(self, box: ValueInput, complaints: Sequence[Complaint], inherits: Inherited) -> None:
        """Show the complaints about the field with the cursor, then those about the others."""
        about = [complaint for complaint in complaints if complaint.field is box.field]
        lines = note_lines(box.field, box.value, about, self._symbols)
        if not lines:
            said = _advice(box, inherits)
            lines = [Content.styled(f"{box.field.row.label}: {said}", "$quiet")]
        lines += [
            Content.assemble(
                (f"{each.field.row.label} ", "$quiet"), complaint_line(each, self._symbols)
            )
            for each in complaints
            if each.field is not box.field
        ]
        said_now = Content("\n").join(lines)
        if not said_now.is_same(self._said):
            self._said = said_now
            self.update(said_now, layout=False)
