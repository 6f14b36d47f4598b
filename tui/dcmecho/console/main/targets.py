"""The target list: every profile of the file in its group, with the state of its last run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from textual.content import Content
from textual.message import Message

from dcmecho.console.command import Pane
from dcmecho.console.commands import bindings
from dcmecho.console.main.target_columns import STATE_WIDTH, Columns, cells, shortened
from dcmecho.console.runs.marks import Marks
from dcmecho.console.runs.session import profile_key
from dcmecho.console.runs.state import ConsoleState, Phase, Record
from dcmecho.console.symbols import Mark, Symbols
from dcmecho.console.widgets.row_view import RowView
from dcmecho.console.words import failure_word
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.duration import duration
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.verdict import VerdictStatus
from dcmecho.profiles.book.model import Problem, Profile

_AROUND_NAME = 7
"""Cells for the cursor, the mark, the spaces, the border and the scroll bar."""

PLAIN_GROUP = "Other targets"
"""The heading of targets without a group, if others have one."""

FAILING_GROUP = "Failing"
"""The heading of targets that failed in a check of many, each in another way."""


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
        self._state = state
        self._symbols = symbols
        self._profiles: Sequence[Profile] = ()
        self._haystacks: Sequence[str] = ()
        self._wanted_key: str | None = None
        self._columns = Columns(0)
        self._problems = 0
        self._failing: set[str] = set()
        self._alike: dict[str, str] = {}
        """The state that a heading says of targets that failed alike, by the key of a target."""
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
        self._haystacks = [_haystack(profile) for profile in profiles]
        self._arrange(self._wanted_key if select is None else select)

    def filter(self, text: str) -> None:
        """Show only the profiles that contain ``text``: in their values, state or causes."""
        self.filter_text = text
        self._arrange(self._selected_key)

    @property
    def shown(self) -> list[Profile]:
        """The profiles that match the filter, in the order of the file."""
        needle = self.filter_text.casefold()
        every = zip(self._profiles, self._haystacks, strict=True)
        return [
            profile
            for profile, haystack in every
            if needle in haystack or needle in self._state_haystack(profile)
        ]

    def _state_haystack(self, profile: Profile) -> str:
        """Return what the screen says of a profile's last check, for a filter."""
        record, mark, word = self._state_of(profile)
        report = record.report
        if report is None:
            return f"{word}\n{mark.word}".casefold()
        failing = "failing" if report.verdict.is_failing else ""
        said = [cause.title for cause in report.causes]
        said += [cause.who.short for cause in report.causes]
        return "\n".join((word, mark.word, failing, report.verdict.title, *said)).casefold()

    def _state_of(self, profile: Profile) -> tuple[Record, Mark, str]:
        """Return what is known of a profile, with the mark and the word of its row."""
        record = self._state[profile_key(profile)]
        if profile.target is None:
            return record, Mark.BROKEN, Mark.BROKEN.word
        return record, record.mark, _word(record)

    def wanted_width(self, most: int, *, columns: bool) -> int:
        """Return the cells for the longest name, its state and the ``columns`` that fit.

        More than ``most`` only if a name needs them.
        """
        names = (profile.name for profile in self._profiles)
        targets = (each.target for each in self._profiles if each.target) if columns else ()
        around = self._symbols.width + STATE_WIDTH + _AROUND_NAME
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

    def _failing_rows(self, failing: Sequence[Profile]) -> Iterator[_Row]:
        """Yield failing targets in the order of the file, those that failed alike together."""
        by_word: dict[str, list[Profile]] = {}
        for profile in failing:
            by_word.setdefault(_word(self._state[profile_key(profile)]), []).append(profile)
        self._alike = {}
        single = [members[0] for members in by_word.values() if not members[1:]]
        if single:
            yield _Heading(FAILING_GROUP)
            yield from single
        for word, members in by_word.items():
            if members[1:]:
                yield _Heading(f"{FAILING_GROUP}, {len(members)} alike: {word}")
                self._alike |= {profile_key(profile): word for profile in members}
                yield from members

    def _arrange(self, keep: str | None) -> None:
        shown = self.shown
        failing: list[Profile] = []
        groups: dict[str, list[Profile]] = {}
        for profile in shown:
            is_failing = bool(self._failing) and profile_key(profile) in self._failing
            (failing if is_failing else groups.setdefault(profile.group, [])).append(profile)
        self._rows = []
        if self._problems and not self.filter_text:
            self._rows.append(_FileRow(self._problems))
        self._rows.extend(self._failing_rows(failing))
        for group, members in groups.items():
            if len(groups) > 1 or group or failing:
                self._rows.append(_Heading(group or PLAIN_GROUP))
            self._rows.extend(members)
        before = self.cursor
        self.cursor = self._index_of(keep, near=before)
        self._title()
        self.rows_changed()
        if self.cursor >= 0:
            self.show_row(0 if self.cursor == 1 else self.cursor)
        self._wanted_key = self._selected_key or keep
        self.post_message(self.Selected(self.selected))

    @property
    def empty_text(self) -> str:
        """Return the text if no target is shown."""
        if self.filter_text:
            return f"No target contains {own_text(self.filter_text)}. Press esc to show all."
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
        """Draw the rows of these profiles again."""
        top = int(self.scroll_offset.y)
        for index, row in enumerate(self._rows[top : top + self.size.height], top):
            if isinstance(row, Profile) and profile_key(row) in keys:
                self.refresh_line(index)

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
        if self.filter_text:
            shown = sum(isinstance(row, Profile) for row in self._rows)
            title += Content(f"  /{own_text(self.filter_text)}  {shown} of {len(self._profiles)}")
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
            return Content.styled(f" {row.group}", "bold $quiet")
        if isinstance(row, _FileRow):
            return self._file_row(row, selected=index == self.cursor)
        return self._profile_row(row, selected=index == self.cursor)

    def _file_row(self, row: _FileRow, *, selected: bool) -> Content:
        cursor = self._symbols.cursor if selected else " "
        sign = self._symbols.mark(Mark.WARNING)
        text = f" {count(row.problems, 'problem')} in the file"
        return Content.assemble(
            (cursor, "$primary"), " ", (sign, Mark.WARNING.style), (text, Mark.WARNING.style)
        )

    def _profile_row(self, profile: Profile, *, selected: bool) -> Content:
        _, mark, word = self._state_of(profile)
        cursor = self._symbols.cursor if selected else " "
        marked = self._symbols.bullet if profile_key(profile) in self._marks else " "
        sign = self._symbols.mark(mark)
        name = Content(profile.name or "(no name)")
        room = self.row_width - len(cursor) - len(marked) - len(sign) - 2
        columns = self._columns.within(room - STATE_WIDTH)
        report = self._state[profile_key(profile)].report
        beside = cells(columns, profile.target, report, datetime.now(UTC))
        is_said = self._alike.get(profile_key(profile)) == word
        word, style = (profile.group, "$quiet") if is_said else (word, mark.style)
        if beside:
            word = shortened(word, STATE_WIDTH).rjust(STATE_WIDTH)
        else:
            word = shortened(word, room - name.cell_length)
        width = room - len(beside) - len(word)
        if profile_key(profile) in self._failing and not is_said:
            name += _group(profile.group, width - name.cell_length)
        name = name.truncate(width, ellipsis=True, pad=True)
        return Content.assemble(
            (cursor, "$primary"),
            (marked, "bold $accent"),
            (sign, mark.style),
            " ",
            name,
            (beside, "$quiet"),
            " ",
            (word, style),
        )


