"""The cells of one target, edited where its row stands in the list."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from dcmecho.console.commands import Pane, bindings
from dcmecho.console.editing import Draft
from dcmecho.console.host_lookup import HostLookup
from dcmecho.console.inheritance import Inherited
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.editor import Editor
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.widgets.value_input import ValueInput
from dcmecho.diagnosis.validation import Complaint, Field

LINES = (
    (Field.NAME, Field.HOST, Field.PORT),
    (Field.CALLED_AE, Field.CALLING_AE),
)
"""Which cells stand beside one another."""

HEIGHT = len(LINES) + 1
"""Lines that the cells take, with what is said about them."""

_SHORT_LABELS = MappingProxyType(
    {
        Field.NAME: "Name",
        Field.HOST: "Host",
        Field.PORT: "Port",
        Field.CALLED_AE: "Called",
        Field.CALLING_AE: "Calling",
    }
)


class CellEditor(Editor):
    """Lies over the list, so that nothing below it moves."""

    BINDINGS = bindings(Pane.CELLS)

    DEFAULT_CSS = """
    CellEditor {
        layer: above;
        position: absolute;
        width: 78;
        height: 3;
        background: $panel;
        & > Horizontal { height: 1; }
        .cell-label { width: 9; padding-left: 1; color: $quiet; }
        .cell-label.-at { color: $accent; text-style: bold; }
        ValueInput { background: $surface; }
        #cell-name, #cell-called_ae { width: 22; }
        #cell-host, #cell-calling_ae { width: 1fr; }
        #cell-port { width: 7; }
        FieldNote { height: 1; padding-left: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    class WholeRequested(Message):
        """The user wants all the fields, with what is typed so far."""

        def __init__(self, editor: CellEditor) -> None:
            self.draft = editor.draft
            self.typed = editor.texts
            super().__init__()

    def __init__(self, draft: Draft, lookup: HostLookup, symbols: Symbols) -> None:
        super().__init__(draft, lookup, symbols, id="cells")
        self._marked: set[Field] = set()
        self._boxes = {
            field: ValueInput(field, draft.texts[field], symbols)
            for line in LINES
            for field in line
        }

    def lie_over(self, rows: RowView, screen: Size) -> None:
        """Take the place of the row under the cursor, with the first line just where it is."""
        region = rows.content_region
        x = region.x
        y = region.y + rows.cursor - rows.scroll_offset.y
        self.styles.width = screen.width - 2 * x
        self.styles.offset = (x, min(y, screen.height - HEIGHT - 1))

    def compose(self) -> ComposeResult:
        """Two lines of cells, one of words."""
        for line in LINES:
            with Horizontal():
                for field in line:
                    yield Static(_SHORT_LABELS[field], id=f"label-{field}", classes="cell-label")
                    box = self._boxes[field]
                    box.id = f"cell-{field}"
                    yield box
        yield self.note

    def resume(self) -> None:
        """Begin with the host: names seldom change."""
        self.screen.set_focus(self._boxes[Field.HOST])

    def show_field(
        self, field: Field, complaints: Sequence[Complaint], inherits: Inherited
    ) -> None:
        """Mark the cell."""
        box = self._boxes.get(field)
        if box is None:
            return
        box.inherit(inherits.text)
        label = self.query_one(f"#label-{field}", Static)
        label.set_class(box.has_focus, "-at")
        if bool(complaints) != (field in self._marked):
            self._marked ^= {field}
            label.update(f"{_SHORT_LABELS[field]}{'!' if complaints else ''}", layout=False)

    def action_whole(self) -> None:
        """Open the whole target."""
        self.post_message(self.WholeRequested(self))
