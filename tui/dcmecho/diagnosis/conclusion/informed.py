"""The causes of a failure in the light of what changed since it last worked. No I/O.

A change never proves a cause, never moves one above a proven one, and raises only the one that it
explains best, by one step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.conclusion.clock import moment
from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.experiments.recognition import products_of
from dcmecho.diagnosis.history.compared import Compared
from dcmecho.diagnosis.history.history import Change, History
from dcmecho.diagnosis.history.words import change_words, in_short
from dcmecho.diagnosis.product import Product
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.stage import StageResult
from dcmecho.standard.refusals import RejectReason

_Cause = Cause[CauseId]
_Causes = Sequence[_Cause]

_PEER = (Compared.HOST, Compared.PORT, Compared.PEER_ADDRESS)
_REGISTRATIONS = {
    CauseId.AE_CALLED_UNKNOWN: (*_PEER, Compared.CALLED_AE),
    CauseId.AE_CALLING_UNKNOWN: (*_PEER, Compared.CALLING_AE),
    CauseId.AE_HOST_NOT_ALLOWED: (*_PEER, Compared.CALLING_AE, Compared.OUR_ADDRESS),
}
"""What the peer must know, and of which values."""

_SPELLING = (CauseId.AE_CASE, CauseId.AE_SPACES)
_TITLES = (Compared.CALLED_AE, Compared.CALLING_AE)
_ORDER = list(Confidence)


class _Light(NamedTuple):
    """What the history says about the causes of one failure."""

    history: History
    raised: frozenset[CauseId]
    """Those that a change explains best."""
    doubted: frozenset[CauseId]
    """Those that the answer of this peer speaks against."""

    def on(self, cause: _Cause) -> _Cause:
        """Return the cause, with what the history says of it."""
        if found := [*self.explaining(cause.id)]:
            return self._explained(cause, found)
        if cause.id in _REGISTRATIONS and self._same(*_REGISTRATIONS[cause.id]):
            return _before(
                cause,
                f"It was accepted with the same values at {self._when}, so it was registered then,"
                " or not asked for: if this is the cause, the peer's configuration was changed.",
            )
        return cause._replace(confidence=Confidence.POSSIBLE) if self._is_late(cause) else cause

    def rank(self, cause: _Cause) -> tuple[int, bool, bool]:
        """Return the place of a cause: by confidence, then those that a change explains."""
        is_explained = any(self.explaining(cause.id))
        return _ORDER.index(cause.confidence), self._is_late(cause), not is_explained

    def explaining(self, cause: CauseId) -> Iterator[Change]:
        """Yield the changes that can be behind a cause."""
        return (change for change in self.history.since if cause in _explained_by(change))

    def _explained(self, cause: _Cause, found: Sequence[Change]) -> _Cause:
        changed = "; ".join(map(change_words, in_short(found)))
        told = _before(cause, f"It worked at {self._when}. Since then this changed: {changed}.")
        if cause.confidence is not Confidence.POSSIBLE or cause.id not in self.raised:
            return told
        if cause.id in self.doubted:
            return _before(cause, f"This changed since it worked: {changed}. {_DOUBT}")
        return told._replace(confidence=Confidence.LIKELY)

    def _is_late(self, cause: _Cause) -> bool:
        """Report whether it is about the spelling of titles that were accepted as they are."""
        is_unproven = cause.confidence is not Confidence.PROVEN
        return is_unproven and cause.id in _SPELLING and self._same(*_PEER, *_TITLES)

    @property
    def _when(self) -> str:
        assert self.history.last_ok is not None, "only for what has worked"
        return moment(self.history.last_ok)

    def _same(self, *facts: Compared) -> bool:
        """Report whether facts of the last run that worked are known, and are as they were."""
        return _is_same(self.history, *facts)


_DOUBT = (
    "But the peer says that the called title is wrong, and only few programs, such as DCMTK's"
    " dcmqrscp, say that for another reason."
)


def with_history(report: Report, history: History | None) -> Report:
    """Return the report with the history, and with its causes in the light of it."""
    if history is None:
        return replace(report, history=None)
    doubted = _doubted(report.stages, history)
    return replace(report, history=history, causes=informed(report.causes, history, doubted))


def informed(
    causes: _Causes, history: History, doubted: frozenset[CauseId] = frozenset()
) -> tuple[_Cause, ...]:
    """Return the causes, each with what the journal says of it, in the order of this."""
    if not history.last_ok:
        return tuple(causes)
    best = (_best(change, causes) for change in history.since)
    light = _Light(history, frozenset(filter(None, best)), doubted)
    return tuple(sorted(map(light.on, causes), key=light.rank))


def _best(change: Change, causes: _Causes) -> CauseId | None:
    """Return the cause that a change explains best: the most likely already, if any."""
    explained = _explained_by(change)
    found = [cause for cause in causes if cause.id in explained]
    chosen = min(
        found,
        key=lambda each: (_ORDER.index(each.confidence), explained.index(each.id)),
        default=None,
    )
    return None if chosen is None else chosen.id


def _explained_by(change: Change) -> Sequence[CauseId]:
    explained = change.what.row.explains
    if change.what not in _TITLES:
        return explained
    before, after = str(change.before), str(change.after)
    if before.strip() == after.strip():
        return (CauseId.AE_SPACES,)
    if before.casefold().strip() == after.casefold().strip():
        return (CauseId.AE_CASE,)
    return [cause for cause in explained if cause not in _SPELLING]


def _doubted(stages: Sequence[StageResult], history: History) -> frozenset[CauseId]:
    """Return what "called AE title not recognized" means of few peers only."""
    reasons = {
        RejectReason.of(each.data["source"], each.data["reason"])
        for stage in stages
        for each in stage.evidence
        if each.kind is EvidenceKind.ASSOCIATION_REJECTED
    }
    if RejectReason.CALLED_AE not in reasons or _was_dcmtk(history):
        return frozenset()
    return frozenset({CauseId.AE_CALLING_UNKNOWN, CauseId.AE_HOST_NOT_ALLOWED})


def _was_dcmtk(history: History) -> bool:
    """Report whether the same machine and port answered as DCMTK when it worked."""
    class_uid = (history.last_ok_values or {}).get(Compared.CLASS_UID, "")
    return Product.DCMTK in products_of(str(class_uid)) and _is_same(history, *_PEER)


def _is_same(history: History, *facts: Compared) -> bool:
    changed = {change.what for change in history.since}
    known = history.last_ok_values or {}
    return all(fact in known and fact not in changed for fact in facts)


def _before(cause: _Cause, sentence: str) -> _Cause:
    return cause._replace(explanation=f"{sentence} {cause.explanation}")
