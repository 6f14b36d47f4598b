"""Which other targets failed in the same minutes, and what they share with this one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values
from dcmecho.diagnosis.history.history import Together
from dcmecho.diagnosis.history.sharing import SHARED, Traits, needs_values, traits_of
from dcmecho.diagnosis.target.target import Target

_MINUTES = 10
_WITHOUT_FACTS = ("'{}'", "", 1000)
_WITH_FACTS = ("coalesce(nullif(facts, ''), '{}')", "JOIN report ON report.id = newest.report", 300)
"""A column, its table, and how many of the newest runs are read. The facts of each are a page."""

_FEWEST = 2


class _Asked(NamedTuple):
    worked: bool
    traits: Traits


def together(
    connection: sqlite3.Connection, id: int | None, now: int, target: Target, values: Values
) -> tuple[Together, ...]:
    """Return the others that failed with this target, of whose kind most failed.

    Raises ``sqlite3.Error``.
    """
    this = traits_of(target, values)
    with_facts = Compared.CERTIFICATE_ISSUER in values or needs_values(target)
    others = list(_others(connection, id, now, with_facts=with_facts))
    if sum(not each.worked for each in others) < _FEWEST:
        return ()
    found = (_sharing(words, of(this), of, others) for words, of in SHARED)
    # The same targets in other words tell nothing more: the narrowest come first.
    once = {(each.failing, each.asked): each for each in reversed([*found]) if each is not None}
    return tuple(reversed(once.values()))


def _others(
    connection: sqlite3.Connection, id: int | None, now: int, *, with_facts: bool
) -> Iterator[_Asked]:
    """Yield the last run of each other target that was asked in these minutes."""
    facts, reports, most = _WITH_FACTS if with_facts else _WITHOUT_FACTS
    rows = connection.execute(
        f"SELECT newest.target, ok, host, calling_ae, {facts}"
        " FROM (SELECT target, report, ok, began FROM span WHERE began >= ? AND runs > 0"
        "  ORDER BY began DESC LIMIT ?) AS newest"
        f" JOIN target ON target.id = newest.target {reports} ORDER BY newest.began DESC",
        (now - _MINUTES * 60_000, most),
    )
    seen = {id}
    for each, ok, host, calling_ae, facts_of_it in rows:
        if each not in seen:
            seen.add(each)
            known = json.loads(facts_of_it)
            address = known.get(Compared.PEER_ADDRESS, "")
            issuer = known.get(Compared.CERTIFICATE_ISSUER, "")
            yield _Asked(ok > 0, Traits(host, calling_ae, address, issuer))


def _sharing(
    words: str, value: str, of: Callable[[Traits], str], others: list[_Asked]
) -> Together | None:
    same = [each for each in others if value and of(each.traits) == value]
    failing = sum(not each.worked for each in same)
    if failing < _FEWEST or failing * 2 <= len(same):
        return None
    return Together(words.format(value), failing, len(same))
