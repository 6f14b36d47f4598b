"""The TLS values of one target as its file has them. No I/O.

They are flat: the switch ``tls`` is true for a table and false for ``tls = false``, and is missing
if the target has neither. The keys of the table are beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Never

from dcmecho.diagnosis.target.tls_keys import TLS_ITEMS, TargetKey, TlsItem, TlsKey, TlsSwitch
from dcmecho.profiles.book.tables.tls import PASSPHRASES, tls_problem
from dcmecho.profiles.book.values import same_value
from dcmecho.profiles.book.wording import shown

WrittenTls = str | bool | tuple[str, ...]
"""A TLS value as the file has it; one of a wrong type is text."""

TlsValues = Mapping[TlsItem, WrittenTls]
TlsChanges = Mapping[TlsItem, WrittenTls | None]
"""Values to write; ``None`` removes a value."""
NO_TLS: Mapping[TlsItem, Never] = MappingProxyType({})
"""For a target that says nothing of TLS, and for no changes."""


def written_tls(table: Mapping[str, object]) -> dict[TlsItem, WrittenTls]:
    """Return the TLS values of the table of a target."""
    tls = table.get(TlsSwitch.TLS)
    if tls is None:
        return {}
    if not isinstance(tls, Mapping):
        return {TlsSwitch.TLS: False if tls is False else shown(tls)}
    keys: dict[TlsItem, WrittenTls] = {
        key: _written(tls[key.value]) for key in TlsKey if key.value in tls
    }
    return {TlsSwitch.TLS: True, **keys}


def overridden(farther: TlsValues, nearer: TlsValues) -> dict[TlsItem, WrittenTls]:
    """Return the TLS values of a target whose personal table overrides the one of the file."""
    if not nearer:
        return dict(farther)
    if not farther.get(TlsSwitch.TLS) is nearer.get(TlsSwitch.TLS) is True:
        return dict(nearer)
    replaced = PASSPHRASES if PASSPHRASES & nearer.keys() else frozenset()
    return {key: value for key, value in farther.items() if key not in replaced} | {**nearer}


def changed(before: TlsValues, wanted: TlsValues) -> dict[TlsItem, WrittenTls | None]:
    """Return the changes that lead from some values to others.

    They name everything that another edit must not change at the same time: the switch, for the
    keys of a table; every key, for the end of a table; both sources of the passphrase, for one.
    """
    keys = {key for key in TLS_ITEMS if not same_value(before.get(key), wanted.get(key))}
    if keys and wanted.get(TlsSwitch.TLS) is True:
        keys |= {TlsSwitch.TLS}
        keys |= PASSPHRASES if keys & PASSPHRASES else set()
    elif keys:
        keys = set(TLS_ITEMS)
    return {key: wanted.get(key) for key in TLS_ITEMS if key in keys}


def applied(own: TlsValues, changes: TlsChanges) -> dict[TlsItem, WrittenTls]:
    """Return the values after some changes.

    A value for a key makes the table if it is missing; without the switch, all of it goes.
    """
    values = {key: value for key, value in {**own, **changes}.items() if value is not None}
    if any(changes.get(key) is not None for key in TlsKey):
        values[TlsSwitch.TLS] = True
    if values.get(TlsSwitch.TLS) is True:
        return values
    return {TlsSwitch.TLS: values[TlsSwitch.TLS]} if TlsSwitch.TLS in values else {}


def toml_of(changes: TlsChanges) -> dict[str, object]:
    """Return what a new table of a target gets for some changes, as TOML values."""
    values = applied({}, changes)
    if values.get(TlsSwitch.TLS) is not True:
        return {key.value: value for key, value in values.items()}
    keys = {key.value: value for key, value in values.items() if key not in TlsSwitch}
    return {TlsSwitch.TLS.value: keys}


def news_of(own: TlsValues, changes: TlsChanges) -> dict[TlsItem, WrittenTls | None]:
    """Return the changes that the file does not have yet."""
    return {key: value for key, value in changes.items() if not same_value(own.get(key), value)}


def written_problem(item: TlsItem, value: WrittenTls) -> str | None:
    """Return why a value cannot be written, ``None`` if it can. It never shows a secret."""
    if isinstance(item, TlsSwitch):
        return None if isinstance(value, bool) else f"must be {item.row.expected}"
    return tls_problem(item, list(value) if isinstance(value, tuple) else value)


def is_secret(key: TargetKey) -> bool:
    """Report whether the value of a key is never shown."""
    return key in PASSPHRASES


def _written(value: object) -> WrittenTls:
    if isinstance(value, list):
        return tuple(each if isinstance(each, str) else shown(each) for each in value)
    return value if isinstance(value, str | bool) else shown(value)
