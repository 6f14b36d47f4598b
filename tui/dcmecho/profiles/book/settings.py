"""The keys of ``[settings]``: how dcmecho itself behaves for this user, one row each. No I/O.

They are read from the file in use and from ``profiles.toml`` in the user's configuration folder;
the file in use is nearer. A setting needs a row here and a value in ``Settings``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from dcmecho.diagnosis.rows import RowEnum
from dcmecho.diagnosis.target.risk import Risk
from dcmecho.profiles.book.wording import shown, suggestion

SETTINGS_KEY = "settings"


class Signs(StrEnum):
    """A set of signs, by what the font of the terminal has."""

    UNICODE = "unicode"
    WGL4 = "wgl4"
    """Windows Glyph List 4: what Courier New and most console fonts have."""
    ASCII = "ascii"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force, by the names of their keys, with the built-in values."""

    trust: tuple[Path, ...] = ()
    """Files of which every key counts, though others can change them."""
    mouse: bool | None = None
    """Whether the console uses the mouse; ``None``: where that takes nothing away."""
    signs: Signs | None = None
    """The signs of the console; ``None``: those that the terminal probably has."""
    folder: Path | None = None
    """Where the console saves reports, logs and exports; ``None``: in the current folder."""
    history: Path | None = None
    """The journal; ``None``: ``history.db`` in the user's state folder."""
    history_max_mb: int = 300
    """The greatest size of the journal, in MB of 1,000,000 bytes."""
    history_user: bool = False
    """Whether the journal keeps who asked."""


class SettingRow(NamedTuple):
    """Everything about one setting."""

    expected: str
    """What the file must contain, for the message about a wrong value."""
    read: Callable[[Any], Any]
    """Convert the TOML value. Raises ``ValueError`` for a wrong one."""
    risk: Risk
    """Whether it counts in a file that somebody else can change."""
    own_only: bool
    """Whether it counts only in the user's configuration folder."""


def _paths(value: object) -> tuple[Path, ...]:
    paths = value if isinstance(value, list) else [value]
    return tuple(map(_path, paths))


def _path(value: object) -> Path:
    path = Path(os.path.expanduser(value)) if isinstance(value, str) else Path()
    if not path.is_absolute():
        raise ValueError(f"{shown(value)} is not an absolute path")
    return path


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{shown(value)} is neither true nor false")
    return value


def _megabytes(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{shown(value)} is not a number of MB")
    return value


def _signs(value: object) -> Signs:
    return Signs(str(value))


class Setting(RowEnum):
    """The settings, by their names in ``Settings`` and in profiles.toml."""

    row: SettingRow

    TRUST = (
        "trust",
        SettingRow(
            expected='a list of absolute paths in quotes, such as ["/srv/dicom/profiles.toml"]',
            read=_paths,
            risk=Risk.GIVES_TRUST,
            own_only=True,
        ),
    )
    MOUSE = (
        "mouse",
        SettingRow(expected="true or false", read=_flag, risk=Risk.NONE, own_only=False),
    )
    SIGNS = (
        "signs",
        SettingRow(
            expected=" or ".join(f'"{signs}"' for signs in Signs),
            read=_signs,
            risk=Risk.NONE,
            own_only=False,
        ),
    )
    FOLDER = (
        "folder",
        SettingRow(
            expected='an absolute path in quotes, such as "~/dicom-reports"',
            read=_path,
            risk=Risk.WRITES_A_FILE,
            own_only=False,
        ),
    )
    HISTORY = (
        "history",
        SettingRow(
            expected='an absolute path in quotes, such as "/srv/dicom/history.db"',
            read=_path,
            risk=Risk.WRITES_A_FILE,
            own_only=False,
        ),
    )
    HISTORY_MAX_MB = (
        "history_max_mb",
        SettingRow(
            expected="a whole number of MB, 1 or more",
            read=_megabytes,
            risk=Risk.NONE,
            own_only=False,
        ),
    )
    HISTORY_USER = (
        "history_user",
        SettingRow(expected="true or false", read=_flag, risk=Risk.NONE, own_only=False),
    )


Values = Mapping[Setting, Any]
"""The settings that one file has, as ``Settings`` takes them."""

Report = Callable[[str, str], object]
"""Takes the key, and what is wrong with it."""


def read_settings(table: object, report: Report) -> Values:
    """Return the good values of a ``[settings]`` table, and report the others."""
    if not isinstance(table, Mapping):
        report("", "write [settings] above these keys")
        return {}
    values = {}
    for key, value in table.items():
        if key not in list(Setting):
            report(key, f"is not a setting{suggestion(key, Setting)}")
            continue
        row = Setting(key).row
        try:
            values[Setting(key)] = row.read(value)
        except ValueError:
            report(key, f"{shown(value)} must be {row.expected}")
    return values


def in_force(own: Values, in_use: Values) -> Settings:
    """Merge the settings of the configuration folder and of the file in use, which is nearer."""
    nearer = {key: value for key, value in in_use.items() if not key.row.own_only}
    return Settings(**{key.value: value for key, value in {**own, **nearer}.items()})
