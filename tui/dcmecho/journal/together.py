"""Which other targets failed in the same minutes, and what they share with this one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values
from dcmecho.diagnosis.history.history import Together
from dcmecho.diagnosis.target.target import Target

_MINUTES = 10
_WITHOUT_FACTS = ("'{}'", "", 1000)
_WITH_FACTS = ("coalesce(nullif(facts, ''), '{}')", "JOIN report ON report.id = newest.report", 300)
"""A column, its table, and how many of the newest runs are read. The facts of each are a page."""

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
    with_facts = Compared.CERTIFICATE_ISSUER in values or _address(this.host) is None
    others = list(_others(connection, id, now, with_facts=with_facts))
    if sum(not each.worked for each in others) < _FEWEST:
        return ()
    found = (_sharing(words, of(this), of, others) for words, of in _SHARED)
    return tuple(each for each in found if each is not None)


def _others(
    connection: sqlite3.Connection, id: int | None, now: int, *, with_facts: bool
) -> Iterator[_Asked]:
    """Yield the last run of each other target that was asked in these minutes."""
    facts, reports, most = _WITH_FACTS if with_facts else _WITHOUT_FACTS
    rows = connection.execute(
        f"SELECT newest.target, ok, host, calling_ae, {facts}"
        " FROM (SELECT target, report, ok, began FROM span WHERE began >= ?"
        "  ORDER BY began DESC LIMIT ?) AS newest"
        f" JOIN target ON target.id = newest.target {reports} ORDER BY newest.began DESC",
        (now - _MINUTES * 60_000, most),
    )
    seen = {id}
    for each, ok, host, calling_ae, known in rows:
        if each not in seen:
            seen.add(each)
            yield _Asked(ok > 0, host, calling_ae, json.loads(known))


def _sharing(
    words: str, value: str, of: Callable[[_Asked], str], others: list[_Asked]
) -> Together | None:
    same = [each for each in others if value and of(each) == value]
    failing = sum(not each.worked for each in same)
    if failing < _FEWEST or failing * 2 <= len(same):
        return None
    return Together(words.format(value), failing, len(same))


def _subnet(asked: _Asked) -> str:
    address = _address(asked.facts.get(Compared.PEER_ADDRESS, asked.host))
    if address is None:
        return ""
    return str(ip_network(f"{address}/{_PREFIX_BITS[address.version]}", strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


_SHARED: tuple[tuple[str, Callable[[_Asked], str]], ...] = (
    ("on {}", lambda asked: asked.host),
    ("on {}", _subnet),
    ("with a certificate of {}", lambda asked: asked.facts.get(Compared.CERTIFICATE_ISSUER, "")),
    ("called as {}", lambda asked: asked.calling_ae),
)
