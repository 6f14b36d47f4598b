"""The causes of a failure in the light of what changed since it last worked. No I/O.

A change never proves a cause, and never moves one above a proven one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.evidence import JsonValue
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History
from dcmecho.diagnosis.report import Report

_Cause = Cause[CauseId]

_REGISTRATIONS = {
    CauseId.AE_CALLED_UNKNOWN: (Compared.CALLED_AE, Compared.HOST, Compared.PORT),
    CauseId.AE_CALLING_UNKNOWN: (Compared.CALLING_AE,),
    CauseId.AE_HOST_NOT_ALLOWED: (Compared.OUR_ADDRESS,),
}
"""What the peer must know, and of which values."""

_SPELLING = frozenset({CauseId.AE_CASE, CauseId.AE_SPACES})
_TITLES = (Compared.CALLED_AE, Compared.CALLING_AE)


def with_history(report: Report, history: History | None) -> Report:
    """Return the report with the history, and with its causes in the light of it."""
    causes = report.causes if history is None else informed(report.causes, history)
    return replace(report, history=history, causes=causes)


def informed(causes: Sequence[_Cause], history: History) -> tuple[_Cause, ...]:
    """Return the causes, those first that a change explains, each with what the journal says."""
    if not history.last_ok or not causes or causes[0].confidence is Confidence.PROVEN:
        return tuple(causes)
    told = [_told(cause, history) for cause in causes]
    return tuple(sorted(told, key=lambda cause: _rank(cause, history)))


def _rank(cause: _Cause, history: History) -> int:
    if _explaining(cause.id, history):
        return 0
    return 2 if cause.id in _SPELLING and _same(history, *_TITLES) else 1


def _told(cause: _Cause, history: History) -> _Cause:
    assert history.last_ok is not None, "only for what has worked"
    when = moment(history.last_ok)
    if found := _explaining(cause.id, history):
        changed = "; ".join(map(change_words, found))
        reason = f"It worked at {when}. Since then this changed: {changed}."
        likely = cause._replace(confidence=Confidence.LIKELY)
        return likely._replace(explanation=f"{reason} {cause.explanation}")
    if cause.id in _REGISTRATIONS and _same(history, *_REGISTRATIONS[cause.id]):
        reason = (
            f"It was accepted with the same values at {when}, so it was registered then:"
            " if this is the cause, the peer's configuration was changed."
        )
        return cause._replace(explanation=f"{reason} {cause.explanation}")
    return cause


def _explaining(cause: CauseId, history: History) -> Sequence[Change]:
    return [change for change in history.since if cause in change.what.row.explains]


def _same(history: History, *facts: Compared) -> bool:
    """Report whether facts of the last run that worked are known, and are as they were."""
    changed = {change.what for change in history.since}
    known = history.last_ok_values or {}
    return all(fact in known and fact not in changed for fact in facts)


def change_words(change: Change) -> str:
    """Return ``our address 192.168.1.20 -> 192.168.1.37``."""
    return f"{change.what.row.label} {shown(change.before)} -> {shown(change.after)}"


def shown(value: JsonValue) -> str:
    """Return a value of a fact as text."""
    match value:
        case None | "":
            return "none"
        case True:
            return "on"
        case False:
            return "off"
        case _:
            return str(value)
