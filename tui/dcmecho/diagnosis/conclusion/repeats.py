"""The report on several associations in a row, each of them a check of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dcmecho.diagnosis.cause import Cause, CauseId, Confidence
from dcmecho.diagnosis.causes.texts import CAUSES
from dcmecho.diagnosis.conclusion.conclusion import values_of
from dcmecho.diagnosis.counting import count
from dcmecho.diagnosis.experiments.answers import REJECTED_TRANSIENTLY, answer_of
from dcmecho.diagnosis.report import RepeatedCheck, Report
from dcmecho.diagnosis.verdict import VerdictStatus


def over_all(reports: Sequence[Report]) -> Report:
    """Return the first report that failed, or else the last, with what became of all of them.

    If only some failed, nothing is proven about why, because one of several servers can be down.
    """
    failed = [each for each in reports if each.verdict.status is VerdictStatus.FAILED]
    passed = [each for each in reports if each.verdict.status is not VerdictStatus.FAILED]
    report = failed[0] if failed else reports[-1]
    if failed and passed:
        report = _now_and_then(report, passed[0], len(failed), len(reports))
    checks = (RepeatedCheck(each.started, each.verdict) for each in reports)
    return replace(report, repeats=tuple(checks))


def _now_and_then(failed: Report, passed: Report, failures: int, made: int) -> Report:
    title = f"{failures} of {count(made, 'association')} failed: {failed.verdict.title}"
    succeeded = f"{made - failures} of {count(made, 'association')} succeeded with the same values"
    return replace(
        failed,
        verdict=failed.verdict._replace(title=title),
        causes=_causes(failed),
        proven=(succeeded, *passed.proven),
        not_proven=passed.not_proven,
    )


def _causes(failed: Report) -> tuple[Cause[CauseId], ...]:
    values = values_of(failed.target, failed.started, failed.stages)
    busy = answer_of(failed.stages) in REJECTED_TRANSIENTLY
    one_program = busy or failed.verdict.stage.row.after_acceptance
    sure = Confidence.POSSIBLE if one_program else Confidence.LIKELY
    several = CAUSES.describe(CauseId.PEER_ONE_OF_SEVERAL, sure, values)
    rest = Confidence.LIKELY if one_program else Confidence.POSSIBLE
    others = (
        cause if cause.confidence is Confidence.POSSIBLE else cause._replace(confidence=rest)
        for cause in failed.causes
    )
    order = list(Confidence)
    return tuple(sorted((several, *others), key=lambda each: order.index(each.confidence)))
