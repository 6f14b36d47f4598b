"""The cells of one target, edited in its row of the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.editing.draft import Draft
from dcmecho.console.editing.editor import Editor
from dcmecho.console.editing.host_lookup import HostLookup
from dcmecho.console.editing.inheritance import Inherited
from dcmecho.console.editing.value_input import ValueInput
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls_keys import TargetKey
from dcmecho.diagnosis.target.validation import Complaint

LINES = (
    (Field.NAME, Field.HOST, Field.PORT),
    (Field.CALLED_AE, Field.CALLING_AE),
)
"""Which cells are side by side."""
IN_THE_ROW = frozenset(field for line in LINES for field in line)

_NARROWEST = 70
"""With fewer columns than this, the cells are one below the other."""


class CellEditor(Editor):
    """Covers the list, with the name where its row was, so nothing else moves."""

    BINDINGS = bindings(Pane.CELLS)

    DEFAULT_CSS = """
    CellEditor {
        layer: above;
        position: absolute;
        width: 78;
        height: 3;
        background: $panel;
        .cell-line { height: 1; }
        .cell { width: 1fr; height: 1; }
        .cell-label { width: 9; padding-left: 1; color: $quiet; }
        .cell-label.-at { color: $accent; text-style: bold; }
        ValueInput { background: $surface; }
        ValueInput { width: 1fr; margin-right: 1; }
        .-name, .-called_ae { width: 32; }
        .-port { width: 17; }
        FieldNote { height: 1; padding-left: 1; text-wrap: nowrap; text-overflow: ellipsis; }
        &.-stacked {
            height: 8;
            .cell-line { layout: vertical; height: auto; }
            .cell { width: 1fr; }
            FieldNote { height: 3; text-wrap: wrap; }
        }
    }
    """

    class WholeRequested(Message):
        """Request to open all the fields, with what is typed so far."""

        def __init__(self, editor: CellEditor) -> None:
            self.draft = editor.draft
            self.typed = editor.texts
            super().__init__()

    def __init__(self, draft: Draft, lookup: HostLookup, symbols: Symbols) -> None:
        super().__init__(draft, lookup, symbols, id="cells")
        self._marked: set[TargetKey] = set()
        self._boxes: Mapping[TargetKey, ValueInput] = {
            field: ValueInput(field, "", symbols) for line in LINES for field in line
        }
        for field, box in self._boxes.items():
            box.id = f"cell-{field}"

    @property
    def boxes(self) -> Sequence[ValueInput]:
        """The inputs, from left to right and from top to bottom."""
        return list(self._boxes.values())

    def place_over(self, rows: RowView, screen: Size) -> None:
        """Cover the row under the cursor, inside the list only."""
        region = rows.content_region
        stacked = region.width < _NARROWEST
        self.set_class(stacked, "-stacked")
        height = len(self._boxes) + 3 if stacked else len(LINES) + 1
        y = region.y + rows.cursor - rows.scroll_offset.y
        self.styles.width = region.width
        self.styles.offset = (region.x, min(y, screen.height - height - 1))

    def compose(self) -> ComposeResult:
        """Yield the cells and the note about them."""
        for line in LINES:
            with Horizontal(classes="cell-line"):
                for field in line:
                    with Horizontal(classes=f"cell -{field}"):
                        label = field.row.brief
                        yield Static(label, id=f"label-{field}", classes="cell-label")
                        yield self._boxes[field]
        yield self.note

    @property
    def first_box(self) -> ValueInput:
        """The host: names seldom change."""
        return self._boxes[Field.HOST]

    def show_field(
        self, field: TargetKey, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """Show the complaints of a field by a mark on its cell."""
        box = self._boxes.get(field)
        if box is None or not isinstance(field, Field):
            return
        box.inherit(inherits.text)
        label = self.query_one(f"#label-{field}", Static)
        label.set_class(box.has_focus, "-at")
        if bool(complaints) != (field in self._marked):
            self._marked ^= {field}
            label.update(f"{field.row.brief}{'!' if complaints else ''}", layout=False)

    def action_whole(self) -> None:
        """Request all fields of the target."""
        self.post_message(self.WholeRequested(self))
