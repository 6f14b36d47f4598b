"""The types of the values of a profiles.toml. No I/O.

A value of the wrong type breaks its target. Whether a value can work (a port of 70000, a title of
17 characters) is judged by the diagnosis, at stage ``profile``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcmecho.diagnosis.target.fields import Field, ValueKind
from dcmecho.profiles.book.wording import shown

_LARGEST_INTEGER = 2**63 - 1
"""TOML guarantees no larger one, and a float cannot represent every larger one."""


def type_problem(key: Field, value: object) -> str | None:
    """Return why a value has the wrong type for its key, or ``None``."""
    kind = key.row.kind
    if kind.holds(value) and not _is_too_long(value):
        if kind is ValueKind.LINE and not str(value).isprintable():
            return f"{shown(value)} must be text that can be shown on one line"
        return None
    return f"{shown(value)} must be {key.row.expected}"


def same_value(one: object, other: object) -> bool:
    """Report whether two TOML values are the same; ``true`` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def listed_name(table: Mapping[Any, object]) -> str:
    """Return the name a target is listed under; empty if it has no usable name."""
    name = table.get(Field.NAME)
    return name if isinstance(name, str) and not type_problem(Field.NAME, name) else ""


def _is_too_long(value: object) -> bool:
    return isinstance(value, int) and abs(value) > _LARGEST_INTEGER
