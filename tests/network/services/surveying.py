"""Runs surveys of services to their end."""

from __future__ import annotations

from collections.abc import Iterable

from dcmecho.diagnosis.cause import Confidence
from dcmecho.diagnosis.causes.findings import Finding, FindingId
from dcmecho.diagnosis.services.catalogue import Syntax, catalogue
from dcmecho.diagnosis.services.model import ContextReply, Matrix, ServicesResult
from dcmecho.diagnosis.survey.survey import SurveyRequest
from dcmecho.diagnosis.target.target import Target
from dcmecho.dicom.services.worker import SurveyRun, start_survey

_DEADLINE_S = 45.0

Suspect = tuple[FindingId, Confidence]


def begin(target: Target, asked: SurveyRequest) -> SurveyRun:
    """Start a survey; several peers can be asked at a time."""
    return start_survey(target, lambda _: None, asked, used=1)


def result_of(run: SurveyRun) -> ServicesResult:
    """Return the result of a survey; fail if it does not end."""
    result = run.join(_DEADLINE_S)
    assert result is not None, f"the survey did not end, or failed: {run.fault!r}"
    return result


def ask(target: Target, asked: SurveyRequest) -> ServicesResult:
    """Return the result of a survey."""
    return result_of(begin(target, asked))


def matrix_of(result: ServicesResult) -> Matrix:
    """Return the matrix, which has to be there and whole."""
    assert result.matrix is not None
    assert result.matrix.broken_off == ""
    return result.matrix


def accepted(matrix: Matrix, sop_class: str) -> set[str]:
    """Return the codes of the transfer syntaxes that are accepted for a SOP class."""
    (row,) = (row for row in matrix.rows if row.sop_class.short == sop_class)
    return {syntax.code for syntax in row.accepted}


def asked_codes(sop_class: str) -> set[str]:
    """Return the codes of the transfer syntaxes that are asked for a SOP class."""
    (found,) = (each for each in catalogue().sop_classes if each.short == sop_class)
    return codes(found.syntaxes)


def codes(syntaxes: Iterable[Syntax]) -> set[str]:
    """Return the codes of transfer syntaxes."""
    return {syntax.code for syntax in syntaxes}


def refusals(matrix: Matrix) -> set[ContextReply]:
    """Return every answer but acceptance that the matrix holds."""
    answers = {cell.reply for row in matrix.rows for cell in row.cells}
    return answers - {ContextReply.ACCEPTED}


def suspects(findings: tuple[Finding, ...]) -> tuple[Suspect, ...]:
    """Return the findings with their confidence."""
    return tuple((finding.id, finding.confidence) for finding in findings)
