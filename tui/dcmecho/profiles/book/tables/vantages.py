"""The ``[vantage.NAME]`` tables: machines from which peers are asked. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Protocol

from dcmecho.diagnosis.sanitize import own_text
from dcmecho.diagnosis.vantage.vantage import HERE, Vantage
from dcmecho.profiles.book.wording import shown, suggestion

VANTAGE_KEY = "vantage"

_KEYS = tuple(each.name for each in fields(Vantage) if each.name != "name")


class Report(Protocol):
    """Takes the place of a key, and what is wrong with it."""

    def __call__(self, place: tuple[str, ...], message: str, *, is_notice: bool = False) -> object:
        """Record it."""


def read_vantages(
    tables: object, report: Report, objection: Callable[[], str]
) -> dict[str, Vantage]:
    """Return the good tables, and report the others.

    Every key of them runs a program or says where traffic goes, so none counts if there is an
    ``objection``.
    """
    if not isinstance(tables, Mapping):
        report((VANTAGE_KEY,), "write one table for each machine, such as [vantage.gateway]")
        return {}
    if tables and (why := objection()):
        report((VANTAGE_KEY,), why, is_notice=True)
        return {}
    read = {name: _vantage(name, table, report) for name, table in tables.items()}
    return {name: vantage for name, vantage in read.items() if vantage is not None}


def _vantage(name: str, table: object, report: Report) -> Vantage | None:
    place = (VANTAGE_KEY, name)
    if not isinstance(table, Mapping):
        report(place, "must be a table of keys and values")
        return None
    if flaw := _flaw_of_name(name):
        report(place, flaw)
        return None
    values = {}
    for key, value in table.items():
        if key not in _KEYS:
            report((*place, key), f"is not a key of a vantage point{suggestion(key, _KEYS)}")
        elif not isinstance(value, str):
            report((*place, key), f"{shown(value)} must be text in quotes")
            return None
        else:
            values[key] = value
    vantage = Vantage(name, values.pop("ssh", ""), **values)
    if vantage.flaw:
        report(place, vantage.flaw)
        return None
    return vantage


def _flaw_of_name(name: str) -> str:
    if name == HERE:
        return f"{HERE} is the name of this machine; choose another name"
    if not name or own_text(name) != name or "," in name or "://" in name:
        return "a name without commas that can be shown on one line is needed"
    return ""
