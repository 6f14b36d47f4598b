"""What the experiments of a diagnosis have shown so far, in a few sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.counting import count

_NAMED = 3
"""Of more causes than this, only the number is told."""

_Causes = Sequence[Cause[CauseId]]


def shown_by_experiments(before: _Causes, now: _Causes, run: int, *, is_last: bool) -> str:
    """Return how many were run, which causes went and which stay, and whether more would help.

    It stands below the causes that are left.
    """
    last = ["No further experiment is likely to narrow it down."] if is_last else []
    return " ".join([f"{count(run, 'experiment')} run.", *_sentences(before, now), *last])


def _sentences(before: _Causes, now: _Causes) -> Iterator[str]:
    gone, added = _missing(before, now), _missing(now, before)
    proven = [cause for cause in now if cause.confidence is Confidence.PROVEN]
    if gone:
        yield f"Ruled out: {_named(gone)}."
    elif before and not (added or proven):
        yield "No cause was ruled out."
    if added:
        yield f"New: {_named(added)}."
    if proven:
        yield f"Proven: {_named(proven)}."
    elif now:
        yield f"Still possible: the {len(now) if now[1:] else 'one'} above."


def _missing(some: _Causes, others: _Causes) -> _Causes:
    ids = {cause.id for cause in others}
    return [cause for cause in some if cause.id not in ids]


def _named(causes: _Causes) -> str:
    if len(causes) > _NAMED:
        return count(len(causes), "cause")
    return "; ".join(cause.title for cause in causes)
