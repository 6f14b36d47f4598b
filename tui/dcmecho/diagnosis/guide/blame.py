"""The value of a target that a failed check is about."""

from __future__ import annotations

from collections.abc import Iterator

from dcmecho.diagnosis.evidence import EvidenceKind
from dcmecho.diagnosis.guide.words import value_about
from dcmecho.diagnosis.report import Report
from dcmecho.diagnosis.target.tls_keys import TargetKey, target_key


def value_blamed(report: Report) -> TargetKey | None:
    """Return the first invalid value, or else the first that a cause is about."""
    return next(_invalid(report), None) or next(
        (about for cause in report.causes if (about := value_about(cause.id))), None
    )


def _invalid(report: Report) -> Iterator[TargetKey]:
    for result in report.stages:
        for evidence in result.evidence:
            if evidence.kind is EvidenceKind.PROFILE_INVALID:
                yield target_key(str(evidence.data["field"]).removeprefix("tls."))
