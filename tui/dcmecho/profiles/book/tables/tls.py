"""The keys of a TLS table, ``[target.tls]``, ``[group.NAME.tls]`` or ``[defaults.tls]``.

An empty table asks for TLS with the certificates that the system trusts. ``tls = false`` instead
of a table turns off inherited TLS. The diagnosis judges whether the files can be used; only their
paths are resolved here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dcmecho.diagnosis.target.fields import Field
from dcmecho.diagnosis.target.tls import TlsSettings, TlsVersion
from dcmecho.diagnosis.target.tls_keys import TlsKey, TlsSwitch
from dcmecho.profiles.book.wording import normalized, shown, suggestion

TLS_KEY = TlsSwitch.TLS.value


TlsValue = str | bool | tuple[str, ...]
"""A value of ``TlsSettings``: paths are resolved, and ``ca_file`` is a tuple."""

PASSPHRASES = frozenset(key for key in TlsKey if key.row.is_passphrase)
"""The two keys that say where the passphrase is; only one of them can be in a table."""
_PATHS = frozenset(key for key in TlsKey if key.row.is_path)
_SECRETS = frozenset({"passphrase", "password", "passwd", "key_passphrase", "key_password"})


def concerns_tls(key: str) -> bool:
    """Report whether a key can only be meant for a TLS table."""
    written = normalized(key)
    return written in _SECRETS or written in list(TlsKey)


def misplaced(key: str) -> str:
    """Say what to do with a TLS key outside of a TLS table."""
    return _secret_problem(key) or "belongs in a TLS table; move it below [target.tls]"


def tls_problem(key: str, value: object) -> str | None:
    """Return the problem of one line of a TLS table, or ``None``.

    It never shows a secret.
    """
    if secret := _secret_problem(key):
        return secret
    if key in list(Field):
        return "is inside the TLS table, which ends at the next table; move it above the TLS table"
    if key not in list(TlsKey):
        return f"is not a key of a TLS table{suggestion(key, TlsKey)}"
    row = TlsKey(key).row
    expected = row.expected
    if _has_type(TlsKey(key), value):
        return None
    if isinstance(value, str) and not value.isprintable():
        expected = "text that can be shown on one line"
    return f"must be {expected}" if row.is_passphrase else f"{shown(value)} must be {expected}"


def tls_value(key: TlsKey, value: Any, folder: Path) -> TlsValue:
    """Convert a value without problems; relative paths are relative to ``folder``."""
    if key is TlsKey.CA_FILE:
        files = value if isinstance(value, list) else [value] if value else []
        return tuple(_located(each, folder) for each in files)
    if key.row.is_path:
        return _located(value, folder) if value else ""
    if key is TlsKey.MINIMUM_VERSION:
        return TlsVersion(value)
    return bool(value) if key is TlsKey.VERIFY else str(value)


def with_places(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return a TOML table with absolute paths; relative ones are relative to ``folder``."""
    return {key: _placed(value, folder) if key in _PATHS else value for key, value in table.items()}


def names_passphrase_twice(table: Mapping[TlsKey, TlsValue]) -> bool:
    """Report whether one table has both a variable and a command for the passphrase."""
    return all(table.get(key) for key in PASSPHRASES)


def merged(
    farther: Mapping[TlsKey, TlsValue], nearer: Mapping[TlsKey, TlsValue]
) -> dict[TlsKey, TlsValue]:
    """Merge two tables by key; a nearer source of the passphrase replaces a farther one."""
    replaced = PASSPHRASES if PASSPHRASES & nearer.keys() else frozenset()
    return {key: value for key, value in farther.items() if key not in replaced} | {**nearer}


def settings_of(table: Mapping[TlsKey, TlsValue]) -> TlsSettings:
    """Make the settings of a table, with built-in values for missing keys."""
    arguments: dict[str, Any] = {
        "ca_files" if key is TlsKey.CA_FILE else key.value: value for key, value in table.items()
    }
    return TlsSettings(**arguments)


def _secret_problem(key: str) -> str | None:
    if normalized(key) not in _SECRETS:
        return None
    return (
        "is a secret and must not be in this file; remove it, and use passphrase_env (a "
        "variable that contains it) or passphrase_command (a command that prints it)"
    )


def _has_type(key: TlsKey, value: object) -> bool:
    if key is TlsKey.VERIFY:
        return isinstance(value, bool)
    if key is TlsKey.MINIMUM_VERSION:
        return isinstance(value, str) and value in list(TlsVersion)
    if key is TlsKey.CA_FILE and isinstance(value, list):
        return all(_is_line(each) and each for each in value)
    return _is_line(value)


def _is_line(value: object) -> bool:
    return isinstance(value, str) and value.isprintable()


def _placed(value: object, folder: Path) -> object:
    if isinstance(value, list):
        return [_placed(each, folder) for each in value]
    return _located(value, folder) if isinstance(value, str) and value else value


def _located(path: str, folder: Path) -> str:
    return str(folder / os.path.expanduser(path))
