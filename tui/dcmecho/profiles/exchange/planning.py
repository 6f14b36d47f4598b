"""Plans what an import would do to the profile file. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import Any

from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.fields import REFUSALS, REQUIRED, Field, Value, ValueKind
from dcmecho.diagnosis.target.target import DEFAULT_CALLED_AE, Target
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.validation import Complaint, check_target
from dcmecho.diagnosis.target.value_checks import Severity
from dcmecho.profiles.book.model import Profile, ProfileBook
from dcmecho.profiles.book.values import type_problem
from dcmecho.profiles.exchange.matching import ADDRESS, KnownPeers, in_group, is_in, values_of
from dcmecho.profiles.exchange.rows import Channel, ExchangeRow
from dcmecho.profiles.lint import Neighbours, lint


class Action(StrEnum):
    """The action of the import for a row."""

    NEW = "new"
    CHANGED = "changed"
    EQUAL = "equal"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that changes. ``before`` is the value now in force, or ``None``."""

    field: Field
    before: Value | None
    after: Value


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row and what the import does with it.

    ``name`` is how the target is or will be listed. A new target gets ``values``, an existing one
    ``changes``. ``occurrence`` tells it apart from others of its name, and ``own`` has the
    values written in it. ``reason`` says why the row is refused, or what it is equal to.
    """

    line: int
    action: Action
    name: str
    values: Mapping[Field, Value] = field(default_factory=dict)
    channel: Channel = Channel.NOT_GIVEN
    changes: tuple[FieldChange, ...] = ()
    occurrence: int = 0
    own: Mapping[Field, Value] = field(default_factory=dict)
    reason: str = ""
    warnings: tuple[Complaint, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """All rows, in the order of the foreign file."""

    rows: tuple[PlannedRow, ...]

    def of(self, action: Action) -> tuple[PlannedRow, ...]:
        """Return the rows with this action."""
        return tuple(row for row in self.rows if row.action is action)

    @property
    def written(self) -> tuple[PlannedRow, ...]:
        """The rows to write, the new ones first."""
        return (*self.of(Action.NEW), *self.of(Action.CHANGED))

    @property
    def writes(self) -> bool:
        """Report whether there is anything to write."""
        return bool(self.written)

    @property
    def counts(self) -> str:
        """``3 new, 1 changed, 2 equal, 1 refused``."""
        return ", ".join(f"{len(self.of(action))} {action}" for action in Action)


def plan(
    book: ProfileBook,
    rows: Iterable[ExchangeRow],
    group: str = "",
    check: Callable[[], None] = lambda: None,
) -> ImportPlan:
    """Compare rows with the file. New targets go into ``group`` if their row has no group.

    A row matches the target with its name, or else one with its address. With a ``group``, it
    changes only a target of this group: the file of a second site leaves the first as it is. If
    another peer already has the name, the group or the host is added to it. ``check`` is called for
    each row, to end the planning by raising an error.
    """
    return ImportPlan(_Planning(book, tuple(rows), group).planned(check))


class _Planning:
    """One pass over the rows of one import."""

    def __init__(self, book: ProfileBook, rows: tuple[ExchangeRow, ...], group: str) -> None:
        self._book = book
        self._rows = rows
        self._group = group
        self._profiles = {each.name: each for each in reversed(book.profiles) if each.name}
        self._known = KnownPeers.of(book, rows, group)
        self._taken: dict[str, ExchangeRow] = {}
        self._names: dict[_Content, str] = {}
        self._numbers: dict[str, int] = {}
        self._matched: set[str] = set()
        self._targets: dict[str, Target] = {}

    def planned(self, check: Callable[[], None]) -> tuple[PlannedRow, ...]:
        """Return the plan for each row, with warnings against the file as it would become."""
        planned = []
        for row in self._rows:
            check()
            planned.append(self._planned(row))
        before = {target.name: target for target in self._book.targets}
        others = Neighbours.of((before | self._targets).values())
        return tuple(self._looked_at(row, others) for row in planned)

    def _looked_at(self, row: PlannedRow, others: Neighbours) -> PlannedRow:
        target = self._targets.get(row.name)
        if target is None or row.action not in (Action.NEW, Action.CHANGED):
            return row
        return replace(row, warnings=lint(target, others))

    def _planned(self, row: ExchangeRow) -> PlannedRow:
        missing = [key for key in ADDRESS if key not in row.values]
        if row.problem or missing:
            problem = row.problem or f"{' and '.join(missing)} missing"
            return PlannedRow(row.line, Action.REFUSED, _label(row), reason=problem)
        content = _content(row)
        if former := self._names.get(content):
            line = self._taken[former].line
            reason = f"the same as line {line}" if line else "listed twice"
            return PlannedRow(row.line, Action.EQUAL, former, reason=reason)
        for name in self._candidates(row):
            if name in self._taken:
                continue
            profile = self._same_peer(row, name)
            if profile is None and name in self._profiles:
                continue
            self._taken[name] = row
            self._names[content] = name
            if profile:
                self._matched.add(profile.name)
            return self._held_against(row, profile) if profile else self._new(row, name)
        raise AssertionError("the names of a row never end")

    def _candidates(self, row: ExchangeRow) -> Iterator[str]:
        """Yield names: the row's own name or AE title, the same with its host, then numbers.

        A name that a target of another group has gets the group before the host.
        """
        base, group = _base(row), self._group_of(row)
        yield base
        if group and base in self._profiles and self._profiles[base].group != group:
            yield in_group(base, group)
        with_host = f"{base} ({own_text(str(row.values[Field.HOST]).strip(' '))})"
        yield with_host
        # Lower numbers stay taken, so they need not be tried again.
        for number in count(self._numbers.get(with_host, 2)):
            self._numbers[with_host] = number
            yield f"{with_host} {number}"

    def _group_of(self, row: ExchangeRow) -> str:
        """Return the group whose targets a row can change; empty for those of all groups."""
        return "" if row.values.get(Field.GROUP) else self._group

    def _same_peer(self, row: ExchangeRow, name: str) -> Profile | None:
        """Return the target that a row matches: by name, or else by address.

        A target of another group with this address counts only if the row changes nothing in it.
        """
        group = self._group_of(row)
        said = row.values.get(Field.NAME)
        named = self._profiles.get(name)
        if named and said and is_in(named, group) and name in (said, in_group(str(said), group)):
            return named if named.name not in self._matched else None
        found = self._known.at_address(row.values, group)
        if found is None and group:
            elsewhere = self._known.at_address(row.values)
            found = elsewhere if elsewhere and not _changes(row, elsewhere) else None
        return found if found and found.name not in self._matched else None

    def _new(self, row: ExchangeRow, name: str) -> PlannedRow:
        values = {**row.values, Field.NAME: name}
        if self._group and not values.get(Field.GROUP):
            values[Field.GROUP] = self._group
        inherited = self._book.inherited(str(values.get(Field.GROUP, "")))
        target = _target(inherited, values, row.channel)
        if errors := _errors(target):
            return PlannedRow(row.line, Action.REFUSED, name, reason=errors)
        self._targets[name] = target
        written = {
            key: values[key]
            for key in Field
            if key in values and (key in REQUIRED or values[key] != inherited.get(key))
        }
        return PlannedRow(row.line, Action.NEW, name, written, row.channel)

    def _held_against(self, row: ExchangeRow, profile: Profile) -> PlannedRow:
        now, changes = values_of(profile), _changes(row, profile)
        about = f"named {profile.name} here" if profile.name != row.values.get(Field.NAME) else ""
        if not is_in(profile, self._group_of(row)):
            about = f"named {profile.name} here, in group {profile.group or 'none'}"
        tls = _tls_difference(row.channel, profile)
        reason = "; ".join(filter(None, (about, tls)))
        if not changes:
            action = Action.REFUSED if tls else Action.EQUAL
            return PlannedRow(row.line, action, profile.name, reason=reason)
        after = {**now, **{change.field: change.after for change in changes}}
        inherited = self._book.inherited(str(after.get(Field.GROUP, "")))
        channel = Channel.TLS if profile.target and profile.target.tls else Channel.PLAIN
        target = _target(inherited, {**after, Field.NAME: profile.name}, channel)
        if errors := _errors(target):
            return PlannedRow(row.line, Action.REFUSED, profile.name, reason=errors)
        self._targets[profile.name] = target
        return PlannedRow(
            row.line,
            Action.CHANGED,
            profile.name,
            changes=changes,
            occurrence=profile.occurrence,
            own=profile.own,
            reason=reason,
        )


def _label(row: ExchangeRow) -> str:
    """Return a name for a refused row."""
    return own_text(str(row.values.get(Field.NAME) or row.values.get(Field.CALLED_AE, "")))


def _base(row: ExchangeRow) -> str:
    """Return the name to try first: the row's own name, or else its AE title or host."""
    title, host = (
        own_text(str(row.values[key]).strip(" ")) for key in (Field.CALLED_AE, Field.HOST)
    )
    return str(row.values.get(Field.NAME) or (host if title == DEFAULT_CALLED_AE else title))


