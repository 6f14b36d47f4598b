"""Which other targets failed in the same minutes, and what they share with this one."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from dcmecho.diagnosis.history.compared import Compared, Values
from dcmecho.diagnosis.history.history import Together
from dcmecho.diagnosis.history.sharing import Traits, needs_values, shared_words, traits_of
from dcmecho.diagnosis.target.target import Target

_MINUTES = 10
_MS = _MINUTES * 60_000
_EXPIRED_AFTER_MS = 1000
"""How much later than ten minutes a run can be forgotten: looking at all takes time."""

_WITHOUT_FACTS = ("'{}'", "", 1000)
_WITH_FACTS = ("coalesce(nullif(facts, ''), '{}')", "JOIN report ON report.id = newest.report", 300)
"""A column, its table, and how many of the newest runs are read. The facts of each are a page."""

_FEWEST = 2


class _Asked(NamedTuple):
    began: int
    worked: bool
    shared: tuple[str, ...]
    """What it has that others can have too, as words, the narrowest first."""


class Neighbours:
    """The last run of each target that was asked in the last minutes.

    What was read before is not read again: in a check of many, hundreds ask one after the other.
    """

    def __init__(self) -> None:
        self._plain = _Known(_WITHOUT_FACTS)
        self._with_facts = _Known(_WITH_FACTS)

    def together(
        self,
        connection: sqlite3.Connection,
        id: int | None,
        now: int,
        target: Target,
        values: Values,
    ) -> tuple[Together, ...]:
        """Return the others that failed with this target, of whose kind most failed.

        Raises ``sqlite3.Error``.
        """
        with_facts = Compared.CERTIFICATE_ISSUER in values or needs_values(target)
        known = self._with_facts if with_facts else self._plain
        known.read(connection, now)
        return known.sharing(id, shared_words(traits_of(target, values)))


class _Known:
    """The runs that were read so far, counted by what their targets have."""

    def __init__(self, wanted: tuple[str, str, int]) -> None:
        self._wanted = wanted
        self._newest: dict[int, _Asked] = {}
        self._asked = Counter[str]()
        self._failing = Counter[str]()
        self._read_to = 0
        self._expired_at = 0

    def read(self, connection: sqlite3.Connection, now: int) -> None:
        """Read what has been kept since the last time."""
        for span, target, began, asked in _runs(connection, self._read_to, now, self._wanted):
            self._read_to = max(self._read_to, span)
            if target not in self._newest or began >= self._newest[target].began:
                self._forget(target)
                self._newest[target] = asked
                self._count(asked, 1)
        if now > self._expired_at + _EXPIRED_AFTER_MS:
            self._expired_at = now
            for target in [id for id, each in self._newest.items() if each.began < now - _MS]:
                self._forget(target)

    def sharing(self, id: int | None, words: tuple[str, ...]) -> tuple[Together, ...]:
        """Return what most of those with one of these traits fail with, the narrowest first."""
        this = self._newest.get(id) if id is not None else None
        if this is not None:
            self._count(this, -1)
        found = (Together(each, self._failing[each], self._asked[each]) for each in words)
        most = [each for each in found if each.failing >= _FEWEST and each.failing * 2 > each.asked]
        if this is not None:
            self._count(this, 1)
        # The same targets in other words tell nothing more: the narrowest come first.
        once = {(each.failing, each.asked): each for each in reversed(most)}
        return tuple(reversed(once.values()))

    def _forget(self, target: int) -> None:
        if (former := self._newest.pop(target, None)) is not None:
            self._count(former, -1)

    def _count(self, asked: _Asked, by: int) -> None:
        for words in asked.shared:
            self._asked[words] += by
            self._failing[words] += 0 if asked.worked else by


def _runs(
    connection: sqlite3.Connection, after: int, now: int, wanted: tuple[str, str, int]
) -> Iterator[tuple[int, int, int, _Asked]]:
    """Yield the id of each newer run, its target, when it began, and what is known of it.

    All are fetched as one row: between two rows, other threads of Python have their turn.
    """
    facts, reports, most = wanted
    (rows,) = connection.execute(
        "SELECT json_group_array(json_array("
        f"  newest.id, newest.target, began, ok, host, calling_ae, {facts}))"
        " FROM (SELECT id, target, report, ok, began FROM span"
        "  WHERE began >= ? AND id > ? AND runs > 0 ORDER BY began DESC LIMIT ?) AS newest"
        f" JOIN target ON target.id = newest.target {reports}",
        (now - _MS, after, most),
    ).fetchone()
    for span, target, began, ok, host, calling_ae, facts_of_it in json.loads(rows):
        known = json.loads(facts_of_it)
        address = known.get(Compared.PEER_ADDRESS, "")
        issuer = known.get(Compared.CERTIFICATE_ISSUER, "")
        shared = shared_words(Traits(host, calling_ae, address, issuer))
        yield span, target, began, _Asked(began, ok > 0, shared)
