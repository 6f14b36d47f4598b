"""Which other targets failed in the same minutes, and what they share with this one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any, NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values
from dcmecho.diagnosis.history.history import Together
from dcmecho.diagnosis.target.target import Target

_MINUTES = 10
_MOST_ROWS = 2000
_FEWEST = 2
_PREFIX_BITS = {4: 24, 6: 64}


class _Asked(NamedTuple):
    worked: bool
    host: str
    calling_ae: str
    facts: Mapping[Any, Any]


def together(
    connection: sqlite3.Connection, id: int | None, now: int, target: Target, values: Values
) -> tuple[Together, ...]:
    """Return the others that failed with this target, of whose kind most failed.

    Raises ``sqlite3.Error``.
    """
    this = _Asked(False, target.host.casefold(), target.calling_ae, values)
    others = list(_others(connection, id, now))
    found = (_sharing(words, of(this), of, others) for words, of in _SHARED)
    return tuple(each for each in found if each is not None)


def _others(connection: sqlite3.Connection, id: int | None, now: int) -> Iterator[_Asked]:
    """Yield the last run of each other target that was asked in these minutes."""
    rows = connection.execute(
        "SELECT span.target, span.ok, target.host, target.calling_ae, report.facts, max(span.began)"
        " FROM span JOIN target ON target.id = span.target JOIN report ON report.id = span.report"
        " WHERE span.began >= ? GROUP BY span.target LIMIT ?",
        (now - _MINUTES * 60_000, _MOST_ROWS),
    )
    for each, ok, host, calling_ae, facts, _ in rows:
        if each != id:
            yield _Asked(ok > 0, host, calling_ae, json.loads(facts or "{}"))


def _sharing(
    words: str, value: str, of: Callable[[_Asked], str], others: list[_Asked]
) -> Together | None:
    same = [each for each in others if value and of(each) == value]
    failing = sum(not each.worked for each in same)
    if failing < _FEWEST or failing * 2 <= len(same):
        return None
    return Together(words.format(value), failing, len(same))


def _subnet(asked: _Asked) -> str:
    try:
        address = ip_address(asked.facts.get(Compared.PEER_ADDRESS, ""))
    except ValueError:
        return ""
    return str(ip_network(f"{address}/{_PREFIX_BITS[address.version]}", strict=False))


_SHARED: tuple[tuple[str, Callable[[_Asked], str]], ...] = (
    ("on {}", lambda asked: asked.host),
    ("on {}", _subnet),
    ("with a certificate of {}", lambda asked: asked.facts.get(Compared.CERTIFICATE_ISSUER, "")),
    ("called as {}", lambda asked: asked.calling_ae),
)