_Content = tuple[str, Channel, frozenset[tuple[Field, Value]]]


def _content(row: ExchangeRow) -> _Content:
    """Return what two rows have in common if they are the same peer twice."""
    values = frozenset(each for each in row.values.items() if each[0] is not Field.NAME)
    return _base(row), row.channel, values


def _changes(row: ExchangeRow, profile: Profile) -> tuple[FieldChange, ...]:
    now = values_of(profile)
    return tuple(
        FieldChange(key, now.get(key), row.values[key])
        for key in Field
        if key in row.values
        and key is not Field.NAME
        and not _lifts_a_refusal(key, row.values[key])
        and not _equal(key, now.get(key), row.values[key])
    )


def _lifts_a_refusal(key: Field, then: Value) -> bool:
    """Report whether a row would remove a refusal, which only an edit is allowed to do."""
    return key in REFUSALS and not then


def _equal(key: Field, now: Value | None, then: Value) -> bool:
    if key.row.kind is ValueKind.AE_TITLE and now is not None:
        return str(now).strip(" ") == str(then).strip(" ")
    return now == then


def _target(
    inherited: Mapping[Field, Value], values: Mapping[Field, Value], channel: Channel
) -> Target:
    settings: dict[str, Any] = {key.value: value for key, value in {**inherited, **values}.items()}
    return Target(**settings, tls=TlsSettings() if channel is Channel.TLS else None)


def _errors(target: Target) -> str:
    """Return the errors of a target as one text; empty if it has none.

    What a hand-written target may not have is an error too.
    """
    values = ((key, getattr(target, key)) for key in Field)
    wrong = [f"{key}: {problem}" for key, value in values if (problem := type_problem(key, value))]
    grave = (each for each in check_target(target) if each.severity is Severity.ERROR)
    return "; ".join([*wrong, *map(str, grave)])


def _tls_difference(channel: Channel, profile: Profile) -> str:
    if channel is Channel.NOT_GIVEN or profile.target is None:
        return ""
    now = Channel.PLAIN if profile.target.tls is None else Channel.TLS
    if now is channel:
        return ""
    return f"the target is {now.value} here, {channel.value} in that file; change its TLS by hand"
