"""Logs of both sides: what both tell is told once, and clocks that differ are noticed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from statistics import median_low

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.stage import StageId
from dcmecho.diagnosis.texts.alike import Alike
from dcmecho.diagnosis.texts.knowledge import Side

_APART = timedelta(seconds=5)
"""What both sides write of one event within that time can be told by one clock."""
_FAR = timedelta(hours=24)
_BEFORE_IT = (StageId.CONNECT, StageId.RESOLVE, StageId.PROFILE)
_AT_ONCE = frozenset(
    {
        EvidenceKind.ASSOCIATION_REJECTED,
        EvidenceKind.ASSOCIATION_ABORTED,
        EvidenceKind.CONTEXT_REFUSED,
        EvidenceKind.PEER_CLOSED,
        EvidenceKind.PEER_RESET,
        EvidenceKind.ECHO_RESPONSE,
        EvidenceKind.TLS_FAILED,
    }
)
"""What the caller notices when it happens, not after a timeout."""


def both_sides(books: Sequence[Sequence[Alike]]) -> list[Alike]:
    """Return the failures of texts in order: what the called side says of itself counts."""
    found = [(number, group) for number, groups in enumerate(books) for group in groups]
    kept = [group for _, group in found]
    apart: dict[tuple[int, int], list[timedelta]] = {}
    for number, group in found:
        if group.seen.side is Side.CALLED:
            continue
        same = next((each for each in found if _is_other_side(group, each[1])), None)
        if same is not None and any(each is same[1] for each in kept):
            for difference in _differences(group, same[1]):
                apart.setdefault((number, same[0]), []).append(difference)
            _merge(same[1], group)
            kept = [each for each in kept if each is not group]
    clocks = dict(_clocks(apart))
    return sorted(kept, key=lambda group: _when(found, group, clocks)) if _timed(kept) else kept


def _timed(groups: Sequence[Alike]) -> bool:
    return len(groups) > 1 and all(group.since for group in groups)


def _when(
    found: Sequence[tuple[int, Alike]], group: Alike, clocks: Mapping[int, timedelta]
) -> datetime:
    """Return the time of a failure by the clock of the called side."""
    number = next(number for number, each in found if each is group)
    return (group.since or datetime.min.replace(tzinfo=UTC)) + clocks.get(number, timedelta())


def _differences(calling: Alike, called: Alike) -> Iterator[timedelta]:
    """Yield by how much the called side's clock is ahead, and note it there if it matters."""
    if calling.since and called.since and calling.judged.kind in _AT_ONCE:
        difference = called.since - calling.since
        if abs(difference) > _APART:
            called.clock_ahead = difference
            yield difference


def _clocks(
    apart: Mapping[tuple[int, int], Sequence[timedelta]],
) -> Iterator[tuple[int, timedelta]]:
    """Yield by how much the times of a caller's text are behind."""
    for (caller, called), differences in apart.items():
        if caller != called:
            yield caller, median_low(differences)


def _is_other_side(calling: Alike, called: Alike) -> bool:
    """Report whether two failures are the two sides of one.

    The called side's is no riddle, or both tell of the same rejection.
    """
    if called.seen.side is not Side.CALLED or not called.judged.found:
        return False
    certain = called.judged.found[0][1] is Confidence.PROVEN or _is_same_rejection(calling, called)
    for name in ("calling", "called"):
        one, other = calling.seen.values.get(name, ""), called.seen.values.get(name, "")
        if one and other and one != other:
            return False
    named = calling.seen.values.get("calling") == called.seen.values.get("calling")
    one_time, other_time = calling.since, called.since
    close = not (one_time and other_time) or abs(one_time - other_time) < _FAR
    comes_to_it = calling.judged.stage not in _BEFORE_IT
    return certain and comes_to_it and close and (named or calling.times == called.times)


def _is_same_rejection(calling: Alike, called: Alike) -> bool:
    one, other = calling.judged, called.judged
    return one.kind is other.kind is EvidenceKind.ASSOCIATION_REJECTED and (
        one.stage is other.stage and called.times == calling.times
    )


def _merge(called: Alike, calling: Alike) -> None:
    """Add to what the called side says the values that only the caller has."""
    for name, value in calling.seen.values.items():
        called.seen.values.setdefault(name, value)
    data = {**calling.judged.data, **called.judged.data}
    stage = calling.judged.stage if calling.judged.kind is called.judged.kind else None
    called.judged = called.judged._replace(data=data, stage=stage or called.judged.stage)
