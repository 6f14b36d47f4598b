"""The TLS values of a target being edited: typed texts, what is wrong with them, what to write."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from dcmecho.console.editing.field_values import fault, written_text
from dcmecho.console.editing.inheritance import BUILT_IN_ORIGIN, Inherited
from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.target.tls import TlsSettings
from dcmecho.diagnosis.target.tls_keys import (
    TLS_ITEMS,
    TargetKey,
    TlsItem,
    TlsKey,
    TlsSwitch,
)
from dcmecho.diagnosis.target.validation import Complaint
from dcmecho.diagnosis.target.value_checks import Severity
from dcmecho.profiles.book.model import Problem, Profile, ProfileBook
from dcmecho.profiles.book.tables.tls import PASSPHRASES, TlsValue, merged, settings_of, tls_value
from dcmecho.profiles.book.tables.written_tls import (
    TlsChanges,
    TlsValues,
    WrittenTls,
    changed,
    written_problem,
)

_FLAGS = dict.fromkeys(("y", "yes", "on", "true"), True) | dict.fromkeys(
    ("n", "no", "off", "false"), False
)
_FLAG_ITEMS: tuple[TlsItem, ...] = (TlsSwitch.TLS, TlsKey.VERIFY)
_AT_BEST_A_WARNING = "anyone can pretend to be the peer, so the result is at best a warning"


def tls_texts(profile: Profile | None) -> dict[TargetKey, str]:
    """Return the texts that an editor starts with."""
    own: TlsValues = profile.own_tls if profile else {}
    return {item: written_text(own[item]) if item in own else "" for item in TLS_ITEMS}


def parse_tls(item: TlsItem, text: str) -> WrittenTls | Complaint:
    """Parse the text typed for a TLS value."""
    value: WrittenTls = text
    if item in _FLAG_ITEMS:
        flag = _FLAGS.get(text.strip().lower())
        if flag is None:
            return fault(item, "must be yes or no")
        value = flag
    elif item is TlsKey.CA_FILE:
        value = _paths(text)
    elif item is TlsKey.MINIMUM_VERSION and written_problem(item, text):
        return fault(item, "must be 1.0, 1.1, 1.2 or 1.3")
    problem = written_problem(item, value)
    return fault(item, problem) if problem else value


def _paths(text: str) -> str | tuple[str, ...]:
    paths = tuple(path.strip() for path in next(csv.reader([text], skipinitialspace=True)))
    return paths[0] if len(paths) == 1 else tuple(filter(None, paths))


@dataclass(frozen=True, slots=True)
class TlsDraft:
    """The TLS values of one draft.

    ``own`` has the values in the file, ``texts`` what the editor starts with, ``resolved`` the
    settings that the file gives the target now.
    """

    book: ProfileBook
    own: TlsValues
    texts: Mapping[TargetKey, str]
    resolved: TlsSettings | None = None
    notices: tuple[Problem, ...] = ()

    @classmethod
    def of(
        cls, book: ProfileBook, former: Profile | None, texts: Mapping[TargetKey, str]
    ) -> TlsDraft:
        """Edit the values of a target of the file, of a copy of one, or of a new one."""
        if former is None:
            return cls(book, {}, texts)
        resolved = former.target.tls if former.target else None
        notices = tuple(problem for problem in former.problems if problem.is_notice)
        return cls(book, former.own_tls, texts, resolved, notices)

    def is_on(self, texts: Mapping[TargetKey, str], group: str) -> bool:
        """Report whether the target uses TLS, so that its keys matter."""
        switch = self._wanted(texts).get(TlsSwitch.TLS)
        if not isinstance(switch, bool):
            return self.book.inherited_tls_table(group) is not None
        return switch

    def changes(self, texts: Mapping[TargetKey, str]) -> TlsChanges:
        """Return the values to write, ``None`` for those to take away. Only without errors."""
        return changed(self.own, self._wanted(texts))

    def judge(self, item: TlsItem, texts: Mapping[TargetKey, str]) -> tuple[Complaint, ...]:
        """Return every complaint about one text."""
        text = texts[item]
        if not text:
            return ()
        if item not in TlsSwitch and self._wanted(texts).get(TlsSwitch.TLS) is False:
            return ()
        value = parse_tls(item, text)
        if isinstance(value, Complaint):
            return (value,)
        other = next((each for each in PASSPHRASES if item in PASSPHRASES and each != item), None)
        if other and texts[other]:
            return (fault(item, f"conflicts with {other.row.label}; keep only one of them"),)
        if item is TlsKey.VERIFY and value is False:
            return (Complaint(item, Severity.WARNING, _AT_BEST_A_WARNING),)
        ignored = self._objection(item, text)
        return (Complaint(item, Severity.WARNING, ignored),) if ignored else ()

    def _objection(self, item: TlsItem, text: str) -> str:
        """Say why a value does not count: it is in a file that others can change."""
        told = (each.message for each in self.notices if each.key == f"{TlsSwitch.TLS}.{item}")
        from_file = next(told, "") if text == self.texts[item] else ""
        return from_file or self.book.standing.objection(item.row.risk)

    def inherited(self, item: TlsItem, group: str) -> Inherited:
        """Return what an empty text inherits, and from where."""
        table, farther = self.book.inherited_tls_table(group), self.book.tls.get("")
        origin = "[defaults.tls]" if table == farther else f"[group.{group}.tls]"
        if isinstance(item, TlsSwitch):
            text = written_text(table is not None)
            return Inherited(text, origin if table is not None else BUILT_IN_ORIGIN)
        if table is None or (not table.get(item) and item is not TlsKey.VERIFY):
            return self._built_in(item)
        if item not in table:
            return self._built_in(item)
        is_same = farther is not None and farther.get(item) == table[item]
        shown = "set" if item.row.is_passphrase else own_text(written_text(table[item]))
        return Inherited(shown, "[defaults.tls]" if is_same else origin)

    def _built_in(self, item: TlsItem) -> Inherited:
        match item:
            case TlsKey.MINIMUM_VERSION:
                return Inherited(TlsSettings().minimum_version.value, BUILT_IN_ORIGIN)
            case TlsKey.VERIFY:
                return Inherited(written_text(TlsSettings().verify), BUILT_IN_ORIGIN)
            case _:
                return Inherited("", "")

    def settings(self, texts: Mapping[TargetKey, str], group: str) -> TlsSettings | None:
        """Return the settings that these texts give the target."""
        wanted, table = self._wanted(texts), self.book.inherited_tls_table(group)
        if not wanted:
            return None if table is None else settings_of(table)
        if wanted.get(TlsSwitch.TLS) is not True:
            return None
        return settings_of(merged(table or {}, dict(self._counting(wanted, texts))))

    def _counting(
        self, wanted: TlsValues, texts: Mapping[TargetKey, str]
    ) -> Iterator[tuple[TlsKey, TlsValue]]:
        folder = Path(self.book.overlay or self.book.path).parent
        for key in TlsKey:
            if key not in wanted or self._objection(key, texts[key]):
                continue
            if texts[key] == self.texts[key] and self.resolved is not None:
                name = "ca_files" if key is TlsKey.CA_FILE else key.value
                yield key, getattr(self.resolved, name)
            else:
                value = wanted[key]
                plain = list(value) if isinstance(value, tuple) else value
                yield key, tls_value(key, plain, folder)

    def _wanted(self, texts: Mapping[TargetKey, str]) -> TlsValues:
        """Return the values that these texts mean; a text with an error means none."""
        values: dict[TlsItem, WrittenTls] = {}
        for item in TLS_ITEMS:
            value = self._value(item, texts[item])
            if value is not None:
                values[item] = value
        if values.get(TlsSwitch.TLS) is False:
            return {TlsSwitch.TLS: False}
        return {TlsSwitch.TLS: True, **values} if values else {}

    def _value(self, item: TlsItem, text: str) -> WrittenTls | None:
        own = self.own.get(item)
        is_untouched = text == self.texts[item]
        if is_untouched and own is not None and written_problem(item, own) is None:
            return own
        value = parse_tls(item, text) if text else None
        return None if isinstance(value, Complaint) else value
