"""What the journal knows of a target when it is diagnosed, and what changed. No I/O."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from dcmecho.diagnosis.evidence import JsonScalar, JsonValue
from dcmecho.diagnosis.history.compared import Compared, Values

DAYS = 30
"""How far back runs are counted."""


class Change(NamedTuple):
    """A fact that is not as it was; ``None`` where there was nothing."""

    what: Compared
    before: JsonValue
    after: JsonValue


class Together(NamedTuple):
    """Other targets that share something with this one, and failed in the same minutes."""

    shared: str
    """What they share, in words: ``on 192.168.4.0/24``."""
    failing: int
    asked: int


class State(NamedTuple):
    """Equal checks, one after the other. Times are aware, UTC."""

    began: datetime
    ended: datetime
    runs: int
    ok: int
    status: str
    stage: str
    cause: str
    """The id of the first cause; empty if there is none."""


LATEST = 4
"""How many of the last states are told."""


class History(NamedTuple):
    """The earlier runs of a target: this one is not counted."""

    days: int
    runs: int
    ok: int
    last_ok: datetime | None = None
    """Aware, UTC; ``None`` if it has never worked."""
    last_ok_values: Values | None = None
    """What was known of the last run that worked."""
    since: tuple[Change, ...] = ()
    """The changes since then; if it works now, since it last failed."""
    same: frozenset[Compared] = frozenset()
    """The facts that are known to be as they were then."""
    last_failure: datetime | None = None
    """When it last failed, if that was just before this run."""
    failing_since: datetime | None = None
    """When it began to fail after it had worked, if it fails: perhaps with this run."""
    together: tuple[Together, ...] = ()
    latest: tuple[State, ...] = ()
    """The last states before this run, the newest first."""


NOTHING = History(DAYS, 0, 0)
"""The history of a target that has never been asked."""


def changes(before: Values, after: Values) -> Iterator[Change]:
    """Yield the facts that differ. A fact that one of the runs did not come to is unknown there."""
    for what in Compared:
        if what in before and what in after:
            old, new = differing(before[what], after[what])
            if old != new:
                yield Change(what, old, new)


def differing(before: JsonValue, after: JsonValue) -> tuple[JsonValue, JsonValue]:
    """Return two values; of lists of ``NAME: ...`` only what both have and what differs."""
    if not (isinstance(before, list) and isinstance(after, list)):
        return before, after
    names = set(map(_name, before)) & set(map(_name, after))
    return _but(before, after, names), _but(after, before, names)


def _but(some: list[JsonScalar], others: list[JsonScalar], names: set[str]) -> JsonValue:
    return [each for each in some if each not in others and _name(each) in names]


def _name(entry: JsonScalar) -> str:
    return str(entry).partition(":")[0]


_USUAL_FROM = 5
_SLOWER_TIMES, _SLOWER_MS = 5.0, 50.0


def slower(what: Compared, usual_ms: Sequence[float], now_ms: float | None) -> Iterator[Change]:
    """Yield a change if a stage takes far longer than usual: a step, not noise."""
    if now_ms is None or len(usual_ms) < _USUAL_FROM:
        return
    # Python's own median takes longer to import than a whole check may wait.
    usual = sorted(usual_ms)[len(usual_ms) // 2]
    if now_ms > max(usual * _SLOWER_TIMES, max(usual_ms), usual + _SLOWER_MS):
        yield Change(what, round(usual, 3), round(now_ms, 3))
