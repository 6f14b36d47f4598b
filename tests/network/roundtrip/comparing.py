"""Compares what is told of an association from outside with what a check of the same peer says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dcmecho.diagnosis.cause import CauseId, Confidence
from dcmecho.diagnosis.observed.association import ObservedAssociation
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.verdict import VerdictStatus


class Agreement(StrEnum):
    """How much is told from outside of what the check says."""

    AGREED = "agreed"
    """The same stage, and the same cause first."""
    LISTED = "listed"
    """The cause is among those that are listed."""
    OPEN = "open"
    """It says that it cannot tell how it ended."""
    DIFFERED = "differed"


@dataclass(frozen=True)
class Truth:
    """What a check says, and what is true of the peer."""

    live: Report
    causes: frozenset[CauseId]
    """The true cause, and those that look the same on the wire."""


def compare(truth: Truth, told: Sequence[ObservedAssociation]) -> Agreement:
    """Return how the reports on one association from outside agree with a check."""
    failed = [each for each in told if each.report.verdict.status is not VerdictStatus.OK]
    if truth.live.verdict.status is VerdictStatus.WARNING:
        failed = [each for each in told if each.causes]
    if not truth.live.causes:
        return _of_success(failed)
    if len(failed) != 1 or not proven(failed[0]) <= truth.causes:
        return Agreement.DIFFERED
    return _of_failure(truth, failed[0])


def proven(told: ObservedAssociation) -> set[object]:
    """Return the proven causes."""
    return {cause.id for cause in told.causes if cause.confidence is Confidence.PROVEN}


def _of_success(failed: Sequence[ObservedAssociation]) -> Agreement:
    if not failed:
        return Agreement.AGREED
    is_open = all(each.report.verdict.status is VerdictStatus.UNKNOWN for each in failed)
    return Agreement.OPEN if is_open else Agreement.DIFFERED


def _of_failure(truth: Truth, told: ObservedAssociation) -> Agreement:
    ids = [cause.id for cause in told.causes]
    first, stage = truth.live.causes[0].id, truth.live.verdict.stage
    if told.report.verdict.stage is stage and ids and ids[0] in {first, *_proven_true(truth, told)}:
        return Agreement.AGREED
    if first in ids or truth.causes & set(ids):
        return Agreement.LISTED
    is_unknown = told.report.verdict.status is VerdictStatus.UNKNOWN
    return Agreement.OPEN if is_unknown and told.report.not_proven else Agreement.DIFFERED


def _proven_true(truth: Truth, told: ObservedAssociation) -> set[CauseId]:
    """Return the true causes that it proves: a server's log knows more than its answer tells."""
    return {cause for cause in truth.causes if cause in proven(told)}
