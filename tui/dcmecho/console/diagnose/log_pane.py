"""The log pane: every line of one target's runs. It can be filtered, expanded, paused and saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from textual.content import Content
from textual.message import Message

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.diagnose.log_text import LAYER_WIDTH, matches
from dcmecho.console.runs.log_buffer import LogBuffer, LogEntry
from dcmecho.console.symbols import Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.conclusion.clock import time_with_milliseconds, zone_words
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.events import Direction, LogLayer, LogLine
from dcmecho.diagnosis.sanitize import PARAGRAPH, own_text, printable
from dcmecho.diagnosis.stage import StageId
from dcmecho.report.hexdump import BYTES_A_LINE, hex_line
from dcmecho.standard.pdu_types import PduType


def _style(line: LogLine) -> str:
    if line.layer is LogLayer.ACSE and line.raw[:1] in _REFUSALS:
        return "$tone-bad"
    match line.direction:
        case Direction.SENT:
            return "$sent"
        case Direction.RECEIVED:
            return "$received"
        case Direction.LOCAL:
            return "$foreground"
        case _:
            assert_never(line.direction)


_REFUSALS = (bytes([PduType.ASSOCIATE_RJ]), bytes([PduType.ABORT]))
_INDENT = 6
_LAYERS = (
    None,
    LogLayer.NAME,
    LogLayer.TCP,
    LogLayer.TLS,
    LogLayer.ACSE,
    LogLayer.DIMSE,
    LogLayer.RUN,
)


@dataclass(frozen=True, slots=True)
class _Text:
    """A detail line of an expanded entry."""

    entry: LogEntry
    text: str


@dataclass(frozen=True, slots=True)
class _Bytes:
    """Sixteen bytes of an expanded entry."""

    entry: LogEntry
    offset: int


_Row = LogEntry | _Text | _Bytes


class LogView(RowView):
    """The log of the selected target. It follows the newest line until the cursor leaves it."""

    BINDINGS = bindings(Pane.LOG)

    class SaveRequested(Message):
        """Request to save this log to a file."""

    def __init__(self, symbols: Symbols) -> None:
        super().__init__(id="log")
        self._symbols = symbols
        self._log = LogBuffer()
        self._taken = 0
        """The number of the first line that this view has not read yet."""
        self._dropped = 0
        """The number of lines that the log had removed when this view last read it."""
        self._rows: list[_Row] = []
        self._expanded: set[LogEntry] = set()
        self._following = True
        self.paused = False
        self.shown_layer: LogLayer | None = None
        self.filter_text = ""
        self._title()

    @property
    def row_count(self) -> int:
        """Number of log lines, plus the lines of expanded entries."""
        return max(1, len(self._rows))

    def row(self, index: int) -> Content:
        """Return one line of the log, or of an expanded entry."""
        if not self._rows:
            return self._empty_row()
        row = self._rows[index]
        cursor = self._symbols.cursor if index == self.cursor else " "
        match row:
            case LogEntry():
                return self._entry_row(row, cursor)
            case _Text():
                text = Content.styled(row.text, "$foreground")
            case _Bytes():
                text = Content.styled(hex_line(row.entry.line.raw, row.offset), "$quiet")
        return Content.assemble((cursor, "$primary"), " " * (_INDENT - len(cursor)), text)

    def is_stop(self, index: int) -> bool:
        """Return whether the cursor can stop here: on every line of the log."""
        return index < len(self._rows)

    def show(self, log: LogBuffer) -> None:
        """Show a log at its end. The filter is cleared if the log is another target's."""
        if log is not self._log:
            self.filter_text = ""
        self._log = log
        self._expanded.clear()
        self._following = True
        self.paused = False
        self._rebuild()

    def update(self) -> None:
        """Show the lines that were added to the log."""
        if self.paused:
            self._title()
            return
        gone = self._log.dropped - self._dropped
        if gone and self._shows_all:
            self._let_go(gone)
        elif gone:
            self._rebuild()
            return
        self._take(self._log.since(self._taken))
        self._taken = self._log.total
        self._show_rows()

    @property
    def _shows_all(self) -> bool:
        """True if each line of the log has exactly one row."""
        return not (self.filter_text or self._expanded or self.shown_layer)

    def _let_go(self, lines: int) -> None:
        """Remove the oldest rows as the log did, without moving the lines that are being read."""
        self._dropped = self._log.dropped
        gone = min(lines, len(self._rows))
        del self._rows[:gone]
        self.cursor = max(0, self.cursor - gone)
        if not self._following:
            top = max(0, int(self.scroll_offset.y) - gone)
            self.rows_changed()
            self.scroll_to(y=top, animate=False, force=True)

    def reveal(self, run_id: str, stage: StageId) -> None:
        """Go to the first shown line of a stage in one run."""
        for index, row in enumerate(self._rows):
            if isinstance(row, LogEntry) and row.line.run_id == run_id and row.line.stage is stage:
                self._following = False
                self.move_to(index, by_user=False)
                self.scroll_to(y=index, animate=False, force=True)
                return

    def filter(self, text: str) -> None:
        """Show only lines that contain ``text``, ignoring case."""
        self.filter_text = text
        self._rebuild()

    @property
    def hides(self) -> bool:
        """True if a filter or a layer can hide lines."""
        return bool(self.filter_text or self.shown_layer)

    def show_all(self) -> None:
        """Clear the filter and the layer."""
        self.filter_text, self.shown_layer = "", None
        self._rebuild()

    def action_layer(self) -> None:
        """Show only the next layer; after the last layer, show all of them."""
        self.shown_layer = _LAYERS[(_LAYERS.index(self.shown_layer) + 1) % len(_LAYERS)]
        self._rebuild()

    def action_pause(self) -> None:
        """Pause the log, or resume it."""
        self.paused = not self.paused
        if self.paused:
            self._title()
        else:
            self.update()

    def action_expand(self) -> None:
        """Show the details and bytes of the line under the cursor, or hide them."""
        if not 0 <= self.cursor < len(self._rows):
            return
        row = self._rows[self.cursor]
        entry = row if isinstance(row, LogEntry) else row.entry
        self._following = False
        start = self._rows.index(entry)
        if entry in self._expanded:
            self._expanded.discard(entry)
            end = start + 1
            while end < len(self._rows) and not isinstance(self._rows[end], LogEntry):
                end += 1
            del self._rows[start + 1 : end]
        else:
            self._expanded.add(entry)
            self._rows[start + 1 : start + 1] = self._expansion(entry)
        self.rows_changed()
        self.move_to(start, by_user=False)
        self._bring_in(start, start + len(self._expansion(entry)))

    def action_save(self) -> None:
        """Save the log to a file."""
        self.post_message(self.SaveRequested())

    def cursor_moved(self) -> None:
        """Follow the newest line only while the cursor is on it."""
        self._following = self.cursor >= len(self._rows) - 1

    def resized(self) -> None:
        """Wrap expanded lines to the new width; keep the newest line visible."""
        if self.is_other_width:
            self._rebuild()
        elif self._following:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def _rebuild(self) -> None:
        at = self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None
        entry = at if at is None or isinstance(at, LogEntry) else at.entry
        self._rows = []
        if self._expanded:
            self._expanded.intersection_update(self._log.entries)
        self._dropped, self._taken = self._log.dropped, self._log.total
        self._take(self._log.entries)
        if not self._following and entry in self._rows:
            self.cursor = self._rows.index(entry)
        self._show_rows()

    def _take(self, entries: Sequence[LogEntry]) -> None:
        if self._shows_all:
            self._rows.extend(entries)
            return
        needle = self.filter_text.casefold()
        for entry in entries:
            if matches(entry, self.shown_layer, needle):
                self._rows.append(entry)
                if entry in self._expanded:
                    self._rows.extend(self._expansion(entry))

    def _show_rows(self) -> None:
        last = len(self._rows) - 1
        self.cursor = last if self._following else min(self.cursor, last)
        self._title()
        self.rows_changed()
        if self._following:
            self.scroll_to(y=self.max_scroll_y, animate=False, force=True)

    def _bring_in(self, start: int, end: int) -> None:
        if end >= self.scroll_offset.y + self.size.height:
            top = min(start, end - self.size.height + 1)
            self.scroll_to(y=max(0, top), animate=False, force=True)

    def _expansion(self, entry: LogEntry) -> list[_Row]:
        width = max(20, self.row_width - _INDENT - 1)
        texts = [printable(text, PARAGRAPH) for text in entry.line.details]
        if self._is_cut(entry):
            texts.insert(0, printable(entry.line.text, PARAGRAPH))
        rows: list[_Row] = [
            _Text(entry, part.plain) for text in texts for part in Content(text).wrap(width)
        ]
        rows += [_Bytes(entry, at) for at in range(0, len(entry.line.raw), BYTES_A_LINE)]
        return rows or [_Text(entry, "no details: dcmecho itself wrote this line")]

    def _is_cut(self, entry: LogEntry) -> bool:
        before = _INDENT + 13 + len(self._symbols.folded) + LAYER_WIDTH
        return len(entry.line.text) > self.row_width - before

    def _entry_row(self, entry: LogEntry, cursor: str) -> Content:
        line = entry.line
        style = _style(line)
        more = bool(line.details or line.raw)
        sign = self._symbols.unfolded if entry in self._expanded else self._symbols.folded
        return Content.assemble(
            (cursor, "$primary"),
            (sign if more else " " * len(sign), "$quiet"),
            (time_with_milliseconds(entry.at), "$quiet"),
            " ",
            (self._symbols.directions[line.direction], f"bold {style}"),
            " ",
            (line.layer.value.ljust(LAYER_WIDTH), "$quiet"),
            " ",
            (printable(line.text), style),
        )

    def _empty_row(self) -> Content:
        if self._log.entries:
            return Content.styled("  no line matches. f changes the layer, / the text", "$quiet")
        return Content.styled("  nothing yet. Each step of a check is written here", "$quiet")

    def _title(self) -> None:
        title = Content("Log")
        if self.shown_layer is not None:
            title += Content.styled(f"  layer {self.shown_layer.value}", "$accent")
        if self.filter_text:
            title += Content.styled(f"  /{own_text(self.filter_text)}", "$accent")
        if self.hides:
            shown = sum(isinstance(row, LogEntry) for row in self._rows)
            title += Content(f"  {shown} of {count(len(self._log.entries), 'line')}, esc shows all")
        if self.paused:
            waiting = self._log.total - self._taken
            title += Content.styled(f"  paused, {count(waiting, 'new line')}", "bold $tone-warning")
        self.border_title = title
        notes = []
        if self._log.dropped:
            notes.append(f"oldest {self._log.dropped} removed")
        if self._log.entries:
            zone = zone_words(self._log.entries[-1].at)
            notes += [count(len(self._log.entries), "line"), f"times {zone}"]
        self.border_subtitle = Content(", ".join(notes))
