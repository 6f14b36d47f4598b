"""Makes profiles from the tables of a file: inheritance, and the personal file. No I/O.

Values come from the defaults, the group and the target; a nearer table overrides a farther one. At
each level the personal file (``locate.overlay_of``) overrides the file. It cannot lift a refusal
(``do_not_probe``, ``no_experiments``) of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dcmecho.diagnosis.target.fields import REQUIRED, Field, Value
from dcmecho.profiles.book.layers import Resolved, ValueLayer, resolved
from dcmecho.profiles.book.model import Origin, Problem, Profile, ProfileBook, in_force
from dcmecho.profiles.book.reading import FileReading, TargetTable
from dcmecho.profiles.book.tables.written_tls import overridden
from dcmecho.profiles.book.wording import nearest_group, shown


def book_of(
    file: FileReading, personal: FileReading | None = None, *, writable: bool
) -> ProfileBook:
    """Make the book of a file, and of the personal file that overrides a read-only one."""
    return _Assembly(file, personal).book(writable=writable)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One target to list; ``over`` is the personal table that overrides some of its keys."""

    reading: FileReading
    table: TargetTable
    over: TargetTable | None = None


@dataclass(slots=True)
class _Assembly:
    """The state while one book is made."""

    file: FileReading
    personal: FileReading | None
    _first_place: dict[str, tuple[TargetTable, FileReading]] = field(default_factory=dict)
    _seen: dict[str, int] = field(default_factory=dict)
    _meant: dict[str, str | None] = field(default_factory=dict)

    def book(self, *, writable: bool) -> ProfileBook:
        profiles = tuple(self._profile(entry) for entry in self._entries())
        return ProfileBook(
            path=self.file.path,
            exists=True,
            writable=writable,
            defaults=_values([each.defaults for each in self._readings]),
            groups={name: _values(self._group_layers(name)) for name in self._group_names()},
            tls={name: self._inherited(name).tls for name in ("", *self._group_names())},
            vantages={
                name: vantage for each in self._readings for name, vantage in each.vantages.items()
            },
            profiles=profiles,
            problems=tuple(
                problem
                for reading in self._readings
                for problem in sorted(reading.problems, key=lambda problem: problem.line)
            ),
            overlay=self.personal.path if self.personal else None,
            standing=self._readings[-1].standing,
        )

    @property
    def _readings(self) -> Sequence[FileReading]:
        return [self.file, self.personal] if self.personal else [self.file]

    def _entries(self) -> list[_Entry]:
        """Pair each target with the first personal table of its name; add the other tables."""
        personal = self.personal.targets if self.personal else ()
        first = {table.name: table for table in reversed(personal) if table.name}
        overs = {
            table.name: first[table.name] for table in self.file.targets if table.name in first
        }
        waiting = dict(overs)
        entries = [
            _Entry(self.file, table, waiting.pop(table.name, None)) for table in self.file.targets
        ]
        if self.personal:
            taken = [id(table) for table in overs.values()]
            added = [table for table in personal if id(table) not in taken]
            entries += [_Entry(self.personal, table) for table in added]
        return entries

    def _profile(self, entry: _Entry) -> Profile:
        table, over = entry.table, entry.over
        occurrence = self._seen.get(table.name, 0)
        self._seen[table.name] = occurrence + 1
        own = [table.layer, over.layer] if over else [table.layer]
        found = self._resolved(entry, own)
        remarks = [*self._notices(own), *(each for layer in own for each in layer.remarks)]
        faults = [*found.faults, *self._missing(entry, found), *self._not_unique(entry)]
        if meant := self._meant_group(entry):
            is_grave = any(layer.refuses for layer in self._group_layers(meant))
            (faults if is_grave else remarks).append(self._misspelled(entry, meant))
        return Profile(
            name=table.name,
            occurrence=occurrence,
            own={key: value for layer in own for key, value in layer.written.items()},
            target=None if faults else found.target(),
            problems=(*faults, *remarks),
            origin=Origin.PERSONAL if entry.reading is self.personal else Origin.FILE,
            overrides={
                key: table.layer.written.get(key)
                for key in (over.layer.written if over else ())
                if key is not Field.NAME
            },
            own_tls=overridden(table.layer.written_tls, over.layer.written_tls if over else {}),
        )

    def _notices(self, own: Sequence[ValueLayer]) -> list[Problem]:
        """Return what a target would inherit if it counted."""
        group = _group([*(each.defaults for each in self._readings), *own])
        farther = [*(each.defaults for each in self._readings), *self._group_layers(group)]
        return [each for layer in farther for each in layer.remarks if each.is_notice]

    def _resolved(self, entry: _Entry, own: Sequence[ValueLayer]) -> Resolved:
        defaults = [each.defaults for each in self._readings]
        group, files_group = _group([*defaults, *own]), _group([*defaults[:1], entry.table.layer])
        kept = []
        is_moved = entry.reading is self.file and files_group != group
        if is_moved and files_group in self.file.groups:
            kept = [self.file.groups[files_group].refusals()]
        return resolved(*kept, *defaults, *self._group_layers(group), *own)

    def _inherited(self, group: str) -> Resolved:
        return resolved(*(each.defaults for each in self._readings), *self._group_layers(group))

    def _group_layers(self, name: str) -> Sequence[ValueLayer]:
        return [each.groups[name] for each in self._readings if name in each.groups]

    def _group_names(self) -> Sequence[str]:
        return list(dict.fromkeys(name for each in self._readings for name in each.groups))

    def _meant_group(self, entry: _Entry) -> str | None:
        """Return the existing group whose name a target probably misspells."""
        group = str(entry.table.layer.values.get(Field.GROUP, ""))
        if not group or self._group_layers(group):
            return None
        if group not in self._meant:
            self._meant[group] = nearest_group(group, self._group_names())
        return self._meant[group]

    def _misspelled(self, entry: _Entry, meant: str) -> Problem:
        group = entry.table.layer.values[Field.GROUP]
        message = f"{shown(group)} has no table. Did you mean {shown(meant)}?"
        return entry.reading.problem((*entry.table.place, Field.GROUP), message)

    def _missing(self, entry: _Entry, found: Resolved) -> list[Problem]:
        faulty = {problem.key for problem in found.faults}
        return [
            entry.reading.problem(
                (*entry.table.place, key), f"is missing; every target needs {key} = ..."
            )
            for key in REQUIRED
            if key not in faulty and found.values.get(key, "") == ""
        ]

    def _not_unique(self, entry: _Entry) -> list[Problem]:
        table, reading = entry.table, entry.reading
        if not table.name:
            return []
        first, holder = self._first_place.setdefault(table.name, (table, reading))
        if first is table:
            return []
        line = f"line {holder.line(first.place)}"
        where = line if holder is reading else f"{line} of {holder.path}"
        message = f"{shown(table.name)} is already the name of the target at {where}"
        place = (*table.place, Field.NAME)
        return [reading.problem(place, f"{message}; give each a unique name")]


def _group(farthest_first: Sequence[ValueLayer]) -> str:
    values: dict[Field, Value] = {}
    for layer in farthest_first:
        values.update(layer.values)
    return str(values.get(Field.GROUP, ""))


def _values(farthest_first: Sequence[ValueLayer]) -> dict[Field, Value]:
    """Merge the tables of one level, without the built-in values."""
    merged = in_force(*(layer.values for layer in farthest_first))
    given = {key for layer in farthest_first for key in layer.values}
    return {key: value for key, value in merged.items() if key in given}
