"""The target list: every profile of the file in its group, with the state of its last run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from textual.content import Content
from textual.message import Message

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.main.target_columns import (
    LABELS,
    ROOMY_STATE_WIDTH,
    STATE_WIDTH,
    Columns,
    cells,
    shortened,
)
from dcmecho.console.main.target_words import EDITED, haystack, state_haystack, state_word, with_age
from dcmecho.console.runs.groups import begun_together, grouped
from dcmecho.console.runs.marks import Marks
from dcmecho.console.runs.order import Order
from dcmecho.console.runs.session import profile_key
from dcmecho.console.runs.state.record import Record
from dcmecho.console.runs.state.targets import ConsoleState
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.diagnosis.conclusion.course import Course
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.profiles.book.model import Problem, Profile

_AROUND_NAME = 7
"""Cells for the cursor, the mark, the spaces, the border and the scroll bar."""


@dataclass(frozen=True, slots=True)
class _Heading:
    group: str


@dataclass(frozen=True, slots=True)
class _FileRow:
    """The row of the file itself, if it has problems."""

    problems: int


_Row = _Heading | _FileRow | Profile


class TargetList(RowView):
    """The profiles, grouped, with a cursor."""

    BINDINGS = bindings(Pane.TARGETS)

    DEFAULT_CSS = """
    TargetList { width: 36; }
    """

    class Selected(Message):
        """The cursor is on another profile (or on none)."""

        def __init__(self, profile: Profile | None) -> None:
            self.profile = profile
            super().__init__()

    class Marked(Message):
        """A mark was set or cleared."""

    def __init__(self, state: ConsoleState, marks: Marks, symbols: Symbols) -> None:
        super().__init__(id="targets")
        self._marks = marks
        self.filter_text = ""
        self.only_failing = False
        self.order = Order.FILE
        self._state = state
        self._symbols = symbols
        self._profiles: Sequence[Profile] = ()
        self._haystacks: Sequence[str] = ()
        self._wanted_key: str | None = None
        self._columns = Columns(0)
        self._state_width = STATE_WIDTH
        self._problems = 0
        self._failing: set[str] = set()
        self._alike: dict[str, str] = {}
        """The state that a heading says of targets that failed alike, by the key of a target."""
        self._apart: set[str] = set()
        """The keys of the targets that do not stand in their group of the file."""
        self._courses = defaultdict[str, Course](Course)
        """How the checks of targets had gone when the rows were made."""
        self._is_together = False
        """True if failures are shown that began together."""
        self._rows: list[_Row] = []
        self.border_title = "Targets"

    @property
    def selected(self) -> Profile | None:
        """The profile under the cursor."""
        if 0 <= self.cursor < len(self._rows):
            row = self._rows[self.cursor]
            return row if isinstance(row, Profile) else None
        return None

    @property
    def _selected_key(self) -> str | None:
        return profile_key(self.selected) if self.selected else None

    @property
    def row_count(self) -> int:
        """Number of headings and profiles."""
        return max(1, len(self._rows))

    def is_stop(self, index: int) -> bool:
        """Return whether the cursor can stop here: not on headings."""
        return index < len(self._rows) and not isinstance(self._rows[index], _Heading)

    def show(
        self, profiles: Sequence[Profile], problems: Sequence[Problem], select: str | None
    ) -> None:
        """Show these profiles; the cursor goes to the key ``select`` or stays on its profile."""
        self._profiles, self._problems = profiles, len(problems)
        self._haystacks = [haystack(profile) for profile in profiles]
        self._arrange(self._wanted_key if select is None else select)

    def filter(self, text: str) -> None:
        """Show only the profiles that contain ``text``: in their values, state or causes."""
        self.filter_text = text
        self._arrange(self._selected_key)

    @property
    def shown(self) -> list[Profile]:
        """The profiles that the list shows, in the order of the file."""
        needle = self.filter_text.casefold()
        every = zip(self._profiles, self._haystacks, strict=True)
        found = [
            profile
            for profile, text in every
            if needle in text or needle in state_haystack(*self._state_of(profile))
        ]
        return [each for each in found if self._is_failing(each)] if self.only_failing else found

    def _is_failing(self, profile: Profile) -> bool:
        """Return whether a target fails, or is checked just now."""
        record = self._state[profile_key(profile)]
        fails = record.status is not None and record.status.is_failing and not record.forbidden
        return record.running or (fails and not record.is_outdated(profile.target))

    @property
    def leaves_out(self) -> bool:
        """True if a filter chooses the targets that are shown."""
        return bool(self.filter_text) or self.only_failing

    @property
    def hides(self) -> bool:
        """True if not all targets are shown in the order of the file."""
        return self.leaves_out or self.order is not Order.FILE

    def show_all(self) -> None:
        """Show all targets in the order of the file."""
        self.filter_text, self.only_failing, self.order = "", False, Order.FILE
        self._arrange(self._selected_key)

    def action_only_failing(self) -> None:
        """Show only the targets that fail, or all again."""
        self.only_failing = not self.only_failing
        self._arrange(self._selected_key)

    def action_sort(self) -> None:
        """Sort the targets in another way."""
        self.order = self.order.next
        self._arrange(self._selected_key)

    def _state_of(self, profile: Profile) -> tuple[Record, Mark, str]:
        """Return what is known of a profile, with the mark and the word of its row."""
        record = self._state[profile_key(profile)]
        if profile.target is None:
            return record, Mark.BROKEN, Mark.BROKEN.word
        if record.is_outdated(profile.target):
            return record, Mark.NOT_RUN, EDITED
        return record, record.mark, state_word(record)

    def wanted_width(self, most: int, *, columns: bool) -> int:
        """Return the cells for the longest name, its state and the ``columns`` that fit.

        More than ``most`` only if a name needs them.
        """
        names = (profile.name for profile in self._profiles)
        targets = (each.target for each in self._profiles if each.target) if columns else ()
        self._state_width = ROOMY_STATE_WIDTH if columns else STATE_WIDTH
        around = self._symbols.width + self._state_width + _AROUND_NAME
        self._columns = Columns.of(names, targets).within(most - around)
        return self._columns.width + around

    def show_failing(self, keys: Sequence[str]) -> None:
        """Put the profiles with these keys at the top, those that failed alike together."""
        if set(keys) != self._failing:
            self._failing = set(keys)
            self._arrange(self._selected_key)

    def show_top(self) -> None:
        """Scroll to the failing targets; the cursor stays where it is."""
        if self._failing:
            self.scroll_to(y=0, animate=False, force=True)

    def _arrange(self, keep: str | None) -> None:
        keys = map(profile_key, self._profiles)
        self._courses.update((key, self._state.course(key)) for key in keys)
        self._rows, self._alike, self._apart = [], {}, set()
        if self._problems and not self.filter_text:
            self._rows.append(_FileRow(self._problems))
        self._rows += self._grouped() if self.order is Order.FILE else self._sorted()
        before = self.cursor
        self.cursor = self._index_of(keep, near=before)
        self._title()
        self.rows_changed()
        if self.cursor >= 0:
            self.show_row(0 if self.cursor == 1 else self.cursor)
        self._wanted_key = self._selected_key or keep
        self.post_message(self.Selected(self.selected))

    def _grouped(self) -> list[_Row]:
        """Return those that fail first, then the groups in the order of the file."""
        shown = self.shown
        together = begun_together(shown, self._profiles, self._state)
        self._is_together = bool(together)
        words = {
            key: self._state_of(profile)[-1]
            for profile in shown
            if (key := profile_key(profile)) in self._failing
        }
        rows: list[_Row] = []
        for group in grouped(shown, together, words, datetime.now(UTC)):
            rows += [*map(_Heading, group.headings), *group.members]
            keys = [*map(profile_key, group.members)]
            self._alike |= dict.fromkeys(keys, group.word) if group.word else {}
            self._apart |= set(keys) if group.is_apart else set()
        return rows

    def _sorted(self) -> list[_Row]:
        """Return all targets in the chosen order, without groups."""
        self._apart = {profile_key(profile) for profile in self._profiles}

        def key(profile: Profile) -> tuple[float, str]:
            record, mark, _ = self._state_of(profile)
            return self.order.key(profile.name, record, mark)

        return [*sorted(self.shown, key=key)]

    @property
    def empty_text(self) -> str:
        """Return the text if no target is shown."""
        if self.filter_text:
            return f"No target contains {own_text(self.filter_text)}. Press esc to show all."
        if self.only_failing:
            return "No target is known to fail. Press esc to show all."
        return "No targets. Press n to add one."

    def _index_of(self, key: str | None, near: int) -> int:
        stops = [index for index, row in enumerate(self._rows) if isinstance(row, Profile)]
        for index in stops:
            row = self._rows[index]
            if isinstance(row, Profile) and profile_key(row) == key:
                return index
        file_row = 0 if self._rows and isinstance(self._rows[0], _FileRow) else -1
        return min(stops, key=lambda index: abs(index - near), default=file_row)

    def refresh_profiles(self, keys: Collection[str]) -> None:
        """Draw the rows of these profiles again; show those that have come to be shown."""
        if self.only_failing or self.order is not Order.FILE or self._is_regrouped(keys):
            self._arrange(self._selected_key)
            return
        top = int(self.scroll_offset.y)
        for index, row in enumerate(self._rows[top : top + self.size.height], top):
            if isinstance(row, Profile) and profile_key(row) in keys:
                self.refresh_line(index)

    def _is_regrouped(self, keys: Collection[str]) -> bool:
        """Return whether one of these came or ended that failures began together with.

        What those share depends on the ones that work.
        """
        now = {key: self._state.course(key) for key in keys}
        if self._is_together and any(now[key].works != self._courses[key].works for key in keys):
            return True
        return any(now[key].failing_since != self._courses[key].failing_since for key in keys)

    def action_mark(self) -> None:
        """Mark the target under the cursor, or clear its mark, and go on to the next."""
        if (key := self._selected_key) is not None:
            self._marks.toggle(key)
            self.marks_changed()
            self.action_down()

    def action_mark_shown(self) -> None:
        """Mark every shown target; if all are marked, clear their marks."""
        self._marks.toggle_all([profile_key(row) for row in self._rows if isinstance(row, Profile)])
        self.marks_changed()

    def marks_changed(self) -> None:
        """Draw the marks again."""
        self._title()
        self.rows_changed()
        self.post_message(self.Marked())

    def _title(self) -> None:
        title = Content("Targets")
        if self._marks:
            title += Content.styled(f"  {len(self._marks)} marked", "bold $accent")
        if self.filter_text or self.only_failing:
            shown = sum(isinstance(row, Profile) for row in self._rows)
            text = f"  /{own_text(self.filter_text)}" if self.filter_text else ""
            failing = "  failing only" if self.only_failing else ""
            title += Content(f"{text}{failing}  {shown} of {len(self._profiles)}")
        if self.order is not Order.FILE:
            title += Content(f"  {self.order.value}")
        self.border_title = title

    def cursor_moved(self) -> None:
        """Report that another profile is selected."""
        self._wanted_key = self._selected_key
        self.post_message(self.Selected(self.selected))

    def row(self, index: int) -> Content:
        """Return a heading, or a profile with its state at the right."""
        if not self._rows:
            none = f"  {self.empty_text}"
            return Content.styled(none, "$quiet")
        row = self._rows[index]
        if isinstance(row, _Heading):
            return self._heading_row(row, is_first=index == self._first_heading)
        if isinstance(row, _FileRow):
            return self._file_row(row, selected=index == self.cursor)
        return self._profile_row(row, selected=index == self.cursor)

    @property
    def _first_heading(self) -> int:
        return next((i for i, row in enumerate(self._rows) if isinstance(row, _Heading)), -1)

    def _heading_row(self, heading: _Heading, *, is_first: bool) -> Content:
        """Return a group; the first one heads the columns too, where its name leaves room."""
        lead = self._symbols.width + 3
        group = Content.styled(f" {heading.group}", "bold $quiet")
        columns = self._columns.within(self.row_width - lead - 1 - self._state_width)
        labels = "".join(LABELS.within(columns)).rstrip()
        before = self.row_width - self._state_width - 1 - len("".join(LABELS.within(columns)))
        if not is_first or group.cell_length > before:
            return group
        return Content.assemble(group, " " * (before - group.cell_length), (labels, "$quiet"))

    def _file_row(self, row: _FileRow, *, selected: bool) -> Content:
        cursor = self._symbols.cursor if selected else " "
        sign = self._symbols.mark(Mark.WARNING)
        text = f" {count(row.problems, 'problem')} in the file"
        return Content.assemble(
            (cursor, "$primary"), " ", (sign, Mark.WARNING.style), (text, Mark.WARNING.style)
        )

    def _profile_row(self, profile: Profile, *, selected: bool) -> Content:
        record, mark, word = self._state_of(profile)
        cursor = self._symbols.cursor if selected else " "
        marked = self._symbols.bullet if profile_key(profile) in self._marks else " "
        sign = self._symbols.mark(mark)
        name = Content(profile.name or "(no name)")
        room = self.row_width - len(cursor) - len(marked) - len(sign) - 2
        columns = self._columns.within(room - self._state_width)
        now = datetime.now(UTC)
        beside = "".join(cells(profile.target, record, now, self._symbols).within(columns))
        is_said = self._alike.get(profile_key(profile)) == word
        style = "$quiet" if record.is_past and not record.running else mark.style
        if is_said:
            word = profile.group
        state_room = self._state_width if beside else room - name.cell_length
        word = shortened(with_age(word, record, now, state_room), state_room)
        word = word.rjust(self._state_width) if beside else word
        width = room - len(beside) - len(word)
        if profile_key(profile) in self._apart and not is_said:
            name += _group(profile.group, width - name.cell_length)
        name = name.truncate(width, ellipsis=True, pad=True)
        return Content.assemble(
            (cursor, "$primary"),
            (marked, "bold $accent"),
            (sign, style),
            " ",
            name,
            (beside, "$quiet"),
            " ",
            (word, "$quiet" if is_said else style),
        )


def _group(name: str, room: int) -> Content:
    """Return the group of a failing target, or nothing where it does not fit in whole."""
    shown = Content.styled(f"  ({name})" if name else "", "$quiet")
    return shown if shown.cell_length <= room else Content()