def _group(name: str, room: int) -> Content:
    """Return the group of a failing target, or nothing where it does not fit in whole."""
    shown = Content.styled(f"  ({name})" if name else "", "$quiet")
    return shown if shown.cell_length <= room else Content()


def _word(record: Record) -> str:
    if record.phase is Phase.CANCELLING:
        return "cancelling"
    if record.phase is Phase.WAITING:
        return Mark.WAITING.word
    if record.running:
        return f"running {record.elapsed_s:.0f} s"
    report, service = record.report, record.failing_service
    if service is not None:
        return service.row.brief
    if report is None:
        return Mark.NOT_RUN.word
    if record.forbidden:
        return "not checked"
    if report.verdict.status is VerdictStatus.FAILED:
        return failure_word(report)
    if report.verdict.status is VerdictStatus.OK:
        elapsed_ms = report.stage(StageId.ECHO).elapsed_ms
        return "ok" if elapsed_ms is None else duration(elapsed_ms)
    return record.mark.word


def _haystack(profile: Profile) -> str:
    """Return everything that a filter searches."""
    target = profile.target
    values: Iterable[object] = (
        (target.host, target.port, target.called_ae, target.calling_ae)
        if target
        else profile.own.values()
    )
    return "\n".join(map(str, (profile.name, profile.group, *values))).casefold()
