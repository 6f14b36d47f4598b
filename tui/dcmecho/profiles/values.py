"""What type a value of a profiles.toml has to have. Pure.

Whether a value can work (a port of 70000, a title of 17 characters) is judged by the diagnosis, at
stage ``profile``; here a value has the right type or its target is broken.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dcmecho.diagnosis.validation import SECONDS, WHOLE_NUMBERS, Field
from dcmecho.profiles.wording import shown

_EXPECTED = {
    Field.PORT: "a number (1 to 65535)",
    Field.MAX_PDU_BYTES: "a whole number of bytes",
    Field.CONNECT_TIMEOUT_S: "a number of seconds",
    Field.ACSE_TIMEOUT_S: "a number of seconds",
    Field.DIMSE_TIMEOUT_S: "a number of seconds",
    Field.DO_NOT_PROBE: "text in quotes, the reason to show",
    Field.NO_EXPERIMENTS: "text in quotes, the reason to show",
}
_LARGEST_INTEGER = 2**63 - 1
"""TOML promises no more, and a float cannot hold every longer one."""
_ONE_LINE = frozenset({Field.NAME, Field.GROUP})


def type_problem(key: Field, value: object) -> str | None:
    """Tell why a value has the wrong type for its key; ``None`` where it has the right one."""
    if _has_type(key, value):
        if key in _ONE_LINE and not str(value).isprintable():
            return f"{shown(value)} must be text that can be shown on one line"
        return None
    return f"{shown(value)} must be {_EXPECTED.get(key, 'text in quotes')}"


def same_value(one: object, other: object) -> bool:
    """Tell whether two TOML values are the same; ``true`` is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def listed_name(table: Mapping[Any, object]) -> str:
    """Return the name a target is listed under, empty where it has none that can be."""
    name = table.get(Field.NAME)
    return name if isinstance(name, str) and not type_problem(Field.NAME, name) else ""


def _has_type(key: Field, value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int) and abs(value) > _LARGEST_INTEGER:
        return False
    if key in WHOLE_NUMBERS:
        return isinstance(value, int)
    if key in SECONDS:
        return isinstance(value, int | float)
    return isinstance(value, str)
